import { expect, test } from "vitest";

import { duration, relativeTime } from "./time";
import { to } from "./paths";

test.each([
  [0, "0ms"], [850, "850ms"], [1500, "1.5s"], [59_900, "59s"], [72_000, "1m 12s"], [7_500_000, "2h 5m"], [200_000_000, "2d 7h"], [-5, "0s"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [-2, "now"], [-30, "30 sec. ago"], [-3700, "1 hr. ago"], [3 * 86_400, "in 3 days"],
])("%d s from now is %s", (seconds, text) => {
  const now = new Date("2026-01-01T00:00:00Z");
  expect(relativeTime(new Date(now.getTime() + seconds * 1000), now)).toBe(text);
});

test("ids cannot leave their place in a path", () => {
  expect(to.env("acme", "shop", "a b?", "graph")).toBe("/o/acme/apps/shop/envs/a%20b%3F/graph");
});
