import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, hello, page, shot, slowDeletion, takeProblems, visit } from "./support/page";

test("an application shows what runs where, and whether it is well", async () => {
  await visit("/o/demo/apps/shop");
  const frontend = page().getByRole("row", { name: /^frontend/ });
  await frontend.getByText("1.30-alpine").waitFor();
  await frontend.getByText("1.29-alpine").waitFor();
  await frontend.getByText("Running").first().waitFor();
  await page().getByRole("link", { name: "A newer web server" }).waitFor();
  await expectAccessible();
  await shot("application");
});

test("what one environment has is promoted to the next", async () => {
  const app = fresh("promoted");
  await api.app(app, "Promoted");
  await api.env(app, "staging", "Staging", "staging");
  await api.client.PUT("/orgs/{orgId}/apps/{appId}/promotion-path", { params: { path: { orgId: api.org, appId: app } }, body: { steps: [{ env: "development" }, { env: "staging" }] } });
  await api.deployed(app, "development", [hello("web")]);
  await visit(`/o/demo/apps/${app}`);
  await page().getByRole("button", { name: "Promote to Staging" }).click();
  const dialog = page().getByRole("dialog");
  await dialog.getByText("1.29-alpine").waitFor();
  await dialog.getByLabel("Why").fill("The first release");
  await expectAccessible();
  await shot("promote");
  await dialog.getByRole("button", { name: "Promote" }).click();
  await page().getByRole("link", { name: "The first release" }).waitFor();
  const there = await eventually("staging has it", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/status", { params: { path: { orgId: api.org, appId: app } } });
    return data?.environments.find((e) => e.id === "staging")?.running;
  });
  expect(there.comment).toBe("The first release");
  await page().getByRole("button", { name: "Promote to Staging" }).waitFor({ state: "detached" });
});

test("an environment is spun up in three fields", async () => {
  const app = fresh("spun");
  await api.app(app, "Spun");
  await api.deployed(app, "development", [hello("web")]);
  await visit(`/o/demo/apps/${app}`);
  await page().getByRole("button", { name: "Spin up" }).click();
  const dialog = page().getByRole("dialog");
  await dialog.getByLabel("Name").fill("Not An Id");
  await dialog.getByRole("button", { name: "Spin up" }).click();
  expect(await dialog.getByRole("alert").textContent()).toContain("HTTP-400");
  takeProblems();
  await dialog.getByLabel("Name").fill("review-17");
  await dialog.getByLabel("Lives").selectOption("3d");
  await expectAccessible();
  await shot("spin-up");
  await dialog.getByRole("button", { name: "Spin up" }).click();
  await page().waitForURL(`**/o/demo/apps/${app}/envs/review-17/deploys/*`);
  await visit(`/o/demo/apps/${app}`);
  const made = page().getByRole("columnheader", { name: /review-17/ });
  await made.getByText("succeeded").waitFor();
  expect(await made.textContent()).toMatch(/ends in (2|3) days/);
});

test("deleting an application names what will be lost", async () => {
  const app = fresh("doomed");
  await api.app(app, "Doomed");
  await visit(`/o/demo/apps/${app}`);
  await page().getByRole("button", { name: "Delete" }).click();
  const dialog = page().getByRole("dialog", { name: "Delete Doomed?" });
  await dialog.getByText(/The environment Development: every resource in it/).waitFor();
  await dialog.getByRole("button", { name: "Delete application", disabled: true }).waitFor();
  await dialog.getByRole("textbox").fill(app);
  await expectAccessible();
  await slowDeletion(`**/orgs/demo/apps/${app}`); // the page hears that it is gone before its request is answered, and complains of nothing
  await dialog.getByRole("button", { name: "Delete application" }).click();
  await page().waitForURL("**/o/demo/apps");
  await eventually("it is gone", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps", { params: { path: { orgId: api.org } } });
    return data?.every((a) => a.id !== app) || undefined;
  });
});
