import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

import type { Api } from "./api";

/** A Score file of examples/, as an object that may be changed: `score("shop/frontend.yaml")`. */
export function score(name: string): { containers: Record<string, { image: string }>; [key: string]: unknown } {
  const path = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  return parse(readFileSync(path, "utf8")) as ReturnType<typeof score>;
}

/** The smallest Score file, under a name of its own and with an image. */
export const hello = (name: string, image = "docker.io/library/nginx:1.29-alpine") => ({
  apiVersion: "score.dev/v1b1",
  metadata: { name },
  containers: { web: { image, variables: { GREETING: "hello" } } },
  service: { ports: { http: { port: 80 } } },
});

/**
 * What every page's tests find, made through the public API. Look at it as much as you like, but change things in an
 * application that your test makes itself.
 *
 *   shop   development, staging (both deployed, values), production (empty); a promotion path
 *   broken development: its last deployment failed, because a value is missing
 *          typo: its deployment is under way for most of a minute, with an image that cannot be pulled, and fails
 */
export async function seed(api: Api) {
  const { data: apps } = await api.client.GET("/orgs/{orgId}/apps", { params: { path: { orgId: api.org } } });
  if (apps?.some((a) => a.id === "broken")) return; // an instance that is used again
  await Promise.all([api.envType("staging", "For what is about to be released."), api.envType("production", "For customers.")]);
  await Promise.all([shop(api), broken(api)]);
}

async function shop(api: Api) {
  await api.app("shop", "Shop");
  await api.env("shop", "staging", "Staging", "staging");
  await api.env("shop", "production", "Production", "production");
  await api.value("shop", "BANNER", "Welcome to the shop", { description: "Shown at the top of each page" });
  await api.value("shop", "LOG_LEVEL", "info", { description: "debug, info, warn or error" });
  await api.value("shop", "PAYMENT_KEY", "sk-only-a-test", { secret: true, description: "Of the payment provider" });
  await api.value("shop", "LOG_LEVEL", "debug", { env: "staging" });
  await api.client.PUT("/orgs/{orgId}/apps/{appId}/promotion-path", {
    params: { path: { orgId: api.org, appId: "shop" } },
    body: { steps: [{ env: "development" }, { env: "staging" }, { env: "production" }] },
  });
  const all = ["catalog", "orders", "frontend"].map((name) => score(`shop/${name}.yaml`));
  const first = api.deployed("shop", "development", all, "The whole shop");
  await Promise.all([first, api.deployed("shop", "staging", all, "The whole shop")]);
  const frontend = score("shop/frontend.yaml");
  (frontend.containers.web as { image: string }).image = "docker.io/library/nginx:1.30-alpine";
  await api.deployed("shop", "development", [frontend], "A newer web server");
}

async function broken(api: Api) {
  await api.app("broken", "Broken");
  await api.env("broken", "typo", "Typo");
  await api.deployed("broken", "development", [hello("web")], "It works");
  const missing = { ...hello("web"), resources: { settings: { type: "environment" } } };
  missing.containers.web.variables.GREETING = "${resources.settings.NOBODY_SET_IT}";
  await api.over("broken", "development", await api.deploy("broken", "development", [missing], "Says hello differently"));
  await api.deploy("broken", "typo", [hello("web", "docker.io/library/simulate-ImagePullBackOff:1")], "A typo in the image"); // takes 45 s to be given up
}
