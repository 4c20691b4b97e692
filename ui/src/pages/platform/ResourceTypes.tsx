import { useState } from "react";
import { Link } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { Facts } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { to } from "~/lib/paths";

import { Filter } from "./Definitions";
import { Shown } from "./Details";
import { yamlOf } from "./manifest";
import { Owned } from "./Owned";

type Type = Schemas["ResourceType"];

const uses = { direct: "workloads ask for it", indirect: "definitions ask for it", implicit: "every workload or environment has it" };

/** What workloads can ask for, and what they get. */
export function ResourceTypes({ orgId }: { orgId: string }) {
  const at = { params: { path: { orgId } } };
  const types = api.useQuery("get", "/orgs/{orgId}/resources/types", at);
  const classes = api.useQuery("get", "/orgs/{orgId}/resources/classes", at);
  const [category, setCategory] = useState("");
  return (
    <Owned<Type>
      title="Resource types"
      note="what can be asked for"
      query={types}
      queryPath="/orgs/{orgId}/resources/types"
      rowKey={(t) => t.type}
      param="type"
      text={(t) => `${t.type} ${t.name} ${t.category} ${t.use}`}
      shown={(rows) => rows.filter((t) => !category || t.category === category)}
      filters={(rows) => <Filter label="Category" all="All categories" value={category} options={[...new Set(rows.map((t) => t.category))].sort()} onChange={setCategory} />}
      initialSort={{ key: "type" }}
      columns={[
        { key: "type", title: "Type", width: "minmax(8rem, 1.3fr)", cell: (t) => <strong>{t.type}</strong>, sort: (t) => t.type },
        { key: "name", title: "Name", width: "minmax(8rem, 1.4fr)", cell: (t) => t.name, sort: (t) => t.name },
        { key: "category", title: "Category", width: "6.5rem", cell: (t) => t.category, sort: (t) => t.category },
        { key: "use", title: "Use", width: "4.5rem", cell: (t) => <Tag title={uses[t.use]}>{t.use}</Tag>, sort: (t) => t.use },
      ]}
      mine={(t) => t.type.startsWith(`${orgId}/`)}
      details={(t) => (
        <>
          <Facts of={[["Name", t.name], ["Use", uses[t.use]], ["Classes", classes.data?.filter((c) => c.resource_type === t.type).map((c) => c.id).join(", ")]]} />
          <Link to={`${to.platform(orgId, "tester")}?type=${encodeURIComponent(t.type)}`}>Which definition would it get?</Link>
          <Shown key={`${t.type} out`} title="What it gives" of={t.outputs_schema} />
          <Shown key={`${t.type} in`} title="What it takes" of={t.inputs_schema} />
        </>
      )}
      create={{
        action: "New type",
        title: "New resource type",
        submit: "Create",
        text: yamlOf({
          type: `${orgId}/session-key`, name: "Session key", category: "security", use: "direct", inputs_schema: { type: "object" },
          outputs_schema: { type: "object", properties: { secrets: { type: "object", properties: { key: { type: "string" } } } } },
        }),
      }}
      edit={{
        action: "Edit",
        title: (t) => `Edit ${t.type}`,
        text: (t) => yamlOf({ name: t.name, category: t.category, use: t.use, inputs_schema: t.inputs_schema, outputs_schema: t.outputs_schema }),
      }}
      schema={{ type: "object", properties: { type: { description: `${orgId}/NAME` }, name: {}, category: {}, use: { enum: Object.keys(uses) }, inputs_schema: {}, outputs_schema: {} } }}
      save={(body, t) =>
        t
          ? client.PUT("/orgs/{orgId}/resources/types/{typeId}", { params: { path: { orgId, typeId: t.type } }, body: body as never })
          : client.POST("/orgs/{orgId}/resources/types", { params: { path: { orgId } }, body: body as never })
      }
      remove={{
        action: "Delete type",
        call: (t) => client.DELETE("/orgs/{orgId}/resources/types/{typeId}", { params: { path: { orgId, typeId: t.type } } }),
        losses: () => ["The type with its classes: nothing can ask for it any more"],
      }}
    />
  );
}
