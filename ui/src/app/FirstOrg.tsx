import { Navigate } from "react-router";

import { api } from "~/api/client";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { to } from "~/lib/paths";

const key = "slipway-org";

/** Remembers where somebody works. */
export function rememberOrg(org: string) {
  try {
    localStorage.setItem(key, org);
  } catch {
    // the first one then
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Leads from / to the organization that was visited last, or the first one. */
export function FirstOrg() {
  const orgs = api.useQuery("get", "/orgs");
  return (
    <main className="page">
      <Loaded query={orgs}>
        {(list) => {
          const last = remembered();
          const org = list.find((o) => o.id === last) ?? list[0];
          if (org) return <Navigate to={to.home(org.id)} replace />;
          return <EmptyState title="You belong to no organization">Ask an administrator to invite you.</EmptyState>;
        }}
      </Loaded>
    </main>
  );
}
