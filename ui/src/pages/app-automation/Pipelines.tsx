import { Plus, Workflow } from "lucide-react";

import { api } from "~/api/client";
import { every } from "~/app/query";
import { ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { pollOf } from "~/lib/live";
import { to } from "~/lib/paths";
import { useLiveApplication } from "~/pages/application/live";

import type { AppPath } from "./data";

/** An application's pipelines, and how each ended last. */
export function Pipelines({ path }: { path: AppPath }) {
  const { orgId, appId } = path;
  const pipelines = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines", { params: { path, query: { per_page: 100 } } });
  const calm = pollOf(useLiveApplication(path), every.calm);
  const runs = api.useQuery("get", "/orgs/{orgId}/pipeline-runs", { params: { path: { orgId }, query: { app: appId, per_page: 100 } } }, { refetchInterval: calm });
  const last = (id: string) => runs.data?.find((r) => r.pipeline_id === id);
  const create = (
    <ButtonLink kind="primary" small may="pipelines:write" icon={<Plus size={14} aria-hidden />} to={to.appAutomation(orgId, appId, "new-pipeline")}>
      New pipeline
    </ButtonLink>
  );
  return (
    <Panel title="Pipelines" note="what happens at a deployment request, a push, a time, or a call" flush actions={create}>
      <Loaded query={pipelines}>
        {(rows) => (
          <DataTable
            label="pipelines"
            rows={rows}
            rowKey={(p) => p.id}
            rowLink={(p) => to.appAutomation(orgId, appId, `pipelines/${p.id}`)}
            text={rows.length > 10 ? (p) => `${p.id} ${p.name} ${p.trigger_types.join(" ")}` : undefined}
            empty={
              <EmptyState title="No pipeline yet" icon={<Workflow size={24} />} actions={create}>
                A pipeline is a list of jobs in YAML: deploy, wait until it is ready, ask for approval, deploy to the next environment, tell somebody.
              </EmptyState>
            }
            columns={[
              { key: "name", title: "Pipeline", width: "minmax(10rem, 1.2fr)", cell: (p) => p.name, sort: (p) => p.name },
              { key: "id", title: "Id", cell: (p) => <code>{p.id}</code>, sort: (p) => p.id },
              { key: "on", title: "Started by", width: "minmax(10rem, 1.2fr)", cell: (p) => <span className="row">{p.trigger_types.map((t) => <Tag key={t}>{t}</Tag>)}</span> },
              {
                key: "last", title: "Last run", width: "minmax(12rem, 1.2fr)",
                cell: (p) => {
                  const run = last(p.id);
                  return run ? (
                    <>
                      <StatusBadge status={run.status} /> <Time at={run.created_at} />
                    </>
                  ) : (
                    <span className="muted">never</span>
                  );
                },
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
