import { useQuery } from "@tanstack/react-query";

import { client, type Schemas } from "~/api/client";

export type Runtime = Schemas["Runtime"];

interface EnvPath {
  orgId: string;
  appId: string;
  envId: string;
}

/** The query of what runs in an environment, with reasons, as the newer of two shapes that the API has. */
export const runtimeQuery = (path: EnvPath) => ({
  queryKey: ["runtime", path],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const { data } = await client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime", { params: { path }, headers: { Accept: "application/v2+json" }, signal });
    return data as unknown as Runtime;
  },
});

export const useRuntime = (path: EnvPath, options: { refetchInterval?: number; enabled?: boolean } = {}) => useQuery({ ...runtimeQuery(path), ...options });
