import { api } from "~/api/client";
import { every } from "~/app/query";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { ButtonLink } from "~/components/Button";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { usePoll } from "~/lib/live";
import { usePeople } from "~/lib/people";
import { to } from "~/lib/paths";
import { deploymentStatus } from "~/lib/status";
import { took } from "~/lib/time";

import type { EnvPath } from ".";

export function Deployments({ path }: { path: EnvPath }) {
  const { orgId, appId, envId } = path;
  const person = usePeople(orgId);
  const deploys = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path } }, { refetchInterval: usePoll(every.calm) });
  return (
    <Panel flush>
      <Loaded query={deploys}>
        {(rows) => (
          <DataTable
            label="deployments"
            rows={rows}
            rowKey={(d) => d.id}
            rowLink={(d) => to.deployment(orgId, appId, envId, d.id)}
            text={(d) => `${d.id} ${d.comment} ${deploymentStatus(d)}`}
            maxHeight="calc(100vh - 18rem)"
            empty={
              <EmptyState title="Nothing was deployed yet" actions={<ButtonLink may="deployments:create" to={to.change(orgId, appId, envId)}>Deploy a change</ButtonLink>}>
                Paste a Score file or pick something from the catalogue.
              </EmptyState>
            }
            columns={[
              { key: "what", title: "What", cell: (d) => d.comment || d.id, width: "minmax(14rem, 2.5fr)" },
              { key: "id", title: "Id", cell: (d) => <code>{d.id}</code>, width: "10rem" },
              { key: "status", title: "Status", cell: (d) => <StatusBadge status={deploymentStatus(d)} />, sort: deploymentStatus, width: "8rem" },
              { key: "took", title: "Took", cell: (d) => took(d.started_at, d.finished_at), align: "right", width: "6rem" },
              { key: "by", title: "By", cell: (d) => (d.pipeline ? <Tag title="A pipeline">{d.pipeline.id}</Tag> : person(d.created_by)) },
              { key: "at", title: "Asked for", cell: (d) => <Time at={d.created_at} />, sort: (d) => d.created_at, width: "8rem" },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
