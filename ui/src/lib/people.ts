import { api } from "~/api/client";

/** Names of users, for the ids that the API answers. */
export function usePeople(orgId: string): (id: string | undefined) => string {
  const users = api.useQuery("get", "/orgs/{orgId}/users", { params: { path: { orgId } } }, { staleTime: 300_000, retry: false });
  return (id) => (id === undefined ? "" : (users.data?.find((u) => u.id === id)?.name ?? (id.length > 20 ? `${id.slice(0, 8)}…` : id)));
}
