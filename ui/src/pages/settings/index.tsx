import { Route, Routes } from "react-router";

import { NotFound } from "~/app/errors";
import { Page } from "~/components/Page";
import { Allowed, useMay } from "~/lib/may";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";

import { Audit } from "./Audit";
import { Groups } from "./Groups";
import { Members } from "./Members";
import { ObjectRoles } from "./ObjectRoles";
import { ServiceUsers } from "./ServiceUsers";

/** Who may do what, tokens, the audit log. */
export function Component() {
  const orgId = useOrg();
  const may = useMay({ orgId });
  const users = (page: React.ReactNode) => <Allowed may={may("users:read")} what="users, groups and their roles">{page}</Allowed>;
  const part = (rest: string) => to.settings(orgId, rest);
  return (
    <Page
      title="Settings"
      tabs={[
        { label: "Members", to: part(""), end: true },
        { label: "Application roles", to: part("applications") },
        { label: "Deployers", to: part("deployers") },
        { label: "Groups", to: part("groups") },
        { label: "Service users", to: part("service-users") },
        { label: "Audit log", to: part("audit") },
      ]}
    >
      <Routes>
        <Route index element={users(<Members orgId={orgId} />)} />
        <Route path="applications" element={users(<ObjectRoles on="app" orgId={orgId} />)} />
        <Route path="deployers" element={users(<ObjectRoles on="envType" orgId={orgId} />)} />
        <Route path="groups" element={users(<Groups orgId={orgId} />)} />
        <Route path="service-users" element={users(<ServiceUsers orgId={orgId} />)} />
        <Route path="audit" element={<Allowed may={may("audit:read")} what="the audit log"><Audit orgId={orgId} /></Allowed>} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Page>
  );
}
