import { expect, test } from "vitest";

import type { Schemas } from "~/api/client";

import { concernsOf } from "./attention";

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
