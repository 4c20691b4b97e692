import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, gone, hello, page, shot, takeProblems, visit } from "./support/page";

const orgId = api.org;

const release = `id: release
name: Release
on:
  pipeline_call:
    inputs:
      env_id: {type: string, required: true, description: Environment to release to}
jobs:
  check:
    steps:
    - name: Look around
      uses: actions/humanitec/log@v1
      with: {message: "checking \${{ inputs.env_id }}"}
  notes:
    steps:
    - uses: actions/humanitec/log@v1
      with: {message: wrote the notes}
  ask:
    needs: [check, notes]
    steps:
    - uses: actions/humanitec/approve@v1
      with: {env_id: "\${{ inputs.env_id }}", message: "Release to \${{ inputs.env_id }}?"}
  done:
    needs: [ask]
    steps:
    - uses: actions/humanitec/log@v1
      with: {message: it is released}
`;

async function write(text: string) {
  await page().locator(".cm-content").click();
  await page().keyboard.press("ControlOrMeta+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

test("a pipeline is written, checked by line, run, approved, and run again", async () => {
  const app = fresh("piped");
  await api.app(app, "Piped");
  await visit(`/o/demo/apps/${app}/automation`);
  await page().getByRole("link", { name: "New pipeline" }).click();
  await page().locator(".cm-content").waitFor();
  await page().getByRole("status").filter({ hasText: "Valid" }).waitFor();
  await write("name: Wrong\non:\n  pipeline_call: {}\njobs:\n  a:\n    steps:\n    - uses: actions/humanitec/nothing@v1\n");
  await page().getByText(/^Line 7:/).waitFor();
  await page().getByRole("button", { name: "Create", disabled: true }).waitFor();
  takeProblems(); // the refusals of dry runs
  await expectAccessible();
  await shot("pipeline-problems");
  await write(release);
  await page().getByRole("status").filter({ hasText: "Valid" }).waitFor();
  takeProblems();
  await page().getByRole("button", { name: "Create" }).click();
  await page().waitForURL("**/automation/pipelines/release");
  await page().getByText("Look around").waitFor();
  await expectAccessible();
  await shot("pipeline");

  await page().getByRole("button", { name: "Run", exact: true }).click();
  const dialog = page().getByRole("dialog");
  await dialog.getByText("Environment to release to").waitFor();
  await dialog.getByLabel("env_id").fill("development");
  await dialog.getByRole("button", { name: "Run" }).click();
  await page().waitForURL("**/pipelines/release/runs/*");
  await page().getByRole("region", { name: "Approval of ask" }).waitFor();
  const graph = page().getByRole("region", { name: "Jobs of the run" });
  await graph.getByRole("button", { name: /^ask .*waiting for approval/ }).waitFor();
  await graph.getByRole("button", { name: /^check .*succeeded/ }).click();
  await page().getByText("checking development").waitFor();
  await expectAccessible();
  await shot("pipeline-run");
  await page().getByRole("button", { name: "Approve" }).click();
  await graph.getByRole("button", { name: /^done .*succeeded/ }).waitFor();
  await page().locator("header").getByText("succeeded", { exact: true }).waitFor();

  // Once more, and no this time.
  await page().getByRole("button", { name: "Run again" }).click();
  await page().getByRole("region", { name: "Approval of ask" }).waitFor();
  await page().getByRole("button", { name: "Deny" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Deny" }).click();
  await page().locator("header").getByText("failed", { exact: true }).waitFor();
  await page().getByRole("link", { name: "an earlier run" }).waitFor();

  // And one that is given up.
  await page().getByRole("button", { name: "Run again" }).click();
  await page().getByRole("region", { name: "Approval of ask" }).waitFor();
  await page().getByRole("button", { name: "Cancel" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
  await page().locator("header").getByText("cancelled", { exact: true }).waitFor();

  await visit(`/o/demo/apps/${app}/automation/runs`);
  await page().getByRole("row").filter({ hasText: "denied" }).or(page().getByRole("row").filter({ hasText: "failed" })).first().waitFor();
  await expect.poll(() => page().getByRole("row").count(), { timeout: 20_000 }).toBe(4);
  await expectAccessible();
  await shot("pipeline-runs");
}, 180_000);

test("a pipeline has versions and criteria", async () => {
  const app = fresh("versions");
  await api.app(app, "Edited");
  await visit(`/o/demo/apps/${app}/automation/pipelines/default-deployment`);
  await page().locator(".cm-content").waitFor();
  await page().locator(".cm-content").click();
  await page().keyboard.press("ControlOrMeta+Home");
  await page().keyboard.insertText("# Ours now\n");
  await page().getByRole("status").filter({ hasText: "Valid" }).waitFor();
  await page().getByRole("button", { name: "Save" }).click();
  await page().getByText("the newest version").waitFor();
  await page().getByRole("link", { name: "Versions", exact: true }).last().click();
  await page().getByRole("region", { name: "What it changed" }).getByText("# Ours now").waitFor();
  await expectAccessible();
  await shot("pipeline-versions");
  await page().getByRole("link", { name: "Criteria" }).click();
  await page().getByRole("button", { name: "Add a criterion" }).click();
  await page().getByRole("dialog").getByLabel("Environment type").fill("development");
  await page().getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await page().getByRole("cell", { name: "development", exact: true }).waitFor();
  await expectAccessible();
  await page().getByRole("button", { name: "Remove the criterion for environment type development" }).click();
  await page().getByRole("dialog").getByRole("button", { name: "Remove criterion" }).click();
  await gone(page().getByRole("cell", { name: "development", exact: true }));
});

test("a rule deploys what is pushed, until it is paused and deleted", async () => {
  const app = fresh("ruled");
  await api.app(app, "Ruled");
  await visit(`/o/demo/apps/${app}/automation/rules`);
  await page().getByText("No rule yet").waitFor();
  await page().getByRole("button", { name: "New rule" }).click();
  const dialog = page().getByRole("dialog");
  await dialog.getByLabel("What is pushed from").fill("refs/heads/(");
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByRole("alert").waitFor();
  takeProblems(); // no regular expression
  await dialog.getByLabel("What is pushed from").fill("refs/heads/main");
  await dialog.getByRole("button", { name: "Create" }).click();
  const row = page().getByRole("row").filter({ hasText: "refs/heads/main" });
  await row.getByText("active").waitFor();
  await expectAccessible();
  await shot("rules");
  const act = async (name: string) => {
    await row.getByRole("button", { name: /^Actions/ }).click();
    await page().getByRole("menuitem", { name }).click();
  };
  await act("Pause");
  await row.getByText("paused").waitFor();
  await act("Delete");
  await page().getByRole("dialog").getByRole("button", { name: "Delete rule" }).click();
  await page().getByText("No rule yet").waitFor();
});

test("a webhook is made, tells of a deployment, and what it sent is read and sent again", async () => {
  const heard: IncomingMessage[] = [];
  const receiver = createServer((request, response) => {
    heard.push(request);
    request.resume();
    response.end("ok");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  try {
    const app = fresh("hooked");
    const hook = fresh("chat");
    await api.app(app, "Hooked");
    await visit(`/o/demo/apps/${app}/automation/webhooks`);
    await page().getByText("No webhook yet").waitFor();
    await page().getByRole("button", { name: "New webhook" }).click();
    const dialog = page().getByRole("dialog");
    await dialog.getByLabel("Id").fill(hook);
    await dialog.getByLabel("Address").fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
    await dialog.getByLabel("Secret").fill("only-a-test");
    await dialog.getByLabel("Payload").fill("- no object");
    await dialog.getByRole("button", { name: "Create", disabled: true }).waitFor();
    await dialog.getByLabel("Payload").fill("text: ${app_id} is at ${event}");
    await expectAccessible();
    await shot("webhook");
    await dialog.getByRole("button", { name: "Create" }).click();
    await page().getByText("Nothing was sent yet").waitFor();
    await api.deployed(app, "development", [hello("web")]);
    const row = page().getByRole("row").filter({ hasText: "deployment.finished" });
    await row.getByText(/delivered|failed/).waitFor();
    await expectAccessible();
    await shot("webhooks");
    const before = heard.length;
    await row.click();
    await page().getByRole("dialog").getByText(`"${app}"`).first().waitFor();
    await page().getByRole("dialog").getByRole("button", { name: "Send again" }).click();
    if (before > 0) await eventually("it was sent again", () => Promise.resolve(heard.length > before || undefined));
    await page().getByRole("button", { name: `Actions for ${hook}` }).click();
    await page().getByRole("menuitem", { name: "Delete" }).click();
    await page().getByRole("dialog").getByRole("button", { name: "Delete webhook" }).click();
    await page().getByText("No webhook yet").waitFor();
    await eventually("it is gone", async () => {
      const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/webhooks", { params: { path: { orgId, appId: app } } });
      return data?.length === 0 || undefined;
    });
  } finally {
    receiver.close();
  }
});

test("what waits for approval in any application is at the top", async () => {
  const app = fresh("waits");
  await api.app(app, "Waits");
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path: { orgId, appId: app } }, body: release as never, bodySerializer: () => release, headers: { "Content-Type": "application/x-yaml" } });
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", { params: { path: { orgId, appId: app, pipelineId: "release" } }, body: { inputs: { env_id: "development" } } });
  await visit("/o/demo/automation");
  await page().getByRole("link", { name: `${app}: release` }).waitFor();
  await expectAccessible();
  await shot("automation");
  await page().getByRole("link", { name: `${app}: release` }).click();
  await page().getByRole("button", { name: "Approve" }).click();
  await page().locator("header").getByText("succeeded", { exact: true }).waitFor();
});
