import { useQueries, useQueryClient } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button, ButtonLink } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Checkbox, TextField } from "~/components/Field";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { shortImage } from "~/lib/image";
import { usePoll } from "~/lib/live";
import { useMay } from "~/lib/may";
import { to } from "~/lib/paths";
import { runtimeQuery, type Runtime } from "~/lib/runtime";
import { deploymentStatus, toneOf } from "~/lib/status";

import styles from "./page.module.css";

type Env = Schemas["EnvironmentStatus"];
type Path = { orgId: string; appId: string };

// Health is read from clusters, so only for as many environments as one looks at together; as many the stream tells of.
const looked = 8;

/** What is running where: a row per workload, a column per environment along the promotion path. */
export function Matrix({ path, status }: { path: Path; status: Schemas["ApplicationStatus"] }) {
  const [promotion, setPromotion] = useState<{ from: Env; to: Env } | null>(null);
  const envs = status.environments;
  const running = envs.filter((e) => e.running).slice(0, looked);
  const look = usePoll(every.calm * 2);
  const healths = useQueries({ queries: running.map((e) => ({ ...runtimeQuery({ ...path, envId: e.id }), refetchInterval: look, retry: false })) });
  const health = (env: string) => healths[running.findIndex((e) => e.id === env)]?.data;
  const workloads = [...new Set(envs.flatMap((e) => e.workloads.map((w) => w.id)))].sort();
  const next = nextStations(status);
  return (
    <Panel title="What runs where" note={status.path.length > 0 ? "along the promotion path" : undefined} flush>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="What runs where">
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">Workload</th>
              {envs.map((e) => (
                <th key={e.id} scope="col">
                  <EnvHead path={path} env={e} next={(next.get(e.id) ?? []).flatMap((id) => envs.filter((x) => x.id === id))} onPromote={(target) => setPromotion({ from: e, to: target })} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {workloads.map((w) => (
              <tr key={w}>
                <th scope="row">{w}</th>
                {envs.map((e) => (
                  <td key={e.id}>
                    <Cell workload={e.workloads.find((x) => x.id === w)} runtime={health(e.id)} deployed={e.running !== undefined} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {workloads.length === 0 && <Nothing path={path} envs={envs} />}
      </div>
      {promotion && <Promote path={path} from={promotion.from} to={promotion.to} onClose={() => setPromotion(null)} />}
    </Panel>
  );
}

/** Where nothing is deployed yet: says what to do about that. */
function Nothing({ path, envs }: { path: Path; envs: Env[] }) {
  const may = useMay(path);
  const first = envs[0];
  return (
    <EmptyState
      title="No workload yet"
      actions={
        first && (
          <ButtonLink kind="primary" to={to.change(path.orgId, path.appId, first.id, "score")} may={may("deployments:create", first.type)}>
            Deploy to {first.name}
          </ButtonLink>
        )
      }
    >
      What you deploy shows up here, environment by environment, with its version and whether it is well. Begin with a Score file: it says what to run and what that needs.
    </EmptyState>
  );
}

/** The environments of the station after each environment's own. */
export function nextStations(status: Schemas["ApplicationStatus"]): Map<string, string[]> {
  const next = new Map<string, string[]>();
  status.path.forEach((station, i) => {
    const after = status.path[i + 1];
    if (after) station.environments.forEach((e) => next.set(e, after.environments));
  });
  return next;
}

function EnvHead({ path, env, next, onPromote }: { path: Path; env: Env; next: Env[]; onPromote: (to: Env) => void }) {
  const may = useMay(path);
  return (
    <div className={styles.env}>
      <div className="row">
        <Link to={to.env(path.orgId, path.appId, env.id)}>{env.name}</Link>
        {env.type !== env.id && <Tag title="Environment type">{env.type}</Tag>}
      </div>
      <div className={styles.envStatus}>
        {env.status === "deleting" ? (
          <StatusBadge status="deleting" />
        ) : env.last_deploy ? (
          <Link to={to.deployment(path.orgId, path.appId, env.id, env.last_deploy.id)} className={styles.plain}>
            <StatusBadge status={deploymentStatus(env.last_deploy)} /> <Time at={env.last_deploy.created_at} className="muted small" />
          </Link>
        ) : (
          <span className="muted small">not deployed yet</span>
        )}
      </div>
      <div className={styles.envStatus}>
        {env.frozen_until && (
          <span className="small muted">
            frozen, opens <Time at={env.frozen_until} />
          </span>
        )}
        {env.ends_at && !env.protected && (
          <span className="small muted">
            ends <Time at={env.ends_at} />
          </span>
        )}
        {env.running &&
          next
            .filter((target) => target.running?.set_id !== env.running?.set_id)
            .map((target) => (
              <Button key={target.id} small may={may("deployments:create", target.type)} onClick={() => onPromote(target)} icon={<ArrowRight size={12} aria-hidden />}>
                Promote to {target.name}
              </Button>
            ))}
      </div>
    </div>
  );
}

function Cell({ workload, runtime, deployed }: { workload: Schemas["WorkloadStatus"] | undefined; runtime: Runtime | undefined; deployed: boolean }) {
  if (!workload) return <span className="muted">{deployed ? "–" : ""}</span>;
  const of = runtime?.modules[workload.id];
  return (
    <div className={styles.cell}>
      {workload.containers.map((c) => {
        const { name, version } = shortImage(c.image);
        return (
          <code key={c.id} title={`${c.id}: ${c.image}`}>
            {workload.containers.length > 1 && <span className="muted">{name}:</span>}
            {version}
          </code>
        );
      })}
      {of && <StatusBadge status={of.status} tone={toneOf(of.status_class)} title={of.message} />}
    </div>
  );
}

/** Deploys to one environment what another one has. */
function Promote({ path, from, to: target, onClose }: { path: Path; from: Env; to: Env; onClose: () => void }) {
  const [comment, setComment] = useState("");
  const [rollBack, setRollBack] = useState(false);
  const queries = useQueryClient();
  const promote = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/promotions", {
    onSuccess: async () => {
      toast.ok(`${target.name} gets what ${from.name} has`);
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/status"] });
    },
  });
  const changes = differences(from, target);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Promote ${from.name} to ${target.name}`}
      description={`${target.name} gets exactly the workloads and resources that ${from.name} has, with its own values.`}
      submit="Promote"
      busy={promote.isPending}
      error={promote.error}
      onSubmit={() =>
        promote.mutate({
          params: { path },
          body: {
            from_deploy_id: from.running?.id, to_env: target.id, roll_back_on_failure: rollBack,
            comment: comment.trim() || `From ${from.id}, deployment ${from.running?.id ?? ""}`,
          },
        })
      }
    >
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map((c) => (
            <li key={c.workload}>
              <strong>{c.workload}</strong> <code>{c.before}</code> <ArrowRight size={12} aria-label="becomes" /> <code>{c.after}</code>
            </li>
          ))}
        </ul>
      )}
      <TextField label="Why" value={comment} onChange={(e) => setComment(e.target.value)} help="Kept with the deployment." autoFocus />
      <Checkbox label="Roll back if it fails" help="What runs there now is deployed again then." checked={rollBack} onChange={(e) => setRollBack(e.target.checked)} />
    </FormDialog>
  );
}

const versions = (env: Env, workload: string) =>
  env.workloads.find((w) => w.id === workload)?.containers.map((c) => shortImage(c.image).version).join(", ");

/** Which workloads get another version, appear, or go. */
export function differences(from: Env, target: Env): { workload: string; before: string; after: string }[] {
  const all = [...new Set([...from.workloads, ...target.workloads].map((w) => w.id))].sort();
  return all
    .map((workload) => ({ workload, before: versions(target, workload) ?? "none", after: versions(from, workload) ?? "removed" }))
    .filter((c) => c.before !== c.after);
}
