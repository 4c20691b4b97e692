import { Link } from "react-router";

import { api } from "~/api/client";
import { every } from "~/app/query";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { usePoll } from "~/lib/live";
import { to } from "~/lib/paths";

import type { EnvPath } from ".";
import { ResourceActions } from "./ResourceActions";

/** What exists for the environment now. */
export function Resources({ path }: { path: EnvPath }) {
  const { orgId, appId, envId } = path;
  const resources = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources", { params: { path } }, { refetchInterval: usePoll(every.calm) });
  return (
    <Panel flush>
      <Loaded query={resources}>
        {(rows) => (
          <DataTable
            label="active resources"
            rows={rows}
            rowKey={(r) => r.gu_res_id}
            rowLink={(r) => `${to.env(orgId, appId, envId, "graph")}?node=${encodeURIComponent(`${r.type}.${r.class}#${r.res_id}`)}`}
            text={(r) => `${r.type} ${r.class} ${r.res_id} ${r.def_id} ${r.driver_type} ${r.status}`}
            maxHeight="calc(100vh - 18rem)"
            initialSort={{ key: "type" }}
            empty={<EmptyState title="No resources yet">What a deployment makes for the workloads of this environment is listed here: databases, host names, namespaces.</EmptyState>}
            columns={[
              { key: "type", title: "Type", cell: (r) => (r.class === "default" ? r.type : `${r.type}.${r.class}`), sort: (r) => `${r.type}.${r.class}` },
              { key: "id", title: "Resource", cell: (r) => <code title={r.res_id}>{r.res_id}</code>, sort: (r) => r.res_id, width: "minmax(14rem, 2fr)" },
              { key: "def", title: "Definition", cell: (r) => <Link to={to.platform(orgId, `definitions/${r.def_id}`)}>{r.def_id}</Link>, sort: (r) => r.def_id },
              { key: "driver", title: "Driver", cell: (r) => r.driver_type, sort: (r) => r.driver_type },
              {
                key: "status", title: "Status", sort: (r) => r.status, width: "9rem",
                cell: (r) => <StatusBadge status={r.scheduled_deletion && r.status === "active" ? "to be deleted" : r.status} tone={r.scheduled_deletion ? "warn" : undefined} title={r.status_message} />,
              },
              { key: "at", title: "Changed", cell: (r) => <Time at={r.updated_at} />, sort: (r) => r.updated_at, width: "8rem" },
              {
                key: "do", title: <span className="hidden">Actions</span>, width: "6rem", align: "right",
                cell: (r) => (
                  <span className="row row-end">
                    {r.target_def_version_id && <Tag title={`Pinned to ${r.target_def_version_id}`}>pinned</Tag>}
                    <ResourceActions path={path} of={r} />
                  </span>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
