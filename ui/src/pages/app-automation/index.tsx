import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

/** What an application does by itself: rules, webhooks, pipelines, schedules, promotions. */
export function Component() {
  const path = useApp();
  const pipelines = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines", { params: { path } });
  return (
    <Page title="Automation" crumbs={[{ label: "Applications", to: to.apps(path.orgId) }, { label: path.appId, to: to.app(path.orgId, path.appId) }]}>
      <Panel title="Pipelines" flush>
        <Loaded query={pipelines}>
          {(rows) => (
            <DataTable
              label="pipelines"
              rows={rows}
              rowKey={(p) => p.id}
              empty={<EmptyState title="No pipeline yet" />}
              columns={[
                { key: "id", title: "Pipeline", cell: (p) => p.id },
                { key: "name", title: "Name", cell: (p) => p.name },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
