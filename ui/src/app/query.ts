import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "~/api/error";
import { session } from "~/api/session";

/** How often a page asks anew for what changes while it is looked at: `{ refetchInterval: every.busy }`. */
export const every = { busy: 2000, calm: 5000 };

/** Whoever is no longer signed in is sent to the page that signs in. */
function onError(error: unknown) {
  if (error instanceof ApiError && error.status === 401) session.forget();
}

export function makeQueryClient() {
  return new QueryClient({
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
}
