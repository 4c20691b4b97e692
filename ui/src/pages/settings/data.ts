import { useQueryClient } from "@tanstack/react-query";

import { api, type Schemas } from "~/api/client";

export type UserRole = Schemas["UserRole"];

/** Everybody with a role in the organization: people, service users, groups. */
export const useUsers = (orgId: string) => api.useQuery("get", "/orgs/{orgId}/users", { params: { path: { orgId } } });

/** Has everything that shows users look again. */
export function useUsersChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/users"] }),
      queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/invitations"] }),
    ]);
}

/** A user's or group's name. */
export const nameOf = (u: { name: string; email?: string; id: string }) => u.name || u.email || u.id;
