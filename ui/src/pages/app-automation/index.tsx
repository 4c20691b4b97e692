import { Route, Routes } from "react-router";

import { api } from "~/api/client";
import { NotFound } from "~/app/errors";
import { Page } from "~/components/Page";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

import { NewPipeline } from "./NewPipeline";
import { PipelinePage } from "./PipelinePage";
import { Pipelines } from "./Pipelines";
import { Rules } from "./Rules";
import { RunPage } from "./RunPage";
import { AppRuns } from "./Runs";
import { Webhooks } from "./Webhooks";

/** What an application does by itself: pipelines, rules, webhooks. */
export function Component() {
  return (
    <Routes>
      <Route path="new-pipeline" element={<NewPipeline />} />
      <Route path="pipelines/:pipeline/runs/:run" element={<RunPage />} />
      <Route path="pipelines/:pipeline/*" element={<PipelinePage />} />
      <Route path="*" element={<Parts />} />
    </Routes>
  );
}

/** Where an application's automation is: Applications, the application, Automation. */
export function useAutomationCrumbs() {
  const { orgId, appId } = useApp();
  const app = api.useQuery("get", "/orgs/{orgId}/apps/{appId}", { params: { path: { orgId, appId } } }, { staleTime: 60_000 });
  return [
    { label: "Applications", to: to.apps(orgId) },
    { label: app.data?.name ?? appId, to: to.app(orgId, appId) },
    { label: "Automation", to: to.appAutomation(orgId, appId) },
  ];
}

function Parts() {
  const path = useApp();
  const crumbs = useAutomationCrumbs();
  const part = (rest: string) => to.appAutomation(path.orgId, path.appId, rest);
  return (
    <Page
      title="Automation"
      crumbs={crumbs.slice(0, 2)}
      tabs={[
        { label: "Pipelines", to: part(""), end: true },
        { label: "Runs", to: part("runs") },
        { label: "Rules", to: part("rules") },
        { label: "Webhooks", to: part("webhooks") },
      ]}
    >
      <Routes>
        <Route index element={<Pipelines path={path} />} />
        <Route path="runs" element={<AppRuns path={path} />} />
        <Route path="rules" element={<Rules path={path} />} />
        <Route path="webhooks" element={<Webhooks path={path} />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Page>
  );
}
