import { useQueryClient } from "@tanstack/react-query";
import { Plus, Target, Trash2 } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { toast } from "~/components/toast";

import type { PipelinePath } from "./data";

type Criterion = Schemas["PipelineCriteria"];

const words = (c: Criterion) =>
  [c.env_id && c.env_id !== "*" && `environment ${c.env_id}`, c.env_type && c.env_type !== "*" && `environment type ${c.env_type}`, c.deployment_type].filter(Boolean).join(", ") || "everything";
const any = <span className="muted">any</span>;

/** Which deployment requests a pipeline handles. */
export function PipelineCriteria({ path, triggers }: { path: PipelinePath; triggers: string[] }) {
  const { orgId, appId, pipelineId } = path;
  const criteria = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipeline-criteria", { params: { path: { orgId, appId }, query: { pipeline: pipelineId, per_page: 100 } } });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Criterion>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/pipeline-criteria"] });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/criteria/{criteriaId}", {
    onSuccess: async () => {
      toast.ok("The criterion was removed");
      setRemoving(undefined);
      await changed();
    },
  });
  if (!triggers.includes("deployment_request")) {
    return <Notice>Criteria choose the pipeline for a deployment request, and this one has not the trigger deployment_request.</Notice>;
  }
  return (
    <Panel
      title="Criteria"
      note="which deployment requests it handles; the one that says most wins"
      flush
      actions={
        <Button small kind="primary" may="pipelines:write" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
          Add a criterion
        </Button>
      }
    >
      <Loaded query={criteria}>
        {(rows) => (
          <DataTable
            label="criteria"
            rows={rows}
            rowKey={(c) => c.id}
            empty={
              <EmptyState title="It handles no request" icon={<Target size={24} />}>
                Add a criterion for an environment or a type of environments; an empty one is for everything that no other pipeline has a better one for.
              </EmptyState>
            }
            columns={[
              { key: "env", title: "Environment", cell: (c) => (c.env_id && c.env_id !== "*" ? c.env_id : any) },
              { key: "type", title: "Environment type", cell: (c) => (c.env_type && c.env_type !== "*" ? c.env_type : any) },
              { key: "deployment", title: "Type of deployment", cell: (c) => c.deployment_type ?? any },
              {
                key: "delete", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
                cell: (c) => (
                  <IconButton may="pipelines:write" label={`Remove the criterion for ${words(c)}`} onClick={() => setRemoving(c)}>
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {adding && <Add path={path} onClose={() => setAdding(false)} onAdded={changed} />}
      {removing && (
        <ConfirmDialog
          open
          onClose={() => setRemoving(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { ...path, criteriaId: removing.id } } })}
          title={`Remove the criterion for ${words(removing)}?`}
          action="Remove criterion"
          losses={["Deployment requests that it chose go to the pipeline with the next best criterion, or are refused where there is none"]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </Panel>
  );
}

function Add({ path, onClose, onAdded }: { path: PipelinePath; onClose: () => void; onAdded: () => Promise<void> }) {
  const [env, setEnv] = useState("");
  const [envType, setEnvType] = useState("");
  const [kind, setKind] = useState("");
  const add = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/criteria", {
    onSuccess: async () => {
      toast.ok("The criterion was added");
      onClose();
      await onAdded();
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Add a criterion"
      description="What is left empty matches everything."
      submit="Add"
      busy={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate({ params: { path }, body: { trigger: "deployment_request", ...(env && { env_id: env }), ...(envType && { env_type: envType }), ...(kind && { deployment_type: kind }) } })}
    >
      <TextField label="Environment" value={env} onChange={(e) => setEnv(e.target.value.trim())} autoFocus />
      <TextField label="Environment type" value={envType} onChange={(e) => setEnvType(e.target.value.trim())} />
      <SelectField label="Type of deployment" value={kind} onChange={(e) => setKind(e.target.value)}>
        <option value="">Any</option>
        <option value="deploy">A deployment</option>
        <option value="re-deploy">The repetition of an earlier one</option>
      </SelectField>
    </FormDialog>
  );
}
