import { expect, test } from "vitest";

import { api, expectAccessible, fresh, hello, page, shot, visit } from "./support/page";

const orgId = api.org;

test("schedules are seen with their next times, paused, resumed and run", async () => {
  const app = fresh("timed");
  await api.app(app);
  await api.deployed(app, "development", [hello("web")]);
  await api.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/scheduled-deploys", { params: { path: { orgId, appId: app, envId: "development" } }, body: { cron: "0 5 1 1 *", time_zone: "UTC", comment: "Every new year" } });
  await visit("/o/demo/automation/schedules");
  const row = page().getByRole("row").filter({ hasText: app });
  await row.waitFor();
  await page().getByRole("row").filter({ hasText: "retention" }).first().waitFor();
  await row.click();
  const details = page().getByRole("region", { name: new RegExp(`^deployment\\.${app}`) });
  await details.getByText("It has not run yet.").waitFor();
  await details.getByRole("heading", { name: "Next" }).waitFor();
  await expectAccessible();
  await shot("schedules");
  await details.getByRole("button", { name: "Pause" }).click();
  const dialog = page().getByRole("dialog", { name: "Pause the schedule?" });
  await dialog.getByLabel("Why").fill("migration on Tuesday");
  await expectAccessible();
  await dialog.getByRole("button", { name: "Pause" }).click();
  await details.getByText("Paused: migration on Tuesday").waitFor();
  await row.getByText("paused", { exact: true }).waitFor();
  await details.getByRole("button", { name: "Resume" }).click();
  await details.getByText("Paused: migration on Tuesday").waitFor({ state: "detached" });
  await details.getByRole("button", { name: "Run now" }).click();
  await details.getByRole("region", { name: "Runs" }).getByText(/completed|running/).first().waitFor();
});

test("what is kept is changed, and what would be deleted is counted", async () => {
  await visit("/o/demo/automation/retention");
  const days = page().getByLabel("Days: Deliveries of webhooks");
  const next = (await days.inputValue()) === "45" ? "46" : "45"; // also on an instance that is used again
  await days.fill(next);
  await page().getByRole("button", { name: "Save" }).click();
  await page().getByText("It counts from the next round on.").waitFor();
  const { data } = await api.client.GET("/orgs/{orgId}/retention", { params: { path: { orgId } } });
  expect(data?.rules.webhook_deliveries?.for).toBe(`${next}d`);
  expect(await days.inputValue()).toBe(next);
  await page().getByRole("button", { name: "Count it" }).click();
  await page().getByText(/records? would be deleted/).waitFor();
  await page().getByRole("row").filter({ hasText: "counted" }).first().getByText("succeeded").waitFor();
  await expectAccessible();
  await shot("retention");
  await page().getByRole("button", { name: "Delete now" }).click();
  await page().getByRole("dialog", { name: "Delete old records now?" }).getByText("What will be lost").waitFor();
  await expectAccessible();
  await page().keyboard.press("Escape");
});

test("receivers of all applications lead to their application", async () => {
  const app = fresh("pulled");
  await api.app(app);
  await api.deployed(app, "development", [hello("web")]);
  const path = { orgId, appId: app };
  const { data: rule } = await api.client.POST("/orgs/{orgId}/apps/{appId}/preview-rules", { params: { path }, body: { base_env: "development", match_ref: "^refs/heads/feature/", ttl: "7d" } });
  await api.client.POST("/orgs/{orgId}/apps/{appId}/receivers", { params: { path }, body: { vendor: "github", rule_id: rule?.id ?? "", repository: `acme/${app}` } });
  await visit("/o/demo/automation/receivers");
  const row = page().getByRole("row").filter({ hasText: `acme/${app}` });
  await row.getByText("GitHub", { exact: true }).waitFor();
  await expectAccessible();
  await shot("receivers");
  await row.getByRole("link", { name: app }).click();
  await page().waitForURL(`**/apps/${app}/previews`);
  await page().getByText(`acme/${app}`).first().waitFor();
});
