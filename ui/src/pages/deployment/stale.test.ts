import { expect, test } from "vitest";

import { staleAfter } from "./stale";

const after = (type: string, status?: string) =>
  staleAfter({ type, status })
    .map((p) => p.split("/{deployId}")[1] ?? p.split("/{envId}")[1] ?? p)
    .map((p) => p || "deployment")
    .sort();

const everything = ["/approvals", "/changes", "/diff", "/errors", "/nodes", "/questions", "deployment"];

test.each([
  ["node.status", "running", ["/nodes"]],
  ["node.status", "failed", ["/nodes", "/questions"]],
  ["node.changes", "planned", ["/changes"]],
  ["node.question", "answered", ["/questions"]],
  ["deployment.gate", "waiting", ["/approvals", "/errors", "deployment"]],
  ["deployment.errors", "recorded", ["/errors"]],
  ["deployment.phase", "deliver", ["/diff", "/nodes", "deployment"]],
  ["deployment.delivered", "git", ["/diff", "deployment"]],
  ["deployment.cancel", "in progress", ["deployment"]],
  ["deployment.base", "pending", ["deployment"]],
  ["deployment.status", "in progress", ["deployment"]],
  ["deployment.status", "failed", everything],
  ["something.new", undefined, everything],
])("%s %s", (type, status, stale) => {
  expect(after(type, status)).toEqual(stale);
});
