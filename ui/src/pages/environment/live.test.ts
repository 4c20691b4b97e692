import { expect, test } from "vitest";

import { news } from "./live";

const path = { orgId: "o", appId: "a", envId: "e" };
const told = (type: string, data: unknown) => {
  const { set, stale = [] } = news(path, { id: "1", type, data });
  return { set: set && JSON.stringify(set[0]?.[0]), value: set?.[0]?.[1], stale: stale.map((k) => String(k[1]).split("/envs/{envId}")[1] ?? k[1]) };
};

test.each([
  ["paused", { paused: true }, "/runtime/paused", []],
  ["lifetime", { protected: false }, "/lifetime", []],
  ["deployment", { id: "d", status: "pending" }, undefined, ["/deploys", "/queue"]],
  ["deployment", { id: "d", status: "succeeded" }, undefined, ["/deploys", "/queue", "/resources", "/resources/graph"]],
  ["progress", { deployment_id: "d", nodes: {} }, undefined, ["/deploys/{deployId}/nodes"]],
  ["approvals", [{ deployment_id: "d", message: "waiting for 1 approval" }], undefined, ["/orgs/{orgId}/deployment-approvals"]],
  ["operation", { id: "x" }, undefined, ["/operations"]],
  ["drift", { id: "x" }, undefined, ["/drift"]],
  ["end", { reason: "gone" }, undefined, []],
])("%s %j", (type, data, set, stale) => {
  const got = told(type, data);
  if (set === undefined) expect(got.set).toBeUndefined();
  else expect(got.set).toContain(set);
  expect(got.value).toBe(set === undefined ? undefined : data);
  expect(got.stale).toEqual(stale);
});

test("an environment that is gone is not shown any more", () => {
  expect(news(path, { type: "end", data: { reason: "gone" } }).gone?.map((k) => k[1])).toEqual(["/orgs/{orgId}/apps/{appId}/envs/{envId}"]);
});
