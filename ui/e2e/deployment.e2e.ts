import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "vitest";

import { beginWatching, seen } from "./support/alive";
import { Api } from "./support/api";
import { api, eventually, expectAccessible, fresh, hello, page, score, settled, shot, takeProblems, visit } from "./support/page";

const at = (app: string, env: string, deploy: string) => `/o/demo/apps/${app}/envs/${env}/deploys/${deploy}`;
const deploysOf = async (appId: string, envId: string) => (await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path: { orgId: api.org, appId, envId } } })).data ?? [];

test("a deployment shows its phases, a lane for each resource, and what made a resource", async () => {
  const first = (await deploysOf("shop", "development")).at(-1);
  await visit(at("shop", "development", first?.id ?? ""));
  const p = page();
  await p.getByRole("list", { name: "Phases" }).getByText("rollout").waitFor();
  const lanes = p.getByRole("group", { name: "Resources over time" });
  await lanes.getByRole("button", { name: /succeeded postgres shared\.shop-db/ }).waitFor();
  await expectAccessible();
  await shot("deployment-timeline");
  // The preview of a page under work does not know where Temporal's Web UI is; the binary does.
  const known = await p.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name="slipway-settings"]')?.content);
  const { temporal_url: temporal } = JSON.parse(known || "{}") as { temporal_url?: string };
  const run = p.getByRole("link", { name: "Temporal" });
  if (temporal) expect(await run.getAttribute("href")).toBe(`${temporal}/workflows/${encodeURIComponent(`deploy:${first?.id ?? ""}`)}`);
  else expect(await run.count()).toBe(0);
  await lanes.getByRole("button", { name: /postgres shared\.shop-db/ }).focus();
  await p.keyboard.press("Enter");
  const panel = p.getByRole("region", { name: "postgres.default#shared.shop-db" });
  await panel.getByText("starter-postgres").waitFor();
  expect(await panel.textContent()).not.toContain("password");
  await expectAccessible();
  await shot("deployment-resource");
  await p.reload();
  await panel.getByText("starter-postgres").waitFor(); // the address names it
  await panel.getByRole("button", { name: "Close" }).click();
  await panel.waitFor({ state: "detached" });
});

test("what changed is there as set, graph and manifests", async () => {
  const last = (await deploysOf("shop", "development"))[0];
  await visit(at("shop", "development", last?.id ?? ""));
  const p = page();
  const parts = p.getByRole("navigation", { name: /^Parts of/ });
  await parts.getByRole("link", { name: "Set" }).click();
  await p.getByText("/spec/containers/web/image").waitFor();
  await p.getByText("docker.io/library/nginx:1.30-alpine").waitFor();
  await expectAccessible();
  await shot("deployment-set");
  await parts.getByRole("link", { name: "Graph" }).click();
  await p.getByRole("region", { name: "workload.default#modules.frontend" }).waitFor();
  await parts.getByRole("link", { name: "Manifests" }).click();
  await p.getByRole("region", { name: "Deployment frontend" }).waitFor();
  await expectAccessible();
  await shot("deployment-manifests");
  await parts.getByRole("link", { name: "Log" }).click();
  await p.getByText(/^delivered \d+ objects/).waitFor();
});

test("an error says where, what and what to do; a retry and a roll back show first what they would do", async () => {
  const app = fresh("ui-deploy");
  await api.app(app);
  const good = await api.deployed(app, "development", [hello("web")], "It works");
  const missing = { ...hello("web"), resources: { settings: { type: "environment" } } };
  missing.containers.web.variables.GREETING = "${resources.settings.GREETING}";
  const bad = await api.deploy(app, "development", [missing], "Greets as set");
  await api.over(app, "development", bad);

  await visit(at(app, "development", bad));
  const p = page();
  const error = p.getByRole("list", { name: "Errors" }).getByRole("alert");
  await error.getByText("DEP-VALUE").waitFor();
  expect(await error.textContent()).toMatch(/workload.*web.*"GREETING" does not exist/);
  await error.getByRole("link", { name: "Values of development" }).waitFor();
  await expectAccessible();
  await shot("deployment-failed");

  await api.value(app, "GREETING", "hello");
  await p.getByRole("button", { name: "Retry…" }).click();
  const dialog = p.locator(".dialog"); // toasts are dialogs, too
  await dialog.getByRole("region", { name: "Resources" }).waitFor();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Retry" }).click();
  const badge = p.locator(".page-head .badge");
  await p.getByRole("heading", { level: 1, name: `Retry of ${bad}` }).waitFor();
  await badge.getByText("succeeded").or(badge.filter({ hasText: "succeeded" })).first().waitFor(); // live, without being loaded again

  await p.getByRole("button", { name: "Roll back…" }).click();
  await dialog.getByLabel("Back to").waitFor();
  await dialog.getByText("/spec/containers/web/variables/GREETING").waitFor();
  await shot("deployment-roll-back");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await p.getByRole("heading", { level: 1, name: `Roll back to ${good}` }).waitFor();
  await badge.filter({ hasText: "succeeded" }).waitFor();
  const all = await deploysOf(app, "development");
  expect(all[0]?.set_id).toBe(all.find((d) => d.id === good)?.set_id);
});

test("a deployment that runs is followed live, and cancelled after a question", async () => {
  const app = fresh("ui-cancel");
  await api.app(app);
  const id = await api.deploy(app, "development", [hello("web", "docker.io/library/simulate-ImagePullBackOff:1"), score("shop/catalog.yaml")], "An image that is not there");
  await visit(at(app, "development", id));
  const p = page();
  await p.getByRole("list", { name: "Phases" }).getByRole("listitem").filter({ hasText: "rollout" }).and(p.locator("[aria-current=step]")).waitFor();
  await settled();
  await shot("deployment-running");
  await p.getByRole("button", { name: "Cancel…" }).click();
  const dialog = p.getByRole("dialog", { name: "Cancel this deployment?" });
  await dialog.getByText("Resources that exist by then stay, and are recorded.").waitFor();
  await dialog.getByRole("button", { name: "Cancel the deployment" }).click();
  await p.locator(".page-head .badge").filter({ hasText: "cancelled" }).waitFor();
  await p.getByRole("button", { name: "Retry…" }).waitFor();
  await eventually("it is over", async () => ((await deploysOf(app, "development"))[0]?.outcome === "cancelled" ? true : undefined));
  takeProblems();
});

test("a deployment that a policy stops is approved here, after a look at what it would do", async () => {
  const app = fresh("ui-approve");
  const policy = { org: api.org, id: app };
  await api.app(app);
  await api.client.PUT("/orgs/{orgId}/policies/{policyId}", {
    params: { path: { orgId: policy.org, policyId: policy.id } },
    body: { when: `env.app == "${app}" && plan.created.size() > 0`, effect: "approve", message: "New resources cost money" },
  });
  try {
    const id = await api.deploy(app, "development", [hello("web")], "Something new");
    await visit(at(app, "development", id));
    const p = page();
    await p.locator(".page-head .badge").filter({ hasText: "waiting for approval" }).waitFor();
    const panel = p.getByRole("region", { name: "Waiting for approval" });
    await panel.getByText("New resources cost money").waitFor();
    await panel.getByText("1 of 1 approval missing").waitFor();
    await expectAccessible();
    await shot("deployment-approval");
    await panel.getByLabel("Comment").fill("It is worth it");
    await panel.getByRole("button", { name: "Approve" }).click();
    await p.locator(".page-head .badge").filter({ hasText: "succeeded" }).waitFor();
    await p.getByRole("list", { name: "Decisions" }).getByText("It is worth it").waitFor();
  } finally {
    await api.client.DELETE("/orgs/{orgId}/policies/{policyId}", { params: { path: { orgId: policy.org, policyId: policy.id } } });
  }
});

/** A secret store that does not answer before it is told to: what is made with its secrets takes its time. */
async function slowVault() {
  const waiting: (() => void)[] = [];
  let answers = false;
  const server = createServer((request, response) => {
    request.resume();
    const answer = () => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ data: { data: { value: "only-in-this-test" }, metadata: { version: 1 } } }));
    if (answers) answer();
    else waiting.push(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const answer = () => {
    answers = true;
    for (const a of waiting.splice(0)) a();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answer, stop: () => (answer(), server.close()) };
}

test("a deployment is heard of, not asked about: somebody else approves it, and what takes its time begins and ends", async () => {
  const { client, org: orgId } = api;
  const app = fresh("zz-heard"); // last in lists, which others look at
  const vault = await slowVault();
  await api.app(app);
  const other = await api.person("Olga Other", "member", { app: { [app]: "developer" }, deployer: ["development"] });
  await client.POST("/orgs/{orgId}/secretstores", { params: { path: { orgId } }, body: { id: app, primary: false, vault: { url: vault.url, path: "secret", auth: { token: "only-a-test-token" } } } as never });
  const templates = { outputs: "host: db\nport: 5432\nname: shop\n", secrets: "username: u\npassword: {{ .driver.secrets.password }}\n" };
  await client.POST("/orgs/{orgId}/resources/defs", {
    params: { path: { orgId } },
    body: { id: app, name: app, type: "postgres", driver_type: "humanitec/template", driver_inputs: { values: { templates }, secret_refs: { password: { store: app, ref: "db" } } }, criteria: [{ app_id: app }] } as never,
  });
  const policy = { path: { orgId, policyId: app } };
  await client.PUT("/orgs/{orgId}/policies/{policyId}", { params: policy, body: { when: `env.app == "${app}"`, effect: "approve", message: "Somebody has to look at it" } });
  try {
    const id = await api.deploy(app, "development", [{ ...hello("web"), resources: { db: { type: "postgres" } } }], "It takes its time");
    const p = page();
    const asked: string[] = []; // all but streams
    p.on("request", (r) => {
      if (!(r.headers().accept ?? "").includes("text/event-stream")) asked.push(`${r.method()} ${new URL(r.url()).pathname}`);
    });
    const expectQuiet = async () => {
      await p.waitForTimeout(800); // for what the last event made stale
      expect(asked, "requests are seen here").not.toEqual([]);
      asked.length = 0;
      await p.waitForTimeout(5000); // where nothing is heard, some of it is asked for every two seconds
      expect(asked.filter((path, i) => asked.indexOf(path) !== i), "what is heard of is not asked for, but for one look every 30 s").toEqual([]);
    };
    await visit(at(app, "development", id));
    await beginWatching(p);
    await p.getByRole("region", { name: "Waiting for approval" }).waitFor();
    await settled();
    const params = { path: { orgId, appId: app, envId: "development", deployId: id } };
    await new Api(api.url, other.token).client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals", { params, body: { decision: "approve", comment: "Looks good" } });
    const soon = { timeout: 10_000 }; // sooner than anything is asked for by the clock
    await p.getByRole("list", { name: "Decisions" }).getByText(/Olga Other.*Looks good/).waitFor(soon);
    const lanes = p.getByRole("group", { name: "Resources over time" });
    await lanes.getByRole("button", { name: /running.*postgres/ }).waitFor(soon);
    await expectQuiet();

    await p.getByRole("link", { name: /^development$/i }).first().click();
    await p.getByRole("link", { name: "Resource graph" }).click();
    await p.getByRole("button", { name: /^postgres .*running/ }).waitFor();
    await expectQuiet();
    await p.getByRole("link", { name: "It takes its time" }).click();
    await lanes.getByRole("button", { name: /running.*postgres/ }).waitFor();
    vault.answer();
    await lanes.getByRole("button", { name: /succeeded.*postgres/ }).waitFor(soon);
    await p.locator(".page-head .badge").filter({ hasText: "succeeded" }).waitFor();
    const { samePage, states } = await seen(p);
    expect(samePage, "nothing was loaded anew").toBe(true);
    expect(states.postgres?.slice(-2)).toEqual(["running", "succeeded"]);
    expect(await p.content()).not.toContain("only-in-this-test");
  } finally {
    vault.stop();
    await client.DELETE("/orgs/{orgId}/policies/{policyId}", { params: policy });
  }
});
