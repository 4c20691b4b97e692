import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { useOrg } from "~/lib/scope";

/** Runs of pipelines of all applications. */
export function Component() {
  const orgId = useOrg();
  const runs = api.useQuery("get", "/orgs/{orgId}/pipeline-runs", { params: { path: { orgId } } });
  return (
    <Page title="Automation">
      <Panel title="Pipeline runs" flush>
        <Loaded query={runs}>
          {(rows) => (
            <DataTable
              label="pipeline runs"
              rows={rows}
              rowKey={(r) => r.id}
              empty={<EmptyState title="No pipeline has run yet">Pipelines belong to applications: make one there.</EmptyState>}
              columns={[
                { key: "pipeline", title: "Pipeline", cell: (r) => r.pipeline_id },
                { key: "app", title: "Application", cell: (r) => r.app_id },
                { key: "status", title: "Status", cell: (r) => <StatusBadge status={r.status} /> },
                { key: "at", title: "Began", cell: (r) => <Time at={r.created_at} /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
