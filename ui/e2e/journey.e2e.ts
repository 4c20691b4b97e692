import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "vitest";

import { beginWatching, seen } from "./support/alive";
import { Api } from "./support/api";
import { api as shared, expectAccessible, fresh, hello, ownInstance, page, settled, shot, takeProblems, visit } from "./support/page";

// A new user's way from `slipway dev` on a clean home, in the browser alone. Nothing is asked of the API but, at the end, whether
// what the pages say is true; no address is typed but the first one.

const good = "docker.io/library/nginx:1.29-alpine";
const newer = "docker.io/library/nginx:1.30-alpine";
const broken = "docker.io/library/simulate-CrashLoopBackOff:1";

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

const badge = () => page().locator(".page-head .badge");
const dialog = () => page().locator(".dialog"); // toasts are dialogs, too
const side = (name: string) => page().getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
const part = (name: string) => page().getByRole("navigation", { name: /^Parts of/ }).getByRole("link", { name, exact: true }).click();
const ended = (how: string) => badge().filter({ hasText: how }).waitFor({ timeout: 60_000 });

/** To an environment, over the list of applications at the side. */
async function environment(name: string) {
  await side("Bakery");
  await page().locator("main").getByRole("link", { name, exact: true }).first().click();
  await page().getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

/** Replaces what stands in an editor. */
async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label }).click();
  await page().keyboard.press("Control+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

/** From the environment's page to a deployment of a pasted Score file; the review is looked at in between. */
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

test("a new user, from an empty instance, in the browser alone", { timeout: 240_000 }, async () => {
  const began = Date.now();
  const step = (name: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1)} s: ${name}`);
  const own = await ownInstance();
  const p = page();
  step("slipway dev is up");

  // Signs in, and is welcomed.
  await p.goto("/");
  await p.getByLabel("Token").fill(own.token);
  await p.getByRole("button", { name: "Sign in" }).click();
  await p.getByRole("heading", { name: /Nothing is here yet/ }).waitFor();
  await expectAccessible();
  await shot("journey-empty");

  // A new application.
  await p.getByRole("button", { name: "New application" }).first().click();
  await dialog().getByLabel("Name").fill("Bakery");
  await dialog().getByRole("button", { name: "Create" }).click();
  await p.getByRole("heading", { level: 1, name: "Bakery" }).waitFor();
  await shot("journey-application");
  await p.locator("main").getByRole("link", { name: "Development", exact: true }).first().click();
  await p.getByRole("link", { name: "Deploy a change" }).waitFor();
  await shot("journey-environment");
  await p.getByRole("link", { name: "Deploy a change" }).click();
  step("the application is there");

  // A Score file is pasted, previewed, deployed; the graph comes alive before one's eyes.
  await beginWatching(p);
  await deployFile(good, "The first release", async () => {
    await p.getByRole("region", { name: "Resources" }).getByText("redis").first().waitFor();
    await settled();
    await shot("journey-review");
  });
  await p.getByRole("group", { name: "Resources over time" }).getByRole("button", { name: /redis/ }).waitFor();
  await ended("succeeded");
  await environment("Development");
  await part("Resource graph");
  await p.getByRole("region", { name: "Resource graph" }).last().getByRole("button", { name: /^redis .*succeeded/ }).waitFor();
  await shot("journey-graph");
  step("the first release runs");

  // It is broken, and says why.
  await p.getByRole("link", { name: "Change", exact: true }).click();
  await deployFile(broken, "A release that crashes", async () => {
    await p.getByText(broken).first().waitFor();
  });
  await ended("failed");
  await p.getByRole("list", { name: "Errors" }).getByText(/crash|ended with/i).first().waitFor();
  const alive = await seen(p);
  expect(alive.samePage, "nothing was loaded anew").toBe(true);
  expect([alive.states.redis?.at(-1), alive.states.workload?.at(-1)]).toEqual(["succeeded", "succeeded"]);
  expect(alive.states["the deployment"]?.slice(-2), "it went wrong before one's eyes").toEqual(["in progress", "failed"]);
  await expectAccessible();
  await shot("journey-broken");
  step("it is broken");

  // What ran before is deployed again.
  await p.getByRole("button", { name: "Roll back…" }).click();
  await dialog().getByLabel("Back to").waitFor();
  await dialog().getByRole("button", { name: "Roll back" }).click();
  await p.getByRole("heading", { level: 1, name: /^Roll back to/ }).waitFor();
  await ended("succeeded");
  step("it is rolled back");

  // A second environment is spun up from what runs.
  await side("Bakery");
  await p.getByRole("button", { name: "Spin up" }).click();
  await dialog().getByLabel("Name").fill("staging");
  await dialog().getByRole("button", { name: "Spin up" }).click();
  await p.waitForURL("**/envs/staging/deploys/*");
  await ended("succeeded");
  step("staging runs");

  // A newer release, promoted along a path.
  await environment("Development");
  await p.getByRole("link", { name: "Change", exact: true }).click();
  await deployFile(newer, "The second release", async () => {
    await p.getByText(newer).first().waitFor();
  });
  await ended("succeeded");
  await side("Bakery");
  await part("Promotions");
  await p.getByRole("region", { name: "Promotion path" }).getByRole("button", { name: "Edit" }).click();
  await dialog().getByRole("button", { name: "Add station" }).click();
  await dialog().getByRole("button", { name: "Add station" }).click();
  await dialog().getByLabel("Station 1", { exact: true }).selectOption("env:development");
  await dialog().getByLabel("Station 2", { exact: true }).selectOption("env:staging");
  await dialog().getByRole("button", { name: "Save" }).click();
  await p.getByRole("list", { name: "Stations of the path" }).getByRole("link", { name: "staging" }).waitFor();
  await part("Overview");
  await p.getByRole("button", { name: "Promote to staging" }).click();
  await dialog().getByText("1.30-alpine").waitFor();
  await dialog().getByLabel("Why").fill("It went well in development");
  await dialog().getByRole("button", { name: "Promote", exact: true }).click();
  await part("Promotions");
  await p.getByRole("row", { name: /It went well in development/ }).getByText("succeeded").waitFor({ timeout: 60_000 });
  await expectAccessible();
  await shot("promotions");
  step("the second release is promoted");

  // A secret is set; nobody reads it again.
  await p.getByRole("link", { name: "Values", exact: true }).click();
  await p.getByRole("button", { name: "New value" }).first().waitFor();
  await shot("journey-values");
  await p.getByRole("button", { name: "New value" }).first().click();
  await dialog().getByLabel("Key").fill("API_KEY");
  await dialog().getByLabel("Secret", { exact: true }).first().check();
  await dialog().getByLabel("Secret", { exact: true }).last().fill("only-in-this-test");
  await dialog().getByRole("button", { name: "Add" }).click();
  await dialog().waitFor({ state: "detached" });
  await p.getByText("secret v1").waitFor();
  expect(await p.content()).not.toContain("only-in-this-test");
  step("a secret is set");

  // What it writes is read.
  await environment("staging");
  await part("Logs");
  await p.getByRole("log").getByText(/simulated: nothing runs/).first().waitFor();
  await shot("journey-logs");
  step("logs are read");

  // A pipeline is made, run, and approved.
  await side("Bakery");
  await p.locator("main").getByRole("link", { name: "Automation", exact: true }).click();
  await p.getByRole("link", { name: "New pipeline" }).first().click();
  await p.getByRole("status").filter({ hasText: "Valid" }).waitFor();
  await shot("journey-new-pipeline");
  await p.getByRole("button", { name: "Create" }).click();
  await p.getByRole("heading", { level: 1, name: "Release" }).waitFor();
  await p.getByRole("button", { name: "Run", exact: true }).click();
  await dialog().getByLabel("from").fill("development");
  await dialog().getByLabel("to", { exact: true }).fill("staging");
  await dialog().getByRole("button", { name: "Run" }).click();
  await p.getByRole("region", { name: "Approval of ask" }).getByText("Bring what runs in development to staging?").waitFor();
  await shot("journey-approval");
  await p.getByRole("button", { name: "Approve" }).click();
  await ended("succeeded");
  await shot("journey-run");
  step("a pipeline was approved");

  await side("Home");
  await p.getByText("All is well").waitFor();
  await shot("journey-home");
  takeProblems(); // while a file is typed, the API refuses what is not one yet, and the browser notes that

  // What the pages said is true.
  const api = new Api(own.url, own.token);
  const path = { orgId: api.org, appId: "bakery" };
  const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/status", { params: { path } });
  const images = Object.fromEntries((data?.environments ?? []).map((e) => [e.id, e.workloads[0]?.containers[0]?.image]));
  expect(images).toEqual({ development: newer, staging: newer });
  const { data: runs } = await api.client.GET("/orgs/{orgId}/pipeline-runs", { params: { path } });
  expect(runs?.filter((r) => r.pipeline_id === "release").map((r) => r.status)).toEqual(["succeeded"]);
});

test("a resource that takes its time is seen to begin and to end, on the page of the deployment and in the graph", async () => {
  const app = fresh("zz-alive"); // last in lists of drivers, which others look at
  let ready = false;
  // A driver over HTTP that is busy until the page was seen to say so.
  const driver = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      if (request.method === "DELETE") response.writeHead(204).end();
      else if (ready) response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ type: "postgres", resource: { values: { host: "db", port: 5432, name: "shop" }, secrets: { username: "u", password: "p" } }, manifests: [] }));
      else response.writeHead(202, { "Content-Type": "application/json", "Retry-After": "1" }).end(JSON.stringify({ status: "creating" }));
    });
  });
  await new Promise<void>((resolve) => driver.listen(0, "127.0.0.1", resolve));
  try {
    const { client, org: orgId } = shared;
    await shared.app(app, "Alive");
    await client.POST("/orgs/{orgId}/resources/drivers", { params: { path: { orgId } }, body: { id: app, type: "postgres", target: `http://127.0.0.1:${(driver.address() as AddressInfo).port}/resources`, account_types: [], inputs_schema: {} } as never });
    await client.POST("/orgs/{orgId}/resources/defs", { params: { path: { orgId } }, body: { id: app, name: app, type: "postgres", driver_type: `${orgId}/${app}`, driver_inputs: { values: {} }, criteria: [{ app_id: app }] } as never });
    const id = await shared.deploy(app, "development", [{ ...hello("web"), resources: { db: { type: "postgres" } } }], "It takes its time");
    const p = page();
    await visit(`/o/demo/apps/${app}/envs/development/deploys/${id}`);
    await beginWatching(p);
    await p.getByRole("group", { name: "Resources over time" }).getByRole("button", { name: /running.*postgres/ }).waitFor();
    await p.getByRole("link", { name: /^development$/i }).first().click();
    await part("Resource graph");
    await p.getByRole("button", { name: /^postgres .*running/ }).waitFor();
    ready = true;
    await p.getByRole("button", { name: /^postgres .*succeeded/ }).waitFor();
    await p.getByRole("button", { name: /^workload .*succeeded/ }).waitFor();
    const { samePage, states } = await seen(p);
    expect(samePage, "nothing was loaded anew").toBe(true);
    expect(states.postgres?.slice(-2)).toEqual(["running", "succeeded"]);
    expect(states.workload?.slice(-2), "what needs it waited").toEqual([expect.stringMatching(/pending|running/), "succeeded"]);
  } finally {
    ready = true;
    driver.close();
  }
});
