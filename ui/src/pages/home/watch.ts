import { useQueries } from "@tanstack/react-query";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import type { AppStatus } from "~/lib/appstatus";

import { concernsOfDrift, concernsOfQuestions, concernsOfSchedule, type Concern } from "./attention";

// What changes rarely and costs a request each is asked for rarely, and of so many at most.
const rarely = every.calm * 6;
const most = 40;

interface Env {
  appId: string;
  envId: string;
  name: string;
}

const environments = (statuses: AppStatus[], wanted: (e: Schemas["EnvironmentStatus"]) => boolean): Env[] =>
  statuses.flatMap(({ app, status }) => (status?.environments ?? []).filter(wanted).map((e) => ({ appId: app.id, envId: e.id, name: `${app.name} / ${e.name}` })));

/** Resources that stopped for a person: only where the last deployment could have one. */
export function useQuestions(orgId: string, statuses: AppStatus[]): Concern[] {
  const unsettled = environments(statuses, (e) => e.last_deploy !== undefined && e.last_deploy.status !== "succeeded");
  const questions = useQueries({
    queries: unsettled.map(({ appId, envId }) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/questions", { params: { path: { orgId, appId, envId } } }),
      refetchInterval: every.calm,
    })),
  });
  return unsettled.flatMap((of, i) => concernsOfQuestions(orgId, of.appId, of.envId, of.name, questions[i]?.data ?? []));
}

/** Environments whose newest scan found that what is there is not what was deployed. */
export function useDrift(orgId: string, statuses: AppStatus[]): Concern[] {
  const deployed = environments(statuses, (e) => e.running !== undefined && e.status === "active").slice(0, most);
  const scans = useQueries({
    queries: deployed.map(({ appId, envId }) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/drift", { params: { path: { orgId, appId, envId } } }),
      refetchInterval: rarely,
    })),
  });
  return deployed.flatMap((of, i) => concernsOfDrift(orgId, of.appId, of.envId, of.name, scans[i]?.data ?? []));
}

/** Schedules whose newest run failed. */
export function useFailedSchedules(orgId: string): Concern[] {
  const schedules = api.useQuery("get", "/orgs/{orgId}/schedules", { params: { path: { orgId } } }, { refetchInterval: rarely });
  const ran = (schedules.data ?? []).filter((s) => s.last).slice(0, most);
  const runs = useQueries({
    queries: ran.map((s) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/schedules/{scheduleId}/history", { params: { path: { orgId, scheduleId: s.id } } }),
      refetchInterval: rarely,
    })),
  });
  return ran.flatMap((s, i) => concernsOfSchedule(orgId, s, runs[i]?.data ?? []));
}

/** Promotions that are not over, of all the applications. */
export function usePromotions(orgId: string, apps: Schemas["Application"][]): { app: Schemas["Application"]; promotion: Schemas["Promotion"] }[] {
  const lists = useQueries({
    queries: apps.map((a) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/promotions", { params: { path: { orgId, appId: a.id }, query: { limit: 20 } } }),
      refetchInterval: every.calm,
    })),
  });
  return apps.flatMap((app, i) => (lists[i]?.data ?? []).filter((p) => p.status === "in progress").map((promotion) => ({ app, promotion })));
}
