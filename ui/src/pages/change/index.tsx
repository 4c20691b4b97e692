import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { to } from "~/lib/paths";
import { useEnv } from "~/lib/scope";

export function Component() {
  const { orgId, appId, envId } = useEnv();
  const templates = api.useQuery("get", "/orgs/{orgId}/workload-templates", { params: { path: { orgId } } });
  return (
    <Page
      title="Change"
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: appId, to: to.app(orgId, appId) },
        { label: envId, to: to.env(orgId, appId, envId) },
      ]}
    >
      <Panel title="Catalogue" flush>
        <Loaded query={templates}>
          {(rows) => (
            <DataTable
              label="templates"
              rows={rows}
              rowKey={(t) => t.id}
              empty={<EmptyState title="The catalogue is empty">Workload templates that the platform team offers are here.</EmptyState>}
              columns={[{ key: "id", title: "Template", cell: (t) => t.id }]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
