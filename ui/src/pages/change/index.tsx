import { Navigate, Route, Routes } from "react-router";

import { Page } from "~/components/Page";
import { to } from "~/lib/paths";
import { useEnv } from "~/lib/scope";

import { Catalogue } from "./Catalogue";
import { Edit } from "./Edit";
import { Review } from "./Review";
import { ScorePage } from "./ScorePage";
import { TemplatePage } from "./TemplatePage";

/** From an idea to a deployment: a template, a Score file or an edit becomes a Delta, which is reviewed and deployed. */
export function Component() {
  const path = useEnv();
  const { orgId, appId, envId } = path;
  const own = (rest = "") => to.change(orgId, appId, envId, rest);
  return (
    <Page
      title={`Change ${envId}`}
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: appId, to: to.app(orgId, appId) },
        { label: envId, to: to.env(orgId, appId, envId) },
      ]}
      tabs={[
        { label: "Catalogue", to: own(), end: true },
        { label: "Score file", to: own("score") },
        { label: "Edit workloads", to: own("edit") },
      ]}
    >
      <Routes>
        <Route index element={<Catalogue path={path} />} />
        <Route path="template/:template" element={<TemplatePage path={path} />} />
        <Route path="score" element={<ScorePage path={path} />} />
        <Route path="edit" element={<Edit path={path} />} />
        <Route path="review/:delta" element={<Review path={path} />} />
        <Route path="*" element={<Navigate to={own()} replace />} />
      </Routes>
    </Page>
  );
}
