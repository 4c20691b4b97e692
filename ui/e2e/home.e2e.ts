import { expect, test } from "vitest";

import { api, expectAccessible, fresh, hello, page, shot, takeProblems, visit } from "./support/page";

test("home says what needs attention and leads there", async () => {
  await visit("/o/demo");
  const failed = page().getByRole("link", { name: /Broken \/ Development/ });
  await failed.waitFor();
  expect(await failed.textContent()).toContain("what ran before still does");
  await expectAccessible();
  await shot("home");
  await failed.click();
  await page().waitForURL("**/apps/broken/envs/development/deploys/*");
});

test("what is being deployed shows up by itself, and goes when it is over", async () => {
  const app = fresh("live");
  await api.app(app, "Live");
  await visit("/o/demo");
  const link = page().getByRole("region", { name: "Being deployed now" }).getByRole("link", { name: /Live \/ Development/ });
  await page().getByRole("link", { name: "Live", exact: true }).first().waitFor();
  const id = await api.deploy(app, "development", [hello("web", "docker.io/library/simulate-ImagePullBackOff:1")], "To be seen");
  await link.waitFor();
  expect(await link.textContent()).toContain("To be seen");
  await api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/cancel", { params: { path: { orgId: api.org, appId: app, envId: "development", deployId: id } } });
  await link.waitFor({ state: "detached", timeout: 40_000 });
});

test("a new application is made in the browser alone", async () => {
  const id = fresh("furniture");
  await visit("/o/demo");
  await page().getByRole("button", { name: "New application" }).click();
  await page().getByLabel("Name").fill("Möbel & Café");
  expect(await page().getByLabel("Id").inputValue()).toBe("mobel-cafe");
  await page().getByLabel("Id").fill("shop");
  await page().getByRole("button", { name: "Create" }).click();
  expect(await page().getByRole("alert").textContent()).toContain("HTTP-409");
  takeProblems();
  await page().getByLabel("Id").fill(id);
  await expectAccessible();
  await page().getByRole("button", { name: "Create" }).click();
  await page().waitForURL(`**/o/demo/apps/${id}`);
  await page().getByRole("heading", { level: 1, name: "Möbel & Café" }).waitFor();
});
