import type { Schemas } from "~/api/client";

export type Settings = Schemas["RetentionSettings"];

/** Kinds of records, in the order in which a round looks at them; of some, so many of each thing stay however old they are. */
export const kinds: { kind: string; what: string; of?: string }[] = [
  { kind: "deployments", what: "Deployments with their nodes, manifests, events and logs", of: "environment" },
  { kind: "graphs", what: "Graphs that no deployment has any more" },
  { kind: "logs", what: "Logs of deployments" },
  { kind: "events", what: "Events of deployments" },
  { kind: "webhook_deliveries", what: "Deliveries of webhooks" },
  { kind: "receiver_deliveries", what: "Deliveries of receivers" },
  { kind: "pipeline_runs", what: "Pipeline runs with their jobs, logs and approvals", of: "pipeline" },
  { kind: "pipeline_logs", what: "Logs of pipeline runs" },
  { kind: "terraform_plans", what: "Terraform plans that no run has begun with" },
  { kind: "terraform_runs", what: "Terraform runs", of: "resource" },
  { kind: "orphan_logs", what: "Log lines of deployments that are gone" },
];

export const whatOf = (kind: string) => kinds.find((k) => k.kind === kind)?.what ?? kind;

/** "90d" as days; "" for what is kept for ever. Spans that are no whole days stay as they are. */
export const daysOf = (span: string) => (/^0(s|d)?$/.test(span) ? "" : (/^(\d+)d$/.exec(span)?.[1] ?? wholeDays(span) ?? span));

function wholeDays(span: string): string | undefined {
  const hours = /^(\d+)h(?:0m)?(?:0s)?$/.exec(span)?.[1];
  return hours !== undefined && Number(hours) % 24 === 0 ? String(Number(hours) / 24) : undefined;
}

/** What somebody has typed as a span of the API. */
export const spanOf = (typed: string) => (typed.trim() === "" ? "0" : /^\d+$/.test(typed.trim()) ? `${typed.trim()}d` : typed.trim());

/** What changes, as the API takes it: only kinds that differ. */
export function changeOf(was: Settings, now: Settings): Schemas["RetentionChange"] {
  const rules = Object.fromEntries(Object.entries(now.rules).filter(([kind, r]) => r.for !== was.rules[kind]?.for || (r.newest ?? 0) !== (was.rules[kind]?.newest ?? 0)));
  return { enabled: now.enabled, cron: now.cron, time_zone: now.time_zone, rules };
}
