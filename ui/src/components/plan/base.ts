import { api, type Schemas } from "~/api/client";

/** A set that was asked for without ?diff, for which the answer has no type of its own. */
export const asSet = (answer: unknown) => answer as Schemas["Set"];

/** The set that a plan compares with: that of the deployment it starts from. Undefined until it is there, and where there is none. */
export function useBaseSet(path: { orgId: string; appId: string; envId: string }, fromId: string | undefined): Schemas["Set"] | undefined {
  const { orgId, appId } = path;
  const from = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}", { params: { path: { ...path, deployId: fromId ?? "" } } }, { enabled: !!fromId });
  const set = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/sets/{setId}", { params: { path: { orgId, appId, setId: from.data?.set_id ?? "" } } }, { enabled: from.data !== undefined });
  return set.data && asSet(set.data);
}
