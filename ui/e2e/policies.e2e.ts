import { expect, test } from "vitest";

import { api, expectAccessible, fresh, gone, hello, page, shot, takeProblems, visit } from "./support/page";

const orgId = api.org;

async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label, exact: true }).click();
  await page().keyboard.press("ControlOrMeta+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

test("a policy is written with its mistakes named, tried on an example and on a stored plan, changed and deleted", async () => {
  const id = fresh("ask");
  const app = fresh("gated");
  await api.app(app);
  await api.deployed(app, "development", [hello("web")]);
  const { data: plan } = await api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/plans", { params: { path: { orgId, appId: app, envId: "development" } }, body: {} });

  await visit("/o/demo/platform/policies");
  await page().getByRole("link", { name: "New policy" }).click();
  await page().locator(".cm-content").first().waitFor();
  await write("Policy", `id: ${id}\nwhen: |\n  env.app == "${app}" &&\n  plan.nothing\neffect: approve\nmessage: please look\n`);
  await page().getByText("Line 4: undefined field 'nothing'").waitFor();
  await page().getByRole("button", { name: "Create", disabled: true }).waitFor();
  await expectAccessible();
  await shot("policy-wrong");

  // An example that it does not hold for, and one that it does.
  await write("Policy", `id: ${id}\nwhen: |\n  env.app == "${app}"\neffect: approve\napprovals: 2\nmessage: please look\n`);
  await page().getByText("let through", { exact: true }).waitFor();
  await write("Example", `env: {app: ${app}}\n`);
  await page().getByText("people have to agree", { exact: true }).waitFor();
  await page().getByText("2 approvals. please look").waitFor();
  await page().getByRole("button", { name: "Create" }).click();
  await page().waitForURL(`**/platform/policies/${id}`);
  await page().getByText("as it is in use").waitFor();
  await write("Example", `env: {app: ${app}}\n`);
  await page().getByText("people have to agree", { exact: true }).waitFor();
  await expectAccessible();
  await shot("policy");

  // A stored plan.
  await page().getByLabel("On", { exact: true }).selectOption("plan");
  await page().getByLabel("Environment").selectOption(`${app}/development`);
  await page()
    .getByLabel("Plan", { exact: true })
    .selectOption(plan?.id ?? "");
  await page().getByText("people have to agree", { exact: true }).waitFor();
  await page().getByRole("heading", { name: "What it saw" }).waitFor();
  await expectAccessible();
  await shot("policy-plan");

  await write("Policy", `id: ${id}\nwhen: env.app == "${app}"\neffect: deny\nmessage: not at all\n`);
  await page().getByText("denied", { exact: true }).waitFor();
  await page().getByRole("button", { name: "Save" }).click();
  await page().getByText("as it is in use").waitFor();
  await visit("/o/demo/platform/policies");
  const row = page().getByRole("row").filter({ hasText: id });
  await row.getByText("deny", { exact: true }).waitFor();
  await expectAccessible();
  await shot("policies");

  await row.getByRole("link", { name: id }).click();
  await page().getByRole("button", { name: "More" }).click();
  await page().getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page().getByRole("dialog", { name: `Delete ${id}?` });
  await dialog.getByText("Deployments are no longer denied").waitFor();
  await dialog.getByText("No deployment waits because of it.").waitFor();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Delete policy" }).click();
  await page().waitForURL("**/platform/policies");
  await row.waitFor({ state: "detached" });
}, 120_000);

test("a freeze window is made and removed", async () => {
  const type = fresh("calm");
  await api.envType(type, "For a test.");
  await visit("/o/demo/platform/policies");
  await page().getByRole("button", { name: "New freeze window" }).click();
  const dialog = page().getByRole("dialog", { name: "New freeze window" });
  await dialog.getByLabel("Environment type").selectOption(type);
  await dialog.getByLabel("Why").fill("weekend");
  await dialog.getByLabel("Lasts").fill("never");
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("alert").getByText("duration").waitFor();
  expect(takeProblems()).toEqual([expect.stringContaining("400")]);
  await dialog.getByLabel("Lasts").fill("64h");
  await expectAccessible();
  await shot("freeze-window");
  await dialog.getByRole("button", { name: "Create" }).click();
  const row = page().getByRole("row").filter({ hasText: type });
  await row.getByText("weekend").waitFor();
  await expectAccessible();
  await row.getByRole("button", { name: /^Remove the freeze window/ }).click();
  await page().getByRole("dialog").getByText("What will be lost").waitFor();
  await page().getByRole("dialog").getByRole("button", { name: "Remove window" }).click();
  await gone(row);
});
