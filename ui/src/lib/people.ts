import { api } from "~/api/client";

import { useMay } from "./may";

/** Names of users, for the ids that the API answers; the ids themselves where one may not see users. */
export function usePeople(orgId: string): (id: string | undefined) => string {
  const may = useMay({ orgId });
  const users = api.useQuery("get", "/orgs/{orgId}/users", { params: { path: { orgId } } }, { staleTime: 300_000, retry: false, enabled: may("users:read").ok });
  return (id) => (id === undefined ? "" : (users.data?.find((u) => u.id === id)?.name ?? (id.length > 20 ? `${id.slice(0, 8)}…` : id)));
}
