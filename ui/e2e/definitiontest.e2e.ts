import { expect, test } from "vitest";

import { api, expectAccessible, fresh, page, shot, visit } from "./support/page";

const orgId = api.org;

async function define(id: string, driver_type: string, driver_inputs: object) {
  await api.client.POST("/orgs/{orgId}/resources/defs", { params: { path: { orgId } }, body: { id, name: id, type: "mongodb", driver_type, driver_inputs: driver_inputs as never, criteria: [] } });
}

/** Replaces what is in an editor, as a person does with the keyboard. */
async function write(label: string, text: string) {
  await page().getByRole("textbox", { name: label, exact: true }).click();
  await page().keyboard.press("ControlOrMeta+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

test("a definition is tested with inputs, its secrets hidden, and what is wrong has its line", async () => {
  const def = fresh("tested");
  await define(def, "humanitec/template", {
    values: {
      host: "${resources.dns.outputs.host}",
      templates: {
        init: "name: redis-{{ .resource.size }}\ndrawn: {{ randAlphaNum 8 }}\n",
        manifests: "secret.yaml:\n  location: namespace\n  data:\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: {{ .init.name }}}\n    stringData: {password: {{ .driver.secrets.password }}}\n",
        outputs: "host: {{ .driver.values.host }}\nport: 6379\nname: {{ .init.drawn }}\n",
        secrets: "password: {{ .driver.secrets.password }}\n",
      },
    },
    secrets: { password: "stored-and-never-shown" },
  });
  await visit(`/o/demo/platform/definitions/${def}`);
  await page().getByRole("link", { name: "Test", exact: true }).click();

  // It says at once what it needs.
  const problems = page().getByRole("list", { name: "Problems" });
  await problems.getByText("placeholder ${resources.dns.outputs.host} has no value").waitFor();
  await expectAccessible();
  await shot("definition-test-missing");
  await page().getByLabel("${resources.dns.outputs.host}").fill("redis.example.com");
  await page().getByLabel("Application", { exact: true }).fill("shop");
  await page().getByLabel("password", { exact: true }).fill("only-a-test-secret");
  await write("What the workload asks for", "size: small");
  await page().getByRole("button", { name: "Run the test" }).click();
  const result = page().getByRole("region", { name: "Result" });
  await result.getByText("computed", { exact: true }).waitFor();
  await result.getByText("values/name").waitFor(); // each deployment would change it
  await result.getByText("redis-small").first().waitFor();
  await page().getByText("(secret)").first().waitFor();
  expect(await page().getByRole("region", { name: "Result" }).innerText()).not.toContain("only-a-test-secret");
  await expectAccessible();
  await shot("definition-test");

  // By form and as YAML of the same thing.
  await page().getByRole("button", { name: "YAML", exact: true }).click();
  await page().getByText("resources.dns.outputs.host: redis.example.com").waitFor();
  await expectAccessible();
  await shot("definition-test-yaml");

  // What is in the editor is tested, and an error has its line there.
  await page().getByRole("link", { name: "Definition", exact: true }).click();
  await page().getByRole("textbox", { name: "Definition", exact: true }).waitFor();
  await write(
    "Definition",
    `apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: ${def}}\nentity:\n  name: ${def}\n  type: mongodb\n  driver_type: humanitec/template\n  driver_inputs:\n    values:\n      templates:\n        outputs: |\n          host: a\n          port: {{ nothingSo }}\n    secret_refs:\n      password: {store: vault, ref: redis}\n`,
  );
  await page().getByRole("link", { name: "Test", exact: true }).click();
  await page().getByText("which is not saved").waitFor();
  await page().getByRole("button", { name: "Run the test" }).click();
  await problems.getByText("Line 13 of the definition").waitFor();
  await page().getByRole("link", { name: "Definition", exact: true }).click();
  await page().getByText(/^Line 13: .*nothingSo/).waitFor();
  await expectAccessible();
  await shot("definition-test-line");
});

test("of Terraform it is said what would run", async () => {
  const def = fresh("terraformed");
  await define(def, "humanitec/terraform", { values: { source: { url: "https://git.example.com/redis.git", rev: "refs/tags/v2", path: "aws" }, variables: { size: "small" } }, secret_refs: { variables: { token: { store: "vault", ref: "redis-token" } } } });
  await visit(`/o/demo/platform/definitions/${def}/test`);
  const result = page().getByRole("region", { name: "Result" });
  await result.getByText("not run", { exact: true }).waitFor();
  await result.getByText("checks out https://git.example.com/redis.git at refs/tags/v2, folder aws").waitFor();
  await page().getByLabel("variables.token").waitFor();
  await expectAccessible();
  await shot("definition-test-terraform");
});

test("a new definition is tested before it is made", async () => {
  await visit("/o/demo/platform/new-definition");
  await page().locator(".cm-content").waitFor();
  await page().getByRole("button", { name: "Test", exact: true }).click();
  await page().getByRole("region", { name: "Result" }).getByText("Outputs").or(page().getByRole("list", { name: "Problems" })).first().waitFor();
  await expectAccessible();
  await shot("new-definition-test");
});
