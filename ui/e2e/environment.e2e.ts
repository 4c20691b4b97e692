import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, hello, page, shot, slowDeletion, visit } from "./support/page";

const shop = "/o/demo/apps/shop/envs/development";

test("an environment shows its workloads, their pods, and what happened", async () => {
  await visit(shop);
  const frontend = page().getByRole("region", { name: "Workload frontend" });
  await frontend.getByText("1 of 1 ready").waitFor();
  await frontend.getByRole("listitem").getByText(/^frontend-/).waitFor();
  await page().getByRole("link", { name: "A newer web server" }).waitFor();
  await page().getByText("Nothing runs or waits.").waitFor();
  await expectAccessible();
  await shot("environment");
});

test("a pod that does not start says why, and what to try", async () => {
  await visit("/o/demo/apps/broken/envs/typo");
  const web = page().getByRole("region", { name: "Workload web" });
  await web.getByRole("status").filter({ hasText: /pull/i }).first().waitFor();
  await expectAccessible();
  await shot("environment-failing");
});

test("the resource graph tells who asked for a resource and what made it", async () => {
  await visit(`${shop}/graph`);
  const graph = page().getByRole("region", { name: "Resource graph" }).last();
  const postgres = graph.getByRole("button", { name: /^postgres shared \/ shop-db, succeeded/ });
  await postgres.waitFor();
  await page().getByRole("searchbox", { name: "Search resources" }).fill("postgres");
  await page().getByText(/^1 of \d+$/).waitFor();
  await postgres.click();
  const details = page().getByRole("complementary", { name: "Details of the resource" });
  await details.getByText("starter-postgres", { exact: true }).first().waitFor();
  const text = (await details.textContent()) ?? "";
  expect(text).toContain("humanitec/template");
  expect(text).toContain("catalog");
  expect(text).toMatch(/host.*postgres-/);
  await details.getByText("password").waitFor();
  expect(text).not.toMatch(/password[^•]*[A-Za-z0-9]{16}/); // secrets are dots
  await page().getByRole("searchbox", { name: "Search resources" }).fill("");
  await expectAccessible();
  await shot("graph");
  await details.getByRole("button", { name: /workload/ }).first().click();
  await page().waitForURL(/node=workload/);
});

test("active resources are a list that leads to the graph", async () => {
  await visit(`${shop}/resources`);
  await page().getByRole("searchbox").fill("redis");
  await page().getByRole("link", { name: "redis", exact: true }).click();
  await page().getByRole("complementary", { name: "Details of the resource" }).getByText("starter-redis", { exact: true }).first().waitFor();
  await visit(`${shop}/resources`);
  await page().getByRole("link", { name: "redis", exact: true }).waitFor();
  await expectAccessible();
  await shot("resources");
});

test("a workload is scaled, the environment paused and resumed", async () => {
  const app = fresh("scaled");
  await api.app(app, "Scaled");
  await api.deployed(app, "development", [hello("web")]);
  await visit(`/o/demo/apps/${app}/envs/development`);
  const web = page().getByRole("region", { name: "Workload web" });
  await web.getByRole("button", { name: "Scale" }).click();
  await page().getByRole("button", { name: "One more" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Scale" }).click();
  await web.getByText("2 of 2 ready").waitFor({ timeout: 40_000 });
  await page().getByRole("button", { name: "More" }).click();
  await page().getByRole("menuitem", { name: "Pause" }).click();
  await page().getByRole("heading", { level: 1 }).locator("..").getByText("paused").waitFor();
  await web.getByText("0 of 0 ready").waitFor({ timeout: 40_000 });
  await eventually("the pause is over", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/operations", { params: { path: { orgId: api.org, appId: app, envId: "development" } } });
    return data?.every((o) => o.status === "succeeded") || undefined;
  });
  await page().getByRole("button", { name: "More" }).click();
  await page().getByRole("menuitem", { name: "Resume" }).click();
  await web.getByText("2 of 2 ready").waitFor({ timeout: 40_000 });
});

test("logs come as they are written", async () => {
  await visit(`${shop}/logs`);
  await page().getByText("live", { exact: true }).waitFor();
  const log = page().getByRole("log");
  await log.getByText(/simulated: nothing runs/).first().waitFor();
  await page().getByRole("combobox", { name: "Workload" }).selectOption("orders");
  await log.getByText("orders").first().waitFor();
  await log.getByText("frontend").first().waitFor({ state: "detached" });
  await expectAccessible();
  await shot("logs");
});

test("an environment gets an end, and deleting it names what will be lost", async () => {
  const app = fresh("ended");
  await api.app(app, "Ended");
  await api.env(app, "review");
  await visit(`/o/demo/apps/${app}/envs/review/lifetime`);
  await page().getByRole("button", { name: "Change" }).click();
  await page().getByLabel("Time to live from now on").fill("3d");
  await page().getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await page().getByText(/^in [23] days$/).first().waitFor();
  await page().getByLabel("A deployment that meets another one").selectOption("supersede");
  await eventually("the policy is changed", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/queue/policy", { params: { path: { orgId: api.org, appId: app, envId: "review" } } });
    return data?.policy === "supersede" || undefined;
  });
  await expectAccessible();
  await shot("lifetime");
  await slowDeletion("**/envs/review");
  await page().getByRole("button", { name: "More" }).click();
  await page().getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page().getByRole("dialog", { name: "Delete review?" });
  await dialog.getByText("Everything that runs in it").waitFor();
  await dialog.getByRole("textbox").fill("review");
  await dialog.getByRole("button", { name: "Delete environment" }).click();
  await page().waitForURL(`**/o/demo/apps/${app}`);
});
