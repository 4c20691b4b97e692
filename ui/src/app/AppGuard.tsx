import { Lock } from "lucide-react";
import { Outlet } from "react-router";

import { ButtonLink } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { Loading } from "~/components/Loading";
import { Page } from "~/components/Page";
import { useMay } from "~/lib/may";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

/** Around the pages of an application: whoever has no role on it is told so, once, instead of by each part of the page. */
export function AppGuard() {
  const path = useApp();
  const may = useMay(path)("application:read");
  if (may.ok) return <Outlet />;
  if (may.why === "") {
    return (
      <div className="page">
        <Loading />
      </div>
    );
  }
  return (
    <Page title={path.appId} crumbs={[{ label: "Applications", to: to.apps(path.orgId) }]}>
      <EmptyState title="You have no role on this application" icon={<Lock size={24} />} actions={<ButtonLink to={to.apps(path.orgId)}>Your applications</ButtonLink>}>
        There is no application <code>{path.appId}</code> that you may see. {may.why} Its owners and the administrators of the organization give roles.
      </EmptyState>
    </Page>
  );
}
