import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { api, eventually, fresh, hello, open, page, settled, takeProblems } from "./support/page";
import { Proxy } from "./support/proxy";

const proxy = new Proxy();
beforeAll(() => proxy.start(api.url));
afterAll(() => proxy.stop());

/** Opens a page through the proxy, and remembers what it asks for. */
async function through(path: string, on: Page = page()) {
  const asked: Request[] = [];
  const open = new Set<Request>();
  const began = Date.now();
  on.on("request", (r) => (asked.push(r), open.add(r)));
  for (const end of ["requestfinished", "requestfailed"] as const) on.on(end as "requestfinished", (r) => open.delete(r));
  await on.goto(proxy.url + path);
  await settled(on);
  const of = (part: RegExp) => asked.filter((r) => part.test(new URL(r.url()).pathname));
  return {
    of,
    /** Waits until it follows something and has what it shows: nothing but streams has been open for a second. */
    async follows(stream: RegExp) {
      await eventually("it follows", () => Promise.resolve(of(stream).length > 0 || undefined));
      const loading = () => [...open].some((r) => !new URL(r.url()).pathname.endsWith("/events"));
      for (let n = -1; n !== asked.length || loading(); await on.waitForTimeout(1000)) n = asked.length;
    },
    /** How often a page that follows what it shows may have asked for any of it since it was opened, beside the first time: every 30 s, whatever it hears. */
    looks: () => Math.floor((Date.now() - began) / 30_000),
    /** What it has asked for since a time. */
    since: () => {
      const from = asked.length;
      return () => asked.slice(from).map((r) => new URL(r.url()).pathname);
    },
    async streams(part: RegExp) {
      return Promise.all(asked.filter((r) => part.test(new URL(r.url()).pathname)).map(async (r) => (await r.allHeaders())["last-event-id"] ?? ""));
    },
  };
}

/** The pages are at the proxy's address, and their cable was cut: they may complain of these, and of nothing else. Closes them. */
async function expectCut(also = /^$/) {
  await Promise.all(page().context().pages().map((p) => p.close()));
  const others = takeProblems().filter((p) => !p.startsWith(`asked another host: ${proxy.url}`) && !/ERR_(CONNECTION|EMPTY_RESPONSE|INCOMPLETE|SOCKET)/.test(p) && !also.test(p));
  expect(others).toEqual([]);
}

test("an environment is heard of as it changes, also after the cable was cut", async () => {
  const app = fresh("ui-live");
  await api.app(app);
  await api.deployed(app, "development", [hello("web")], "It works");
  const at = { orgId: api.org, appId: app, envId: "development" };
  const looked = await through(`/o/demo/apps/${app}/envs/development`);
  const p = page();
  const workload = p.getByRole("region", { name: "Workload web" });
  await workload.getByText("1 of 1 ready").waitFor();
  const stream = /envs\/development\/events$/;
  await eventually("it follows the environment", () => Promise.resolve(looked.of(stream).length > 0 || undefined));

  const scale = (replicas: number) => api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/operations", { params: { path: at }, body: { kind: "scale", replicas: { web: replicas } } });
  await scale(2);
  await workload.getByText("2 of 2 ready").waitFor();
  const polls = looked.of(/envs\/development\/runtime$/).length;
  expect(polls, "what is heard of is not asked for").toBeLessThanOrEqual(1 + looked.looks());

  proxy.cut();
  await scale(3);
  await eventually("three run", async () => {
    const { data } = await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/runtime", { params: { path: at }, headers: { Accept: "application/v2+json" } });
    return JSON.stringify(data).includes('"ready_replicas":3') || undefined;
  });
  await workload.getByText("2 of 2 ready").waitFor(); // nobody told the page
  proxy.mend();
  await workload.getByText("3 of 3 ready").waitFor();
  await eventually("it goes on where it was", async () => (await looked.streams(stream)).some((id, i) => i > 0 && id !== "") || undefined);
  expect(looked.of(/envs\/development\/runtime$/).length - polls, "what was missed comes by the stream").toBeLessThanOrEqual(2 + looked.looks());

  // Deployed by somebody else, and the page tells of it.
  await api.deploy(app, "development", [hello("web", "docker.io/library/nginx:1.30-alpine")], "By somebody else");
  await p.getByRole("link", { name: "By somebody else" }).first().waitFor();
  await expectCut();
}, 120_000);

test("a run of a pipeline is heard of to its end, lines and all", async () => {
  const app = fresh("ui-live-run");
  await api.app(app);
  const text = `name: Asking\nid: asking\non: {pipeline_call: {}}\njobs:\n  ask:\n    steps:\n    - {name: Say, uses: actions/humanitec/log@v1, with: {message: before the question}}\n    - {name: Ask, uses: actions/humanitec/approve@v1, with: {env_id: development, message: Go on}}\n    - {name: Say more, uses: actions/humanitec/log@v1, with: {message: after the question}}\n`;
  const path = { orgId: api.org, appId: app };
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path, query: {} }, body: text as never, bodySerializer: () => text, headers: { "Content-Type": "application/x-yaml" } });
  const { data: run } = await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", { params: { path: { ...path, pipelineId: "asking" }, query: {} }, body: { inputs: {} } });
  const looked = await through(`/o/demo/apps/${app}/automation/pipelines/asking/runs/${run?.id ?? ""}?job=ask`);
  const p = page();
  await p.getByText("before the question").waitFor();
  await p.getByRole("region", { name: "Approval of ask" }).waitFor();
  const stream = /runs\/[^/]+\/events$/;
  proxy.cut();
  const { data: waiting } = await api.client.GET("/orgs/{orgId}/apps/{appId}/approvals", { params: { path, query: {} } });
  const asked = waiting?.find((a) => a.run_id === run?.id);
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/approve", {
    params: { path: { ...path, pipelineId: "asking", runId: run?.id ?? "", jobId: "ask", approvalId: asked?.id ?? "" } },
  });
  proxy.mend();
  await p.getByText("after the question").waitFor();
  expect(await p.getByText("before the question").count(), "what was told before is not told again").toBe(1);
  await p.locator("header").getByText("succeeded", { exact: true }).waitFor();
  expect((await looked.streams(stream)).at(-1)).not.toBe("");
  expect(looked.of(/steps\/\d+\/logs$/), "logs come by the stream").toHaveLength(0);
  await expectCut();
}, 120_000);

const underway = (p: Page, name: RegExp) => p.getByRole("region", { name: "Being deployed now" }).getByRole("link", { name });

test("home and an application are heard of as they change, and ask for nothing meanwhile", async () => {
  const app = fresh("ui-live-app");
  const path = { orgId: api.org, appId: app };
  await api.app(app);
  await api.env(app, "review", "Review");
  const [p, home] = [page(), await open(api.token)];
  /** What was asked for more than every 30 s, but lists that are another one, and names of people. */
  const often = (paths: string[]) => paths.filter((path) => !/\/(apps|deploys|people)$/.test(path) && paths.filter((other) => other === path).length > looked.looks() + 1);
  const [looked, lookedHome] = await Promise.all([through(`/o/demo/apps/${app}`), through("/o/demo", home)]);
  const streams = [new RegExp(`apps/${app}/events$`), /attention\/events$/] as const;
  await Promise.all([looked.follows(streams[0]), lookedHome.follows(streams[1])]);

  const [asked, askedHome] = [looked.since(), lookedHome.since()];
  const id = await api.deploy(app, "development", [hello("web", "docker.io/library/simulate-ImagePullBackOff:1")], "By somebody else");
  const link = underway(home, new RegExp(`${app} / Development`));
  const head = (name: string) => p.getByRole("columnheader", { name });
  await Promise.all([link.waitFor(), head("Development").getByText("in progress").waitFor(), p.getByRole("link", { name: "By somebody else" }).waitFor()]);
  await p.waitForTimeout(5000); // while something is deployed both asked every two seconds, when they followed nothing
  expect(often(askedHome()), "what is heard of is not asked for").toEqual([]);
  await api.client.DELETE("/orgs/{orgId}/apps/{appId}/envs/{envId}", { params: { path: { ...path, envId: "review" } } });
  await head("Review").waitFor({ state: "detached" });
  expect(often(asked()), "but what the stream does not tell").toEqual([]);

  proxy.cut();
  await api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/cancel", { params: { path: { ...path, envId: "development", deployId: id } } });
  await api.env(app, "preview", "Preview");
  await api.over(app, "development", id);
  proxy.mend();
  await Promise.all([link.waitFor({ state: "detached" }), head("Development").getByText("cancelled").waitFor(), head("Preview").waitFor()]);
  for (const [of, stream] of [[looked, streams[0]], [lookedHome, streams[1]]] as const) await eventually("it goes on where it was", async () => (await of.streams(stream)).some((at, i) => i > 0 && at !== "") || undefined);
  await expectCut();
}, 120_000);

test("the list of applications is heard of, and an application that is gone", async () => {
  const app = fresh("ui-live-gone");
  const p = page();
  const looked = await through("/o/demo/apps");
  await looked.follows(/attention\/events$/);
  await p.getByRole("searchbox").fill(app);
  await api.app(app, "Soon gone");
  await p.getByRole("table").getByRole("link", { name: "Soon gone" }).click();
  await p.getByRole("columnheader", { name: "Development" }).waitFor();
  await api.client.DELETE("/orgs/{orgId}/apps/{appId}", { params: { path: { orgId: api.org, appId: app } } });
  await p.getByRole("alert").filter({ hasText: "HTTP-404" }).waitFor();
  await expectCut(/404/);
});

// These wait for 20 s, and what is followed is asked for every 30 s.
test("a run that begins is heard of where runs are listed", async () => {
  const app = fresh("ui-live-runs");
  await api.app(app);
  const text = `name: Asking\nid: asking\non: {pipeline_call: {}}\njobs:\n  ask:\n    steps:\n    - {name: Ask, uses: actions/humanitec/approve@v1, with: {env_id: development, message: Go on}}\n`;
  const path = { orgId: api.org, appId: app };
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path, query: {} }, body: text as never, bodySerializer: () => text, headers: { "Content-Type": "application/x-yaml" } });
  const [one, all] = [page(), await open(api.token)];
  const [looked, lookedAll] = await Promise.all([through(`/o/demo/apps/${app}/automation`), through("/o/demo/automation", all)]);
  await Promise.all([looked.follows(/events$/), lookedAll.follows(/events$/)]);
  const run = { path: { ...path, pipelineId: "asking" }, query: {} };
  const { data: made } = await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", { params: run, body: { inputs: {} } });
  const waiting = all.getByRole("region", { name: "Waiting for approval" }).getByRole("link", { name: `${app}: asking` });
  await Promise.all([one.getByRole("row", { name: /Asking/ }).getByText("executing").waitFor(), waiting.waitFor()]);
  await api.client.POST("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/cancel", { params: { path: { ...run.path, runId: made?.id ?? "" } } });
  await Promise.all([one.getByRole("row", { name: /Asking/ }).getByText("cancelled").waitFor(), waiting.waitFor({ state: "detached" })]);
  await expectCut();
});
