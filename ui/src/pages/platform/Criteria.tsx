import { Plus, Target, Trash2 } from "lucide-react";
import { useState } from "react";

import { api, client, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { Dialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Panel } from "~/components/Page";
import { toast } from "~/components/toast";

import { criterionText } from "./context";
import { useDefinitionsChanged } from "./DefinitionPage";
import type { Definition } from "./manifest";
import styles from "./page.module.css";
import { SaveDialog } from "./SaveDialog";

type Criterion = Schemas["MatchingCriteria"];

const request = ({ app_id, env_id, env_type, res_id, class: of }: Criterion): Schemas["MatchingCriteriaRequest"] => ({ app_id, env_id, env_type, res_id, class: of });
const any = <span className="muted">any</span>;

/** When a definition is used. */
export function Criteria({ orgId, definition }: { orgId: string; definition: Definition }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Criterion>();
  const changed = useDefinitionsChanged();
  const criteria = definition.criteria ?? [];
  const path = { orgId, defId: definition.id };
  return (
    <Panel
      title="Criteria"
      note="each says when it is used; the most specific of all definitions of the type wins"
      flush
      actions={
        <Button small kind="primary" may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)} disabled={definition.is_deleted}>
          Add a criterion
        </Button>
      }
    >
      <DataTable
        label="criteria"
        rows={criteria}
        rowKey={(c) => c.id}
        empty={
          <EmptyState title="It is never used" icon={<Target size={24} />}>
            Without a criterion nothing gets this definition. Add one for an application, an environment, a type of environments, or a single resource; an empty one matches everything.
          </EmptyState>
        }
        columns={[
          { key: "app", title: "Application", cell: (c) => c.app_id ?? any, sort: (c) => c.app_id ?? "" },
          { key: "env", title: "Environment", cell: (c) => c.env_id ?? any, sort: (c) => c.env_id ?? "" },
          { key: "type", title: "Environment type", cell: (c) => c.env_type ?? any, sort: (c) => c.env_type ?? "" },
          { key: "res", title: "Resource", width: "minmax(10rem, 1.5fr)", cell: (c) => (c.res_id ? <code>{c.res_id}</code> : any), sort: (c) => c.res_id ?? "" },
          { key: "class", title: "Class", cell: (c) => c.class, sort: (c) => c.class },
          {
            key: "delete", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
            cell: (c) => (
              <IconButton may="platform:write" label={`Remove the criterion for ${criterionText(c)}`} onClick={() => setRemoving(c)}>
                <Trash2 size={14} aria-hidden />
              </IconButton>
            ),
          },
        ]}
      />
      {adding && <Add orgId={orgId} definition={definition} onClose={() => setAdding(false)} />}
      {removing && (
        <SaveDialog
          orgId={orgId}
          title={`Remove the criterion for ${criterionText(removing)}?`}
          action="Remove criterion"
          danger
          change={{ def_id: definition.id, criteria: criteria.filter((c) => c.id !== removing.id).map(request) }}
          save={() => client.DELETE("/orgs/{orgId}/resources/defs/{defId}/criteria/{criteriaId}", { params: { path: { ...path, criteriaId: removing.id }, query: { force: true } } })}
          onSaved={async () => {
            toast.ok("The criterion was removed");
            setRemoving(undefined);
            await changed();
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>What it selected gets another definition, or none:</p>
        </SaveDialog>
      )}
    </Panel>
  );
}

function Add({ orgId, definition, onClose }: { orgId: string; definition: Definition; onClose: () => void }) {
  const [c, setC] = useState({ app_id: "", env_id: "", env_type: "", res_id: "", class: "" });
  const [reviewing, setReviewing] = useState(false);
  const changed = useDefinitionsChanged();
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
  const types = api.useQuery("get", "/orgs/{orgId}/env-types", { params: { path: { orgId } } });
  const body = Object.fromEntries(Object.entries(c).filter(([, v]) => v.trim() !== "")) as Schemas["MatchingCriteriaRequest"];
  const field = (key: keyof typeof c) => ({ value: c[key], onChange: (e: { target: { value: string } }) => setC({ ...c, [key]: e.target.value }) });
  if (reviewing) {
    return (
      <SaveDialog
        orgId={orgId}
        title={`Use ${definition.id} for ${criterionText({ class: "default", ...body })}`}
        action="Add criterion"
        change={{ def_id: definition.id, criteria: [...(definition.criteria ?? []).map(request), body] }}
        save={() => client.POST("/orgs/{orgId}/resources/defs/{defId}/criteria", { params: { path: { orgId, defId: definition.id } }, body })}
        onSaved={async () => {
          toast.ok("The criterion was added");
          onClose();
          await changed();
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title="Add a criterion" description="What is left empty matches everything.">
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          setReviewing(true);
        }}
      >
        <div className={styles.context}>
          <TextField label="Application" list="criteria-apps" {...field("app_id")} autoFocus />
          <TextField label="Environment" {...field("env_id")} />
          <TextField label="Environment type" list="criteria-types" {...field("env_type")} />
          <TextField label="Resource id" {...field("res_id")} />
          <TextField label="Class" placeholder="default" {...field("class")} />
        </div>
        <datalist id="criteria-apps">{apps.data?.map((a) => <option key={a.id} value={a.id} />)}</datalist>
        <datalist id="criteria-types">{types.data?.map((t) => <option key={t.id} value={t.id} />)}</datalist>
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary">
            Review
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
