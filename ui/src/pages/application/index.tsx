import { useQueries } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useContext, useState } from "react";
import { Route, Routes } from "react-router";

import { api, type Schemas } from "~/api/client";
import { NotFound } from "~/app/errors";
import { every } from "~/app/query";
import { Button, ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { Live, pollOf, usePoll } from "~/lib/live";
import { allOf, anyOf, useMay } from "~/lib/may";
import { usePeople } from "~/lib/people";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";
import { deploymentStatus, isOver } from "~/lib/status";
import { took } from "~/lib/time";

import { DeleteApplication } from "./DeleteApplication";
import { useLiveApplication } from "./live";
import { Matrix } from "./Matrix";
import { Previews } from "./Previews";
import { Promotions } from "./Promotions";
import { Schedule } from "./Schedule";
import { SpinUp } from "./SpinUp";

export function Component() {
  const path = useApp();
  const { orgId, appId } = path;
  const may = useMay(path);
  const live = useLiveApplication(path);
  const [spinning, setSpinning] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const app = api.useQuery("get", "/orgs/{orgId}/apps/{appId}", { params: { path } });
  const status = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/status",
    { params: { path } },
    { refetchInterval: (q) => pollOf(live, q.state.data?.environments.some((e) => e.last_deploy && !isOver(e.last_deploy)) ? every.busy : every.calm) },
  );
  return (
    <Page
      title={app.data?.name ?? appId}
      crumbs={[{ label: "Applications", to: to.apps(orgId) }]}
      badges={app.data?.status === "deleting" && <StatusBadge status="deleting" title={app.data.status_message} />}
      actions={
        <>
          <ButtonLink to={to.appValues(orgId, appId)}>Values</ButtonLink>
          <ButtonLink to={to.appAutomation(orgId, appId)}>Automation</ButtonLink>
          <Button onClick={() => setDeleting(true)} may={allOf((status.data?.environments ?? []).map((e) => may("application:delete", e.type)).concat(may("application:delete")))}>
            Delete
          </Button>
          <Button kind={status.data?.environments.some((e) => e.last_deploy) ? "primary" : "plain"} icon={<Plus size={14} aria-hidden />} onClick={() => setSpinning(true)} may={anyOf((status.data?.environments ?? []).map((e) => may("environments:manage", e.type)))}>
            Spin up
          </Button>
        </>
      }
      tabs={[
        { label: "Overview", to: to.app(orgId, appId), end: true },
        { label: "Promotions", to: to.app(orgId, appId, "promotions") },
        { label: "Previews", to: to.app(orgId, appId, "previews") },
        { label: "Schedule", to: to.app(orgId, appId, "schedule") },
      ]}
    >
      {app.data?.status === "deleting" && <Notice tone="warn">It is being deleted. {app.data.status_message}</Notice>}
      <Live value={live}>
        <Requests path={path} />
        <Loaded query={status} lines={6}>
          {(s) => (
            <>
              <Routes>
                <Route
                  index
                  element={
                    <>
                      <Matrix path={path} status={s} />
                      <Activity path={path} environments={s.environments} />
                    </>
                  }
                />
                <Route path="promotions" element={<Promotions path={path} status={s} />} />
                <Route path="previews" element={<Previews path={path} environments={s.environments} />} />
                <Route path="schedule" element={<Schedule path={path} environments={s.environments} />} />
                <Route path="*" element={<NotFound />} />
              </Routes>
              <SpinUp path={path} environments={s.environments} open={spinning} onClose={() => setSpinning(false)} />
              <DeleteApplication path={path} name={app.data?.name ?? appId} environments={s.environments} open={deleting} onClose={() => setDeleting(false)} />
            </>
          )}
        </Loaded>
      </Live>
    </Page>
  );
}

/** Environments that are being made, and those whose making failed lately. */
function Requests({ path }: { path: { orgId: string; appId: string } }) {
  const live = useContext(Live);
  const requests = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/env-requests",
    { params: { path, query: { limit: 5 } } },
    { refetchInterval: (q) => pollOf(live, q.state.data?.some((r) => r.status === "in progress") ? every.busy : every.calm) },
  );
  const shown = (requests.data ?? []).filter((r) => r.status === "in progress");
  if (shown.length === 0) return null;
  return shown.map((r) => (
    <Notice
      key={r.id}
      actions={
        <ButtonLink small to={r.deployment_id ? to.deployment(path.orgId, path.appId, r.env_id, r.deployment_id) : to.env(path.orgId, path.appId, r.env_id)}>
          Watch
        </ButtonLink>
      }
    >
      <strong>{r.env_id}</strong> is being made{r.from_env ? ` from ${r.from_env}` : ""}: {r.events.at(-1)?.message ?? r.phase}. Asked for <Time at={r.created_at} />.
    </Notice>
  ));
}

interface Row {
  env: Schemas["EnvironmentStatus"];
  deployment: Schemas["Deployment"];
}

/** The last deployments of all environments, newest first. */
function Activity({ path, environments }: { path: { orgId: string; appId: string }; environments: Schemas["EnvironmentStatus"][] }) {
  const person = usePeople(path.orgId);
  const calm = usePoll(every.calm);
  const latest = environments.filter((e) => e.last_deploy).slice(0, 12);
  const lists = useQueries({
    queries: latest.map((e) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path: { ...path, envId: e.id }, query: { limit: 10 } } }),
      refetchInterval: calm,
    })),
  });
  const rows: Row[] = latest.flatMap((env, i) => (lists[i]?.data ?? []).map((deployment) => ({ env, deployment })));
  rows.sort((a, b) => b.deployment.created_at.localeCompare(a.deployment.created_at));
  return (
    <Panel title="Recent activity" flush>
      <DataTable<Row>
        label="recent deployments"
        rows={rows.slice(0, 50)}
        rowKey={(r) => r.deployment.id}
        rowLink={(r) => to.deployment(path.orgId, path.appId, r.env.id, r.deployment.id)}
        maxHeight="22rem"
        empty={<EmptyState title="Nothing was deployed yet">Each deployment is listed here: what it was for, how it ended, who asked for it.</EmptyState>}
        columns={[
          { key: "what", title: "What", cell: (r) => r.deployment.comment || r.deployment.id, width: "minmax(14rem, 2.5fr)" },
          { key: "env", title: "Environment", cell: (r) => r.env.name, width: "minmax(7rem, 1fr)" },
          { key: "status", title: "Status", cell: (r) => <StatusBadge status={deploymentStatus(r.deployment)} />, width: "8rem" },
          { key: "took", title: "Took", cell: (r) => took(r.deployment.started_at, r.deployment.finished_at), align: "right", width: "6rem" },
          { key: "by", title: "By", cell: (r) => (r.deployment.pipeline ? <Tag title="A pipeline">{r.deployment.pipeline.id}</Tag> : person(r.deployment.created_by)), width: "minmax(6rem, 1fr)" },
          { key: "at", title: "When", cell: (r) => <Time at={r.deployment.created_at} />, width: "8rem" },
        ]}
      />
    </Panel>
  );
}
