import { afterAll, beforeAll, expect, test } from "vitest";

import { api, as, eventually, expectAccessible, fresh, gone, hello, page, second, shot, visit, type Page } from "./support/page";

// Two people, each in a browser of their own: the administrator, who asks, and Bea, whose approval counts.
const app = fresh("agreed");
const policy = { path: { orgId: api.org, policyId: app } };
const at = { orgId: api.org, appId: app };
let token = "";

const dialog = (p: Page = page()) => p.locator(".dialog"); // toasts are dialogs, too
const why = new RegExp(`You asked for this deployment, and policy ${app} wants somebody else to approve it`);

beforeAll(async () => {
  await api.app(app, "Agreed");
  await api.env(app, "next", "Next");
  await api.deployed(app, "development", [hello("web")], "The first");
  ({ token } = await api.person("Bea", "member", { app: { [app]: "developer" }, deployer: ["development"] }));
  await api.client.PUT("/orgs/{orgId}/policies/{policyId}", {
    params: policy,
    body: { when: `env.app == "${app}" && env.id == "next"`, effect: "approve", exclude_proposer: true, message: "Two people look at it" },
  });
});

afterAll(async () => {
  await api.client.DELETE("/orgs/{orgId}/policies/{policyId}", { params: policy });
});

/** Promotes what runs in development, in the browser; gives its row. */
async function promote(reason: string) {
  const p = page();
  await visit(`/o/demo/apps/${app}`);
  await p.getByRole("button", { name: "Promote to Next" }).click();
  await dialog().getByLabel("Why").fill(reason);
  await dialog().getByRole("button", { name: "Promote", exact: true }).click();
  await p.getByRole("navigation", { name: /^Parts of/ }).getByRole("link", { name: "Promotions" }).click();
  const row = p.getByRole("row", { name: new RegExp(reason) });
  await row.getByText("waiting for approval").waitFor();
  return row;
}

test("a promotion waits for somebody else: rejected, cancelled, approved", async () => {
  await api.client.PUT("/orgs/{orgId}/apps/{appId}/promotion-path", { params: { path: at }, body: { steps: [{ env: "development" }, { env: "next" }] } });
  const p = page();
  const bea = await second(token);
  const decide = (reason: string, what: string) =>
    as(bea, async () => {
      await visit(`/o/demo/apps/${app}/promotions`);
      await bea.getByRole("row", { name: new RegExp(reason) }).click();
      await dialog(bea).getByText("Two people look at it").last().waitFor();
      await dialog(bea).getByLabel("Comment").fill(`${what}, says Bea`);
      await dialog(bea).getByRole("button", { name: what }).click();
    });

  // Who asked is told why it is for somebody else.
  let row = await promote("Too early");
  await row.click();
  await dialog().getByText(why).waitFor();
  await dialog().getByRole("button", { name: "Approve", disabled: true }).waitFor();
  await expectAccessible();
  await shot("promotion-waits");
  await p.keyboard.press("Escape");
  await decide("Too early", "Reject");
  await row.getByText(/failed|rejected/).waitFor();

  row = await promote("Never mind");
  await row.click();
  await dialog().getByRole("button", { name: "Cancel promotion" }).click();
  await row.getByText("cancelled").waitFor();

  row = await promote("This time");
  await decide("This time", "Approve");
  await row.getByText("succeeded").waitFor({ timeout: 40_000 });
  const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/status", { params: { path: at } });
  expect(data?.environments.find((e) => e.id === "next")?.workloads.map((w) => w.id)).toEqual(["web"]);
}, 120_000);

test("a deployment is rejected on its page, and approved at home, by the second person", async () => {
  const p = page();
  const bea = await second(token);
  const first = await api.deploy(app, "next", [hello("web", "docker.io/library/nginx:1.30-alpine")], "A newer one");
  await visit(`/o/demo/apps/${app}/envs/next/deploys/${first}`);
  const panel = p.getByRole("region", { name: "Waiting for approval" });
  await panel.getByText(why).waitFor();
  await panel.getByRole("button", { name: "Approve", disabled: true }).waitFor();
  await panel.getByRole("button", { name: "Reject", disabled: false }).waitFor(); // to take it back
  await as(bea, async () => {
    await visit(`/o/demo/apps/${app}/envs/next/deploys/${first}`);
    await bea.getByLabel("Comment").fill("Not on a Friday");
    await shot("deployment-second-person");
    await bea.getByRole("button", { name: "Reject" }).click();
    await bea.locator(".page-head .badge").filter({ hasText: "rejected" }).waitFor();
  });
  await p.locator(".page-head .badge").filter({ hasText: "rejected" }).waitFor(); // without being loaded anew
  await p.getByText("Not on a Friday").first().waitFor();

  const again = await api.deploy(app, "next", [hello("web", "docker.io/library/nginx:1.30-alpine")], "On a Monday");
  await as(bea, async () => {
    await visit("/o/demo");
    const row = bea.getByRole("region", { name: "Waits for approval" }).getByRole("listitem").filter({ hasText: "Agreed / next" });
    await row.getByRole("button", { name: "Approve" }).click();
    await dialog(bea).getByRole("button", { name: "Approve" }).click();
    await gone(row);
  });
  expect((await api.over(app, "next", again)).status).toBe("succeeded");
}, 90_000);

const pipeline = `id: ask
name: Ask
on: {pipeline_call: {}}
jobs:
  ask:
    steps:
    - uses: actions/humanitec/approve@v1
      with: {env_id: development, message: "May it go on?"}
`;

test("a step of a pipeline is approved at home and denied on the page of the run; who may not deploy there does neither", async () => {
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path: at }, body: pipeline as never, bodySerializer: () => pipeline, headers: { "Content-Type": "application/x-yaml" } });
  const run = async () => {
    const { data } = await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", { params: { path: { ...at, pipelineId: "ask" } }, body: { inputs: {} } });
    return data?.id ?? "";
  };
  const ended = (runId: string, how: string) =>
    eventually(`the run ${how}`, async () => {
      const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}", { params: { path: { ...at, pipelineId: "ask", runId } } });
      return data?.status === how || undefined;
    });
  const bea = await second(token);
  const vic = await second((await api.person("Vic", "member", { app: { [app]: "developer" } })).token);
  const first = await run();
  const theirs = (p: Page) => p.getByRole("region", { name: "Waits for approval" }).getByRole("listitem").filter({ hasText: "May it go on?" });
  await as(vic, async () => {
    await visit("/o/demo");
    const button = theirs(vic).getByRole("button", { name: "Approve" });
    // What may be done is asked first.
    await expect.poll(() => button.getAttribute("aria-description"), { timeout: 30_000 }).toBe("Needs the role deployer on environment type development.");
    await visit(`/o/demo/apps/${app}/automation/pipelines/ask/runs/${first}`);
    const asked = vic.getByRole("region", { name: "Approval of ask" });
    await asked.getByText("May it go on?").waitFor();
    await asked.getByRole("button", { name: "Approve", disabled: true }).waitFor();
  });
  await as(bea, async () => {
    await visit("/o/demo");
    await theirs(bea).getByRole("button", { name: "Approve" }).click();
    await dialog(bea).getByRole("button", { name: "Approve" }).click();
    await gone(theirs(bea));
  });
  await ended(first, "succeeded");
  const next = await run();
  await as(bea, async () => {
    await visit(`/o/demo/apps/${app}/automation/pipelines/ask/runs/${next}`);
    await bea.getByRole("region", { name: "Approval of ask" }).getByRole("button", { name: "Deny" }).click();
    await dialog(bea).getByRole("button", { name: "Deny" }).click();
    await bea.locator(".page-head .badge").filter({ hasText: "failed" }).waitFor();
  });
  await ended(next, "failed");
}, 90_000);
