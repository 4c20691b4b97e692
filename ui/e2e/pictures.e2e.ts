import { test } from "vitest";

import { api, page, shot, visit } from "./support/page";

// Pictures for docs/guides/web-ui.md of pages that other tests look at without taking one. `make ui-pictures` takes them all.
const wanted = process.env.UPDATE_DOCS === "1";

test.skipIf(!wanted)("pages of the platform and settings, with data", { timeout: 120_000 }, async () => {
  await api.person("Ada Lovelace", "member", { app: { shop: "owner" }, deployer: ["development", "staging", "production"] });
  await api.person("Grace Hopper", "member", { app: { shop: "developer" }, deployer: ["development"] });
  await api.person("Edsger Dijkstra", "orgViewer");
  const orgId = api.org;
  const credentials = { aws_access_key_id: "AKIAONLYATEST", aws_secret_access_key: "only-a-test" };
  for (const [id, name] of [["aws-production", "AWS, production"], ["aws-sandbox", "AWS, sandbox"]]) {
    await api.client.POST("/orgs/{orgId}/resources/accounts", { params: { path: { orgId } }, body: { id, name, type: "aws", credentials } as never }).catch((error: unknown) => {
      if (!String(error).includes("409")) throw error;
    });
  }
  const pictures: [string, string][] = [
    ["settings-members", "settings"], ["settings-roles", "settings/applications?of=shop"], ["settings-deployers", "settings/deployers?of=development"],
    ["accounts", "platform/accounts"], ["secret-stores", "platform/secret-stores"], ["clusters", "platform/clusters"], ["active-resources", "platform/resources"],
    ["application-promotions", "apps/shop/promotions"], ["environment-deployments", "apps/shop/envs/development/deployments"], ["environment-resources", "apps/shop/envs/development/resources"],
    ["applications", "apps"],
  ];
  for (const [name, path] of pictures) {
    await visit(`/o/demo/${path}`);
    await page().locator("main").locator("table, [role=table], .panel").first().waitFor();
    await shot(name);
  }
});
