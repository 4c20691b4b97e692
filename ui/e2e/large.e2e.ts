import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { open, api, expectAccessible, page, settled, visit } from "./support/page";

test("the first load is small", async () => {
  const p = await open(api.token);
  const sizes: Promise<[string, number]>[] = [];
  p.on("response", (r) => {
    if (/\.(js|css|svg)$/.test(new URL(r.url()).pathname)) sizes.push(r.body().then((b) => [r.url(), gzipSync(b).length]));
  });
  await p.goto("/o/demo");
  await settled(p);
  const all = await Promise.all(sizes);
  expect(all.length).toBeGreaterThan(2);
  const total = all.reduce((sum, [, size]) => sum + size, 0);
  console.log(`first load: ${Math.round(total / 1024)} kB compressed`);
  expect(total).toBeLessThan(300 * 1024);
});

test("a list of 10,000 is there at once, and has few rows in the page", async () => {
  const apps = Array.from({ length: 10_000 }, (_, i) => ({
    id: `app-${i}`, name: `Application ${i}`, org_id: "demo", status: "active", envs: [], created_at: "2026-01-01T00:00:00Z", created_by: "x", status_changed_at: "2026-01-01T00:00:00Z",
  }));
  await page().route("**/orgs/demo/apps", (route) => route.fulfill({ json: apps }));
  await visit("/o/demo/apps");
  await page().getByRole("link", { name: "Application 0", exact: true }).last().waitFor();
  expect(await page().getByRole("table").getByRole("row").count()).toBeLessThan(80);
  await page().getByRole("searchbox").fill("9999");
  await page().getByRole("link", { name: "Application 9999" }).waitFor();
  await page().getByRole("searchbox").fill("");
  const table = page().getByRole("region", { name: "applications" });
  await table.evaluate((e) => e.scrollTo(0, e.scrollHeight));
  await page().getByRole("link", { name: "Application 9999" }).waitFor();
});

test("a graph of 500 resources is laid out and can be searched", async () => {
  const key = (i: number) => ({ type: i % 7 === 0 ? "workload" : "postgres", class: "default", id: `r${i}` });
  const resources = Array.from({ length: 500 }, (_, i) => ({
    ...key(i), asked_by: [], chosen: "", candidates: [], dependents: [], notes: [], status: "succeeded",
    depends_on: i === 0 ? [] : [{ ...key(Math.floor((i - 1) / 3)), reasons: [] }],
  }));
  await page().route("**/resources/explain*", (route) => route.fulfill({ json: { set_id: "s", problems: [], warnings: [], resources } }));
  await visit("/o/demo/apps/shop/envs/staging/graph");
  await page().getByRole("button", { name: "workload r0, succeeded" }).waitFor({ timeout: 45_000 });
  await page().getByRole("searchbox", { name: "Search resources" }).fill("r499");
  await page().getByText("1 of 500").waitFor();
  await page().getByRole("button", { name: "postgres r499, succeeded" }).click();
  await page().getByRole("complementary", { name: "Details of the resource" }).getByText("r499").first().waitFor();
});

/** 10,000 environments in 200 applications. */
const large = () =>
  Array.from({ length: 200 }, (_, a) => ({
    id: `app-${a}`, name: `Application ${a}`, org_id: "demo", status: "active", created_at: "2026-01-01T00:00:00Z", created_by: "x", status_changed_at: "2026-01-01T00:00:00Z",
    envs: Array.from({ length: 50 }, (_, e) => ({ id: `env-${e}`, name: `Environment ${e}`, type: "development" })),
  }));

const nodes = () => page().evaluate(() => document.querySelectorAll("*").length);

test("home of 10,000 environments, of which hundreds want something, is there at once and stays small", async () => {
  const at = new Date().toISOString();
  const of = (kind: string, status: string, n: number, more = {}) =>
    Array.from({ length: n }, (_, i) => ({
      kind, status, message: `Number ${i}`, app_id: `app-${i * 3 % 200}`, app_name: `Application ${i * 3 % 200}`, env_id: `env-${i % 50}`, env_name: `Environment ${i % 50}`, env_type: "development",
      at, mine: false, runs: true, deployment_id: `d${i}`, ...more,
    }));
  const concerns = ["failed", "drifted", "scan-failed", "expiring", "paused"].flatMap((kind) => of(kind, kind === "expiring" ? "expired" : kind, 100));
  const attention = { waiting: [], concerns, underway: of("deployment", "planning", 100), more: ["failed", "deployment"], unknown: [] };
  await page().route("**/orgs/demo/apps", (route) => route.fulfill({ json: large() }));
  await page().route("**/orgs/demo/attention*", (route) => route.fulfill({ json: attention }));
  await page().route("**/orgs/demo/attention/events*", (route) => route.fulfill({ contentType: "text/event-stream", body: ": nothing\n\n" }));
  const began = Date.now();
  await visit("/o/demo");
  const panel = page().getByRole("region", { name: "Needs attention" });
  await panel.getByRole("link", { name: /^failed Application 0 \/ Environment 0/ }).waitFor();
  await page().getByRole("link", { name: "All 200 applications" }).waitFor();
  console.log(`home of 10,000 environments: ${Date.now() - began} ms, ${await nodes()} elements`);
  expect(await nodes()).toBeLessThan(2500);
  expect(await panel.getByRole("link").count()).toBe(40); // 8 of each kind
  await panel.getByRole("list", { name: "failed" }).getByRole("button", { name: "Show the first 100" }).click();
  await panel.getByText("There are more than these 100.").waitFor();
  await panel.getByRole("list", { name: "drifted" }).getByRole("button", { name: "Show 92 more" }).click();
  await expect.poll(() => panel.getByRole("link").count(), { timeout: 20_000 }).toBe(224);
  await expectAccessible();
});

test("applications with 10,000 environments are listed, sorted and searched at once", async () => {
  await page().route("**/orgs/demo/apps", (route) => route.fulfill({ json: large() }));
  const began = Date.now();
  await visit("/o/demo/apps");
  const table = page().getByRole("table", { name: "applications" });
  await table.getByRole("link", { name: "Application 0", exact: true }).waitFor();
  const listed = Date.now() - began;
  await page().getByRole("button", { name: "Environments" }).click();
  await page().getByRole("searchbox").fill("app-199");
  await table.getByRole("link", { name: "Application 199" }).waitFor();
  console.log(`applications with 10,000 environments: listed after ${listed} ms, sorted and searched after ${Date.now() - began} ms, ${await nodes()} elements`);
  expect(await nodes()).toBeLessThan(1500);
});
