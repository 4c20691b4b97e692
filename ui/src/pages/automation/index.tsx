import { Hand, Workflow } from "lucide-react";
import { useState } from "react";
import { Link, Route, Routes } from "react-router";

import { api, type Schemas } from "~/api/client";
import { NotFound } from "~/app/errors";
import { every } from "~/app/query";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { pollOf } from "~/lib/live";
import { useLiveOrganization } from "~/lib/liveorg";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";
import { runIsOver, type Run } from "~/pages/app-automation/pipeline";
import { RunTable, StatusFilter } from "~/pages/app-automation/Runs";

import { Receivers } from "./Receivers";
import { Retention } from "./Retention";
import { Schedules } from "./Schedules";

/** What runs by itself in all applications. */
export function Component() {
  const orgId = useOrg();
  const part = (rest: string) => to.automation(orgId, rest);
  return (
    <Page
      title="Automation"
      tabs={[
        { label: "Pipelines", to: part(""), end: true },
        { label: "Schedules", to: part("schedules") },
        { label: "Retention", to: part("retention") },
        { label: "Receivers", to: part("receivers") },
      ]}
    >
      <Routes>
        <Route index element={<Runs orgId={orgId} />} />
        <Route path="schedules" element={<Schedules orgId={orgId} />} />
        <Route path="retention" element={<Retention orgId={orgId} />} />
        <Route path="receivers" element={<Receivers orgId={orgId} />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Page>
  );
}

/** What waits for somebody, runs, pipelines. */
function Runs({ orgId }: { orgId: string }) {
  const [status, setStatus] = useState("");
  const calm = pollOf(useLiveOrganization(orgId), every.calm);
  const executing = api.useQuery("get", "/orgs/{orgId}/pipeline-runs", { params: { path: { orgId }, query: { status: "executing", per_page: 100 } } }, { refetchInterval: calm });
  const runs = api.useQuery("get", "/orgs/{orgId}/pipeline-runs", { params: { path: { orgId }, query: { per_page: 100, ...(status && { status }) } } }, { refetchInterval: calm, placeholderData: (was) => was });
  const pipelines = api.useQuery("get", "/orgs/{orgId}/pipelines", { params: { path: { orgId }, query: { per_page: 100 } } });
  const waiting = executing.data?.filter((r) => !runIsOver(r) && Object.values(r.waiting_for).some((w) => w.startsWith("approval"))) ?? [];
  return (
    <>
      {waiting.length > 0 && <Waiting orgId={orgId} runs={waiting} />}
      <Panel title="Pipeline runs" note="of all applications, the newest 100" flush>
        <Loaded query={runs}>
          {(rows) => (
            <RunTable
              orgId={orgId}
              rows={rows}
              all
              filters={<StatusFilter value={status} onChange={setStatus} />}
              empty={status === "" ? <EmptyState title="Nothing has run yet" icon={<Workflow size={24} />}>Pipelines belong to applications: open one below, or make one on the page Automation of an application.</EmptyState> : undefined}
            />
          )}
        </Loaded>
      </Panel>
      <Panel title="Pipelines" flush>
        <Loaded query={pipelines}>{(rows) => <Pipelines orgId={orgId} rows={rows} />}</Loaded>
      </Panel>
    </>
  );
}

function Waiting({ orgId, runs }: { orgId: string; runs: Run[] }) {
  return (
    <Panel title="Waiting for approval" note="nothing goes on there until somebody decides">
      <ul className="stack-tight" style={{ margin: 0, padding: 0, listStyle: "none" }}>
        {runs.map((r) => (
          <li key={r.id} className="row">
            <Hand size={14} aria-hidden />
            <Link to={to.appAutomation(orgId, r.app_id, `pipelines/${r.pipeline_id}/runs/${r.id}`)}>
              {r.app_id}: {r.pipeline_id}
            </Link>
            <span className="muted small">{r.env_ids.join(", ")}</span>
            <span className="muted small">
              since <Time at={r.executing_at ?? r.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Pipelines({ orgId, rows }: { orgId: string; rows: Schemas["Pipeline"][] }) {
  return (
    <DataTable
      label="pipelines"
      rows={rows}
      rowKey={(p) => `${p.app_id} ${p.id}`}
      rowLink={(p) => to.appAutomation(orgId, p.app_id, `pipelines/${p.id}`)}
      text={(p) => `${p.app_id} ${p.id} ${p.name} ${p.trigger_types.join(" ")}`}
      columns={[
        { key: "name", title: "Pipeline", width: "minmax(10rem, 1.2fr)", cell: (p) => p.name, sort: (p) => p.name },
        { key: "app", title: "Application", cell: (p) => p.app_id, sort: (p) => p.app_id },
        { key: "on", title: "Started by", width: "minmax(10rem, 1.2fr)", cell: (p) => <span className="row">{p.trigger_types.map((t) => <Tag key={t}>{t}</Tag>)}</span> },
        { key: "at", title: "Made", width: "7rem", cell: (p) => <Time at={p.created_at} />, sort: (p) => p.created_at },
      ]}
    />
  );
}
