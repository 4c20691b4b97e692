import { useSyncExternalStore } from "react";
import { Navigate, Outlet, useLocation } from "react-router";

import { api } from "~/api/client";
import { ApiError } from "~/api/error";
import { session } from "~/api/session";
import { settings } from "~/api/settings";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loading } from "~/components/Loading";

/** Lets pass who is signed in, by token or by cookie; everybody else comes back here after signing in. */
export function SignedIn() {
  const token = useSyncExternalStore(session.subscribe, session.token);
  const location = useLocation();
  const me = useMe(token !== null || settings.sso);
  const signIn = <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />;
  if (token === null && !settings.sso) return signIn;
  if (me.error instanceof ApiError && me.error.status === 401) return signIn;
  if (me.error) {
    return (
      <main className="page">
        <h1>Slipway</h1>
        <ErrorNotice error={me.error} retry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) {
    return (
      <main className="page">
        <Loading />
      </main>
    );
  }
  return <Outlet />;
}

/** Who is signed in. */
export function useMe(enabled = true) {
  return api.useQuery("get", "/current-user", {}, { enabled, staleTime: 60_000 });
}
