import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, gone, hello, page, shot, takeProblems, visit } from "./support/page";

const orgId = api.org;

/** A definition of an environment's configuration, which fits nothing but what its criterion says. */
async function define(id: string, criteria: { app_id?: string; env_id?: string; env_type?: string }[], values = { host: "one.example.com", port: 5432 }) {
  await api.client.POST("/orgs/{orgId}/resources/defs", {
    params: { path: { orgId } },
    body: { id, name: id, type: "postgres", driver_type: "humanitec/echo", driver_inputs: { values: { ...values, name: "shop" } }, criteria },
  });
}

const withDatabase = (name: string) => ({ ...hello(name), resources: { db: { type: "postgres" } } });

/** Replaces what is in the editor, which a person does with the keyboard, too. */
async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label, exact: true }).click();
  await page().keyboard.press("ControlOrMeta+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

test("definitions are found among many", async () => {
  await visit("/o/demo/platform");
  await page().getByRole("searchbox").fill("redis");
  await page().getByRole("link", { name: "starter-redis" }).waitFor();
  expect(await page().getByRole("row").filter({ hasText: "starter-redis" }).count()).toBe(1);
  await page().getByRole("searchbox").fill("");
  await page().getByLabel("Type").selectOption("s3");
  await page().getByRole("link", { name: "starter-s3" }).waitFor();
  await page().getByLabel("Type").selectOption("");
  await expectAccessible();
  await shot("platform");
});

test("a definition is made, wins where it should, is changed with its impact known, compared, and deleted", async () => {
  const app = fresh("data");
  const def = fresh("pg");
  await api.app(app, "Data");
  await api.deployed(app, "development", [withDatabase("api")], "With a database");

  await visit("/o/demo/platform/new-definition");
  await page().locator(".cm-content").waitFor();
  await write("Definition", `kind: Definition\nmetadata: {id: ${def}}\nentity: {name: x}\n`);
  await page().getByRole("button", { name: "Review and create", disabled: true }).waitFor();
  await expectAccessible();
  await write(
    "Definition",
    `apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: ${def}}\nentity: {name: ${def}, type: postgres, driver_type: humanitec/echo, driver_inputs: {values: {host: one.example.com, port: 5432, name: shop}}, criteria: [{app_id: ${app}}]}\n`,
  );
  await page().getByRole("button", { name: "Review and create" }).click();
  let dialog = page().getByRole("dialog", { name: `Create ${def}` });
  await dialog.getByText(`${app}/development`).waitFor();
  await dialog.getByText("replaced").waitFor();
  await expectAccessible();
  await shot("impact");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page().waitForURL(`**/platform/definitions/${def}`);
  await page().getByText("host: one.example.com").waitFor();
  await expectAccessible();
  await shot("definition");

  // The tester says that it wins in this application, and why another one loses.
  await visit(`/o/demo/platform/tester?type=postgres&res=modules.api.externals.db&app=${app}&env=development`);
  await page().getByRole("row").filter({ hasText: def }).getByText("wins").waitFor();
  const loser = page().getByRole("row").filter({ hasText: "starter-postgres" });
  await loser.getByText("matches", { exact: true }).waitFor();
  expect(await page().getByLabel("Environment type").isDisabled()).toBe(true);
  await expectAccessible();
  await shot("tester");
  await page().getByLabel("Class").fill("nobody-has-it");
  await page().getByText("None", { exact: true }).waitFor();
  await expectAccessible();
  // For an application that does not exist.
  await page().getByLabel("Class").fill("");
  await page().getByRole("combobox", { name: "Application" }).fill("not-there");
  await page().getByRole("row").filter({ hasText: "starter-postgres" }).waitFor();
  await page().getByRole("row").filter({ hasText: def }).waitFor({ state: "detached" });

  // A change becomes a version; the two are compared.
  await visit(`/o/demo/platform/definitions/${def}`);
  await page().getByText("host: one.example.com").waitFor();
  await write(
    "Definition",
    `apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: ${def}}\nentity: {name: ${def}, type: postgres, driver_type: humanitec/echo, driver_inputs: {values: {host: two.example.com, port: 5432, name: shop}}}\n`,
  );
  await page().getByRole("button", { name: "Review and save" }).click();
  dialog = page().getByRole("dialog", { name: `Save ${def}` });
  await dialog.getByLabel("Keep it as a proposal").check();
  await dialog.getByRole("button", { name: "Save as a proposal" }).click();
  await dialog.waitFor({ state: "detached" });
  await page().locator("main").getByRole("link", { name: "Versions" }).click();
  await page().getByText("proposed", { exact: true }).waitFor();
  const diff = page().getByRole("region", { name: "What differs" });
  await diff.getByText("host: one.example.com").waitFor();
  await diff.getByText("host: two.example.com").waitFor();
  await expectAccessible();
  await shot("definition-versions");
  await page().getByRole("button", { name: "Promote" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Promote" }).click();
  await page().getByText("earlier", { exact: true }).waitFor();
  const { data } = await api.client.GET("/orgs/{orgId}/resources/defs/{defId}", { params: { path: { orgId, defId: def } } });
  expect(data?.driver_inputs?.values?.host).toBe("two.example.com");

  // Criteria, one more and one less.
  await page().locator("main").getByRole("link", { name: "Criteria" }).click();
  await page().getByRole("button", { name: "Add a criterion" }).click();
  dialog = page().getByRole("dialog", { name: "Add a criterion" });
  await dialog.getByLabel("Application").fill(app);
  await dialog.getByLabel("Environment type").fill("production");
  await dialog.getByRole("button", { name: "Review" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Add criterion" }).click();
  await page().getByRole("cell", { name: "production", exact: true }).waitFor();
  await expectAccessible();
  await shot("definition-criteria");
  await page().getByRole("button", { name: `Remove the criterion for app ${app}, env type production` }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Remove criterion" }).click();
  await gone(page().getByRole("cell", { name: "production", exact: true }));

  // Deleted, knowing what it does.
  await page().getByRole("button", { name: "More" }).click();
  await page().getByRole("menuitem", { name: "Delete" }).click();
  dialog = page().getByRole("dialog", { name: `Delete ${def}?` });
  await dialog.getByText("What will be lost").waitFor();
  await dialog.getByRole("button", { name: "Delete definition" }).click();
  await page().waitForURL("**/o/demo/platform");
  takeProblems(); // the page that was left may ask for what is gone
}, 180_000);

test("what exists says why, and is pinned to a version", async () => {
  const app = fresh("pinned");
  const def = fresh("pg");
  await api.app(app, "Pinned");
  await define(def, [{ app_id: app }]);
  await api.deployed(app, "development", [withDatabase("api")]);
  await visit("/o/demo/platform/resources");
  await page().getByLabel("Application", { exact: true }).selectOption(app);
  await page().getByLabel("Type", { exact: true }).selectOption("postgres");
  const row = page().getByRole("row").filter({ hasText: app }).filter({ hasText: "modules.api.externals.db" });
  await row.waitFor();
  await page().getByRole("searchbox", { name: "Search active resources" }).fill("nothing has this");
  await page().getByText("None.").waitFor();
  await page().getByRole("searchbox", { name: "Search active resources" }).fill("API.Externals");
  await page().waitForURL(`**/platform/resources?app=${app}&type=postgres&text=API.Externals`);
  await row.waitFor();
  await page().reload();
  await row.waitFor();
  await row.focus();
  await page().keyboard.press("Enter");
  const dialog = page().getByRole("dialog");
  await dialog.getByText('workload api declares it as resource "db"').waitFor();
  await expectAccessible();
  await shot("resource-why");
  await page().keyboard.press("Escape");
  await page().getByLabel("Application", { exact: true }).selectOption("");
  await page().getByLabel("Type", { exact: true }).selectOption("");
  await page().getByRole("searchbox", { name: "Search active resources" }).fill("");
  await page().getByRole("row").nth(5).waitFor();
  await expectAccessible();
  await shot("resources-everywhere");

  await visit(`/o/demo/platform/definitions/${def}/resources`);
  await page().getByRole("button", { name: /^Pin modules.api.externals.db/ }).click();
  const pin = page().getByRole("dialog");
  await pin.getByLabel("Version").selectOption({ index: 1 });
  await pin.getByRole("button", { name: "Pin", exact: true }).click();
  await page().getByText("pinned", { exact: true }).waitFor();
  await eventually("it is pinned", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/resources/defs/{defId}/resources", { params: { path: { orgId, defId: def } } });
    return data?.[0]?.target_def_version_id;
  });
});

test("types, clusters, drivers, accounts, stores and profiles are there", async () => {
  await visit("/o/demo/platform/types?type=postgres");
  await page().getByRole("heading", { name: "What it gives" }).waitFor();
  await page().locator(".cm-content").first().waitFor();
  await expectAccessible();
  await shot("resource-types");

  await visit("/o/demo/platform/clusters");
  await page().getByRole("link", { name: "starter-k8s-cluster" }).waitFor();
  await page().getByRole("button", { name: "Check a connection" }).click();
  const check = page().getByRole("dialog");
  await check.getByLabel("Environment").selectOption("shop/development");
  await check.getByRole("button", { name: "Check" }).click();
  await check.getByText("It answers").waitFor();
  await expectAccessible();
  await shot("cluster-check");
  await page().keyboard.press("Escape");

  await visit("/o/demo/platform/drivers");
  await page().getByText("humanitec/template").waitFor();
  await expectAccessible();
  await shot("drivers");

  await visit("/o/demo/platform/secret-stores");
  await page().getByText("primary", { exact: true }).waitFor();
  await expectAccessible();

  await visit("/o/demo/platform/profiles?profile=humanitec%2Fdefault-module");
  await page().locator(".cm-content").first().waitFor();
  await expectAccessible();
  await shot("profiles");
});

test("a type of one's own is made, changed and deleted", async () => {
  const type = `demo/${fresh("key")}`;
  await visit("/o/demo/platform/types");
  await page().getByRole("button", { name: "New type" }).click();
  let dialog = page().getByRole("dialog", { name: "New resource type" });
  await dialog.locator(".cm-content").waitFor();
  await write("New resource type", "type: [");
  await dialog.getByText(/^Line 1:/).waitFor();
  await write("New resource type", `type: ${type}\nname: A key\nuse: direct\n`);
  await expectAccessible();
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.waitFor({ state: "detached" });
  await page().getByRole("searchbox").fill(type);
  await page().getByRole("row").filter({ hasText: type }).click();
  expect(await page().getByRole("searchbox").inputValue()).toBe(type); // the search is still there
  await page().getByRole("button", { name: "Edit" }).click();
  dialog = page().getByRole("dialog", { name: `Edit ${type}` });
  await dialog.locator(".cm-content").waitFor();
  await write(`Edit ${type}`, "name: Another key\nuse: indirect\n");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page().getByRole("cell", { name: "Another key" }).waitFor();
  await page().getByRole("button", { name: "Delete" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Delete type" }).click();
  await page().getByText("Nothing matches.").waitFor();
});

test("an account is made with credentials that nobody sees again", async () => {
  const id = fresh("cloud");
  await visit("/o/demo/platform/accounts");
  await page().getByRole("button", { name: "New account" }).click();
  const dialog = page().getByRole("dialog", { name: "New account" });
  await dialog.getByLabel("Id", { exact: true }).fill(id);
  await dialog.getByLabel("Name").fill("A cloud");
  await dialog.getByLabel("aws_access_key_id").fill("AKIAONLYATEST");
  await dialog.getByLabel("aws_secret_access_key").fill("only-a-test-secret");
  await dialog.getByLabel("Check the credentials first").uncheck();
  await expectAccessible();
  await shot("account");
  await dialog.getByRole("button", { name: "Create" }).click();
  const row = page().getByRole("row").filter({ hasText: id });
  await dialog.waitFor({ state: "detached" });
  await row.getByText("not used").waitFor();
  expect(await page().content()).not.toContain("only-a-test-secret");
  await expectAccessible();
  await row.getByRole("button", { name: "Delete" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Delete account" }).click();
  await gone(row);
});
