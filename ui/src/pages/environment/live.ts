import type { QueryKey } from "@tanstack/react-query";

import type { Schemas } from "~/api/client";
import type { StreamEvent } from "~/api/stream";
import { useNews, type News } from "~/lib/live";
import { runtimeQuery } from "~/lib/runtime";
import { isOver } from "~/lib/status";

import type { EnvPath } from ".";

const envPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}";

/** What an event says, and what has to be asked for anew because of it. */
export function news(path: EnvPath, e: StreamEvent): News {
  const at = (part: string): QueryKey => ["get", `${envPath}${part}`, { params: { path } }];
  switch (e.type) {
    case "environment":
      return { set: [[at(""), e.data]] };
    case "paused":
      return { set: [[at("/runtime/paused"), e.data]] };
    case "lifetime":
      return { set: [[at("/lifetime"), e.data]] };
    case "runtime":
      return { set: [[runtimeQuery(path).queryKey, e.data]], stale: [at("/runtime/events")] };
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
    case "end":
      return (e.data as { reason: string }).reason === "gone" ? { gone: [at("")] } : {};
    default:
      return {};
  }
}

/** Follows the environment and keeps what the page shows of it up to date. True while it is heard of. */
export function useLiveEnvironment(path: EnvPath): boolean {
  return useNews(`/orgs/${path.orgId}/apps/${path.appId}/envs/${path.envId}/events`, (e) => news(path, e), ["get", envPath, { params: { path } }]);
}
