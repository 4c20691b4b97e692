import { expect, test } from "vitest";

import { api, expectAccessible, fresh, hello, page, shot, visit } from "./support/page";

const row = (key: string) => page().getByRole("row").filter({ has: page().locator("code", { hasText: new RegExp(`^${key}$`) }) });

test("values of an application say where they are overridden, those of an environment what lies below", async () => {
  await visit("/o/demo/apps/shop/values");
  await row("LOG_LEVEL").getByText("staging").waitFor();
  await row("PAYMENT_KEY").getByText("secret v1").waitFor();
  await expectAccessible();
  await shot("values-app");
  await visit("/o/demo/apps/shop/envs/staging/values");
  await row("LOG_LEVEL").getByText("overridden").waitFor();
  expect(await row("LOG_LEVEL").textContent()).toMatch(/debug.*overridden.*info/);
  await row("BANNER").getByText("application").waitFor();
  expect(await page().locator("body").textContent()).not.toContain("sk-only-a-test");
  await expectAccessible();
  await shot("values-env");
});

test("a value is set, overridden, changed, restored, deleted; a secret is written and purged", async () => {
  const app = fresh("ui-values");
  await api.app(app);
  const p = page();
  const dialog = p.locator(".dialog"); // toasts are dialogs, too
  await visit(`/o/demo/apps/${app}/values`);
  await p.getByRole("heading", { name: "No values yet" }).waitFor();
  await p.getByRole("button", { name: "New value" }).first().click();
  await dialog.getByLabel("Key").fill("two words");
  await dialog.getByText("Letters, digits, dots").waitFor();
  await dialog.getByLabel("Key").fill("COLOUR");
  await dialog.getByLabel("Value", { exact: true }).fill("green");
  await expectAccessible();
  await dialog.getByRole("button", { name: "Add" }).click();
  await row("COLOUR").getByText("green").waitFor();

  await p.getByRole("button", { name: "New value" }).click();
  await dialog.getByLabel("Key").fill("TOKEN");
  await dialog.getByLabel("Secret", { exact: true }).first().check();
  await dialog.getByLabel("Secret", { exact: true }).last().fill("first-secret");
  await dialog.getByRole("button", { name: "Add" }).click();
  await row("TOKEN").getByText("secret v1").waitFor();
  await p.getByRole("button", { name: "Change TOKEN" }).click();
  await dialog.getByLabel("Secret", { exact: true }).fill("second-secret");
  await shot("values-secret");
  await dialog.getByRole("button", { name: "Change" }).click();
  await row("TOKEN").getByText("secret v2").waitFor();

  await visit(`/o/demo/apps/${app}/envs/development/values`);
  await p.getByRole("button", { name: "Override COLOUR" }).click();
  await dialog.getByLabel("Value", { exact: true }).fill("blue");
  await dialog.getByRole("button", { name: "Override" }).click();
  await row("COLOUR").getByText("overridden").waitFor();
  await p.getByRole("button", { name: "More about COLOUR" }).click();
  await p.getByRole("menuitem", { name: "Remove the override" }).click();
  await dialog.getByText("“blue”").waitFor();
  await dialog.getByRole("button", { name: "Remove the override" }).click();
  await row("COLOUR").getByText("application").waitFor();
  expect(await row("COLOUR").textContent()).toContain("green");

  // The history of the environment has the override; it comes back.
  await p.getByRole("button", { name: "More about COLOUR" }).click();
  await p.getByRole("menuitem", { name: "History" }).click();
  await p.getByRole("region", { name: "Versions" }).getByRole("row").filter({ hasText: "set COLOUR" }).first().click();
  await p.getByRole("button", { name: "Restore COLOUR" }).click();
  await expectAccessible();
  await shot("values-restore");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await dialog.waitFor({ state: "detached" });
  await p.getByRole("link", { name: "Values", exact: true }).click();
  await row("COLOUR").getByText("overridden").waitFor();

  // The first text of the secret is purged: it names what is lost and wants the key typed.
  await visit(`/o/demo/apps/${app}/values/history?key=TOKEN`);
  await p.getByRole("row").filter({ hasText: "set TOKEN" }).click();
  await p.getByRole("button", { name: "Purge TOKEN" }).click();
  await dialog.getByText("version 1 of the secret TOKEN, also from its store").waitFor();
  await dialog.getByRole("button", { name: "Purge for good", disabled: true }).waitFor();
  await dialog.getByLabel("Type TOKEN to confirm").fill("TOKEN");
  await expectAccessible();
  await shot("values-purge");
  await dialog.getByRole("button", { name: "Purge for good" }).click();
  await dialog.waitFor({ state: "detached" });
  const { data: versions } = await api.client.GET("/orgs/{orgId}/apps/{appId}/value-set-versions", { params: { path: { orgId: "demo", appId: app } } });
  expect(versions?.some((v) => v.values.TOKEN?.secret_version === "1")).toBe(false);
  await visit(`/o/demo/apps/${app}/values/history`);
  await p.getByText("purged a former value").waitFor();
  await expectAccessible();
  await shot("values-history");
  expect(await p.content()).not.toContain("second-secret");
});

test("an environment says that values have changed since its last deployment", async () => {
  const app = fresh("ui-values-late");
  await api.app(app);
  await api.deployed(app, "development", [hello("web")], "First");
  await visit(`/o/demo/apps/${app}/envs/development/values`);
  await page().getByRole("heading", { name: "No values yet" }).waitFor();
  await api.value(app, "NEW", "1");
  await page().getByText("Values have changed since the last deployment").waitFor();
  await page().getByRole("link", { name: "The last deployment" }).click();
  await page().getByRole("heading", { level: 1, name: "First" }).waitFor();
});
