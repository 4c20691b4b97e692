import { Route, Routes } from "react-router";

import { NotFound } from "~/app/errors";

import { PlanList } from "./PlanList";
import { PlanPage } from "./PlanPage";

export interface EnvPath {
  orgId: string;
  appId: string;
  envId: string;
}

/** The stored plans of an environment, and one of them. A part of the environment's page. */
export function Plans({ path }: { path: EnvPath }) {
  return (
    <Routes>
      <Route index element={<PlanList path={path} />} />
      <Route path=":plan" element={<PlanPage path={path} />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
