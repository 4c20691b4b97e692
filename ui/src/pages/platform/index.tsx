import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { useOrg } from "~/lib/scope";

/** What platform engineers keep: definitions, types, drivers and what they need. */
export function Component() {
  const orgId = useOrg();
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId } } });
  return (
    <Page title="Platform">
      <Panel title="Resource definitions" flush>
        <Loaded query={definitions}>
          {(rows) => (
            <DataTable
              label="resource definitions"
              rows={rows}
              rowKey={(d) => d.id}
              text={(d) => `${d.id} ${d.name} ${d.type} ${d.driver_type}`}
              columns={[
                { key: "id", title: "Definition", cell: (d) => d.id, sort: (d) => d.id, width: "minmax(12rem, 2fr)" },
                { key: "type", title: "Type", cell: (d) => d.type, sort: (d) => d.type },
                { key: "driver", title: "Driver", cell: (d) => d.driver_type, sort: (d) => d.driver_type },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
