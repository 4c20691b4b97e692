import type { Schemas } from "~/api/client";
import type { AppStatus } from "~/lib/appstatus";
import { to } from "~/lib/paths";
import { deploymentStatus, type Tone } from "~/lib/status";

/** Something that a person should look at. */
export interface Concern {
  key: string;
  kind: string;
  tone: Tone;
  what: string;
  why: string;
  at?: string;
  to: string;
}

const soon = 48 * 3600_000; // ms before the end of an environment that it is worth a word

/** What the status of applications says that should be looked at, the worst first. */
export function concernsOf(orgId: string, statuses: AppStatus[], now: number): Concern[] {
  return worstFirst(statuses.flatMap(({ app, status }) => (status?.environments ?? []).flatMap((env) => concernsOfEnv(orgId, app, env, now))));
}

function concernsOfEnv(orgId: string, app: Schemas["Application"], env: Schemas["EnvironmentStatus"], now: number): Concern[] {
  const what = `${app.name} / ${env.name}`;
  const out: Concern[] = [];
  const last = env.last_deploy;
  if (last?.status === "failed" && last.outcome !== "superseded" && last.outcome !== "cancelled") {
    out.push({
      key: `failed ${last.id}`, kind: deploymentStatus(last), tone: "bad", what,
      why: (last.comment || `Deployment ${last.id}`) + (env.running ? "; what ran before still does" : "; nothing has been deployed yet"),
      at: last.finished_at ?? last.status_changed_at, to: to.deployment(orgId, app.id, env.id, last.id),
    });
  }
  if (env.status === "deleting") {
    out.push({ key: `deleting ${app.id} ${env.id}`, kind: "deleting", tone: "warn", what, why: "It is being taken down", to: to.env(orgId, app.id, env.id) });
  }
  if (env.ends_at && !env.protected && new Date(env.ends_at).getTime() - now < soon) {
    const why = env.end_reason === "idle" ? "It ends because nothing was deployed to it" : "Its time is over";
    out.push({ key: `ends ${app.id} ${env.id}`, kind: "expiring", tone: "warn", what, why, at: env.ends_at, to: to.env(orgId, app.id, env.id) });
  }
  if (env.frozen_until) {
    out.push({ key: `frozen ${app.id} ${env.id}`, kind: "frozen", tone: "idle", what, why: "A freeze window is open", at: env.frozen_until, to: to.env(orgId, app.id, env.id) });
  }
  return out;
}

/** Resources that stopped for a person. */
export function concernsOfQuestions(orgId: string, appId: string, envId: string, name: string, questions: Schemas["Question"][]): Concern[] {
  return questions.map((q) => ({
    key: `question ${q.run_id} ${q.address}`, kind: "waiting for you", tone: "warn" as const, what: name, why: `${q.address}: ${q.why}`,
    to: to.deployment(orgId, appId, envId, q.deployment_id),
  }));
}

/** What the newest scan that is over found; the scans are newest first. */
export function concernsOfDrift(orgId: string, appId: string, envId: string, name: string, scans: Schemas["DriftScan"][]): Concern[] {
  const last = scans.find((s) => s.status !== "running");
  if (!last || last.status === "clean") return [];
  const why = last.status === "drifted" ? `${last.drifted} of ${last.checked} objects are not as they were deployed` : `The scan for drift failed: ${last.message ?? "it does not say why"}`;
  return [
    {
      key: `drift ${appId} ${envId}`, kind: last.status === "drifted" ? "drifted" : "scan failed", tone: "warn", what: name, why, at: last.finished_at ?? last.created_at,
      to: to.env(orgId, appId, envId, "drift"),
    },
  ];
}

const broken = new Set(["failed", "timed out", "terminated"]);

/** A schedule whose newest run that is over failed; the runs are newest first. A scan for drift tells itself how it ended. */
export function concernsOfSchedule(orgId: string, schedule: Schemas["Schedule"], runs: Schemas["ScheduleRun"][]): Concern[] {
  const last = runs.find((r) => r.status !== "running");
  if (schedule.kind === "drift" || !last?.status || !broken.has(last.status)) return [];
  return [{ key: `schedule ${schedule.id}`, kind: "schedule failed", tone: "warn", what: schedule.what, why: `The run of the schedule ${schedule.id} ${last.status}`, at: last.closed_at ?? last.at, to: pageOf(orgId, schedule) }];
}

function pageOf(orgId: string, s: Schemas["Schedule"]): string {
  if (s.app_id && s.pipeline_id) return to.appAutomation(orgId, s.app_id, `pipelines/${s.pipeline_id}`);
  if (s.app_id) return to.app(orgId, s.app_id, "schedule");
  return to.automation(orgId, "schedules");
}

const rank: Record<Tone, number> = { bad: 0, warn: 1, busy: 2, idle: 3, ok: 4 };

/** The worst first; of those that are as bad, the newest. */
export const worstFirst = (concerns: Concern[]): Concern[] => [...concerns].sort((a, b) => rank[a.tone] - rank[b.tone] || (b.at ?? "").localeCompare(a.at ?? ""));
