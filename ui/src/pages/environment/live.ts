import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import type { Schemas } from "~/api/client";
import { useEvents, type StreamEvent } from "~/api/stream";
import { runtimeQuery } from "~/lib/runtime";
import { isOver } from "~/lib/status";

import type { EnvPath } from ".";

const envPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}";

/** Whether what happens in the environment is heard of as it happens. */
export const Live = createContext(false);

const rarely = 30_000; // in case that something was missed all the same

/** How often to ask anew for what the stream of the environment tells: rarely while it is there. */
export function usePoll(ms: number): number {
  return useContext(Live) ? Math.max(ms, rarely) : ms;
}

/** What an event says, and what has to be asked for anew because of it. */
export function news(path: EnvPath, e: StreamEvent): { set?: [QueryKey, unknown]; stale?: QueryKey[] } {
  const at = (part: string): QueryKey => ["get", `${envPath}${part}`, { params: { path } }];
  switch (e.type) {
    case "environment":
      return { set: [at(""), e.data] };
    case "paused":
      return { set: [at("/runtime/paused"), e.data] };
    case "lifetime":
      return { set: [at("/lifetime"), e.data] };
    case "runtime":
      return { set: [runtimeQuery(path).queryKey, e.data], stale: [at("/runtime/events")] };
    case "deployment": {
      const d = e.data as Schemas["Deployment"];
      const stale = [at("/deploys"), at("/queue")];
      return { stale: isOver(d) ? [...stale, at("/resources"), at("/resources/graph")] : stale };
    }
    case "progress": {
      const { deployment_id: deployId } = e.data as { deployment_id: string };
      return { stale: [["get", `${envPath}/deploys/{deployId}/nodes`, { params: { path: { ...path, deployId } } }]] };
    }
    case "approvals":
      return { stale: [["get", "/orgs/{orgId}/deployment-approvals"]] };
    case "operation":
      return { stale: [at("/operations")] };
    case "drift":
      return { stale: [at("/drift")] };
    default:
      return {};
  }
}

/** Follows the environment and keeps what the page shows of it up to date. True while it is heard of. */
export function useLiveEnvironment(path: EnvPath): boolean {
  const queries = useQueryClient();
  const { state } = useEvents(
    `/orgs/${path.orgId}/apps/${path.appId}/envs/${path.envId}/events`,
    (e) => {
      const { set, stale = [] } = news(path, e);
      if (set) {
        void queries.cancelQueries({ queryKey: set[0], exact: true }); // an answer that is on its way is older
        queries.setQueryData(set[0], set[1]);
      }
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey });
    },
    { isLast: (e) => e.type === "end" },
  );
  return state === "live";
}
