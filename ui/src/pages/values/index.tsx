import { useQueries } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Navigate, Route, Routes, useParams } from "react-router";

import { api } from "~/api/client";
import { Button, ButtonLink } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { to } from "~/lib/paths";
import { useApp, useEnv } from "~/lib/scope";

import { useValues, useVersions, type Level } from "./data";
import { History } from "./History";
import { ValueDialog } from "./ValueDialog";
import { NothingYet, ValueTable } from "./ValueTable";
import { rowsOf } from "./values";

/** The values of an application, and those of an environment, which has the application's and what it overrides. */
export function Component() {
  return useParams().env === undefined ? <AppValues /> : <EnvValues />;
}

function AppValues() {
  const level = useApp();
  const { orgId, appId } = level;
  const [creating, setCreating] = useState(false);
  const values = useValues(level);
  const app = api.useQuery("get", "/orgs/{orgId}/apps/{appId}", { params: { path: level } });
  const envs = app.data?.envs ?? [];
  const ofEnvs = useQueries({
    queries: envs.map((e) => api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/values", { params: { path: { ...level, envId: e.id } } })),
  });
  const overriddenIn = (key: string) => envs.filter((_, i) => ofEnvs[i]?.data?.some((v) => v.key === key && v.source === "env")).map((e) => e.id);
  const create = (
    <Button kind="primary" may="values:write" icon={<Plus size={14} aria-hidden />} onClick={() => setCreating(true)}>
      New value
    </Button>
  );
  return (
    <Page
      title="Values"
      crumbs={[{ label: "Applications", to: to.apps(orgId) }, { label: appId, to: to.app(orgId, appId) }]}
      actions={create}
      tabs={[
        { label: "Values", to: to.appValues(orgId, appId), end: true },
        { label: "History", to: to.appValues(orgId, appId, "history") },
      ]}
    >
      <Loaded query={values}>
        {(own) => (
          <Routes>
            <Route
              index
              element={
                <Panel flush>
                  <ValueTable level={level} rows={rowsOf(own, undefined)} overriddenIn={overriddenIn} historyOf={(key) => `${to.appValues(orgId, appId, "history")}?key=${encodeURIComponent(key)}`} empty={<NothingYet level={level} action={create} />} />
                </Panel>
              }
            />
            <Route path="history" element={<History level={level} values={own} />} />
            <Route path="*" element={<Navigate to={to.appValues(orgId, appId)} replace />} />
          </Routes>
        )}
      </Loaded>
      {creating && <ValueDialog level={level} taken={new Set(values.data?.map((v) => v.key))} onClose={() => setCreating(false)} />}
    </Page>
  );
}

const nobody = () => [];

function EnvValues() {
  const level = useEnv();
  const { orgId, appId, envId } = level;
  const values = useValues(level);
  const ofApp = useValues({ orgId, appId });
  return (
    <Page
      title="Values"
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: appId, to: to.app(orgId, appId) },
        { label: envId, to: to.env(orgId, appId, envId) },
      ]}
      facts={<span>What workloads see in {envId}: the application's values, and what this environment overrides.</span>}
      actions={<ButtonLink to={to.appValues(orgId, appId)}>Values of the application</ButtonLink>}
      tabs={[
        { label: "Values", to: to.envValues(orgId, appId, envId), end: true },
        { label: "History", to: to.envValues(orgId, appId, envId, "history") },
      ]}
    >
      <NotInEffect level={level} />
      {ofApp.error != null && <ErrorNotice error={ofApp.error} />}
      <Loaded query={values}>
        {(seen) => (
          <Routes>
            <Route
              index
              element={
                <Panel flush>
                  <ValueTable
                    level={level}
                    rows={rowsOf(seen, ofApp.data ?? [])}
                    overriddenIn={nobody}
                    historyOf={(key) => `${to.envValues(orgId, appId, envId, "history")}?key=${encodeURIComponent(key)}`}
                    empty={<NothingYet level={level} action={<ButtonLink to={to.appValues(orgId, appId)}>Values of the application</ButtonLink>} />}
                  />
                </Panel>
              }
            />
            <Route path="history" element={<History level={level} values={seen} />} />
            <Route path="*" element={<Navigate to={to.envValues(orgId, appId, envId)} replace />} />
          </Routes>
        )}
      </Loaded>
    </Page>
  );
}

/** Says that values have changed since the last deployment, and leads to where they come into effect. */
function NotInEffect({ level }: { level: Required<Level> }) {
  const { orgId, appId, envId } = level;
  const env = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}", { params: { path: level } });
  const versions = useVersions(level);
  const last = env.data?.last_deploy;
  const latest = versions.data?.[0];
  if (!last || !latest || last.status === "pending" || last.value_set_version_id === undefined || last.value_set_version_id === latest.id) return null;
  return (
    <Notice tone="warn" actions={<ButtonLink small to={to.deployment(orgId, appId, envId, last.id)}>The last deployment</ButtonLink>}>
      Values have changed since the last deployment. What runs still has the former ones, until it is deployed again.
    </Notice>
  );
}
