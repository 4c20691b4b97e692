import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, gone, page, shot, takeProblems, visit } from "./support/page";

const people = async () => (await api.client.GET("/orgs/{orgId}/users", { params: { path: { orgId: api.org } } })).data ?? [];

test("somebody is invited, gets another role, and is removed", async () => {
  const email = `${fresh("ada")}@example.com`;
  await visit("/o/demo/settings");
  await page().getByRole("button", { name: "Invite" }).click();
  let dialog = page().getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByLabel("Role").selectOption("manager");
  await dialog.getByText("Invites people, creates applications").waitFor();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Invite" }).click();
  dialog = page().getByRole("dialog", { name: `${email} is invited` });
  const token = await dialog.getByRole("group", { name: "invitation token" }).textContent();
  expect(token?.length).toBeGreaterThan(20);
  await expectAccessible();
  await dialog.getByRole("button", { name: "Done" }).click();

  const row = page().getByRole("row").filter({ hasText: email });
  await row.getByText("pending").waitFor();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page().getByRole("menuitem", { name: "Change role" }).click();
  dialog = page().getByRole("dialog");
  await dialog.getByLabel("Role").selectOption("member");
  await dialog.getByRole("button", { name: "Change role" }).click();
  await row.getByRole("cell", { name: "member", exact: true }).waitFor();
  expect((await people()).find((u) => u.email === email)?.role).toBe("member");
  await expectAccessible();
  await shot("settings");

  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page().getByRole("menuitem", { name: "Remove" }).click();
  dialog = page().getByRole("dialog");
  await dialog.getByText("What will be lost").waitFor();
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await gone(row);
  expect((await people()).some((u) => u.email === email)).toBe(false);
});

test("a service user gets a token, which is shown once and works until it is deleted", async () => {
  const name = fresh("ci");
  await visit("/o/demo/settings/service-users");
  await page().getByRole("button", { name: "New service user" }).click();
  let dialog = page().getByRole("dialog", { name: "New service user" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Responsible").fill("platform@example.com");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page().getByRole("heading", { name: `Tokens of ${name}` }).waitFor();
  await page().getByText("No token yet").waitFor();
  await page().getByRole("button", { name: "New token" }).click();
  dialog = page().getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("Id").fill("github-actions");
  await dialog.getByLabel("What for").fill("Deploys from the main branch");
  await dialog.getByRole("button", { name: "Create token" }).click();
  dialog = page().getByRole("dialog", { name: "Token github-actions" });
  const token = (await dialog.getByRole("group", { name: "token" }).textContent()) ?? "";
  const asks = () => fetch(`${api.url}/current-user`, { headers: { Authorization: `Bearer ${token}` } });
  expect(((await (await asks()).json()) as { name: string }).name).toBe(name);
  await expectAccessible();
  await shot("token");
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
  await page().getByRole("row").filter({ hasText: "Deploys from the main branch" }).waitFor();
  expect(await page().content()).not.toContain(token);
  await expectAccessible();
  await shot("service-users");
  await page().getByRole("button", { name: "New token" }).click();
  dialog = page().getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("Id").fill("github-actions");
  await dialog.getByRole("button", { name: "Create token" }).click();
  await dialog.getByRole("alert").getByText("github-actions").waitFor(); // there is one already
  takeProblems();
  await page().keyboard.press("Escape");
  await page().getByRole("button", { name: "Delete token github-actions" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Delete token" }).click();
  await page().getByText("No token yet").waitFor();
  expect((await asks()).status).toBe(401);
});

test("a group has roles on an application and an environment type, and people", async () => {
  const app = fresh("shared");
  const name = fresh("platform");
  await api.app(app, "Shared");
  await visit("/o/demo/settings/groups");
  await page().getByRole("button", { name: "New group" }).click();
  let dialog = page().getByRole("dialog", { name: "New group" });
  await dialog.getByLabel("Group").fill(name);
  await dialog.getByLabel("Identity provider").fill("corp");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page().getByText("Nobody is in it").waitFor();
  await page().getByLabel("Add to the group").selectOption({ label: "Admin" });
  await page().getByRole("button", { name: "Add", exact: true }).click();
  await page().getByRole("table", { name: "members of the group" }).getByRole("cell", { name: "Admin", exact: true }).waitFor();
  await expectAccessible();
  await shot("groups");

  await visit(`/o/demo/settings/applications?of=${app}`);
  await page().getByRole("button", { name: "Give a role" }).click();
  dialog = page().getByRole("dialog");
  await dialog.getByLabel("Who").selectOption({ label: `${name} (group)` });
  await dialog.getByLabel("Role").selectOption("owner");
  await dialog.getByRole("button", { name: "Give role" }).click();
  const row = page().getByRole("row").filter({ hasText: name });
  await row.getByText("owner").waitFor();
  await expectAccessible();
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page().getByRole("menuitem", { name: "Remove" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Take role" }).click();
  await gone(row);

  await visit("/o/demo/settings/deployers?of=development");
  await page().getByRole("heading", { name: "Deployers of development" }).waitFor();
  await expectAccessible();
});

test("the audit log says who did what, and what it was before", async () => {
  const app = fresh("audited");
  await api.app(app, "Audited");
  await api.value(app, "COLOUR", "blue");
  await api.client.PATCH("/orgs/{orgId}/apps/{appId}", { params: { path: { orgId: api.org, appId: app } }, body: { name: "Renamed" } });
  await visit("/o/demo/settings/audit");
  await page().getByLabel("Object", { exact: true }).fill(`/orgs/demo/apps/${app}`);
  await page().getByLabel("Object", { exact: true }).press("Enter");
  const log = page().getByRole("table", { name: "audit log" });
  await eventually("only what is in the application", async () => {
    const rows = await log.getByRole("row").allTextContents();
    return (rows.length > 3 && rows.slice(1).every((r) => r.includes(app))) || undefined;
  });
  await page().getByLabel("Action").fill("update");
  await page().getByLabel("Action").press("Enter");
  const entry = log.getByRole("row").filter({ hasText: "update" }).first();
  await entry.waitFor();
  expect(page().url()).toContain("action=update");
  await entry.focus();
  await page().keyboard.press("Enter");
  const dialog = page().getByRole("dialog", { name: "update application" });
  await dialog.getByText('"name": "Renamed"').waitFor();
  await dialog.getByText('"name": "Audited"').waitFor();
  await expectAccessible();
  await shot("audit-entry");
  await page().keyboard.press("Escape");
  await page().getByLabel("Action").fill("");
  await page().getByLabel("Action").press("Enter");
  await log.getByRole("row").nth(2).waitFor();
  await expectAccessible();
  await shot("audit");
  await page().getByRole("button", { name: "Export" }).click();
  const saved = page().waitForEvent("download");
  await page().getByRole("menuitem", { name: "As CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("audit-demo.csv");
});
