import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, type Schemas } from "~/api/client";
import { useEvents, type StreamState } from "~/api/stream";
import { every } from "~/app/query";
import { pollOf } from "~/lib/live";
import { isOver } from "~/lib/status";

import { staleAfter } from "./stale";

const deployPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}";
export type DeployPath = { orgId: string; appId: string; envId: string; deployId: string };

type Event = Schemas["DeploymentEvent"];

const breath = 700; // ms between two looks at what events say has changed; a deployment of 500 resources has very many

/** How often to ask anew for what events tell: never when nothing changes any more, rarely while they come. */
export type Poll = (ms: number) => number | false;
const pollUntil = (over: boolean, stream: StreamState): Poll => (ms) => (over ? false : pollOf(stream === "live", ms));

/** Everything about a deployment that changes while it runs: heard of as it happens, and asked for where nothing is heard. */
export function useDeployment(path: DeployPath) {
  const { orgId, appId, envId, deployId } = path;
  const queries = useQueryClient();
  const [events, setEvents] = useState<Event[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stale = useRef(new Set<string>());
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = () => {
    timer.current = undefined;
    for (const of of stale.current) void queries.invalidateQueries({ queryKey: ["get", of, { params: { path: of.startsWith(deployPath) ? path : { orgId, appId, envId } } }] });
    stale.current.clear();
  };
  const stream = useEvents(
    `/orgs/${orgId}/apps/${appId}/envs/${envId}/deploys/${deployId}/events`,
    (e) => {
      const event = e.data as Event;
      // Of the many events of resources the resources themselves tell.
      if (!event.node) setEvents((known) => (known.some((k) => k.seq === event.seq) ? known : [...known, event]));
      for (const of of staleAfter(event)) stale.current.add(of);
      timer.current ??= setTimeout(look, breath);
    },
    { isLast: (e) => e.type === "deployment.status" && isOver({ status: (e.data as Event).status ?? "" }) },
  );
  const deployment = api.useQuery("get", deployPath, { params: { path } }, { refetchInterval: (q) => pollUntil(q.state.data !== undefined && isOver(q.state.data), stream.state)(every.busy) });
  const over = deployment.data !== undefined && isOver(deployment.data);
  const poll = pollUntil(over, stream.state);
  const nodes = api.useQuery("get", `${deployPath}/nodes`, { params: { path } }, { refetchInterval: poll(every.busy) });
  const errors = api.useQuery("get", `${deployPath}/errors`, { params: { path } }, { refetchInterval: poll(every.calm) });
  return { deployment, nodes, errors, events, stream, over, poll };
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
