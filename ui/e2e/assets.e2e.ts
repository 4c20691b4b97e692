import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, gone, page, shot, takeProblems, visit } from "./support/page";

const orgId = api.org;

async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label, exact: true }).click();
  await page().keyboard.press("ControlOrMeta+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

/** Deletes what is chosen, knowing what is lost. */
async function deleteChosen(action: string) {
  await page().getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page().getByRole("dialog");
  await dialog.getByText("What will be lost").waitFor();
  await dialog.getByRole("button", { name: action }).click();
  await dialog.waitFor({ state: "detached" });
}

test("a virtual driver is registered, tried by a definition, changed and deleted", async () => {
  const id = fresh("hosted");
  await visit("/o/demo/platform/drivers");
  await page().getByRole("button", { name: "Register a driver" }).click();
  const dialog = page().getByRole("dialog", { name: "Register a driver" });
  await dialog.locator(".cm-content").waitFor();
  await write("Register a driver", `id: ${id}\ntype: redis\ntarget: driver://humanitec/template\naccount_types: []\ninputs_schema: {type: object}\ntemplate: {values: {templates: {outputs: "host: {{ .driver.values.name }}.example.com"}}}\n`);
  await expectAccessible();
  await dialog.getByRole("button", { name: "Register" }).click();
  await dialog.waitFor({ state: "detached" });
  await page().getByRole("searchbox").fill(id);
  await page().getByRole("row").filter({ hasText: `demo/${id}` }).click();
  await page().getByRole("heading", { name: "Template" }).waitFor();
  await expectAccessible();
  await shot("driver");

  const { data } = await api.client.POST("/orgs/{orgId}/resources/defs/test", {
    params: { path: { orgId } },
    body: { definition: { id: "draft", name: "draft", type: "redis", driver_type: `demo/${id}`, driver_inputs: { values: { name: "cache" } } } },
  });
  expect(data?.values).toEqual({ host: "cache.example.com" });

  await page().getByRole("button", { name: "Edit" }).click();
  const edit = page().getByRole("dialog", { name: `Edit demo/${id}` });
  await edit.locator(".cm-content").waitFor();
  await write(`Edit demo/${id}`, `type: redis\ntarget: driver://humanitec/echo\naccount_types: []\ninputs_schema: {type: object}\ntemplate: {values: {host: a}}\n`);
  await edit.getByRole("button", { name: "Save" }).click();
  await page().getByText("driver://humanitec/echo").first().waitFor();
  await deleteChosen("Delete driver");
  await page().getByText("Nothing matches.").waitFor();
});

test("a secret store is added, changed and taken away, its credentials unseen", async () => {
  const id = fresh("store");
  await visit("/o/demo/platform/secret-stores");
  await page().getByRole("button", { name: "New secret store" }).click();
  const dialog = page().getByRole("dialog", { name: "New secret store" });
  await dialog.getByLabel("Kind").selectOption("vault");
  await dialog.locator(".cm-content").waitFor();
  await write("New secret store", `id: ${id}\nprimary: false\nvault: {url: "https://vault.example.com", path: secret, auth: {token: only-a-test-token}}\n`);
  await expectAccessible();
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.waitFor({ state: "detached" });
  const row = page().getByRole("row").filter({ hasText: id });
  await row.getByText("HashiCorp Vault").waitFor();
  expect(await page().content()).not.toContain("only-a-test-token");
  await expectAccessible();
  await shot("secret-store");
  await row.getByRole("button", { name: "Edit" }).click();
  const edit = page().getByRole("dialog", { name: `Edit ${id}` });
  await edit.getByText("Credentials are not shown").waitFor();
  await edit.locator(".cm-content").waitFor();
  await write(`Edit ${id}`, `vault: {url: "https://vault.example.com", path: elsewhere}\n`);
  await edit.getByRole("button", { name: "Save" }).click();
  await row.getByText("elsewhere").waitFor();
  await row.getByRole("button", { name: "Delete" }).click();
  const deleting = page().getByRole("dialog", { name: `Delete ${id}?` });
  await deleting.getByRole("button", { name: "Delete secret store", disabled: true }).waitFor();
  await deleting.getByRole("textbox").fill(id);
  await deleting.getByRole("button", { name: "Delete secret store" }).click();
  await gone(row);
});

test("a workload profile whose chart nobody has uploaded says so", async () => {
  const id = fresh("profile");
  await visit("/o/demo/platform/profiles");
  await page().getByRole("button", { name: "New profile" }).click();
  const dialog = page().getByRole("dialog", { name: "New workload profile" });
  await dialog.locator(".cm-content").waitFor();
  await write("New workload profile", `id: ${id}\ndescription: For a test\nspec_definition: {properties: {containers: {type: feature, feature_name: humanitec/containers, version: "0.1"}}}\nworkload_profile_chart: {id: not-there, version: "1.0"}\n`);
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("alert").getByText('there is no chart "not-there"').waitFor();
  await expectAccessible();
  await shot("profile-refused");
  expect(takeProblems()).toEqual([expect.stringContaining("400")]);
  await page().keyboard.press("Escape");
  // Those that are built in are looked at, and not changed.
  await page().getByRole("searchbox").fill("default-cronjob");
  await page().getByRole("row").filter({ hasText: "humanitec/default-cronjob" }).click();
  await page().getByRole("heading", { name: "What a workload may say" }).waitFor();
  expect(await page().getByRole("button", { name: "New version" }).count()).toBe(0);
});

test("an account that a cloud refuses says why", async () => {
  const id = fresh("refused");
  await api.client.POST("/orgs/{orgId}/resources/accounts", {
    params: { path: { orgId } },
    body: { id, name: "Refused", type: "aws", credentials: { aws_access_key_id: "AKIAONLYATEST", aws_secret_access_key: "only-a-test-secret" } } as never,
  });
  await visit("/o/demo/platform/accounts");
  const row = page().getByRole("row").filter({ hasText: id });
  await row.getByRole("button", { name: "Check" }).click();
  const said = await eventually("the check has said something", async () => {
    const told = page().getByRole("dialog").or(page().locator(".toast")).first();
    return (await told.isVisible()) ? await told.innerText() : undefined;
  });
  expect(said).not.toContain("only-a-test-secret");
  expect(said.length).toBeGreaterThan(10);
  await expectAccessible();
  await shot("account-check");
  takeProblems(); // a refusal is an answer 4xx, which the browser logs
});
