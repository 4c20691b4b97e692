import { expect, test } from "vitest";

import { api, expectAccessible, fresh, hello, page, settled, shot, takeProblems, visit } from "./support/page";

const orgId = api.org;

test("a deployment that a freeze window refuses is carried out with a reason", async () => {
  const app = fresh("ui-frozen");
  await api.app(app);
  await api.envType(app, "Frozen now and then");
  await api.env(app, "live", "Live", app);
  const before = await api.deployed(app, "live", [hello("web")], "Before the freeze");
  await api.client.POST("/orgs/{orgId}/env-types/{envTypeId}/freeze-windows", {
    params: { path: { orgId, envTypeId: app } },
    body: { cron: "0 * * * *", duration: "1h", description: "The sale is on" },
  });
  await visit(`/o/demo/apps/${app}/envs/live/deploys/${before}`);
  const p = page();
  await p.getByRole("button", { name: "Deploy again…" }).click();
  const dialog = p.getByRole("dialog");
  await dialog.getByRole("region", { name: "What it would do" }).getByText(/stays as it is|unchanged|Every resource/).first().waitFor();
  await dialog.getByRole("button", { name: "Deploy", exact: true }).click();
  const why = dialog.getByLabel("Why it is deployed during the freeze");
  await why.waitFor();
  await dialog.getByRole("button", { name: "Deploy", exact: true, disabled: true }).waitFor(); // a reason is needed
  expect(takeProblems().filter((c) => !c.includes("409"))).toEqual([]);
  await expectAccessible();
  await shot("deployment-frozen");
  await why.fill("The payment provider changed its address");
  await dialog.getByRole("button", { name: "Deploy", exact: true }).click();
  await p.waitForURL((url) => !url.pathname.includes(before));
  await p.locator(".page-head .badge").filter({ hasText: "succeeded" }).waitFor();
  const id = new URL(p.url()).pathname.split("/").at(-1) ?? "";
  const { data: log } = await api.client.GET("/orgs/{orgId}/audit-logs", { params: { path: { orgId }, query: { object: `/orgs/${orgId}/apps/${app}/envs/live/deploys/${id}` } } as never });
  expect(JSON.stringify(log)).toContain("The payment provider changed its address");
}, 90_000);

/** Shows a deployment with so many resources under way, and says how long the page worked within some seconds. */
async function busyWith(count: number): Promise<number> {
  const deploys = (await api.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path: { orgId, appId: "shop", envId: "development" } } })).data ?? [];
  const shown = deploys[0];
  const began = Date.now() - 60_000;
  const time = (ms: number) => new Date(began + ms).toISOString();
  const nodes = Array.from({ length: count }, (_, i) => ({
    ordinal: i, key: `s3.default#r${i}`, type: "s3", class: "default", id: `r${i}`, driver_type: "humanitec/terraform", depends_on: i < 5 ? [] : [i - 5, Math.floor(i / 2)],
    status: i < count * 0.6 ? "succeeded" : i < count * 0.8 ? "running" : "pending", attempt: 1, outputs: {},
    ...(i < count * 0.8 ? { started_at: time(i * 100) } : {}), ...(i < count * 0.6 ? { finished_at: time(i * 100 + 4000) } : {}),
  }));
  const p = page();
  await p.unrouteAll();
  const base = `**/orgs/demo/apps/shop/envs/development/deploys/${shown?.id ?? ""}`;
  await p.route(base, (route) => route.fulfill({ json: { ...shown, status: "in progress", outcome: undefined, phase: "provision", started_at: time(0), finished_at: undefined } }));
  await p.route(`${base}/nodes`, (route) => route.fulfill({ json: nodes }));
  await p.route(`${base}/events`, (route) => route.fulfill({ contentType: "text/event-stream", body: ": nothing\n\n" }));
  await visit(`/o/demo/apps/shop/envs/development/deploys/${shown?.id ?? ""}`);
  await p.getByText(`${Math.ceil(count * 0.6)} of ${count} done`).waitFor();
  await settled();
  expect(await p.getByRole("group", { name: "Resources over time" }).getByRole("button").count(), "lanes that nobody sees are not in the page").toBeLessThan(80);
  const session = await p.context().newCDPSession(p);
  await session.send("Performance.enable");
  const worked = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration")?.value ?? NaN;
  const scroller = p.getByRole("group", { name: "Resources over time" }).locator("ul").locator("..");
  const from = await worked();
  for (let i = 0; i < 20; i++) {
    await scroller.evaluate((e, part) => e.scrollTo(0, e.scrollHeight * part), i / 20);
    await p.waitForTimeout(150); // what is measured is a span of time in which the clock of the page runs
  }
  return (await worked()) - from;
}

test("a deployment of 500 resources stays as smooth as a small one", async () => {
  await busyWith(20); // everything is loaded by now
  const small = await busyWith(20);
  const large = await busyWith(500);
  console.log(`worked within 3 s: ${small.toFixed(2)} s with 20 resources, ${large.toFixed(2)} s with 500`);
  expect(large).toBeLessThan(small * 4 + 0.3);
  const p = page();
  await p.getByText(/up to \d+ at once/).waitFor();
  await p.getByRole("button", { name: /r499/ }).waitFor(); // the last lane, scrolled to
  await p.getByRole("button", { name: /r499/ }).click();
  await p.getByRole("region", { name: "s3.default#r499" }).waitFor();
}, 120_000);
