import type { Schemas } from "~/api/client";
import { to } from "~/lib/paths";
import type { Tone } from "~/lib/status";

export type Item = Schemas["AttentionItem"];

/** An item as a line that leads somewhere. */
export interface Line {
  key: string;
  kind: Item["kind"];
  /** In a word. */
  status: string;
  tone: Tone;
  what: string;
  why: string;
  at?: string;
  to: string;
}

/** What an item is about, where to look at it, and how bad it is. */
export function lineOf(orgId: string, i: Item): Line {
  return {
    key: [i.kind, i.app_id, i.env_id, i.env_type, i.deployment_id, i.promotion_id, i.request_id, i.run_id, i.schedule_id, i.message].join(" "),
    kind: i.kind, status: statusOf(i), tone: tones[i.kind] ?? "busy", what: nameOf(i), why: whyOf(i), at: i.at, to: pageOf(orgId, i),
  };
}

const tones: Partial<Record<Item["kind"], Tone>> = {
  failed: "bad", teardown: "bad", "pipeline-failed": "bad", stopped: "warn", "schedule-failed": "warn", "scheduled-failed": "warn", drifted: "warn",
  "scan-failed": "warn", expiring: "warn", paused: "idle", frozen: "idle", deletion: "warn",
};

function statusOf(i: Item): string {
  switch (i.kind) {
    case "stopped":
      return "waiting for you";
    case "teardown":
      return "stuck";
    case "pipeline-failed":
      return "pipeline failed";
    case "schedule-failed":
      return "schedule failed";
    case "scheduled-failed":
      return i.status === "missed" ? "missed" : "refused";
    case "scan-failed":
      return "scan failed";
    case "expiring":
      return "expiring";
    case "deletion":
      return "deleting";
    case "spin-up":
      return `spin-up: ${i.status}`;
    case "promotion":
      return `promotion: ${i.status}`;
    default:
      return i.status.replace("_", " ");
  }
}

/** "Shop / Development": names where they are known. */
export function nameOf(i: Item): string {
  const app = i.app_name ?? i.app_id;
  if (app === undefined) return i.env_type ?? i.schedule_id ?? i.kind;
  const part = i.pipeline_id ?? i.env_name ?? i.env_id;
  return part === undefined || part === "" ? app : `${app} / ${part}`;
}

function whyOf(i: Item): string {
  switch (i.kind) {
    case "failed":
      return (i.message || `Deployment ${i.deployment_id ?? ""}`) + (i.runs ? "; what ran before still does" : "; nothing has been deployed yet");
    case "deployment":
    case "promotion":
    case "spin-up":
      return i.message || i.deployment_id || "";
    case "pipeline-run":
      return i.message || `Run ${i.run_id ?? ""}`;
    case "deletion":
      return "It is being taken down";
    case "stopped":
      return i.message;
    default:
      return i.message.charAt(0).toUpperCase() + i.message.slice(1);
  }
}

function pageOf(orgId: string, i: Item): string {
  const { app_id: app, env_id: env } = i;
  if (i.kind === "frozen") return to.automation(orgId, "schedules");
  if (app === undefined) return to.automation(orgId, "schedules");
  if (i.pipeline_id) return to.appAutomation(orgId, app, `pipelines/${i.pipeline_id}${i.run_id ? `/runs/${i.run_id}` : ""}`);
  if (i.kind === "schedule-failed" || i.kind === "scheduled-failed") return to.app(orgId, app, "schedule");
  if (i.kind === "promotion") return to.app(orgId, app, "promotions");
  if (env === undefined) return to.app(orgId, app);
  if (i.kind === "drifted" || i.kind === "scan-failed") return to.env(orgId, app, env, "drift");
  const shown = i.kind === "failed" || i.kind === "stopped" || i.kind === "deployment" || i.kind === "approval";
  return shown && i.deployment_id ? to.deployment(orgId, app, env, i.deployment_id) : to.env(orgId, app, env);
}

/** Lines of one kind each, in the order in which they came. */
export function byKind(lines: Line[]): Line[][] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(line.kind, [...(groups.get(line.kind) ?? []), line]);
  return [...groups.values()];
}

/** How an environment is, as far as attention tells: by application and environment. */
export function tonesOf(a: Schemas["Attention"]): Map<string, { tone: Tone; word: string }> {
  const out = new Map<string, { tone: Tone; word: string }>();
  const put = (i: Item, tone: Tone, word: string) => {
    const key = `${i.app_id ?? ""}/${i.env_id ?? ""}`;
    if (i.env_id && !out.has(key)) out.set(key, { tone, word });
  };
  a.concerns.filter((i) => tones[i.kind] === "bad").forEach((i) => put(i, "bad", statusOf(i)));
  a.waiting.forEach((i) => put(i, "warn", "waiting for approval"));
  a.underway.forEach((i) => put(i, "busy", statusOf(i)));
  a.concerns.forEach((i) => put(i, tones[i.kind] ?? "warn", statusOf(i)));
  return out;
}
