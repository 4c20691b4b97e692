import { expect, test } from "vitest";

import { Api } from "./support/api";
import { cluster } from "./support/cluster";
import { api, eventually, expectAccessible, fresh, gone, hello, page, shot, takeProblems, visit } from "./support/page";

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

const concern = (name: RegExp) => page().getByRole("region", { name: "Needs attention" }).getByRole("link", { name });

test("an environment that drifted shows up, and goes when it is deployed again", async () => {
  const app = fresh("drifts");
  await api.app(app);
  const path = { orgId: api.org, appId: app, envId: "development" };
  await api.deployed(app, "development", [hello("web")]);
  const done = cluster("DELETE", `/apis/apps/v1/namespaces/${app}-development/deployments/web`);
  if (!done) return; // an instance that is used again, without its kubeconfig
  await done;
  await api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/drift", { params: { path } });
  await visit("/o/demo");
  const found = concern(new RegExp(`drifted ${app} / Development`));
  await found.waitFor();
  expect(await found.textContent()).toMatch(/1 of \d+ objects are not as they were deployed/);
  await found.click();
  await page().waitForURL(`**/apps/${app}/envs/development/drift`);
  await visit("/o/demo");
  await found.waitFor();
  await api.deployed(app, "development", [hello("web", "docker.io/library/nginx:1.30-alpine")]);
  await found.waitFor({ state: "detached", timeout: 20_000 });
});

test("an environment that is about to end shows up with the time", async () => {
  const app = fresh("ends");
  await api.app(app);
  await api.env(app, "review", "Review");
  const path = { orgId: api.org, appId: app, envId: "review" };
  await api.client.PATCH("/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime", { params: { path }, body: { ttl: "5h" } });
  await visit("/o/demo");
  const found = concern(new RegExp(`expiring ${app} / Review`));
  await found.waitFor();
  expect(await found.textContent()).toMatch(/in [45] hr/);
  await api.client.PATCH("/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime", { params: { path }, body: { protected: true } });
  await found.waitFor({ state: "detached", timeout: 20_000 });
});

test("a step of a pipeline is approved at home, and its run goes on", async () => {
  const app = fresh("asks");
  await api.app(app);
  const text = `id: release
name: Release
on:
  pipeline_call: {}
jobs:
  ask:
    steps:
    - uses: actions/humanitec/approve@v1
      with: {env_id: development, message: "Release it?"}
`;
  const path = { orgId: api.org, appId: app };
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path }, body: text as never, bodySerializer: () => text, headers: { "Content-Type": "application/x-yaml" } });
  const { data: run } = await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", { params: { path: { ...path, pipelineId: "release" } }, body: { inputs: {} } });
  await visit("/o/demo");
  const row = page().getByRole("region", { name: "Waits for approval" }).getByRole("listitem").filter({ hasText: `${app} / release` });
  await row.getByText("Release it?").waitFor();
  expect(await page().getByRole("region", { name: "Being deployed now" }).getByText(`${app} / release`).count()).toBe(0);
  await expectAccessible();
  await row.getByRole("button", { name: "Approve" }).click();
  const dialog = page().locator(".dialog");
  await dialog.getByText("Development").waitFor();
  await dialog.getByRole("button", { name: "Approve" }).click();
  await gone(row);
  await eventually("the run is over", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}", { params: { path: { ...path, pipelineId: "release", runId: (run as { id: string }).id } } });
    return data?.status === "succeeded" || undefined;
  });
});

test("a deployment that fails shows up by itself with its cause, and goes when it is repaired", async () => {
  const app = fresh("fails");
  await api.app(app);
  await visit("/o/demo");
  const broken = { ...hello("web"), resources: { settings: { type: "environment" } } };
  broken.containers.web.variables.GREETING = "${resources.settings.NOBODY_SET_IT}";
  await api.over(app, "development", await api.deploy(app, "development", [broken], "Says hello differently"));
  const found = concern(new RegExp(`failed ${app} / Development`));
  await found.waitFor();
  expect(await found.textContent()).toMatch(/NOBODY_SET_IT.*nothing has been deployed yet/);
  await api.deployed(app, "development", [hello("web")]);
  await found.waitFor({ state: "detached", timeout: 20_000 });
});

test("who asked for a deployment is named, also when they have left", async () => {
  const app = fresh("left");
  const name = fresh("Build robot");
  await api.app(app);
  const { data: robot } = await api.client.POST("/orgs/{orgId}/users", { params: { path: { orgId: api.org } }, body: { name, role: "administrator" } });
  const id = (robot as { id: string }).id;
  const { data: token } = await api.client.POST("/users/{userId}/tokens", { params: { path: { userId: id } }, body: { id: "ci", description: "", type: "static" } as never });
  const its = new Api(api.url, (token as unknown as { token: string }).token);
  await its.deploy(app, "development", [hello("web")], "By a robot");
  await visit(`/o/demo/apps/${app}/envs/development/deployments`);
  await page().getByText(name, { exact: true }).first().waitFor();
  await api.client.DELETE("/orgs/{orgId}/users/{userId}", { params: { path: { orgId: api.org, userId: id } } });
  await page().reload();
  await page().getByText(`${name} (left)`).first().waitFor();
});
