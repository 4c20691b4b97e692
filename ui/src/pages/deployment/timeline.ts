import type { Schemas } from "~/api/client";

type Deployment = Schemas["Deployment"];
type Node = Schemas["Node"];
type Event = Schemas["DeploymentEvent"];

export const phaseNames = ["plan", "provision", "render", "deliver", "rollout"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** A step of a deployment, in ms since the epoch. */
export interface Phase {
  name: PhaseName;
  begin?: number;
  end?: number;
  state: "waiting" | "running" | "done" | "failed" | "skipped";
}

const ms = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at));

/** When each phase was: a phase ends where the next one begins, and the last one with the deployment. */
export function phasesOf(d: Deployment, events: Event[]): Phase[] {
  const over = d.status === "succeeded" || d.status === "failed";
  const begun = new Map<string, number>();
  for (const e of events) {
    if (e.type === "deployment.phase" && e.status && !begun.has(e.status)) begun.set(e.status, Date.parse(e.at));
  }
  const started = ms(d.started_at);
  if (started !== undefined) begun.set("plan", started);
  const beginnings = phaseNames.map((name) => begun.get(name));
  return phaseNames.map((name, i) => {
    const begin = beginnings[i];
    if (begin === undefined) return { name, state: over ? "skipped" : "waiting" };
    const next = beginnings.slice(i + 1).find((b) => b !== undefined);
    if (next !== undefined) return { name, begin, end: next, state: "done" };
    if (!over) return d.waiting_for?.length ? { name, state: "waiting" } : { name, begin, state: "running" };
    return { name, begin, end: ms(d.finished_at) ?? begin, state: d.status === "failed" ? "failed" : "done" };
  });
}

/** From when to when the lanes are drawn; undefined where no resource has begun. */
export function spanOf(nodes: Node[], now: number): { begin: number; end: number } | undefined {
  const begins = nodes.flatMap((n) => ms(n.started_at) ?? []);
  if (begins.length === 0) return undefined;
  const begin = begins.reduce((a, b) => Math.min(a, b));
  const end = nodes.reduce((latest, n) => (n.started_at === undefined ? latest : Math.max(latest, ms(n.finished_at) ?? now)), begin);
  return { begin, end: Math.max(end, begin + 1) };
}

/** How many resources were under way at once, at most. */
export function mostAtOnce(nodes: Node[], now: number): number {
  const steps = nodes.flatMap((n) => {
    const begin = ms(n.started_at);
    return begin === undefined ? [] : [{ at: begin, by: 1 }, { at: Math.max(ms(n.finished_at) ?? now, begin + 0.5), by: -1 }];
  });
  steps.sort((a, b) => a.at - b.at || a.by - b.by);
  let running = 0;
  return steps.reduce((most, s) => Math.max(most, (running += s.by)), 0);
}

/** In order of their beginning; those that have not begun come last, in order of provisioning. */
export function inOrder(nodes: Node[]): Node[] {
  const key = (n: Node) => ms(n.started_at) ?? Infinity;
  return [...nodes].sort((a, b) => (key(a) === key(b) ? a.ordinal - b.ordinal : key(a) - key(b)));
}

/** Round distances for an axis of so many ms, at most `most` of them. */
export function ticksOf(length: number, most = 6): number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000];
  const step = steps.find((s) => length / s <= most) ?? Math.ceil(length / most / 3_600_000) * 3_600_000;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}

/** What a resource that has not begun waits for: those it depends on that have not ended. */
export function waitsFor(node: Node, nodes: Node[]): Node[] {
  if (node.status !== "pending") return [];
  const by = new Map(nodes.map((n) => [n.ordinal, n]));
  return node.depends_on.flatMap((o) => by.get(o) ?? []).filter((n) => n.status === "pending" || n.status === "running");
}
