import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { toast } from "~/components/toast";

import { Details, Shown, Split } from "./Details";
import { DocumentDialog } from "./DocumentDialog";
import { yamlOf } from "./manifest";

type Driver = Schemas["Driver"];

const keyOf = (d: Driver) => `${d.org_id}/${d.id}`;

/** What does the work of definitions. */
export function Drivers({ orgId }: { orgId: string }) {
  const at = { params: { path: { orgId } } };
  const drivers = api.useQuery("get", "/orgs/{orgId}/resources/drivers", at);
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", at, { staleTime: 60_000 });
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Driver | "new">();
  const [deleting, setDeleting] = useState<Driver>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/resources/drivers"] });
  const chosen = drivers.data?.find((d) => keyOf(d) === params.get("driver"));
  const choose = (driver?: string) => setParams(driver ? { driver } : {}, { replace: true });
  const usedBy = (d: Driver) => definitions.data?.filter((def) => def.driver_type === keyOf(d)).length ?? 0;
  const remove = api.useMutation("delete", "/orgs/{orgId}/resources/drivers/{driverId}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.id ?? ""} was deleted`);
      setDeleting(undefined);
      choose();
      await changed();
    },
  });
  const list = (
    <Panel
      title="Drivers"
      note="what does the work of definitions"
      flush
      actions={
        <Button kind="primary" small may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
          Register a driver
        </Button>
      }
    >
      <Loaded query={drivers} lines={8}>
        {(rows) => (
          <DataTable
            label="drivers"
            rows={rows}
            rowKey={keyOf}
            onRow={(d) => choose(keyOf(d))}
            selected={(d) => d === chosen}
            text={(d) => `${keyOf(d)} ${d.type} ${d.target ?? ""}`}
            initialSort={{ key: "id" }}
            maxHeight="calc(100vh - 17rem)"
            columns={[
              { key: "id", title: "Driver", width: "minmax(10rem, 1.5fr)", cell: (d) => <strong>{keyOf(d)}</strong>, sort: keyOf },
              { key: "type", title: "Provisions", cell: (d) => (d.type === "*" ? <span className="muted">any type</span> : d.type), sort: (d) => d.type },
              { key: "kind", title: "Kind", cell: (d) => <Tag>{d.org_id !== orgId ? "built in" : d.template !== undefined ? "virtual" : "remote"}</Tag> },
              { key: "used", title: "Definitions", align: "right", width: "6rem", cell: usedBy, sort: usedBy },
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
              title={keyOf(chosen)}
              onClose={() => choose()}
              actions={
                chosen.org_id === orgId && (
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
              <Facts of={[["Provisions", chosen.type === "*" ? "any type" : chosen.type], ["Address", chosen.target && <code>{chosen.target}</code>], ["Accounts", chosen.account_types.join(", ")]]} />
              <Shown key={`${keyOf(chosen)} in`} title="What it takes" of={chosen.inputs_schema} />
              {chosen.template !== undefined && <Shown key={`${keyOf(chosen)} t`} title="Template" of={chosen.template} />}
            </Details>
          )
        }
      />
      {editing && (
        <DocumentDialog
          title={editing === "new" ? "Register a driver" : `Edit ${keyOf(editing)}`}
          description="A driver at an address of yours, or a virtual one: another driver with inputs of its own."
          submit={editing === "new" ? "Register" : "Save"}
          text={
            editing === "new"
              ? yamlOf({ id: "my-driver", type: "postgres", target: "driver://humanitec/template", account_types: [], inputs_schema: { type: "object" }, template: { values: { templates: { outputs: "host: db.example.com" } } } })
              : yamlOf({ type: editing.type, target: editing.target, account_types: editing.account_types, inputs_schema: editing.inputs_schema, template: editing.template })
          }
          save={(body) =>
            editing === "new"
              ? client.POST("/orgs/{orgId}/resources/drivers", { params: { path: { orgId } }, body: body as never })
              : client.PUT("/orgs/{orgId}/resources/drivers/{driverId}", { params: { path: { orgId, driverId: editing.id } }, body: body as never })
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
          onConfirm={() => remove.mutate({ params: { path: { orgId, driverId: deleting.id } } })}
          title={`Delete ${keyOf(deleting)}?`}
          action="Delete driver"
          losses={[`The driver's registration, which ${usedBy(deleting)} ${usedBy(deleting) === 1 ? "definition uses" : "definitions use"}`]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
