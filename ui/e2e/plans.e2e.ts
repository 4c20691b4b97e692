import { test } from "vitest";

import { api, expectAccessible, fresh, hello, page, shot, visit } from "./support/page";

const orgId = api.org;

test("what drivers plan is kept, and deployed exactly as it was shown, or refused when it is no longer true", async () => {
  const appId = fresh("planned");
  const env = `/o/demo/apps/${appId}/envs/development`;
  await api.app(appId);
  await api.deployed(appId, "development", [{ ...hello("web"), resources: { db: { type: "postgres" } } }]);
  await visit(env);
  await page().getByRole("link", { name: "Plans", exact: true }).click();
  await page().getByText("Nothing has been planned").waitFor();
  await expectAccessible();
  await page().getByRole("button", { name: "Plan what runs there, again" }).click();
  await page().getByText("ready", { exact: true }).waitFor({ timeout: 60_000 });
  await page().getByRole("region", { name: "What drivers would do" }).waitFor();
  const deploy = page().getByRole("region", { name: "Deploy exactly this" });
  await deploy.getByLabel("Comment").fill("As it was shown");
  await expectAccessible();
  await shot("plan");

  // Something that it depends on moves: it says so, and cannot be deployed.
  await api.value(appId, "GREETING", "hello");
  await deploy.getByText("shared values have changed").waitFor();
  await deploy.getByRole("button", { name: "Deploy", disabled: true }).waitFor();
  await expectAccessible();
  await shot("plan-stale");
  await page().getByRole("button", { name: "Discard" }).click();
  await page().getByText("cancelled", { exact: true }).first().waitFor();

  // A new one is deployed. It comes from a change, too.
  const { data: delta } = await api.client.POST("/orgs/{orgId}/apps/{appId}/deltas", {
    params: { path: { orgId, appId } },
    body: { metadata: { env_id: "development", name: "Says it louder" }, modules: { update: { web: [{ op: "replace", path: "/spec/containers/web/variables/GREETING", value: "HELLO" }] } } } as never,
  });
  const id = typeof delta === "string" ? delta : (delta as unknown as { id: string }).id;
  await visit(`${env}/change/review/${id}`);
  await page().getByRole("button", { name: "Ask the drivers" }).click();
  await page().getByRole("link", { name: "The stored plan" }).click();
  await page().getByText("ready", { exact: true }).waitFor({ timeout: 60_000 });
  await deploy.getByRole("button", { name: "Deploy" }).click();
  await page().waitForURL("**/deploys/*");
  await visit(`${env}/plans`);
  const rows = page().getByRole("row");
  await rows.filter({ hasText: "cancelled" }).getByText("What runs there, again").waitFor();
  await rows
    .filter({ hasText: `Delta ${id.slice(0, 10)}` })
    .getByRole("link")
    .nth(1)
    .waitFor();
  await expectAccessible();
  await shot("plans");
}, 180_000);
