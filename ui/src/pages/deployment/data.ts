import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, type Schemas } from "~/api/client";
import { useEvents, type StreamState } from "~/api/stream";
import { every } from "~/app/query";
import { isOver } from "~/lib/status";

const deployPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}";
export type DeployPath = { orgId: string; appId: string; envId: string; deployId: string };

const changing = [deployPath, `${deployPath}/nodes`, `${deployPath}/errors`, `${deployPath}/changes`] as const;
const breath = 700; // ms between two looks at what events say has changed; a deployment of 500 resources has very many

/** Everything about a deployment that changes while it runs: heard of as it happens, and asked for where nothing is heard. */
export function useDeployment(path: DeployPath) {
  const { orgId, appId, envId, deployId } = path;
  const queries = useQueryClient();
  const [events, setEvents] = useState<Schemas["DeploymentEvent"][]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      for (const of of changing) void queries.invalidateQueries({ queryKey: ["get", of, { params: { path } }] });
      void queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/questions"] });
    }, breath);
  };
  const stream = useEvents(
    `/orgs/${orgId}/apps/${appId}/envs/${envId}/deploys/${deployId}/events`,
    (e) => {
      const event = e.data as Schemas["DeploymentEvent"];
      setEvents((known) => (known.some((k) => k.seq === event.seq) ? known : [...known, event]));
      look();
    },
    { isLast: (e) => e.type === "deployment.status" && isOver({ status: (e.data as Schemas["DeploymentEvent"]).status ?? "" }) },
  );
  const deployment = api.useQuery("get", deployPath, { params: { path } }, { refetchInterval: (q) => interval(q.state.data, stream.state) });
  const over = deployment.data !== undefined && isOver(deployment.data);
  // That a resource begins is no event, so resources are looked at in any case.
  const nodes = api.useQuery("get", `${deployPath}/nodes`, { params: { path } }, { refetchInterval: over ? false : every.busy });
  const errors = api.useQuery("get", `${deployPath}/errors`, { params: { path } }, { refetchInterval: over ? false : every.calm });
  return { deployment, nodes, errors, events, stream, over };
}

function interval(d: Schemas["Deployment"] | undefined, stream: StreamState) {
  if (d && isOver(d)) return false;
  return stream === "live" ? every.calm : every.busy;
}

/** Now, in ms, new twice a second while something moves. */
export function useTick(moving: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [moving]);
  return now;
}
