import { expect, test } from "vitest";

import { byKind, lineOf, nameOf, tonesOf, type Item } from "./attention";

const item = (over: Partial<Item>): Item => ({ kind: "failed", status: "failed", message: "", mine: false, runs: false, app_id: "shop", app_name: "Shop", env_id: "dev", env_name: "Dev", ...over });

test.each<[string, Partial<Item>, { status: string; tone: string; why: string; to: string }]>([
  ["a failure", { deployment_id: "d1", message: "No such image", runs: true }, { status: "failed", tone: "bad", why: "No such image; what ran before still does", to: "/o/acme/apps/shop/envs/dev/deploys/d1" }],
  ["a failure without a word", { deployment_id: "d1", status: "timed_out" }, { status: "timed out", tone: "bad", why: "Deployment d1; nothing has been deployed yet", to: "/o/acme/apps/shop/envs/dev/deploys/d1" }],
  ["a question", { kind: "stopped", deployment_id: "d1", message: "aws_s3_bucket.a: the runner died" }, { status: "waiting for you", tone: "warn", why: "aws_s3_bucket.a: the runner died", to: "/o/acme/apps/shop/envs/dev/deploys/d1" }],
  ["drift", { kind: "drifted", status: "drifted", deployment_id: "d1", message: "1 of 2 objects" }, { status: "drifted", tone: "warn", why: "1 of 2 objects", to: "/o/acme/apps/shop/envs/dev/drift" }],
  ["an end", { kind: "expiring", status: "expired", message: "its time is over" }, { status: "expiring", tone: "warn", why: "Its time is over", to: "/o/acme/apps/shop/envs/dev" }],
  ["a frozen type", { kind: "frozen", status: "frozen", app_id: undefined, app_name: undefined, env_id: undefined, env_type: "production" }, { status: "frozen", tone: "idle", why: "", to: "/o/acme/automation/schedules" }],
  ["a schedule of a pipeline", { kind: "schedule-failed", pipeline_id: "nightly", env_id: undefined }, { status: "schedule failed", tone: "warn", why: "", to: "/o/acme/apps/shop/automation/pipelines/nightly" }],
  ["a failed pipeline", { kind: "pipeline-failed", pipeline_id: "nightly", run_id: "r" }, { status: "pipeline failed", tone: "bad", why: "", to: "/o/acme/apps/shop/automation/pipelines/nightly/runs/r" }],
  ["what was to be deployed", { kind: "scheduled-failed", status: "failed", message: "frozen" }, { status: "refused", tone: "warn", why: "Frozen", to: "/o/acme/apps/shop/schedule" }],
  ["a deployment", { kind: "deployment", status: "planning", deployment_id: "d1", message: "Newer" }, { status: "planning", tone: "busy", why: "Newer", to: "/o/acme/apps/shop/envs/dev/deploys/d1" }],
  ["a promotion", { kind: "promotion", status: "soak", promotion_id: "p", message: "from qa" }, { status: "promotion: soak", tone: "busy", why: "from qa", to: "/o/acme/apps/shop/promotions" }],
  ["a teardown that is stuck", { kind: "teardown", status: "deleting", message: "no cluster" }, { status: "stuck", tone: "bad", why: "No cluster", to: "/o/acme/apps/shop/envs/dev" }],
])("%s", (_, of, want) => {
  expect(lineOf("acme", item(of))).toMatchObject(want);
});

test("names are shown where there are any", () => {
  expect([nameOf(item({})), nameOf(item({ env_name: undefined })), nameOf(item({ pipeline_id: "p" })), nameOf(item({ app_id: undefined, app_name: undefined, env_type: "prod" }))]).toEqual([
    "Shop / Dev", "Shop / dev", "Shop / p", "prod",
  ]);
});

test("lines stay in the order of their kinds", () => {
  const lines = (["failed", "failed", "drifted"] as const).map((kind, i) => lineOf("acme", item({ kind, deployment_id: String(i) })));
  expect(byKind(lines).map((g) => g.length)).toEqual([2, 1]);
});

test("an environment looks as bad as the worst of it", () => {
  const tones = tonesOf({
    waiting: [item({ kind: "approval", env_id: "a" })], more: [], unknown: [],
    concerns: [item({ env_id: "b" }), item({ kind: "drifted", env_id: "b" }), item({ kind: "drifted", status: "drifted", env_id: "c" })],
    underway: [item({ kind: "deployment", status: "planning", env_id: "b" }), item({ kind: "deployment", status: "planning", env_id: "d" })],
  });
  expect(Object.fromEntries([...tones].map(([k, v]) => [k, v.tone]))).toEqual({ "shop/a": "warn", "shop/b": "bad", "shop/c": "warn", "shop/d": "busy" });
});
