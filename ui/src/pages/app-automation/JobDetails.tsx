import { useQueries } from "@tanstack/react-query";
import { Link } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Loaded } from "~/components/Loading";
import { LogView, type LogEntry } from "~/components/LogView";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { to } from "~/lib/paths";
import { took } from "~/lib/time";

import type { LiveRun } from "./live";
import styles from "./page.module.css";
import { jobStatus, jobTone } from "./pipeline";
import type { RunPath } from "./RunPage";

type Step = Schemas["PipelineStep"];

/** A job of a run: its steps as they go, and what they wrote. */
export function JobDetails({ path, jobId, live }: { path: RunPath; jobId: string; live: LiveRun }) {
  const at = { ...path, jobId };
  const job = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}", { params: { path: at } }, { refetchInterval: (q) => (q.state.data?.completed_at ? false : live.state === "live" ? every.calm * 6 : every.busy / 2) });
  return (
    <Loaded query={job}>
      {(j) => (
        <div className="stack">
          <Panel title={j.name} actions={<StatusBadge status={jobStatus(j)} tone={jobTone(jobStatus(j))} />}>
            {j.status_message && <p className="small">{j.status_message}</p>}
            {j.steps.length === 0 ? (
              <p className="muted small">{j.status === "skipped" ? "It was skipped." : "No step has begun yet."}</p>
            ) : (
              <ol className={styles.steps}>
                {j.steps.map((s) => (
                  <li key={s.index}>
                    <div className="row-between">
                      <strong>{s.name}</strong>
                      <span className="row">
                        <span className="muted">{took(s.created_at, s.completed_at)}</span>
                        <StatusBadge status={s.status} tone={jobTone(s.status)} />
                      </span>
                    </div>
                    <code className="muted">{s.uses}</code>
                    {s.status_message && <div>{s.status_message}</div>}
                    <Related path={path} step={s} />
                  </li>
                ))}
              </ol>
            )}
          </Panel>
          {j.steps.length > 0 && (live.state !== "failed" && (live.state !== "connecting" || live.lines.size > 0) ? <Told jobId={jobId} steps={j.steps} lines={live.lines.get(jobId) ?? []} /> : <Logs path={path} jobId={jobId} steps={j.steps} over={j.completed_at !== undefined} />)}
        </div>
      )}
    </Loaded>
  );
}

/** Links to what a step had to do with. */
function Related({ path, step }: { path: RunPath; step: Step }) {
  const { env_id: env, deployment_id: deployment } = step.related_entities;
  if (!env) return null;
  return (
    <div className="row small">
      <Link to={to.env(path.orgId, path.appId, env)}>{env}</Link>
      {deployment && <Link to={to.deployment(path.orgId, path.appId, env, deployment)}>deployment {deployment}</Link>}
    </div>
  );
}

/** What the stream of the run told. */
function Told({ jobId, steps, lines }: { jobId: string; steps: Step[]; lines: LogEntry[] }) {
  const named = lines.map((l) => ({ ...l, source: steps.find((s) => String(s.index) === l.source)?.name }));
  return (
    <Panel title="Log" flush>
      <LogView label={`Log of ${jobId}`} lines={named} height="14rem" empty="Its steps wrote nothing." />
    </Panel>
  );
}

function Logs({ path, jobId, steps, over }: { path: RunPath; jobId: string; steps: Step[]; over: boolean }) {
  const lines = useQueries({
    queries: steps.map((s) => ({
      queryKey: ["step-log", path.runId, jobId, s.index, s.completed_at],
      refetchInterval: over || s.completed_at ? (false as const) : every.busy / 2,
      queryFn: async () =>
        (
          await client.GET("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/steps/{stepIndex}/logs", {
            params: { path: { ...path, jobId, stepIndex: String(s.index) } as never, query: { per_page: 100 } },
          })
        ).data ?? [],
    })),
    combine: (results): LogEntry[] =>
      results.flatMap((r, i) => (r.data ?? []).map((l, n) => ({ key: `${steps[i]?.index ?? i}-${n}`, at: l.at, source: steps[i]?.name, level: l.level, text: l.message }))),
  });
  return (
    <Panel title="Log" flush>
      <LogView label={`Log of ${jobId}`} lines={lines} height="14rem" empty="Its steps wrote nothing." />
    </Panel>
  );
}
