import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pause, Play, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Route, Routes } from "react-router";

import { api, type Schemas } from "~/api/client";
import { NotFound } from "~/app/errors";
import { every } from "~/app/query";
import { ButtonLink, IconButton } from "~/components/Button";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Notice } from "~/components/Notice";
import { Page } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { Live, pollOf } from "~/lib/live";
import { to } from "~/lib/paths";
import { useEnv } from "~/lib/scope";
import { isOver } from "~/lib/status";

import { Plans } from "~/pages/plans";

import { DeleteEnvironment } from "./DeleteEnvironment";
import { Deployments } from "./Deployments";
import { Drift } from "./Drift";
import { Graph } from "./Graph";
import { Lifetime } from "./Lifetime";
import { useLiveEnvironment } from "./live";
import { Logs } from "./Logs";
import { Overview } from "./Overview";
import { Resources } from "./Resources";

export type EnvPath = { orgId: string; appId: string; envId: string };

export function Component() {
  const path = useEnv();
  const { orgId, appId, envId } = path;
  const live = useLiveEnvironment(path);
  const poll = (ms: number) => pollOf(live, ms);
  const env = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}",
    { params: { path } },
    { refetchInterval: (q) => (q.state.data?.last_deploy && !isOver(q.state.data.last_deploy) ? poll(every.busy) : poll(every.calm)) },
  );
  const app = api.useQuery("get", "/orgs/{orgId}/apps/{appId}", { params: { path: { orgId, appId } } }, { staleTime: 60_000 });
  const paused = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/paused", { params: { path } }, { refetchInterval: poll(every.calm), retry: false });
  const lifetime = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime", { params: { path } });
  const windows = api.useQuery(
    "get",
    "/orgs/{orgId}/env-types/{envTypeId}/freeze-windows",
    { params: { path: { orgId, envTypeId: env.data?.type ?? "" } } },
    { enabled: env.data !== undefined, staleTime: 30_000, retry: false },
  );
  const frozen = windows.data?.find((w) => w.open_until !== undefined);
  const part = (rest: string) => to.env(orgId, appId, envId, rest);
  return (
    <Page
      title={env.data?.name ?? envId}
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: app.data?.name ?? appId, to: to.app(orgId, appId) },
      ]}
      badges={
        env.data && (
          <>
            <Tag title="Environment type">{env.data.type}</Tag>
            {env.data.status === "deleting" && <StatusBadge status="deleting" />}
            {frozen && <StatusBadge status="frozen" title={frozen.description} />}
            {paused.data?.paused && <StatusBadge status="paused" />}
          </>
        )
      }
      facts={
        env.data && (
          <>
            <span>
              Made <Time at={env.data.created_at} />
            </span>
            {lifetime.data?.ends_at && !lifetime.data.protected && (
              <span>
                Ends <Time at={lifetime.data.ends_at} />
              </span>
            )}
            {lifetime.data?.protected && <span>Never ends by itself</span>}
            {env.data.queue_policy && env.data.queue_policy !== "queue" && <span>Queue policy: {env.data.queue_policy}</span>}
          </>
        )
      }
      actions={env.data && <Actions path={path} env={env.data} paused={paused.data?.paused ?? false} />}
      tabs={[
        { label: "Overview", to: part(""), end: true },
        { label: "Resource graph", to: part("graph") },
        { label: "Resources", to: part("resources") },
        { label: "Deployments", to: part("deployments") },
        { label: "Plans", to: part("plans") },
        { label: "Logs", to: part("logs") },
        { label: "Drift", to: part("drift") },
        { label: "Lifetime and queue", to: part("lifetime") },
      ]}
    >
      {env.data?.status === "deleting" && <Notice tone="warn">It is being taken down. {env.data.status_message}</Notice>}
      {frozen && (
        <Notice tone="warn">
          Nothing new is deployed: a freeze window of {frozen.env_type} is open{frozen.description ? ` (${frozen.description})` : ""}. It ends <Time at={frozen.open_until} />.
        </Notice>
      )}
      <Loaded query={env}>
        {(e) => (
          <Live value={live}>
            <Routes>
              <Route index element={<Overview path={path} env={e} />} />
              <Route path="graph" element={<Graph path={path} env={e} />} />
              <Route path="resources" element={<Resources path={path} />} />
              <Route path="deployments" element={<Deployments path={path} />} />
              <Route path="plans/*" element={<Plans path={path} />} />
              <Route path="logs" element={<Logs path={path} />} />
              <Route path="drift" element={<Drift path={path} deployed={e.last_deploy !== undefined} />} />
              <Route path="lifetime" element={<Lifetime path={path} />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Live>
        )}
      </Loaded>
    </Page>
  );
}

/** Asks for an operation, says how it ends, and has the page look again. */
export function useOperation(path: EnvPath) {
  const queries = useQueryClient();
  return api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations", {
    onSuccess: async (operation) => {
      toast.ok(`Accepted: ${operation.kind}`);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime/paused"] }),
        queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/operations"] }),
        queries.invalidateQueries({ queryKey: ["runtime", path] }),
      ]);
    },
    onError: (error) => void toast.error(error),
  });
}

function Actions({ path, env, paused }: { path: EnvPath; env: Schemas["Environment"]; paused: boolean }) {
  const { orgId, appId, envId } = path;
  const [deleting, setDeleting] = useState(false);
  const operation = useOperation(path);
  const ask = (kind: string) => operation.mutate({ params: { path }, body: { kind } });
  return (
    <>
      <ButtonLink to={to.envValues(orgId, appId, envId)}>Values</ButtonLink>
      <Menu
        trigger={
          <IconButton label="More">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[
          paused ? { label: "Resume", icon: <Play size={14} />, onSelect: () => ask("resume"), may: "runtime:write" } : { label: "Pause", icon: <Pause size={14} />, onSelect: () => ask("pause"), may: "runtime:write", disabled: !env.last_deploy },
          { label: "Restart all workloads", icon: <RotateCw size={14} />, onSelect: () => ask("restart"), may: "runtime:write", disabled: !env.last_deploy || paused },
          { label: "Delete", icon: <Trash2 size={14} />, onSelect: () => setDeleting(true), danger: true, separate: true, may: "deployments:create" },
        ]}
      />
      <ButtonLink kind="primary" may="deployments:create" to={to.change(orgId, appId, envId)}>
        Change
      </ButtonLink>
      <DeleteEnvironment path={path} name={env.name} open={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}
