import { expect, test } from "vitest";

import type { Schemas } from "~/api/client";

import { concernsOf, concernsOfDrift, concernsOfSchedule } from "./attention";
import { mineFirst } from "./Waiting";

const now = new Date("2026-01-01T00:00:00Z").getTime();
const deployment = (over: Partial<Schemas["Deployment"]>) => ({ id: "d1", status: "succeeded", comment: "", status_changed_at: "2025-12-31T00:00:00Z", ...over }) as Schemas["Deployment"];
const concerns = (env: Partial<Schemas["EnvironmentStatus"]>) =>
  concernsOf("acme", [{ app: { id: "shop", name: "Shop" } as Schemas["Application"], status: { path: [], environments: [{ id: "dev", name: "Dev", status: "active", protected: false, workloads: [], ...env } as Schemas["EnvironmentStatus"]] }, error: null }], now);

test.each<[string, Partial<Schemas["EnvironmentStatus"]>, string[]]>([
  ["what is well", { last_deploy: deployment({}), running: deployment({}) }, []],
  ["a failure", { last_deploy: deployment({ status: "failed", outcome: "failed" }) }, ["failed"]],
  ["a timeout", { last_deploy: deployment({ status: "failed", outcome: "timed_out" }) }, ["timed out"]],
  ["what somebody cancelled", { last_deploy: deployment({ status: "failed", outcome: "cancelled" }) }, []],
  ["an end in a day", { ends_at: "2026-01-02T00:00:00Z" }, ["expiring"]],
  ["an end in a week", { ends_at: "2026-01-08T00:00:00Z" }, []],
  ["an end that is kept off", { ends_at: "2026-01-02T00:00:00Z", protected: true }, []],
  ["a freeze and a failure, the worse first", { frozen_until: "2026-01-02T00:00:00Z", last_deploy: deployment({ status: "failed", outcome: "failed" }) }, ["failed", "frozen"]],
])("%s", (_, env, kinds) => {
  expect(concerns(env).map((c) => c.kind)).toEqual(kinds);
});

test("a failure leads to its deployment, and says whether something runs", () => {
  expect(concerns({ last_deploy: deployment({ status: "failed", outcome: "failed" }) })[0]).toMatchObject({ to: "/o/acme/apps/shop/envs/dev/deploys/d1", why: "Deployment d1; nothing has been deployed yet" });
});

const scan = (over: Partial<Schemas["DriftScan"]>) => ({ id: "s1", status: "clean", checked: 4, drifted: 0, results: [], created_at: "2025-12-31T00:00:00Z", ...over }) as Schemas["DriftScan"];

test.each<[string, Partial<Schemas["DriftScan"]>[], string[]]>([
  ["no scan", [], []],
  ["a clean scan", [{}], []],
  ["drift", [{ status: "drifted", drifted: 2 }], ["2 of 4 objects are not as they were deployed"]],
  ["drift, and a scan under way", [{ status: "running" }, { status: "drifted", drifted: 1 }], ["1 of 4 objects are not as they were deployed"]],
  ["drift that is over", [{}, { status: "drifted", drifted: 1 }], []],
  ["a scan that failed", [{ status: "failed", message: "no cluster" }], ["The scan for drift failed: no cluster"]],
])("drift: %s", (_, scans, whys) => {
  expect(concernsOfDrift("acme", "shop", "dev", "Shop / Dev", scans.map(scan)).map((c) => c.why)).toEqual(whys);
});

test.each<[string, Partial<Schemas["Schedule"]>, string[], string | undefined]>([
  ["a pipeline's run that failed", { kind: "pipeline", pipeline_id: "nightly" }, ["failed"], "/o/acme/apps/shop/automation/pipelines/nightly"],
  ["a deployment's run that timed out", { kind: "deployment", env_id: "dev" }, ["timed out"], "/o/acme/apps/shop/schedule"],
  ["one under way after a failure", { kind: "retention", app_id: undefined }, ["running", "failed"], "/o/acme/automation/schedules"],
  ["one that succeeded after a failure", { kind: "cleanup" }, ["completed", "failed"], undefined],
  ["what was forgotten", { kind: "cleanup" }, ["forgotten"], undefined],
  ["a scan for drift, which says so itself", { kind: "drift", env_id: "dev" }, ["failed"], undefined],
])("schedule: %s", (_, schedule, runs, to) => {
  const found = concernsOfSchedule("acme", { id: "s", app_id: "shop", what: "It happens", ...schedule } as Schemas["Schedule"], runs.map((status) => ({ status, at: "2025-12-31T00:00:00Z" }) as Schemas["ScheduleRun"]));
  expect(found[0]?.to).toBe(to);
});

test("what I can approve comes first, then what waits longest", () => {
  const all = [["a", false, "1"], ["b", true, "3"], ["c", true, "2"]] as const;
  expect(mineFirst(all.map(([id, mine, created_at]) => ({ deployment_id: id, mine, created_at }) as Schemas["DeploymentApproval"])).map((a) => a.deployment_id)).toEqual(["c", "b", "a"]);
});
