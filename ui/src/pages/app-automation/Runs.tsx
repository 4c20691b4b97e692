import { Play } from "lucide-react";
import { useState } from "react";

import { api } from "~/api/client";
import { every } from "~/app/query";
import { DataTable, type Column } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { pollOf } from "~/lib/live";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";
import { took } from "~/lib/time";
import { useLiveApplication } from "~/pages/application/live";

import type { AppPath } from "./data";
import { runIsOver, type Run } from "./pipeline";

const statuses = ["queued", "executing", "succeeded", "failed", "cancelled"];

/** A run's status; one that waits for an approval says so. */
export function RunStatus({ run }: { run: Run }) {
  if (run.cancellation_requested_at && !runIsOver(run)) return <StatusBadge status="cancelling" />;
  if (run.status === "executing" && Object.values(run.waiting_for).some((w) => w.startsWith("approval"))) return <StatusBadge status="waiting for approval" tone="warn" />;
  return <StatusBadge status={run.status} title={run.status_message} />;
}

/** Runs, newest first; of one application, or of all. */
export function RunTable({ orgId, rows, all, filters, empty }: { orgId: string; rows: Run[]; all?: boolean; filters?: React.ReactNode; empty: React.ReactNode }) {
  const person = usePeople(orgId);
  const columns: Column<Run>[] = [
    { key: "pipeline", title: "Pipeline", width: "minmax(8rem, 1fr)", cell: (r) => r.pipeline_id, sort: (r) => r.pipeline_id },
    ...(all ? [{ key: "app", title: "Application", cell: (r: Run) => r.app_id, sort: (r: Run) => r.app_id }] : []),
    { key: "status", title: "Status", width: "11rem", cell: (r) => <RunStatus run={r} />, sort: (r) => r.status },
    { key: "envs", title: "Environments", width: "minmax(7rem, 1fr)", cell: (r) => r.env_ids.join(", ") },
    { key: "trigger", title: "Started by", width: "minmax(9rem, 1.2fr)", cell: (r) => (r.created_by === "UNKNOWN" ? r.trigger : `${person(r.created_by)}, ${r.trigger}`) },
    { key: "at", title: "Began", width: "7rem", cell: (r) => <Time at={r.created_at} />, sort: (r) => r.created_at },
    { key: "took", title: "Took", width: "5rem", align: "right", cell: (r) => took(r.executing_at, r.completed_at) },
  ];
  return (
    <DataTable
      label="pipeline runs"
      rows={rows}
      rowKey={(r) => r.id}
      rowLink={(r) => to.appAutomation(orgId, r.app_id, `pipelines/${r.pipeline_id}/runs/${r.id}`)}
      text={(r) => `${r.pipeline_id} ${r.app_id} ${r.status} ${r.env_ids.join(" ")} ${r.trigger} ${person(r.created_by)} ${r.id}`}
      filters={filters}
      empty={empty}
      columns={columns}
      maxHeight="calc(100vh - 18rem)"
    />
  );
}

/** One of the statuses that runs have. */
export function StatusFilter({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  return (
    <select className="input" aria-label="Status" value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">All statuses</option>
      {statuses.map((s) => (
        <option key={s}>{s}</option>
      ))}
    </select>
  );
}

/** Runs of an application's pipelines. */
export function AppRuns({ path, pipelineId }: { path: AppPath; pipelineId?: string }) {
  const [status, setStatus] = useState("");
  const calm = pollOf(useLiveApplication(path), every.calm);
  const runs = api.useQuery(
    "get",
    "/orgs/{orgId}/pipeline-runs",
    { params: { path: { orgId: path.orgId }, query: { app: path.appId, per_page: 100, ...(status && { status }), ...(pipelineId && { pipeline: pipelineId }) } } },
    { refetchInterval: calm, placeholderData: (was) => was },
  );
  return (
    <Panel title="Runs" note="the newest 100" flush>
      <Loaded query={runs}>
        {(rows) => (
          <RunTable
            orgId={path.orgId}
            rows={rows}
            filters={<StatusFilter value={status} onChange={setStatus} />}
            empty={
              status === "" ? (
                <EmptyState title="Nothing has run yet" icon={<Play size={24} />}>
                  A run begins when somebody asks for a deployment that the pipeline handles, when an artefact is pushed, at its time, or when you start it.
                </EmptyState>
              ) : undefined
            }
          />
        )}
      </Loaded>
    </Panel>
  );
}
