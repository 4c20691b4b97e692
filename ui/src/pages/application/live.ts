import type { QueryKey } from "@tanstack/react-query";

import type { Schemas } from "~/api/client";
import type { StreamEvent } from "~/api/stream";
import { asked, isBeyond, part, row, same, useNews, type News, type Part } from "~/lib/live";
import { runtimeQuery, type Runtime } from "~/lib/runtime";

interface AppPath {
  orgId: string;
  appId: string;
}

type Status = Schemas["ApplicationStatus"];
type Env = Schemas["EnvironmentStatus"];
type Deployment = Schemas["Deployment"];
type Run = Schemas["PipelineRun"];
type Order = Schemas["ScheduledDeployment"];

const appPath = "/orgs/{orgId}/apps/{appId}";
const envPath = `${appPath}/envs/{envId}`;

const key = (path: string, params: object): QueryKey => ["get", path, { params }];

/** What an event of an application says. */
export function newsOf(path: AppPath, e: StreamEvent): News {
  const at = (of: string): QueryKey => key(`${appPath}${of}`, { path });
  switch (e.type) {
    case "application": {
      const app = e.data as Schemas["Application"];
      return { set: [[at(""), app]], parts: [environmentsOf(at("/status"), app)] };
    }
    case "path": {
      const way = e.data as Schemas["PromotionPath"];
      return { set: [[at("/promotion-path"), way]], parts: [part<Status>(at("/status"), (s) => same(s.path, way.steps), (s) => ({ ...s, path: way.steps }))] };
    }
    case "environment":
      return { parts: environmentParts(path, e.data as Env) };
    case "promotion": {
      const p = e.data as Schemas["Promotion"];
      return { parts: [row(at("/promotions"), p)], stale: [key(`${envPath}/deploys/{deployId}/approvals`, { path: { ...path, envId: p.to_env } })] };
    }
    case "request":
      return { parts: [row(at("/env-requests"), e.data as Schemas["EnvironmentRequest"])] };
    case "run":
      return { parts: [runPart(path, e.data as Run)] };
    case "orders":
      return { parts: [ordersPart(path, e.data as Order[])], stale: [key("/orgs/{orgId}/schedules", { path: { orgId: path.orgId } })] };
    case "runtime": {
      const { env_id: envId, runtime } = e.data as { env_id: string; runtime: Runtime };
      return { set: [[runtimeQuery({ ...path, envId }).queryKey, runtime]] };
    }
    case "end":
      return (e.data as { reason: string }).reason === "gone" ? { gone: [at(""), at("/status")] } : {};
    default:
      return {};
  }
}

/** The status has the environments that the application has. One that is new is asked for, with its place on the path. */
function environmentsOf(status: QueryKey, app: Schemas["Application"]): Part {
  const ids = new Set(app.envs.map((e) => e.id));
  return part<Status>(
    status,
    (s) => s.environments.length === ids.size && s.environments.every((e) => ids.has(e.id)),
    (s) => ({ ...s, environments: s.environments.filter((e) => ids.has(e.id)) }),
  );
}

const sameState = (a: Deployment, b: Deployment) => a.id === b.id && a.status === b.status && a.phase === b.phase && a.finished_at === b.finished_at;

/** An environment in the status, and its deployments in their lists. */
function environmentParts(path: AppPath, env: Env): Part[] {
  const { last_deploy: last, running } = env;
  return [
    part<Status>(
      key(`${appPath}/status`, { path }),
      (s) => s.environments.some((e) => e.id === env.id && same(e, env)),
      (s) => ({ ...s, environments: s.environments.map((e) => (e.id === env.id ? env : e)) }),
    ),
    part<Deployment[]>(
      key(`${envPath}/deploys`, { path: { ...path, envId: env.id } }),
      (list) => (!last || list.some((d) => sameState(d, last))) && (!running || list.every((d) => d.id !== running.id || sameState(d, running))),
    ),
  ];
}

/** Lists of runs are those of the organization with filters. */
function runPart({ orgId, appId }: AppPath, run: Run): Part {
  return part<Run[]>(
    key("/orgs/{orgId}/pipeline-runs", { path: { orgId } }),
    (runs, of) => {
      const { app = appId, pipeline = run.pipeline_id, status = run.status } = asked(of).query ?? {};
      const listed = runs.find((r) => r.id === run.id);
      if (app !== appId || pipeline !== run.pipeline_id) return true;
      if (status !== run.status) return listed === undefined;
      return listed ? same(listed, run) : isBeyond(runs, run, of);
    },
    (runs, of) => (asked(of).query?.status === undefined ? runs.map((r) => (r.id === run.id ? run : r)) : runs),
  );
}

/** All that is scheduled, by environment. */
function ordersPart(path: AppPath, orders: Order[]): Part {
  const of = (k: QueryKey) => orders.filter((o) => o.env_id === asked(k).path.envId);
  return part<Order[]>(key(`${envPath}/scheduled-deploys`, { path }), (list, k) => same(list, of(k)), (_, k) => of(k));
}

/** Follows the application and keeps what pages show of it up to date. True while it is heard of. */
export function useLiveApplication(path: AppPath): boolean {
  const { orgId, appId } = path;
  return useNews(`/orgs/${orgId}/apps/${appId}/events`, (e) => newsOf({ orgId, appId }, e), key(appPath, { path: { orgId, appId } }));
}
