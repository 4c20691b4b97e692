import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "~/api/error";
import { session } from "~/api/session";

/** How often a page asks anew for what changes while it is looked at: `{ refetchInterval: every.busy }`. */
export const every = { busy: 2000, calm: 5000 };

export function makeQueryClient() {
  /** Whoever is no longer signed in is sent to the page that signs in; whoever is refused something may have lost a role meanwhile. */
  function onError(error: unknown) {
    if (!(error instanceof ApiError)) return;
    if (error.status === 401) session.forget();
    if (error.status === 403) void client.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/users/{userId}/perms"] });
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        // A refusal stays one; what a server that is starting or away says may not.
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502 || error.status === 429),
      },
    },
  });
  return client;
}
