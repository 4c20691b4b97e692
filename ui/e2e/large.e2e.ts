import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { open, api, page, settled, visit } from "./support/page";

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
