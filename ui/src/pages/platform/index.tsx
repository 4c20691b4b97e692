import { Route, Routes } from "react-router";

import { NotFound } from "~/app/errors";
import { Page } from "~/components/Page";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";

import { Accounts } from "./Accounts";
import { ActiveResources } from "./ActiveResources";
import { Clusters } from "./Clusters";
import { DefinitionPage } from "./DefinitionPage";
import { Definitions } from "./Definitions";
import { Drivers } from "./Drivers";
import { NewDefinition } from "./NewDefinition";
import { Policies } from "./Policies";
import { NewPolicy, PolicyPage } from "./PolicyPage";
import { Profiles } from "./Profiles";
import { ResourceTypes } from "./ResourceTypes";
import { SecretStores } from "./SecretStores";
import { Tester } from "./Tester";

/** What platform engineers keep: definitions, types, drivers and what they need. */
export function Component() {
  const orgId = useOrg();
  return (
    <Routes>
      <Route path="definitions/:def/*" element={<DefinitionPage orgId={orgId} />} />
      <Route path="new-definition" element={<NewDefinition orgId={orgId} />} />
      <Route path="policies/:policy" element={<PolicyPage orgId={orgId} />} />
      <Route path="new-policy" element={<NewPolicy orgId={orgId} />} />
      <Route path="*" element={<Parts orgId={orgId} />} />
    </Routes>
  );
}

function Parts({ orgId }: { orgId: string }) {
  const part = (rest: string) => to.platform(orgId, rest);
  return (
    <Page
      title="Platform"
      tabs={[
        { label: "Definitions", to: part(""), end: true },
        { label: "Criteria tester", to: part("tester") },
        { label: "Active resources", to: part("resources") },
        { label: "Resource types", to: part("types") },
        { label: "Policies", to: part("policies") },
        { label: "Clusters", to: part("clusters") },
        { label: "Drivers", to: part("drivers") },
        { label: "Accounts", to: part("accounts") },
        { label: "Secret stores", to: part("secret-stores") },
        { label: "Profiles", to: part("profiles") },
      ]}
    >
      <Routes>
        <Route index element={<Definitions orgId={orgId} />} />
        <Route path="tester" element={<Tester orgId={orgId} />} />
        <Route path="resources" element={<ActiveResources orgId={orgId} />} />
        <Route path="types" element={<ResourceTypes orgId={orgId} />} />
        <Route path="policies" element={<Policies orgId={orgId} />} />
        <Route path="clusters" element={<Clusters orgId={orgId} />} />
        <Route path="drivers" element={<Drivers orgId={orgId} />} />
        <Route path="accounts" element={<Accounts orgId={orgId} />} />
        <Route path="secret-stores" element={<SecretStores orgId={orgId} />} />
        <Route path="profiles" element={<Profiles orgId={orgId} />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Page>
  );
}
