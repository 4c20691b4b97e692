import { api, client, type Schemas } from "~/api/client";
import { Facts } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { plural } from "~/lib/words";

import { Shown } from "./Details";
import { yamlOf } from "./manifest";
import { Owned } from "./Owned";

type Driver = Schemas["Driver"];

const keyOf = (d: Driver) => `${d.org_id}/${d.id}`;

const proposal = yamlOf({
  id: "my-driver", type: "postgres", target: "driver://humanitec/template", account_types: [], inputs_schema: { type: "object" },
  template: { values: { templates: { outputs: "host: db.example.com" } } },
});

/** What does the work of definitions. */
export function Drivers({ orgId }: { orgId: string }) {
  const at = { params: { path: { orgId } } };
  const drivers = api.useQuery("get", "/orgs/{orgId}/resources/drivers", at);
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", at, { staleTime: 60_000 });
  const usedBy = (d: Driver) => definitions.data?.filter((def) => def.driver_type === keyOf(d)).length ?? 0;
  return (
    <Owned
      title="Drivers"
      note="what does the work of definitions"
      query={drivers}
      queryPath="/orgs/{orgId}/resources/drivers"
      rowKey={keyOf}
      param="driver"
      text={(d) => `${keyOf(d)} ${d.type} ${d.target ?? ""}`}
      initialSort={{ key: "id" }}
      columns={[
        { key: "id", title: "Driver", width: "minmax(10rem, 1.5fr)", cell: (d) => <strong>{keyOf(d)}</strong>, sort: keyOf },
        { key: "type", title: "Provisions", cell: (d) => (d.type === "*" ? <span className="muted">any type</span> : d.type), sort: (d) => d.type },
        { key: "kind", title: "Kind", cell: (d) => <Tag>{d.org_id !== orgId ? "built in" : d.template !== undefined ? "virtual" : "remote"}</Tag> },
        { key: "used", title: "Definitions", align: "right", width: "6rem", cell: usedBy, sort: usedBy },
      ]}
      mine={(d) => d.org_id === orgId}
      details={(d) => (
        <>
          <Facts of={[["Provisions", d.type === "*" ? "any type" : d.type], ["Address", d.target && <code>{d.target}</code>], ["Accounts", d.account_types.join(", ")]]} />
          <Shown key={`${keyOf(d)} in`} title="What it takes" of={d.inputs_schema} />
          {d.template !== undefined && <Shown key={`${keyOf(d)} t`} title="Template" of={d.template} />}
        </>
      )}
      create={{ action: "Register a driver", title: "Register a driver", submit: "Register", text: proposal }}
      edit={{
        action: "Edit",
        title: (d) => `Edit ${keyOf(d)}`,
        text: (d) => yamlOf({ type: d.type, target: d.target, account_types: d.account_types, inputs_schema: d.inputs_schema, template: d.template }),
      }}
      description="A driver at an address of yours, or a virtual one: another driver with inputs of its own."
      save={(body, d) =>
        d
          ? client.PUT("/orgs/{orgId}/resources/drivers/{driverId}", { params: { path: { orgId, driverId: d.id } }, body: body as never })
          : client.POST("/orgs/{orgId}/resources/drivers", { params: { path: { orgId } }, body: body as never })
      }
      remove={{
        action: "Delete driver",
        call: (d) => client.DELETE("/orgs/{orgId}/resources/drivers/{driverId}", { params: { path: { orgId, driverId: d.id } } }),
        losses: (d) => [`The driver's registration, which ${plural(usedBy(d), "definition")} ${usedBy(d) === 1 ? "uses" : "use"}`],
      }}
    />
  );
}
