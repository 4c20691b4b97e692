import { useQueryClient } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { settings } from "~/api/settings";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useMay, type Permission } from "~/lib/may";
import { to } from "~/lib/paths";
import { shortDuration } from "~/lib/time";
import { Details, Split } from "~/pages/platform/Details";

type Schedule = Schemas["Schedule"];

const listPath = "/orgs/{orgId}/schedules";
const overlaps = { skip: "a time that comes while the run before goes on is left out", buffer_one: "a time that comes while the run before goes on waits for its end" };

/** When it happens, in words. */
const whenOf = (s: Schedule) => (s.cron ? `${s.cron} ${s.time_zone ?? "UTC"}` : s.every ? `every ${shortDuration(s.every)}` : "once");

/** Where what it is about has its page. */
function pageOf(orgId: string, s: Schedule): string | undefined {
  if (s.app_id === undefined) return undefined;
  if (s.pipeline_id !== undefined) return to.appAutomation(orgId, s.app_id, `pipelines/${s.pipeline_id}`);
  if (s.kind === "drift" && s.env_id !== undefined) return to.env(orgId, s.app_id, s.env_id, "drift");
  return s.env_id === undefined ? to.app(orgId, s.app_id) : to.env(orgId, s.app_id, s.env_id);
}

/** Everything of the organization that happens by the clock. */
export function Schedules({ orgId }: { orgId: string }) {
  const schedules = api.useQuery("get", listPath, { params: { path: { orgId } } }, { refetchInterval: every.calm });
  const [params, setParams] = useSearchParams();
  const [kind, setKind] = useState("");
  const chosen = schedules.data?.find((s) => s.id === params.get("schedule"));
  const choose = (id?: string) => setParams(id ? { schedule: id } : {}, { replace: true });
  const list = (
    <Panel title="Schedules" note="what happens by the clock" flush>
      <Loaded query={schedules} lines={6}>
        {(rows) => (
          <DataTable
            label="schedules"
            rows={rows.filter((s) => !kind || s.kind === kind)}
            rowKey={(s) => s.id}
            onRow={(s) => choose(s.id)}
            selected={(s) => s.id === chosen?.id}
            text={(s) => `${s.id} ${s.what} ${s.kind}`}
            maxHeight="calc(100vh - 18rem)"
            filters={
              <select className="input" aria-label="Kind" style={{ width: "auto" }} value={kind} onChange={(e) => setKind(e.target.value)}>
                <option value="">All kinds</option>
                {[...new Set(rows.map((s) => s.kind))].sort().map((k) => (
                  <option key={k}>{k}</option>
                ))}
              </select>
            }
            empty={<EmptyState title="Nothing happens by the clock" icon={<CalendarClock size={24} />}>Scans for drift, pipelines with a schedule and scheduled deployments show up here.</EmptyState>}
            columns={[
              { key: "what", title: "What", width: "minmax(13rem, 2.2fr)", cell: (s) => <span title={s.what}>{s.what}</span>, sort: (s) => s.what },
              { key: "kind", title: "Kind", width: "7rem", cell: (s) => s.kind, sort: (s) => s.kind },
              { key: "when", title: "When", width: "minmax(9rem, 1fr)", cell: (s) => (s.cron ? <code>{whenOf(s)}</code> : whenOf(s)) },
              { key: "next", title: "Next", width: "7.5rem", cell: (s) => (s.paused ? <StatusBadge status="paused" title={s.note} /> : <Time at={s.next[0]} />), sort: (s) => (s.paused ? "~" : (s.next[0] ?? "~")) },
              { key: "last", title: "Last", width: "7.5rem", cell: (s) => <Time at={s.last?.at} />, sort: (s) => s.last?.at ?? "" },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
  return <Split list={list} details={chosen && <Chosen key={chosen.id} orgId={orgId} schedule={chosen} onClose={() => choose()} />} />;
}

/** What changing a schedule of a kind takes; those of environments also take its type's deployer. */
const needed: Record<Schedule["kind"], Permission> = { cleanup: "platform:write", retention: "platform:write", drift: "runtime:write", pipeline: "pipelines:write", deployment: "deployments:create" };

function Chosen({ orgId, schedule, onClose }: { orgId: string; schedule: Schedule; onClose: () => void }) {
  const path = { orgId, scheduleId: schedule.id };
  const one = api.useQuery("get", `${listPath}/{scheduleId}`, { params: { path } }, { refetchInterval: every.calm });
  const runs = api.useQuery("get", `${listPath}/{scheduleId}/history`, { params: { path } }, { refetchInterval: every.calm });
  const [pausing, setPausing] = useState(false);
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith(listPath) });
  const onError = (error: unknown) => void toast.error(error);
  const resume = api.useMutation("post", `${listPath}/{scheduleId}/unpause`, { onSuccess: changed, onError });
  const trigger = api.useMutation("post", `${listPath}/{scheduleId}/trigger`, {
    onSuccess: async () => {
      toast.ok("It runs now");
      await changed();
    },
    onError,
  });
  const s = one.data ?? schedule;
  const may = useMay({ orgId, appId: s.app_id })(needed[s.kind]);
  const about = pageOf(orgId, s);
  return (
    <Details
      title={s.id}
      onClose={onClose}
      actions={
        <>
          {s.paused ? (
            <Button small may={may} busy={resume.isPending} onClick={() => resume.mutate({ params: { path } })}>
              Resume
            </Button>
          ) : (
            <Button small may={may} onClick={() => setPausing(true)}>
              Pause
            </Button>
          )}
          <Button small may={may} busy={trigger.isPending} onClick={() => trigger.mutate({ params: { path } })}>
            Run now
          </Button>
        </>
      }
    >
      {s.paused && <Notice tone="warn">Paused{s.note ? `: ${s.note}` : "."}</Notice>}
      {!s.in_sync && <Notice>The workflow engine does not have it as it is here yet; it will within minutes.</Notice>}
      <p>{s.what}</p>
      {about && <Link to={about}>Where it comes from</Link>}
      <Facts
        of={[
          ["When", s.at ? <Time key="at" at={s.at} /> : whenOf(s)],
          ["When one is late", `${overlaps[s.overlap]}; one that was missed is made up for within ${shortDuration(s.catch_up)}`],
          ["Too late to be made up for", s.missed],
          ["Left out", s.skipped],
        ]}
      />
      {s.next.length > 0 && (
        <section className="stack-tight" aria-label="Next">
          <h3>Next</h3>
          <ul className="small">
            {s.next.slice(0, 5).map((at) => (
              <li key={at}>
                <Time at={at} /> <span className="muted">{new Date(at).toLocaleString()}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="stack-tight" aria-label="Runs">
        <h3>Runs</h3>
        <Loaded query={runs}>
          {(rows) =>
            rows.length === 0 ? (
              <p className="muted small">It has not run yet.</p>
            ) : (
              <ul className="small stack-tight">
                {rows.slice(0, 20).map((r) => (
                  <li key={r.run_id} className="row">
                    <StatusBadge status={r.status ?? "unknown"} tone={r.status === "completed" ? "ok" : r.status === "running" ? "busy" : undefined} />
                    <Time at={r.at} />
                    {settings.temporalUrl && (
                      <a href={`${settings.temporalUrl}/workflows/${encodeURIComponent(r.workflow_id)}/${encodeURIComponent(r.run_id)}`} target="_blank" rel="noreferrer">
                        Temporal
                      </a>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      {pausing && <Pause path={path} what={s.what} onClose={() => setPausing(false)} onDone={changed} />}
    </Details>
  );
}

function Pause({ path, what, onClose, onDone }: { path: { orgId: string; scheduleId: string }; what: string; onClose: () => void; onDone: () => Promise<void> }) {
  const [note, setNote] = useState("");
  const pause = api.useMutation("post", `${listPath}/{scheduleId}/pause`, {
    onSuccess: async () => {
      onClose();
      await onDone();
    },
  });
  return (
    <FormDialog open onClose={onClose} title="Pause the schedule?" description={`${what}: not until it is resumed.`} submit="Pause" busy={pause.isPending} error={pause.error} onSubmit={() => pause.mutate({ params: { path }, body: { note: note.trim() } })}>
      <TextField label="Why" value={note} onChange={(e) => setNote(e.target.value)} maxLength={500} />
    </FormDialog>
  );
}
