import { expect, test } from "vitest";

import { lives } from "./Previews";
import { sourceOf } from "./Promotions";
import { what } from "./Schedule";

test.each([
  ["72h0m0s", "0s", "72h"],
  ["1h30m0s", "0s", "1h30m"],
  ["0s", "24h0m0s", "until idle for 24h"],
  ["72h0m0s", "24h0m0s", "72h, until idle for 24h"],
  ["0s", "0s", "until it is merged"],
])("a preview that lives %s and idle %s", (ttl, idle_after, want) => {
  expect(lives({ ttl, idle_after })).toBe(want);
});

test.each([
  [{ comment: "Nightly", from_env: "staging" }, "Nightly"],
  [{ comment: "", from_env: "staging" }, "What Staging has then"],
  [{ comment: "" }, "What runs there, again"],
])("a scheduled deployment %o is told in words", (order, want) => {
  expect(what(order, () => "Staging")).toBe(want);
});

test.each([
  ["its environment", { from_env: "qa", from_deploy_id: "d1" }, "qa"],
  ["the environment that runs its deployment", { from_deploy_id: "d1" }, "development"],
  ["a deployment that runs nowhere any more", { from_deploy_id: "d0" }, "deployment d0"],
])("a promotion comes from %s", (_, promotion, want) => {
  const status = { environments: [{ id: "development", running: { id: "d1" } }] } as unknown as Parameters<typeof sourceOf>[1];
  expect(sourceOf(promotion, status)).toBe(want);
});
