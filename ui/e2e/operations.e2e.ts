import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, gone, hello, page, score, shot, visit } from "./support/page";

const dialog = () => page().locator(".dialog"); // toasts are dialogs, too

test("what waits for approval is approved at home, after the plan and the rule were named", async () => {
  const app = fresh("waits");
  await api.app(app, app);
  const policy = { path: { orgId: api.org, policyId: app } };
  await api.client.PUT("/orgs/{orgId}/policies/{policyId}", { params: policy, body: { when: `env.app == "${app}" && plan.created.size() > 0`, effect: "approve", message: "New resources cost money" } });
  try {
    const id = await api.deploy(app, "development", [hello("web")], "Something new");
    await visit("/o/demo");
    const panel = page().getByRole("region", { name: "Waits for approval" });
    const row = panel.getByRole("listitem").filter({ hasText: `${app} / development` });
    await row.getByText(/New resources cost money/).waitFor();
    await expectAccessible();
    await row.getByRole("button", { name: "Approve" }).click();
    await dialog().getByText(`${app}: New resources cost money`).waitFor();
    await dialog().getByText("Effect", { exact: true }).waitFor();
    await dialog().getByLabel("Comment").fill("It is worth it");
    await expectAccessible();
    await shot("home-approve");
    await dialog().getByRole("button", { name: "Approve" }).click();
    await gone(row);
    expect((await api.over(app, "development", id)).status).toBe("succeeded");
  } finally {
    await api.client.DELETE("/orgs/{orgId}/policies/{policyId}", { params: policy });
  }
});

test("a preview rule and its receiver are made; the secret is seen once", async () => {
  const app = fresh("previews");
  await api.app(app, "Previews");
  const p = page();
  await visit(`/o/demo/apps/${app}/previews`);
  await p.getByRole("heading", { name: "No preview rule yet" }).waitFor();
  await p.getByRole("button", { name: "New preview rule" }).click();
  await dialog().getByLabel("Branches").fill("refs/heads/feature/.*");
  await dialog().getByRole("button", { name: "Create" }).click();
  await p.getByRole("region", { name: "Preview rules" }).first().getByText("refs/heads/feature/.*").waitFor();
  await p.getByRole("button", { name: "New receiver" }).click();
  await dialog().getByLabel("Only of the repository").fill("acme/shop");
  await dialog().getByRole("button", { name: "Create" }).click();
  await dialog().getByText("The secret is shown this once. Copy it now.").waitFor();
  const secret = (await dialog().locator("code").last().textContent()) ?? "";
  expect(secret.length).toBeGreaterThanOrEqual(16);
  await expectAccessible();
  await dialog().getByRole("button", { name: "Done" }).click();
  await dialog().waitFor({ state: "detached" });
  await p.getByText("acme/shop").waitFor();
  expect(await p.content()).not.toContain(secret);
  await expectAccessible();
  await shot("previews");
});

test("a deployment is scheduled, and taken back", async () => {
  const app = fresh("clock");
  await api.app(app, "Clock");
  await api.deployed(app, "development", [hello("web")]);
  const p = page();
  await visit(`/o/demo/apps/${app}/schedule`);
  await p.getByRole("button", { name: "Schedule a deployment" }).click();
  await dialog().getByLabel("When").selectOption("cron");
  await dialog().getByLabel("Cron expression").fill("0 6 * * 1-5");
  await dialog().getByLabel("Time zone").fill("Europe/Berlin");
  await dialog().getByLabel("Why").fill("Fresh every morning");
  await expectAccessible();
  await dialog().getByRole("button", { name: "Schedule" }).click();
  const rows = p.getByRole("table", { name: "scheduled deployments" });
  await rows.getByText("0 6 * * 1-5 Europe/Berlin").waitFor();
  await expectAccessible();
  await shot("schedule");
  await rows.getByRole("button", { name: "Take back Fresh every morning" }).click();
  await dialog().getByText("Fresh every morning will not be deployed to Development").waitFor();
  await dialog().getByRole("button", { name: "Take back" }).click();
  await p.getByRole("heading", { name: "Nothing is scheduled" }).waitFor();
});

test("an environment is scanned for drift, and says how it looks for it", async () => {
  const app = fresh("drift");
  await api.app(app, "Drift");
  await api.deployed(app, "development", [hello("web")]);
  const p = page();
  await visit(`/o/demo/apps/${app}/envs/development/drift`);
  await p.getByRole("heading", { name: "It was not scanned yet" }).waitFor();
  await p.getByRole("button", { name: "Scan now" }).click();
  await p.getByRole("heading", { name: "As it was deployed" }).waitFor();
  await p.getByRole("button", { name: "Change", exact: true }).click();
  await dialog().getByLabel("Scan by itself").check();
  await dialog().getByLabel("Time between two scans").fill("12h");
  await dialog().getByLabel("Not looked at").fill("Deployment * /spec/replicas");
  await expectAccessible();
  await dialog().getByRole("button", { name: "Change" }).click();
  await p.getByText("every 12h").waitFor();
  await expectAccessible();
  await shot("drift");
  await eventually("the settings are kept", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/drift/settings", { params: { path: { orgId: api.org, appId: app, envId: "development" } } });
    return data?.enabled && data.ignore.length === 1 ? true : undefined;
  });
});

test("a resource is pinned, and deleting it names what is lost", async () => {
  const app = fresh("pinned");
  await api.app(app, "Pinned");
  await api.deployed(app, "development", [score("shop/catalog.yaml")]);
  const p = page();
  await visit(`/o/demo/apps/${app}/envs/development/resources`);
  const actions = p.getByRole("button", { name: /^Actions of postgres / });
  await actions.click();
  await p.getByRole("menuitem", { name: "Pin to a version" }).click();
  await dialog().getByRole("button", { name: "Pin", exact: true }).click();
  await p.getByText("pinned", { exact: true }).waitFor();
  await actions.click();
  await p.getByRole("menuitem", { name: "Delete" }).click();
  await dialog().getByText(/with the data in it/).waitFor();
  await dialog().getByText(/Its outputs: .*password/).waitFor();
  await dialog().getByRole("button", { name: "Delete resource", disabled: true }).waitFor();
  await expectAccessible();
  await shot("resource-delete");
});
