import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { took } from "~/lib/time";
import { to } from "~/lib/paths";
import { useDeploy } from "~/lib/scope";
import { deploymentStatus } from "~/lib/status";

export function Component() {
  const path = useDeploy();
  const { orgId, appId, envId, deployId } = path;
  const deployment = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}", { params: { path } });
  const nodes = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/nodes", { params: { path } });
  return (
    <Page
      title={`Deployment ${deployId}`}
      badges={deployment.data && <StatusBadge status={deploymentStatus(deployment.data)} />}
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: appId, to: to.app(orgId, appId) },
        { label: envId, to: to.env(orgId, appId, envId) },
      ]}
    >
      <Panel title="Resources" flush>
        <Loaded query={nodes}>
          {(rows) => (
            <DataTable
              label="resources"
              rows={rows}
              rowKey={(n) => String(n.ordinal)}
              columns={[
                { key: "key", title: "Resource", cell: (n) => <code>{n.key}</code>, width: "minmax(16rem, 2fr)" },
                { key: "status", title: "Status", cell: (n) => <StatusBadge status={n.status} tone={n.status === "running" ? "busy" : undefined} /> },
                { key: "driver", title: "Driver", cell: (n) => n.driver_type },
                { key: "took", title: "Took", cell: (n) => took(n.started_at, n.finished_at), align: "right" },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
