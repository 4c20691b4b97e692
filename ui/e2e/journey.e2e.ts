import { expect, test } from "vitest";

import { api, expectAccessible, fresh, page, settled, shot, takeProblems, visit } from "./support/page";

const file = (image: string) => `apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: ${image}
    variables:
      CACHE: \${resources.cache.host}
service:
  ports:
    http:
      port: 8080
resources:
  cache:
    type: redis
`;

const good = "docker.io/library/nginx:1.29-alpine";
const broken = "docker.io/library/simulate-CrashLoopBackOff:1";
const badge = () => page().locator(".page-head .badge");
const dialog = () => page().locator(".dialog"); // toasts are dialogs, too

/** Replaces what stands in an editor. */
async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label }).click();
  await page().keyboard.press("Control+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

/** From the environment's page to a deployment of a Score file; the review is looked at in between. */
async function deployFile(image: string, comment: string, review: () => Promise<void>) {
  const p = page();
  await p.getByRole("link", { name: "Score file" }).first().click();
  await write("Score file", file(image));
  await p.getByRole("region", { name: "Workload web" }).getByText("redis").waitFor();
  await p.getByRole("button", { name: "Review" }).click();
  await review();
  await p.getByLabel("Comment").fill(comment);
  await p.getByRole("button", { name: "Deploy", exact: true }).click();
  await p.getByRole("heading", { level: 1, name: comment }).waitFor();
}

test("in the browser alone: from a new application to a promoted release, past a failure", { timeout: 420_000 }, async () => {
  const app = fresh("journey");
  const p = page();

  // A new application.
  await visit("/o/demo");
  await p.getByRole("button", { name: "New application" }).click();
  await dialog().getByLabel("Name").fill("Journey");
  await dialog().getByLabel("Id").fill(app);
  await dialog().getByRole("button", { name: "Create" }).click();
  await p.waitForURL(`**/o/demo/apps/${app}`);
  await p.getByRole("heading", { level: 1, name: "Journey" }).waitFor();
  await p.getByRole("link", { name: "Development", exact: true }).first().click();
  await p.getByRole("link", { name: "Deploy a change" }).click();

  // A Score file is pasted, previewed, deployed.
  await deployFile(good, "The first release", async () => {
    await p.getByRole("region", { name: "Resources" }).getByText("redis").first().waitFor();
    await settled();
    await shot("journey-review");
  });
  await p.getByRole("group", { name: "Resources over time" }).getByRole("button", { name: /redis/ }).waitFor();
  await badge().filter({ hasText: "succeeded" }).waitFor({ timeout: 90_000 });
  await visit(`/o/demo/apps/${app}/envs/development/graph`);
  await p.getByRole("region", { name: "Resource graph" }).last().getByRole("button", { name: /^redis .*succeeded/ }).waitFor();
  await shot("journey-graph");

  // It is broken, and says why.
  await p.getByRole("link", { name: "Change", exact: true }).click();
  await deployFile(broken, "A release that crashes", async () => {
    await p.getByText(broken).first().waitFor();
  });
  await badge().filter({ hasText: "failed" }).waitFor({ timeout: 150_000 });
  const errors = p.getByRole("list", { name: "Errors" });
  await errors.getByText(/crash/i).first().waitFor();
  await expectAccessible();
  await shot("journey-broken");

  // What ran before is deployed again.
  await p.getByRole("button", { name: "Roll back…" }).click();
  await dialog().getByLabel("Back to").waitFor();
  await dialog().getByRole("button", { name: "Roll back" }).click();
  await p.getByRole("heading", { level: 1, name: /^Roll back to/ }).waitFor();
  await badge().filter({ hasText: "succeeded" }).waitFor({ timeout: 90_000 });

  // A second environment is spun up from what runs.
  await visit(`/o/demo/apps/${app}`);
  await p.getByRole("button", { name: "Spin up" }).click();
  await dialog().getByLabel("Name").fill("staging");
  await dialog().getByRole("button", { name: "Spin up" }).click();
  await p.waitForURL(`**/o/demo/apps/${app}/envs/staging/deploys/*`);
  await badge().filter({ hasText: "succeeded" }).waitFor({ timeout: 90_000 });

  // A secret is set, and a release is promoted along a path.
  await visit(`/o/demo/apps/${app}/values`);
  await p.getByRole("button", { name: "New value" }).first().click();
  await dialog().getByLabel("Key").fill("API_KEY");
  await dialog().getByLabel("Secret", { exact: true }).first().check();
  await dialog().getByLabel("Secret", { exact: true }).last().fill("only-in-this-test");
  await dialog().getByRole("button", { name: "Add" }).click();
  await p.getByText("secret v1").waitFor();
  expect(await p.content()).not.toContain("only-in-this-test");

  await visit(`/o/demo/apps/${app}/envs/development`);
  await p.getByRole("link", { name: "Change", exact: true }).click();
  await deployFile("docker.io/library/nginx:1.30-alpine", "The second release", async () => {
    await p.getByText("docker.io/library/nginx:1.30-alpine").first().waitFor();
  });
  await badge().filter({ hasText: "succeeded" }).waitFor({ timeout: 90_000 });

  await visit(`/o/demo/apps/${app}/promotions`);
  await p.getByRole("region", { name: "Promotion path" }).getByRole("button", { name: "Edit" }).click();
  await dialog().getByRole("button", { name: "Add station" }).click();
  await dialog().getByRole("button", { name: "Add station" }).click();
  await dialog().getByLabel("Station 1", { exact: true }).selectOption("env:development");
  await dialog().getByLabel("Station 2", { exact: true }).selectOption("env:staging");
  await dialog().getByRole("button", { name: "Save" }).click();
  await p.getByRole("list", { name: "Stations of the path" }).getByRole("link", { name: "staging" }).waitFor();
  await visit(`/o/demo/apps/${app}`);
  await p.getByRole("button", { name: "Promote to staging" }).click();
  await dialog().getByText("1.30-alpine").waitFor();
  await dialog().getByLabel("Why").fill("It went well in development");
  await dialog().getByRole("button", { name: "Promote", exact: true }).click();
  await p.getByRole("navigation", { name: /^Parts of/ }).getByRole("link", { name: "Promotions" }).click();
  await p.getByRole("row", { name: /It went well in development/ }).getByText("succeeded").waitFor({ timeout: 90_000 });
  await expectAccessible();
  await shot("promotions");

  // What it writes is read.
  await visit(`/o/demo/apps/${app}/envs/staging/logs`);
  await p.getByRole("log").getByText(/simulated: nothing runs/).first().waitFor();
  await shot("journey-logs");
  takeProblems(); // while a file is typed, the API refuses what is not one yet, and the browser notes that
  const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/status", { params: { path: { orgId: api.org, appId: app } } });
  expect(data?.environments.find((e) => e.id === "staging")?.workloads[0]?.containers[0]?.image).toBe("docker.io/library/nginx:1.30-alpine");
});
