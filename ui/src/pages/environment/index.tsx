import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { useEnv } from "~/lib/scope";
import { deploymentStatus } from "~/lib/status";

export function Component() {
  const path = useEnv();
  const { orgId, appId, envId } = path;
  const deploys = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path } });
  return (
    <Page title={envId} crumbs={[{ label: "Applications", to: to.apps(orgId) }, { label: appId, to: to.app(orgId, appId) }]}>
      <Panel title="Deployments" flush>
        <Loaded query={deploys}>
          {(rows) => (
            <DataTable
              label="deployments"
              rows={rows}
              rowKey={(d) => d.id}
              rowLink={(d) => to.deployment(orgId, appId, envId, d.id)}
              empty={<EmptyState title="Nothing was deployed yet" />}
              columns={[
                { key: "id", title: "Deployment", cell: (d) => <code>{d.id}</code> },
                { key: "status", title: "Status", cell: (d) => <StatusBadge status={deploymentStatus(d)} /> },
                { key: "at", title: "Asked for", cell: (d) => <Time at={d.created_at} /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
