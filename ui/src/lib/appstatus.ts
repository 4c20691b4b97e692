import { useQueries } from "@tanstack/react-query";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";

export interface AppStatus {
  app: Schemas["Application"];
  status?: Schemas["ApplicationStatus"];
  error: unknown;
}

/** What is where in several applications, one request each; soon again while something is being deployed. */
export function useAppStatuses(orgId: string, apps: Schemas["Application"][]): AppStatus[] {
  const results = useQueries({
    queries: apps.map((a) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/status", { params: { path: { orgId, appId: a.id } } }),
      refetchInterval: (query: { state: { data?: Schemas["ApplicationStatus"] } }) =>
        query.state.data?.environments.some((e) => e.last_deploy?.status === "in progress" || e.last_deploy?.status === "pending") ? every.busy : every.calm,
    })),
  });
  return apps.map((app, i) => ({ app, status: results[i]?.data, error: results[i]?.error }));
}
