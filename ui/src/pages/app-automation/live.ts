import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { Schemas } from "~/api/client";
import { useEvents, type StreamState } from "~/api/stream";
import type { LogEntry } from "~/components/LogView";

import type { Job } from "./pipeline";
import type { RunPath } from "./RunPage";

const runPath = "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}";
const jobsKey = (path: RunPath) => ["get", `${runPath}/jobs`, { params: { path, query: { per_page: 100 } } }];

type RunLine = Schemas["PipelineStepLog"] & { job_id: string; step_index: number; line: number };

export interface LiveRun {
  state: StreamState;
  /** What the steps of each job have written. */
  lines: Map<string, LogEntry[]>;
}

/** A list of jobs in which one is new or as it is now. */
export function withJob(jobs: Job[] | undefined, job: Job): Job[] {
  if (!jobs) return [job];
  return jobs.some((j) => j.id === job.id) ? jobs.map((j) => (j.id === job.id ? job : j)) : [...jobs, job];
}

/** The lines of each job with those that were heard, each once. */
export function withLines(before: Map<string, LogEntry[]>, heard: RunLine[]): Map<string, LogEntry[]> {
  const after = new Map(before);
  for (const job of new Set(heard.map((l) => l.job_id))) {
    const lines = before.get(job) ?? [];
    const known = new Set(lines.map((l) => l.key));
    const more = heard.filter((l) => l.job_id === job).map((l) => ({ key: `${l.step_index}-${l.line}`, at: l.at, source: String(l.step_index), level: l.level, text: l.message }));
    after.set(job, [...lines, ...more.filter((l) => !known.has(l.key))]);
  }
  return after;
}

/** Follows a run and keeps what the page shows of it up to date. */
export function useLiveRun(path: RunPath): LiveRun {
  const queries = useQueryClient();
  const [lines, setLines] = useState(new Map<string, LogEntry[]>());
  const heard = useRef<RunLine[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const set = (queryKey: unknown[], change: (was: never) => unknown) => {
    void queries.cancelQueries({ queryKey, exact: true }); // an answer that is on its way is older
    queries.setQueryData(queryKey, change);
  };
  const { state } = useEvents(
    `/orgs/${path.orgId}/apps/${path.appId}/pipelines/${path.pipelineId}/runs/${path.runId}/events`,
    (e) => {
      switch (e.type) {
        case "run":
          set(["get", runPath, { params: { path } }], () => e.data);
          break;
        case "job": {
          const job = e.data as Schemas["PipelineJob"];
          set(jobsKey(path), (was: Job[] | undefined) => withJob(was, job));
          set(["get", `${runPath}/jobs/{jobId}`, { params: { path: { ...path, jobId: job.id } } }], () => job);
          break;
        }
        case "approval":
          void queries.invalidateQueries({ predicate: ({ queryKey: [, of] }) => typeof of === "string" && of.includes("/approvals") });
          break;
        case "line":
          heard.current.push(e.data as RunLine);
          timer.current ??= setTimeout(() => {
            timer.current = undefined;
            const more = heard.current;
            heard.current = [];
            setLines((was) => withLines(was, more));
          }, 100);
      }
    },
    { isLast: (e) => e.type === "end" },
  );
  return { state, lines };
}
