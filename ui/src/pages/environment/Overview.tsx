import { Minus, Plus, RotateCw, Scaling } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { shortImage } from "~/lib/image";
import { usePoll } from "~/lib/live";
import { to } from "~/lib/paths";
import { useRuntime, type Runtime } from "~/lib/runtime";
import { deploymentStatus, isOver, toneOf } from "~/lib/status";
import { took } from "~/lib/time";

import { useOperation, type EnvPath } from ".";
import styles from "./page.module.css";

type Controller = Schemas["RuntimeController"];
type Pod = Schemas["RuntimePod"];

/** What runs in the environment now, and what is on its way. */
export function Overview({ path, env }: { path: EnvPath; env: Schemas["Environment"] }) {
  const runtime = useRuntime(path, { refetchInterval: usePoll(every.calm) });
  if (!env.last_deploy) {
    return (
      <Panel>
        <EmptyState
          title="Nothing was deployed yet"
          actions={
            <ButtonLink kind="primary" may="deployments:create" to={to.change(path.orgId, path.appId, path.envId)}>
              Deploy a change
            </ButtonLink>
          }
        >
          Paste a Score file or pick something from the catalogue. Slipway shows what it would make before anything happens.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <div className={styles.overview}>
      <div className="stack">
        <Loaded query={runtime} lines={6}>
          {(r) => <Workloads path={path} runtime={r} />}
        </Loaded>
        <Events path={path} />
      </div>
      <div className="stack">
        <LastDeployment path={path} deployment={env.last_deploy} />
        <Queue path={path} />
        <Operations path={path} />
      </div>
    </div>
  );
}

function Workloads({ path, runtime }: { path: EnvPath; runtime: Runtime }) {
  const workloads = Object.entries(runtime.modules).sort(([a], [b]) => a.localeCompare(b));
  const others = Object.entries(runtime.others ?? {});
  return (
    <>
      {runtime.message && <Notice tone="warn">{runtime.message}</Notice>}
      {runtime.notes?.map((n) => <Notice key={n}>{n}</Notice>)}
      <Panel title="Workloads" note={runtime.namespace && `in namespace ${runtime.namespace}`} flush>
        {workloads.length === 0 && <EmptyState title="No workloads" />}
        {workloads.map(([name, module]) => (
          <section key={name} className={styles.workload} aria-label={`Workload ${name}`}>
            <div className="row-between">
              <div className="row">
                <h3>{name}</h3>
                <StatusBadge status={module.status} tone={toneOf(module.status_class)} />
              </div>
              <WorkloadActions path={path} workload={name} controllers={Object.values(module.controllers)} />
            </div>
            {Object.values(module.controllers).map((c) => (
              <ControllerView key={`${c.kind} ${c.name}`} controller={c} />
            ))}
          </section>
        ))}
      </Panel>
      {others.length > 0 && (
        <Panel title="Brought by resources" flush>
          {others.map(([name, c]) => (
            <section key={name} className={styles.workload} aria-label={name}>
              <div className="row">
                <h3>{c.name}</h3>
                <StatusBadge status={c.status} />
              </div>
              <ControllerView controller={c} />
            </section>
          ))}
        </Panel>
      )}
    </>
  );
}

function ControllerView({ controller: c }: { controller: Controller }) {
  return (
    <>
      <div className="muted small">
        {c.kind} <code>{c.name}</code>, {c.ready_replicas} of {c.desired_replicas} ready{c.revision ? `, revision ${c.revision}` : ""}
      </div>
      <Reasons of={c.reasons} />
      {c.pods.length > 0 && (
        <ul className={styles.pods} aria-label={`Pods of ${c.name}`}>
          {c.pods.map((p) => (
            <PodView key={p.podName} pod={p} />
          ))}
        </ul>
      )}
    </>
  );
}

function PodView({ pod }: { pod: Pod }) {
  return (
    <li className={styles.pod}>
      <StatusBadge status={pod.phase} tone={toneOf(pod.status)} />
      <code className="cut grow" title={pod.podName}>
        {pod.podName}
      </code>
      {pod.containerStatuses
        .filter((c) => !c.init)
        .map((c) => (
          <span key={c.name} className="small nowrap" title={c.image}>
            <span className="muted">{c.name}</span> {c.image && <code>{shortImage(c.image).version}</code>}
            {c.restart_count > 0 && <span className={styles.restarts}> {c.restart_count} restarts</span>}
            {c.state.waiting?.reason && <span className={styles.restarts}> {c.state.waiting.reason}</span>}
          </span>
        ))}
      <Time at={pod.started_at} className="muted small" />
    </li>
  );
}

/** Why something is not as it should be, and what to try. */
function Reasons({ of }: { of: Schemas["RuntimeReason"][] | undefined }) {
  if (!of || of.length === 0) return null;
  return of.map((r, i) => (
    <Notice key={i} tone="warn">
      <strong>{r.summary}</strong>
      <div className="small mono">{r.message}</div>
      {r.advice && <div>{r.advice}</div>}
    </Notice>
  ));
}

function WorkloadActions({ path, workload, controllers }: { path: EnvPath; workload: string; controllers: Controller[] }) {
  const [scaling, setScaling] = useState(false);
  const operation = useOperation(path);
  const scalable = controllers.find((c) => c.kind === "Deployment" || c.kind === "StatefulSet");
  return (
    <div className="row">
      <Button small may="runtime:write" icon={<RotateCw size={12} aria-hidden />} onClick={() => operation.mutate({ params: { path }, body: { kind: "restart", workloads: [workload] } })}>
        Restart
      </Button>
      {scalable && (
        <Button small may="runtime:write" icon={<Scaling size={12} aria-hidden />} onClick={() => setScaling(true)}>
          Scale
        </Button>
      )}
      {scalable && scaling && <Scale path={path} workload={workload} now={scalable.desired_replicas} onClose={() => setScaling(false)} />}
    </div>
  );
}

function Scale({ path, workload, now, onClose }: { path: EnvPath; workload: string; now: number; onClose: () => void }) {
  const [text, setText] = useState(String(now));
  const operation = useOperation(path);
  const replicas = /^\d+$/.test(text) ? Number(text) : null;
  const step = (by: number) => setText(String(Math.max(0, (replicas ?? now) + by)));
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Scale ${workload}`}
      description="The next deployment sets what the workload itself says, if it says how many."
      submit="Scale"
      busy={operation.isPending}
      error={operation.error}
      disabled={replicas === null || replicas === now}
      onSubmit={() => operation.mutate({ params: { path }, body: { kind: "scale", replicas: { [workload]: replicas ?? now } } }, { onSuccess: onClose })}
    >
      <div className={styles.stepper}>
        <TextField label="Replicas" inputMode="numeric" value={text} onChange={(e) => setText(e.target.value)} error={replicas === null && "A number from 0 on."} autoFocus />
        <IconButton label="One fewer" onClick={() => step(-1)}>
          <Minus size={14} aria-hidden />
        </IconButton>
        <IconButton label="One more" onClick={() => step(1)}>
          <Plus size={14} aria-hidden />
        </IconButton>
      </div>
      {replicas === 0 && now > 0 && <Notice tone="warn">Nothing of {workload} will run.</Notice>}
    </FormDialog>
  );
}

function LastDeployment({ path, deployment: d }: { path: EnvPath; deployment: Schemas["Deployment"] }) {
  const address = to.deployment(path.orgId, path.appId, path.envId, d.id);
  const errors = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/errors",
    { params: { path: { ...path, deployId: d.id } } },
    { enabled: d.status === "failed", staleTime: 60_000 },
  );
  return (
    <Panel title="Last deployment" actions={<ButtonLink small to={address}>Open</ButtonLink>}>
      <div className="stack-tight">
        <div className="row">
          <StatusBadge status={deploymentStatus(d)} />
          {!isOver(d) && d.phase && <span className="small muted">{d.phase}</span>}
          <Time at={d.created_at} className="small muted" />
          <span className="small muted">{took(d.started_at, d.finished_at) && `took ${took(d.started_at, d.finished_at)}`}</span>
        </div>
        <Link to={address}>{d.comment || d.id}</Link>
        {errors.data?.slice(0, 3).map((e, i) => (
          <div key={i} className={styles.error}>
            <strong>{e.summary}</strong>
            <div className="small">{e.message}</div>
            <code className="small muted">{e.code}</code>
          </div>
        ))}
        {(errors.data?.length ?? 0) > 3 && <Link to={address}>and {(errors.data?.length ?? 0) - 3} more</Link>}
      </div>
    </Panel>
  );
}

function Queue({ path }: { path: EnvPath }) {
  const queue = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue", { params: { path } }, { refetchInterval: usePoll(every.busy) });
  const approvals = api.useQuery("get", "/orgs/{orgId}/deployment-approvals", { params: { path: { orgId: path.orgId } } }, { refetchInterval: usePoll(every.calm), retry: false });
  const asks = (id: string) => approvals.data?.some((a) => a.deployment_id === id && a.status === "waiting") ?? false;
  return (
    <Panel title="Queue" note={queue.data?.deployments.length ? String(queue.data.deployments.length) : undefined}>
      <Loaded query={queue} lines={2}>
        {(q) =>
          q.deployments.length === 0 ? (
            <span className="muted small">Nothing runs or waits.</span>
          ) : (
            <ol className={styles.queue}>
              {q.deployments.map((d) => (
                <li key={d.id} className="row">
                  <StatusBadge status={asks(d.id) ? "waiting for approval" : deploymentStatus(d)} />
                  <Link className="cut grow" to={to.deployment(path.orgId, path.appId, path.envId, d.id)}>
                    {d.comment || d.id}
                  </Link>
                  <Time at={d.created_at} className="muted small" />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Operations({ path }: { path: EnvPath }) {
  const [busy, calm] = [usePoll(every.busy), usePoll(every.calm)];
  const operations = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations",
    { params: { path } },
    { refetchInterval: (q) => (q.state.data?.some((o) => o.status === "pending" || o.status === "in progress") ? busy : calm) },
  );
  if (!operations.data || operations.data.length === 0) return null;
  return (
    <Panel title="Operations">
      <ul className={styles.queue}>
        {operations.data.slice(0, 5).map((o) => (
          <li key={o.id}>
            <div className="row">
              <StatusBadge status={o.status} />
              <span className="grow">
                {o.kind} {Object.entries(o.replicas ?? {}).map(([w, n]) => `${w} to ${n}`).join(", ")}
                {o.workloads?.join(", ")}
              </span>
              <Time at={o.created_at} className="muted small" />
            </div>
            {o.message && <div className="small muted">{o.message}</div>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Events({ path }: { path: EnvPath }) {
  const events = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/events", { params: { path } }, { refetchInterval: usePoll(every.calm * 2) });
  if (!events.data) return null;
  return (
    <Panel title="Events" note={events.data.message} flush>
      <DataTable
        label="events"
        rows={events.data.events.map((e, i) => ({ ...e, key: i }))}
        rowKey={(e) => String(e.key)}
        text={(e) => `${e.reason} ${e.kind} ${e.object} ${e.message}`}
        maxHeight="20rem"
        empty={<EmptyState title="No events" />}
        columns={[
          { key: "at", title: "When", cell: (e) => <Time at={e.at} />, width: "7rem" },
          { key: "reason", title: "Reason", cell: (e) => <StatusBadge status={e.reason} tone={e.type === "Warning" ? "warn" : "idle"} />, width: "minmax(9rem, 1fr)" },
          { key: "object", title: "Object", cell: (e) => <span title={`${e.kind} ${e.object}`}>{e.object}</span>, width: "minmax(8rem, 1fr)" },
          { key: "message", title: "Message", cell: (e) => <span title={e.message}>{e.message}</span>, width: "minmax(14rem, 2.5fr)" },
          { key: "count", title: "Times", cell: (e) => e.count, align: "right", width: "3rem" },
        ]}
      />
    </Panel>
  );
}
