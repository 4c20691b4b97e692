import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Checkbox, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePeople } from "~/lib/people";
import { plural } from "~/lib/words";

import styles from "./page.module.css";
import { changeOf, daysOf, kinds, spanOf, whatOf, type Settings } from "./retention";

type Run = Schemas["RetentionRun"];

const settingsPath = "/orgs/{orgId}/retention";
const runsPath = "/orgs/{orgId}/retention/runs";

/** How long records are kept, and what the next round would delete. */
export function Retention({ orgId }: { orgId: string }) {
  const settings = api.useQuery("get", settingsPath, { params: { path: { orgId } } });
  return (
    <>
      <Loaded query={settings} lines={8}>
        {(found) => <Rules key={JSON.stringify(found)} orgId={orgId} saved={found} />}
      </Loaded>
      <Rounds orgId={orgId} />
    </>
  );
}

function Rules({ orgId, saved }: { orgId: string; saved: Settings }) {
  const [now, setNow] = useState(saved);
  const queries = useQueryClient();
  const save = api.useMutation("patch", settingsPath, {
    onSuccess: async () => {
      toast.ok("Saved", "It counts from the next round on.");
      await queries.invalidateQueries({ queryKey: ["get", settingsPath] });
    },
  });
  const rule = (kind: string, change: Partial<Settings["rules"][string]>) => setNow({ ...now, rules: { ...now.rules, [kind]: { ...now.rules[kind], for: now.rules[kind]?.for ?? "0", ...change } } });
  const same = JSON.stringify(changeOf(saved, now)) === JSON.stringify(changeOf(saved, saved));
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate({ params: { path: { orgId } }, body: changeOf(saved, now) });
      }}
    >
      <Panel
        title="What is kept"
        note="the newest, and what something refers to, stay whatever is written here"
        actions={
          <>
            {!same && (
              <Button small onClick={() => setNow(saved)}>
                Undo
              </Button>
            )}
            <Button small type="submit" kind="primary" may="platform:write" busy={save.isPending} disabled={same}>
              Save
            </Button>
          </>
        }
      >
        <div className="stack">
          {save.error != null && <ErrorNotice error={save.error} />}
          <div className={styles.clock}>
            <Checkbox label="Old records are deleted by the clock" checked={now.enabled} onChange={(e) => setNow({ ...now, enabled: e.target.checked })} />
            <TextField label="When" value={now.cron} onChange={(e) => setNow({ ...now, cron: e.target.value })} help="Five fields: minute, hour, day, month, day of the week." />
            <TextField label="Time zone" value={now.time_zone} onChange={(e) => setNow({ ...now, time_zone: e.target.value })} />
          </div>
          <table className={styles.rules}>
            <thead>
              <tr>
                <th>Records</th>
                <th>Days</th>
                <th>And the newest</th>
              </tr>
            </thead>
            <tbody>
              {kinds
                .filter((k) => now.rules[k.kind])
                .map(({ kind, what, of }) => (
                  <tr key={kind}>
                    <td>{what}</td>
                    <td>
                      <TextField hideLabel label={`Days: ${what}`} placeholder="for ever" value={daysOf(now.rules[kind]?.for ?? "0")} onChange={(e) => rule(kind, { for: spanOf(e.target.value) })} />
                    </td>
                    <td>
                      {of && (
                        <div className="row">
                          <TextField
                            hideLabel
                            label={`Newest: ${what}`}
                            inputMode="numeric"
                            value={String(now.rules[kind]?.newest ?? 0)}
                            onChange={(e) => rule(kind, { newest: Number(e.target.value.replaceAll(/\D/g, "")) })}
                          />
                          <span className="muted small">of each {of}</span>
                        </div>
                      )}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </form>
  );
}

function Rounds({ orgId }: { orgId: string }) {
  const runs = api.useQuery("get", runsPath, { params: { path: { orgId } } }, { refetchInterval: (q) => (q.state.data?.some((r) => r.status === "running") ? every.busy / 2 : every.calm * 2) });
  const [deleting, setDeleting] = useState(false);
  const [asked, setAsked] = useState<string>();
  const queries = useQueryClient();
  const person = usePeople(orgId);
  const start = api.useMutation("post", runsPath, {
    onSuccess: async (run) => {
      setDeleting(false);
      setAsked(run.id);
      await queries.invalidateQueries({ queryKey: ["get", runsPath] });
    },
  });
  const params = { path: { orgId } };
  const shown = runs.data?.find((r) => r.id === asked) ?? runs.data?.find((r) => r.dry_run);
  return (
    <>
      <Panel
        title="What would be deleted now"
        actions={
          <>
            <Button small may="platform:write" busy={start.isPending && !deleting} onClick={() => start.mutate({ params, body: { dry_run: true } })}>
              Count it
            </Button>
            <Button small kind="danger" may="platform:write" onClick={() => setDeleting(true)}>
              Delete now
            </Button>
          </>
        }
      >
        {start.error != null && !deleting && <ErrorNotice error={start.error} />}
        {shown ? <Counted run={shown} /> : <p className="muted small">Counting looks at everything and deletes nothing.</p>}
      </Panel>
      <Panel title="Rounds" note="the newest 50" flush>
        <Loaded query={runs}>
          {(rows) => (
            <DataTable
              label="rounds"
              rows={rows}
              rowKey={(r) => r.id}
              onRow={(r) => setAsked(r.id)}
              selected={(r) => r.id === shown?.id}
              columns={[
                { key: "at", title: "Begun", width: "8rem", cell: (r) => <Time at={r.created_at} /> },
                { key: "what", title: "What", width: "7rem", cell: (r) => <Tag>{r.dry_run ? "counted" : "deleted"}</Tag> },
                { key: "status", title: "Status", width: "8rem", cell: (r) => <StatusBadge status={r.status} tone={r.status === "running" ? "busy" : undefined} title={r.message} /> },
                { key: "found", title: "Records", width: "7rem", align: "right", cell: (r) => foundIn(r).toLocaleString("en") },
                { key: "by", title: "By", cell: (r) => (r.cause === "schedule" ? "the clock" : person(r.created_by)) },
                { key: "message", title: "Message", width: "minmax(10rem, 2fr)", cell: (r) => r.message ?? "" },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        onConfirm={() => start.mutate({ params, body: { dry_run: false } })}
        title="Delete old records now?"
        action="Delete records"
        losses={shown?.dry_run && shown.status === "succeeded" && foundIn(shown) > 0 ? shown.results.filter((r) => r.found > 0).map((r) => `${r.found.toLocaleString("en")}: ${whatOf(r.kind)}`) : ["Everything that is older than the saved settings keep; count it first to see how much that is"]}
        busy={start.isPending}
        error={deleting ? start.error : null}
      />
    </>
  );
}

const foundIn = (r: Run) => r.results.reduce((sum, of) => sum + of.found, 0);

function Counted({ run }: { run: Run }) {
  const some = run.results.filter((r) => r.found > 0);
  return (
    <div className="stack-tight" role="status" aria-label="What was found">
      <div className="row">
        <StatusBadge status={run.status} tone={run.status === "running" ? "busy" : undefined} />
        <span>
          {plural(foundIn(run), "record")} {run.dry_run ? "would be deleted" : "were deleted"}
        </span>
        <span className="muted small">
          <Time at={run.finished_at ?? run.created_at} />
          {run.phase && ` at ${whatOf(run.phase)}`}
        </span>
      </div>
      {run.message && <Notice tone="warn">{run.message}</Notice>}
      {some.length > 0 && (
        <ul className="small">
          {some.map((r) => (
            <li key={r.kind}>
              {r.found.toLocaleString("en")}: {whatOf(r.kind)}, <span className="muted">older than {new Date(r.before).toLocaleDateString()}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
