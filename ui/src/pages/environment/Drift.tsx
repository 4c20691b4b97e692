import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, ScanSearch } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Checkbox, TextArea, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePoll } from "~/lib/live";
import { to } from "~/lib/paths";
import { shortDuration } from "~/lib/time";

import type { EnvPath } from ".";
import { ignoresOf, textOfIgnores } from "./ignores";
import styles from "./page.module.css";

type Scan = Schemas["DriftScan"];
type Settings = Schemas["DriftSettings"];

const scansPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift";
const settingsPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift/settings";

/** Whether what is there is what was deployed. */
export function Drift({ path, deployed }: { path: EnvPath; deployed: boolean }) {
  const queries = useQueryClient();
  const [busy, calm] = [usePoll(every.busy), usePoll(every.calm * 2)];
  const scans = api.useQuery("get", scansPath, { params: { path } }, { refetchInterval: (q) => (q.state.data?.some((s) => s.status === "running") ? busy : calm) });
  const scan = api.useMutation("post", scansPath, {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["get", scansPath] }),
    onError: (error) => void toast.error(error),
  });
  const running = scan.isPending || scans.data?.some((s) => s.status === "running");
  const start = (
    <Button kind="primary" small may="runtime:write" busy={running} disabled={!deployed} icon={<ScanSearch size={14} aria-hidden />} onClick={() => scan.mutate({ params: { path } })}>
      Scan now
    </Button>
  );
  return (
    <div className={styles.overview}>
      <div className="stack">
        <Panel title="Last scan" actions={start} flush>
          <Loaded query={scans}>
            {(all) => {
              const last = all.find((s) => s.status !== "running");
              return last ? (
                <LastScan path={path} of={last} />
              ) : (
                <EmptyState title={running ? "It is being scanned" : "It was not scanned yet"}>A scan compares what is in the cluster with what was deployed, and says who changed what.</EmptyState>
              );
            }}
          </Loaded>
        </Panel>
      </div>
      <div className="stack">
        <SettingsPanel path={path} />
        <Panel title="Scans" flush>
          <Loaded query={scans} lines={2}>
            {(all) => (
              <DataTable
                label="scans"
                rows={all}
                rowKey={(s) => s.id}
                maxHeight="20rem"
                empty={<EmptyState title="None yet" />}
                columns={[
                  { key: "status", title: "Status", cell: (s) => <StatusBadge status={s.status} tone={s.status === "running" ? "busy" : undefined} title={s.message} />, width: "7rem" },
                  { key: "what", title: "Drifted", cell: (s) => (s.status === "running" ? "" : `${s.drifted} of ${s.checked}`) },
                  { key: "at", title: "When", cell: (s) => <Time at={s.created_at} />, width: "7rem" },
                ]}
              />
            )}
          </Loaded>
        </Panel>
      </div>
    </div>
  );
}

function LastScan({ path, of: s }: { path: EnvPath; of: Scan }) {
  return (
    <div className={styles.live}>
      <div className="row">
        <StatusBadge status={s.status} />
        <span>{s.status === "failed" ? s.message : `${s.drifted} of ${s.checked} objects are not as they were deployed`}</span>
        <Time at={s.finished_at ?? s.created_at} className="muted small" />
        {s.redeploy_id && <Link to={to.deployment(path.orgId, path.appId, path.envId, s.redeploy_id)}>Deployed again</Link>}
      </div>
      {s.status !== "failed" && s.message && <Notice tone="warn">{s.message}</Notice>}
      {s.status === "clean" && s.results.length === 0 && (
        <EmptyState title="As it was deployed" icon={<CircleCheck size={24} />}>
          Nobody changed anything that the deployment brought.
        </EmptyState>
      )}
      {s.results.map((r) => (
        <section key={`${r.kind} ${r.namespace ?? ""} ${r.name}`} className={styles.drifted} aria-label={`${r.kind} ${r.name}`}>
          <div className="row">
            <StatusBadge status={r.state} tone={r.state === "unknown" ? "idle" : "warn"} />
            <strong>
              {r.kind} <code>{r.name}</code>
            </strong>
            <span className="muted small">of {r.from}</span>
          </div>
          {r.message && <div className="small">{r.message}</div>}
          {r.changes.length > 0 && (
            <table className={styles.fields}>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Deployed</th>
                  <th scope="col">There</th>
                  <th scope="col">By</th>
                </tr>
              </thead>
              <tbody>
                {r.changes.map((c) => (
                  <tr key={c.path}>
                    <td>
                      <code>{c.path}</code>
                    </td>
                    <td>
                      <code>{c.secret ? "••••" : (c.after ?? "nothing")}</code>
                    </td>
                    <td>
                      <code>{c.secret ? "••••" : (c.before ?? "nothing")}</code>
                    </td>
                    <td>{c.by}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      ))}
    </div>
  );
}

function SettingsPanel({ path }: { path: EnvPath }) {
  const [changing, setChanging] = useState(false);
  const settings = api.useQuery("get", settingsPath, { params: { path } });
  return (
    <Panel
      title="Settings"
      actions={
        <Button small may="runtime:write" disabled={!settings.data} onClick={() => setChanging(true)}>
          Change
        </Button>
      }
    >
      <Loaded query={settings}>
        {(s) => (
          <>
            <Facts
              inline
              of={[
                ["Scans", s.enabled ? `every ${shortDuration(s.every)}` : "only when asked for"],
                ["When it drifted", s.redeploy ? "it is deployed again" : "it is only told"],
                ["Not looked at", s.ignore.length > 0 && <code key="i">{textOfIgnores(s.ignore)}</code>],
                ["Not looked at, inherited", (s.inherited?.length ?? 0) > 0 && <code key="h">{textOfIgnores(s.inherited ?? [])}</code>],
              ]}
            />
            {changing && <Change path={path} now={s} onClose={() => setChanging(false)} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Change({ path, now, onClose }: { path: EnvPath; now: Settings; onClose: () => void }) {
  const [enabled, setEnabled] = useState(now.enabled);
  const [interval, setInterval] = useState(shortDuration(now.every));
  const [redeploy, setRedeploy] = useState(now.redeploy);
  const [ignore, setIgnore] = useState(textOfIgnores(now.ignore));
  const queries = useQueryClient();
  const set = api.useMutation("put", settingsPath, {
    onSuccess: async () => {
      toast.ok("The settings were changed");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", settingsPath] });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Drift"
      submit="Change"
      busy={set.isPending}
      error={set.error}
      onSubmit={() => set.mutate({ params: { path }, body: { enabled, every: interval.trim(), redeploy, ignore: ignoresOf(ignore) } })}
    >
      <Checkbox label="Scan by itself" checked={enabled} onChange={(e) => setEnabled(e.target.checked)} />
      <TextField label="Time between two scans" value={interval} onChange={(e) => setInterval(e.target.value)} help="5m to 744h." disabled={!enabled} />
      <Checkbox label="Deploy again when it drifted" help="What somebody changed by hand is lost then." checked={redeploy} onChange={(e) => setRedeploy(e.target.checked)} />
      <TextArea label="Not looked at" value={ignore} onChange={(e) => setIgnore(e.target.value)} help="One line each: kind, name and JSON pointer; * is any. Such as: Deployment * /spec/replicas" />
    </FormDialog>
  );
}
