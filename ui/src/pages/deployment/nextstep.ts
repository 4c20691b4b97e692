import type { Schemas } from "~/api/client";

export type NextStep = "values" | "questions" | "retry" | "change" | "cluster" | undefined;

/** Where an error is put right, as far as its code tells; its message always says what to do. Codes: docs/operations/troubleshooting.md. */
export function nextStep(e: Pick<Schemas["DeploymentError"], "code" | "scope" | "object_id">, asking: ReadonlySet<string>): NextStep {
  if (asking.has(e.object_id)) return "questions";
  if (e.code === "DEP-VALUE") return "values";
  if (e.code === "DEP-MANIFEST" || e.code === "DEP-GRAPH" || e.code === "DEP-CYCLE" || e.code === "DEP-REBASE") return "change";
  if (e.code.startsWith("RUN-")) return "cluster";
  if (["DEP-LOST", "DEP-TIMEOUT", "DEP-CLUSTER", "DEP-FAILED", "PLAN-STALE", "cancelled"].includes(e.code) || e.code.startsWith("RES-")) return "retry";
  return undefined;
}

/** A message without the summary it begins with, and what it says to try. */
export function splitMessage(e: Pick<Schemas["DeploymentError"], "summary" | "message">): { cause: string; tries: string } {
  const [before = "", ...after] = e.message.split(/\n?^try: /m);
  const cause = before.trim() === e.summary.trim() ? "" : before.trim();
  return { cause, tries: after.join("\n").trim() };
}
