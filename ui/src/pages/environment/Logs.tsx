import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { useEvents, type StreamEvent } from "~/api/stream";
import { Checkbox } from "~/components/Field";
import { ErrorNotice } from "~/components/ErrorNotice";
import { LogView, type LogEntry } from "~/components/LogView";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { useRuntime } from "~/lib/runtime";

import type { EnvPath } from ".";
import styles from "./page.module.css";

// How many lines are kept: what is older scrolls out.
const kept = 5000;

type Line = LogEntry & { key: number };

/** What containers write, as they write it. */
export function Logs({ path }: { path: EnvPath }) {
  const runtime = useRuntime(path);
  const [workload, setWorkload] = useState("");
  const [contains, setContains] = useState("");
  const [follow, setFollow] = useState(true);
  const workloads = Object.keys(runtime.data?.modules ?? {}).sort();
  const query = { ...(workload ? { workload_id: workload } : {}), ...(contains.trim() ? { contains: contains.trim() } : {}) };
  return (
    <Panel
      title="Logs"
      flush
      actions={
        <>
          <select className={`input ${styles.filter}`} aria-label="Workload" value={workload} onChange={(e) => setWorkload(e.target.value)}>
            <option value="">All workloads</option>
            {workloads.map((w) => (
              <option key={w}>{w}</option>
            ))}
          </select>
          <label className="search">
            <span className="hidden">Only lines that contain</span>
            <input type="search" placeholder="Only lines that contain" value={contains} onChange={(e) => setContains(e.target.value)} />
          </label>
          <Checkbox label="Follow" checked={follow} onChange={(e) => setFollow(e.target.checked)} />
        </>
      }
    >
      {follow ? <Live key={JSON.stringify(query)} path={path} query={query} /> : <Past path={path} query={query} />}
    </Panel>
  );
}

type Query = { workload_id?: string; contains?: string };

const entry = (l: Schemas["ContainerLogEntry"], key: number): Line => ({ key, at: l.timestamp, source: l.workload_id, level: l.level, text: l.payload });

function Live({ path, query }: { path: EnvPath; query: Query }) {
  const [lines, setLines] = useState<Line[]>([]);
  const parts = [path.orgId, "apps", path.appId, "envs", path.envId, "logs"].map(encodeURIComponent).join("/");
  const url = `/orgs/${parts}?${new URLSearchParams(query).toString()}`;
  const { state, error } = useEvents(url, (event: StreamEvent) => {
    const line = event.data as Schemas["ContainerLogEntry"];
    if (typeof line !== "object" || line === null || typeof line.payload !== "string") return;
    setLines((before) => [...before.slice(-kept + 1), entry(line, (before.at(-1)?.key ?? 0) + 1)]);
  });
  if (error) return <ErrorNotice error={error} />;
  return (
    <div className={styles.live}>
      <StatusBadge status={state} tone={state === "live" ? "ok" : "busy"} />
      <LogView label="Logs of containers" lines={lines} height="calc(100vh - 20rem)" empty="Nothing was written yet. What is written shows up here." />
    </div>
  );
}

function Past({ path, query }: { path: EnvPath; query: Query }) {
  const logs = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/logs", { params: { path, query: { ...query, limit: "1000" } } });
  if (logs.error) return <ErrorNotice error={logs.error} retry={() => void logs.refetch()} />;
  // The type has the stream too, which is not asked for.
  const found = (logs.data ?? []) as Schemas["ContainerLogEntry"][];
  const lines = [...found].sort((a, b) => a.timestamp.localeCompare(b.timestamp)).map(entry);
  return <LogView label="Logs of containers" lines={lines} height="calc(100vh - 18rem)" />;
}
