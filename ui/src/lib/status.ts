export type Tone = "ok" | "warn" | "bad" | "busy" | "idle";

// Statuses of everything that has one, as the API spells them, in lower case.
const tones: Record<string, Tone> = {
  succeeded: "ok", success: "ok", active: "ok", running: "ok", clean: "ok", approved: "ok", passed: "ok", delivered: "ok", verified: "ok", enabled: "ok", true: "ok", ready: "ok",
  "in progress": "busy", pending: "busy", executing: "busy", starting: "busy", created: "busy", queued: "busy", cancelling: "busy",
  failed: "bad", failure: "bad", "timed out": "bad", timed_out: "bad", denied: "bad", rejected: "bad", expired: "bad", false: "bad", stuck: "bad",
  warning: "warn", drifted: "warn", "partially succeeded": "warn", waiting: "warn", "waiting for approval": "warn", deleting: "warn", expiring: "warn", stopped: "warn", frozen: "warn", paused: "warn", archived: "warn", deprecated: "warn",
  cancelled: "idle", withdrawn: "idle", void: "idle", superseded: "idle", skipped: "idle", unknown: "idle", "not deployed": "idle", disabled: "idle", terminated: "idle",
};

/** How a status is to look. `running` is good for a workload, and work in progress for a node of a deployment: say so there. */
export const toneOf = (status: string): Tone => tones[status.toLowerCase()] ?? "idle";

/** A deployment's status in one word: the outcome where it says more. */
export function deploymentStatus(d: { status: string; outcome?: string; cancel_requested_at?: string; waiting_for?: unknown[] }): string {
  if (d.status === "failed" && d.outcome && d.outcome !== "failed") return d.outcome.replace("_", " ");
  if (d.status === "in progress" && d.cancel_requested_at) return "cancelling";
  if (d.status === "in progress" && d.waiting_for && d.waiting_for.length > 0) return "waiting for approval";
  return d.status;
}

/** Whether a deployment will not change any more. */
export const isOver = (d: { status: string }) => d.status === "succeeded" || d.status === "failed";
