import { Route, Routes } from "react-router";

import { NotFound } from "~/app/errors";
import { Page } from "~/components/Page";
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
        <Route index element={<Members orgId={orgId} />} />
        <Route path="applications" element={<ObjectRoles on="app" orgId={orgId} />} />
        <Route path="deployers" element={<ObjectRoles on="envType" orgId={orgId} />} />
        <Route path="groups" element={<Groups orgId={orgId} />} />
        <Route path="service-users" element={<ServiceUsers orgId={orgId} />} />
        <Route path="audit" element={<Audit orgId={orgId} />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Page>
  );
}
