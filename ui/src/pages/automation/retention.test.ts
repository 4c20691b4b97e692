import { expect, it } from "vitest";

import { changeOf, daysOf, spanOf } from "./retention";

it.each([
  ["90d", "90"],
  ["2160h0m0s", "90"],
  ["36h", "36h"],
  ["0", ""],
  ["0s", ""],
])("%s is %j days", (span, days) => {
  expect(daysOf(span)).toBe(days);
});

it.each([
  ["90", "90d"],
  ["", "0"],
  ["36h", "36h"],
])("%j is %s for the API", (typed, span) => {
  expect(spanOf(typed)).toBe(span);
});

it("sends what differs", () => {
  const was = { enabled: true, cron: "30 3 * * *", time_zone: "UTC", rules: { logs: { for: "90d" }, deployments: { for: "180d", newest: 50 } } };
  expect(changeOf(was, { ...was, rules: { ...was.rules, logs: { for: "30d" } } }).rules).toEqual({ logs: { for: "30d" } });
});
