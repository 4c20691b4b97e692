import { afterAll, beforeAll, expect, test } from "vitest";

import { api, eventually, expectAccessible, fresh, hello, page, shot, visit } from "./support/page";
import { Records } from "./support/records";

const records = new Records();
beforeAll(() => records.start());
afterAll(() => records.stop());

const orgId = api.org;
const at = (app: string, deploy: string, rest = "") => `/o/demo/apps/${app}/envs/development/deploys/${deploy}${rest}`;

/** A definition of buckets in Terraform code, for one application. Terraform's own ${} is written $\{} in definitions. */
async function define(app: string, script: string, variables: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  const id = `tf-${app}`;
  await api.client.POST("/orgs/{orgId}/resources/defs", {
    params: { path: { orgId } },
    body: { id, name: id, type: "s3", driver_type: "humanitec/terraform", driver_inputs: { values: { script, variables, ...more } }, criteria: [{ app_id: app }] } as never,
  });
  return {
    async change(next: Record<string, unknown>, code = script) {
      await api.client.PATCH("/orgs/{orgId}/resources/defs/{defId}", { params: { path: { orgId, defId: id } }, body: { driver_inputs: { values: { script: code, variables: next, ...more } } } as never });
    },
  };
}

const withBuckets = (...ids: string[]) => ({ ...hello("web"), resources: Object.fromEntries(ids.map((id) => [id, { type: "s3" }])) });
const outputs = `output "bucket" { value = "b" }\noutput "region" { value = "local" }\n`;

test("what Terraform creates, changes, replaces and destroys is shown, without secrets", async () => {
  const app = fresh("ui-tf");
  await api.app(app);
  const code = `
variable "size" {}
variable "kind" {}
resource "terraform_data" "bucket" { input = var.size }
resource "terraform_data" "policy" { triggers_replace = var.kind }
${outputs}`;
  const definition = await define(app, `${code}resource "terraform_data" "old" { input = "top-secret-value" }\n`, { size: "small", kind: "one" });
  const first = await api.deployed(app, "development", [withBuckets("store")], "Makes the bucket");
  await definition.change({ size: "large", kind: "two" }, code);
  const second = await api.deployed(app, "development", [withBuckets("store")], "Changes the bucket");

  await visit(at(app, first, "/changes"));
  const p = page();
  const resource = p.getByRole("region", { name: "s3.default#modules.web.externals.store" });
  await resource.getByText("3 to create").waitFor();
  await p.getByRole("navigation", { name: /^Parts of/ }).getByRole("link", { name: "Terraform" }).waitFor();

  await visit(at(app, second, "/changes"));
  await resource.getByText("1 to change, 1 to replace, 1 to destroy").waitFor();
  const list = resource.getByRole("list", { name: /^Changes of/ });
  expect(await list.getByRole("listitem").filter({ hasText: "terraform_data.bucket" }).first().innerText()).toMatch(/change[\s\S]*\/input/);
  expect(await list.innerText()).toMatch(/replace\s+terraform_data\.policy/);
  expect(await list.innerText()).toMatch(/destroy\s+terraform_data\.old/);
  await p.getByText("Some objects were to be destroyed or replaced").waitFor();
  expect(await p.locator("main").innerText()).not.toMatch(/top-secret-value|large/);
  await expectAccessible();
  await shot("deployment-terraform");
}, 120_000);

test("resources that are made at once are above each other while they are made", async () => {
  const app = fresh("ui-tf-many");
  await api.app(app);
  await define(app, `resource "terraform_data" "slow" {\n  provisioner "local-exec" { command = "sleep 5" }\n}\n${outputs}`);
  const id = await api.deploy(app, "development", [withBuckets("one", "two", "three")], "Three buckets");
  await visit(at(app, id));
  const p = page();
  const lanes = p.getByRole("group", { name: "Resources over time" });
  await eventually("two are under way at once", async () => ((await lanes.getByRole("button", { name: /running s3/ }).count()) >= 2 ? true : undefined));
  await p.getByText(/up to [23] at once/).waitFor();
  // The log of one as it is written.
  await lanes.getByRole("button", { name: / s3/ }).first().click(); // whether it runs still or has ended meanwhile
  await p.getByRole("log").getByText(/Creat|Plan|Initializ/i).first().waitFor();
  expect((await api.over(app, "development", id)).status).toBe("succeeded");
  await p.locator(".page-head .badge").filter({ hasText: "succeeded" }).waitFor();
  await shot("deployment-parallel");
}, 120_000);

test("a resource that stopped for a person is answered in the browser", async () => {
  const app = fresh("ui-tf-asks");
  const name = fresh("record");
  await api.app(app);
  records.refuse.add(name);
  await define(
    app,
    `terraform {\n  required_providers {\n    slipwaytest = { source = "slipway.test/dev/slipwaytest" }\n  }\n}\nvariable "endpoint" {}\nprovider "slipwaytest" {\n  endpoint = var.endpoint\n}\nvariable "name" {}\nresource "slipwaytest_record" "one" { name = var.name }\n${outputs}`,
    { endpoint: records.url, name },
    { failed_creates: "ask" },
  );
  const failed = await api.deploy(app, "development", [withBuckets("store")], "A provider that may be lying");
  await api.over(app, "development", failed);
  records.refuse.delete(name);
  const asks = await api.deploy(app, "development", [withBuckets("store")], "Once more");
  await visit(at(app, asks));
  const p = page();
  const question = p.getByRole("form", { name: "Question about slipwaytest_record.one" });
  await question.waitFor({ timeout: 60_000 });
  await p.getByRole("list", { name: "Errors" }).getByRole("link", { name: "Answer its questions" }).waitFor();
  await expectAccessible();
  await shot("deployment-question");
  await question.getByLabel("It does not exist").check();
  await question.getByRole("button", { name: /answer/i }).click();
  // That was its last question: the page proposes to go on.
  const retry = p.getByRole("dialog", { name: "Retry this deployment?" });
  await retry.getByRole("button", { name: "Retry", exact: true }).click();
  await p.waitForURL((url) => !url.pathname.includes(asks));
  await p.locator(".page-head .badge").filter({ hasText: "succeeded" }).waitFor({ timeout: 60_000 });
  expect([...records.made.values()].filter((r) => r.name === name)).toHaveLength(1);
}, 180_000);
