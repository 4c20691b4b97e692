import { expect, test } from "vitest";

import type { Schemas } from "~/api/client";

import { inOrder, mostAtOnce, phasesOf, spanOf, ticksOf, waitsFor } from "./timeline";

const second = (s: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, s)).toISOString();
const now = Date.parse(second(30));

const node = (ordinal: number, from?: number, to?: number, more: Partial<Schemas["Node"]> = {}): Schemas["Node"] => ({
  ordinal, key: `t.default#${ordinal}`, type: "t", class: "default", id: String(ordinal), attempt: 1, outputs: {}, depends_on: [],
  status: from === undefined ? "pending" : to === undefined ? "running" : "succeeded",
  started_at: from === undefined ? undefined : second(from),
  finished_at: to === undefined ? undefined : second(to),
  ...more,
});

const deployment = (more: Partial<Schemas["Deployment"]>): Schemas["Deployment"] => ({
  id: "d", env_id: "e", from_id: "", set_id: "s", comment: "", created_at: second(0), created_by: "u", export_file: "", export_status: "", status: "in progress", status_changed_at: second(0), ...more,
});

const phase = (name: string, at: number, seq: number): Schemas["DeploymentEvent"] => ({ seq, deployment_id: "d", at: second(at), type: "deployment.phase", status: name });

test("a phase lasts until the next one begins; what has not come waits", () => {
  const phases = phasesOf(deployment({ started_at: second(1) }), [phase("provision", 2, 1), phase("render", 9, 2)]);
  expect(phases.map((p) => [p.name, p.state])).toEqual([["plan", "done"], ["provision", "done"], ["render", "running"], ["deliver", "waiting"], ["rollout", "waiting"]]);
  expect(phases[1]).toMatchObject({ begin: Date.parse(second(2)), end: Date.parse(second(9)) });
});

test("of a deployment that failed, the phase it was in failed and the rest never came", () => {
  const phases = phasesOf(deployment({ status: "failed", started_at: second(1), finished_at: second(4) }), [phase("provision", 2, 1)]);
  expect(phases.map((p) => p.state)).toEqual(["done", "failed", "skipped", "skipped", "skipped"]);
  expect(phases[1]?.end).toBe(Date.parse(second(4)));
});

test("while people have to agree, nothing runs", () => {
  const waiting = deployment({ started_at: second(1), waiting_for: [{ decisions: [], message: "", mine: true, requirements: [] }] });
  expect(phasesOf(waiting, [phase("provision", 2, 1)]).map((p) => p.state)).toEqual(["done", "waiting", "waiting", "waiting", "waiting"]);
});

test("a deployment that waits has begun nothing", () => {
  expect(phasesOf(deployment({ status: "pending" }), []).every((p) => p.state === "waiting" && p.begin === undefined)).toBe(true);
});

test("the lanes reach from the first beginning to the last end, or to now", () => {
  expect(spanOf([node(0), node(1)], now)).toBeUndefined();
  expect(spanOf([node(0, 3, 5), node(1, 2, 9), node(2)], now)).toEqual({ begin: Date.parse(second(2)), end: Date.parse(second(9)) });
  expect(spanOf([node(0, 3, 5), node(1, 4)], now)?.end).toBe(now);
});

test.each([
  ["none", [node(0)], 0],
  ["one after the other", [node(0, 1, 2), node(1, 2, 3), node(2, 3, 4)], 1],
  ["at once", [node(0, 1, 5), node(1, 2, 3), node(2, 2), node(3, 4, 6)], 3],
  ["in no time", [node(0, 1, 1), node(1, 1, 1)], 2],
])("how many are under way at once: %s", (_, nodes, want) => {
  expect(mostAtOnce(nodes, now)).toBe(want);
});

test("lanes are in order of their beginning", () => {
  expect(inOrder([node(0), node(1, 5, 6), node(2, 3), node(3)]).map((n) => n.ordinal)).toEqual([2, 1, 0, 3]);
});

test.each([
  [700, [0, 200, 400, 600]],
  [46_000, [0, 10_000, 20_000, 30_000, 40_000]],
  [1, [0, 1]],
  [6 * 3_600_000, [0, 3_600_000, 7_200_000, 10_800_000, 14_400_000, 18_000_000, 21_600_000]],
])("an axis of %d ms has round distances", (length, want) => {
  expect(ticksOf(length)).toEqual(want);
});

test("who has not begun waits for those that have not ended", () => {
  const nodes = [node(0, 1, 2), node(1, 1), node(2, undefined, undefined, { depends_on: [0, 1, 3] }), node(3)];
  expect(waitsFor(nodes[2] as Schemas["Node"], nodes).map((n) => n.ordinal)).toEqual([1, 3]);
  expect(waitsFor(nodes[0] as Schemas["Node"], nodes)).toEqual([]);
});
