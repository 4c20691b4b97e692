import { expect, test } from "vitest";

import { verdict, type Permission, type Permitted } from "./may";

const member: Permitted = {
  "/orgs/demo": { permissions: ["organization:read", "users:read"] },
  "/orgs/demo/apps/shop": { permissions: ["application:read", "deployments:create"] },
  "/orgs/demo/env-types/development": { permissions: ["environment-type:deploy"] },
};
const shop = { orgId: "demo", appId: "shop" };

test.each<[string, Permitted, { orgId: string; appId?: string }, Permission, string | undefined, string]>([
  ["what the role on the application gives", member, shop, "application:read", undefined, ""],
  ["and is deployer of the type", member, shop, "deployments:create", "development", ""],
  ["is not deployer of another type", member, shop, "deployments:create", "production", "Needs the role deployer on environment type production."],
  ["a stronger role on the application", member, shop, "pipelines:write", undefined, "Needs the role owner on application shop."],
  ["both", member, shop, "values:write", "production", "Needs the role developer on application shop and deployer on environment type production."],
  ["no role on another application", member, { orgId: "demo", appId: "other" }, "application:read", undefined, "Needs the role viewer on application other."],
  ["something of the organization", member, { orgId: "demo" }, "audit:read", undefined, "Needs the role administrator on organization demo."],
  ["something of the organization, from an application's page", member, shop, "applications:create", undefined, "Needs the role manager on organization demo."],
  ["permitted on the organization is permitted in it", { "/orgs/demo": { permissions: ["values:write", "environment-type:deploy"] } }, shop, "values:write", "production", ""],
  ["another organization", member, { orgId: "else" }, "organization:read", undefined, "Needs the role orgViewer on organization else."],
])("%s", (_, permitted, on, permission, envType, why) => {
  expect(verdict(permitted, on, permission, envType)).toEqual({ ok: why === "", why });
});
