import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";

import { Filter } from "./Definitions";
import { Details, Shown, Split } from "./Details";
import { DocumentDialog } from "./DocumentDialog";
import { yamlOf } from "./manifest";

type Type = Schemas["ResourceType"];

const uses = { direct: "workloads ask for it", indirect: "definitions ask for it", implicit: "every workload or environment has it" };

/** What workloads can ask for, and what they get. */
export function ResourceTypes({ orgId }: { orgId: string }) {
  const at = { params: { path: { orgId } } };
  const types = api.useQuery("get", "/orgs/{orgId}/resources/types", at);
  const classes = api.useQuery("get", "/orgs/{orgId}/resources/classes", at);
  const [params, setParams] = useSearchParams();
  const [category, setCategory] = useState("");
  const [editing, setEditing] = useState<Type | "new">();
  const [deleting, setDeleting] = useState<Type>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/resources/types"] });
  const chosen = types.data?.find((t) => t.type === params.get("type"));
  const choose = (type?: string) => setParams(type ? { type } : {}, { replace: true });
  const mine = (t: Type) => t.type.startsWith(`${orgId}/`);
  const remove = api.useMutation("delete", "/orgs/{orgId}/resources/types/{typeId}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.type ?? ""} was deleted`);
      setDeleting(undefined);
      choose();
      await changed();
    },
  });
  const list = (
    <Panel
      title="Resource types"
      note="what can be asked for"
      flush
      actions={
        <Button kind="primary" small may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
          New type
        </Button>
      }
    >
      <Loaded query={types} lines={8}>
        {(rows) => (
          <DataTable
            label="resource types"
            rows={rows.filter((t) => !category || t.category === category)}
            rowKey={(t) => t.type}
            onRow={(t) => choose(t.type)}
            selected={(t) => t.type === chosen?.type}
            text={(t) => `${t.type} ${t.name} ${t.category} ${t.use}`}
            filters={<Filter label="Category" all="All categories" value={category} options={[...new Set(rows.map((t) => t.category))].sort()} onChange={setCategory} />}
            maxHeight="calc(100vh - 17rem)"
            initialSort={{ key: "type" }}
            columns={[
              { key: "type", title: "Type", width: "minmax(8rem, 1.3fr)", cell: (t) => <strong>{t.type}</strong>, sort: (t) => t.type },
              { key: "name", title: "Name", width: "minmax(8rem, 1.4fr)", cell: (t) => t.name, sort: (t) => t.name },
              { key: "category", title: "Category", width: "6.5rem", cell: (t) => t.category, sort: (t) => t.category },
              { key: "use", title: "Use", width: "4.5rem", cell: (t) => <Tag title={uses[t.use]}>{t.use}</Tag>, sort: (t) => t.use },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
  return (
    <>
      <Split
        list={list}
        details={
          chosen && (
            <Details
              title={chosen.type}
              onClose={() => choose()}
              actions={
                mine(chosen) && (
                  <>
                    <Button small may="platform:write" onClick={() => setEditing(chosen)}>
                      Edit
                    </Button>
                    <Button small kind="danger" may="platform:write" onClick={() => setDeleting(chosen)}>
                      Delete
                    </Button>
                  </>
                )
              }
            >
              <Facts of={[["Name", chosen.name], ["Use", uses[chosen.use]], ["Classes", classes.data?.filter((c) => c.resource_type === chosen.type).map((c) => c.id).join(", ")]]} />
              <Link to={`${to.platform(orgId, "tester")}?type=${encodeURIComponent(chosen.type)}`}>Which definition would it get?</Link>
              <Shown key={`${chosen.type} out`} title="What it gives" of={chosen.outputs_schema} />
              <Shown key={`${chosen.type} in`} title="What it takes" of={chosen.inputs_schema} />
            </Details>
          )
        }
      />
      {editing && (
        <DocumentDialog
          title={editing === "new" ? "New resource type" : `Edit ${editing.type}`}
          submit={editing === "new" ? "Create" : "Save"}
          text={
            editing === "new"
              ? yamlOf({ type: `${orgId}/session-key`, name: "Session key", category: "security", use: "direct", inputs_schema: { type: "object" }, outputs_schema: { type: "object", properties: { secrets: { type: "object", properties: { key: { type: "string" } } } } } })
              : yamlOf({ name: editing.name, category: editing.category, use: editing.use, inputs_schema: editing.inputs_schema, outputs_schema: editing.outputs_schema })
          }
          schema={{ type: "object", properties: { type: { description: `${orgId}/NAME` }, name: {}, category: {}, use: { enum: Object.keys(uses) }, inputs_schema: {}, outputs_schema: {} } }}
          save={(body) =>
            editing === "new"
              ? client.POST("/orgs/{orgId}/resources/types", { params: { path: { orgId } }, body: body as never })
              : client.PUT("/orgs/{orgId}/resources/types/{typeId}", { params: { path: { orgId, typeId: editing.type } }, body: body as never })
          }
          onSaved={async () => {
            setEditing(undefined);
            await changed();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { orgId, typeId: deleting.type } } })}
          title={`Delete ${deleting.type}?`}
          action="Delete type"
          losses={["The type with its classes: nothing can ask for it any more"]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
