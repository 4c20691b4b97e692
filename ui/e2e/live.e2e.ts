import type { Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { api, eventually, fresh, hello, page, settled, takeProblems } from "./support/page";
import { Proxy } from "./support/proxy";

const proxy = new Proxy();
beforeAll(() => proxy.start(api.url));
afterAll(() => proxy.stop());

/** Opens a page through the proxy, and remembers what it asks for. */
async function through(path: string) {
  const asked: Request[] = [];
  page().on("request", (r) => asked.push(r));
  await page().goto(proxy.url + path);
  await settled();
  return {
    of: (part: RegExp) => asked.filter((r) => part.test(new URL(r.url()).pathname)),
    async streams(part: RegExp) {
      return Promise.all(asked.filter((r) => part.test(new URL(r.url()).pathname)).map(async (r) => (await r.allHeaders())["last-event-id"] ?? ""));
    },
  };
}

/** The page is at the proxy's address, and its cable was cut: it may complain of these, and of nothing else. */
function expectCut() {
  const others = takeProblems().filter((p) => !p.startsWith(`asked another host: ${proxy.url}`) && !/ERR_(CONNECTION|EMPTY_RESPONSE|INCOMPLETE|SOCKET)/.test(p));
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
  expect(polls, "what is heard of is not asked for").toBeLessThanOrEqual(1);

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
  expect(looked.of(/envs\/development\/runtime$/).length - polls, "what was missed comes by the stream").toBeLessThanOrEqual(2);

  // Deployed by somebody else, and the page tells of it.
  await api.deploy(app, "development", [hello("web", "docker.io/library/nginx:1.30-alpine")], "By somebody else");
  await p.getByRole("link", { name: "By somebody else" }).first().waitFor();
  expectCut();
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
  expectCut();
}, 120_000);
