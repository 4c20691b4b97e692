import { expect, test } from "vitest";

import { api, expectAccessible, fresh, hello, page, settled, shot, takeProblems, visit } from "./support/page";

const change = (app: string, rest = "") => `/o/demo/apps/${app}/envs/development/change${rest}`;
const badge = () => page().locator(".page-head .badge");

/** What stands in the editor is replaced; it lives in a shadow root. */
async function write(label: string, text: string) {
  const editor = page().getByRole("textbox", { name: label });
  await editor.click();
  await page().keyboard.press("Control+a");
  await page().keyboard.press("Delete");
  await page().keyboard.insertText(text);
}

const file = (image: string) => `apiVersion: score.dev/v1b1
metadata:
  name: api
containers:
  main:
    ${image}
    variables:
      GREETING: hello
service:
  ports:
    http:
      port: 8080
resources:
  cache:
    type: redis
`;

test("a workload is made from the catalogue, previewed and deployed", async () => {
  const app = fresh("ui-catalogue");
  await api.app(app);
  const p = page();
  await visit(change(app));
  await p.getByRole("link", { name: /Web service/ }).waitFor();
  await expectAccessible();
  await shot("change-catalogue");
  await p.getByRole("link", { name: /Web service/ }).click();
  await p.getByLabel("Name of the workload").fill("a");
  await p.getByLabel("Name of the workload").blur();
  await p.getByText("At least 2 characters.").waitFor();
  await p.getByLabel("Name of the workload").fill("front");
  await p.getByLabel("Image of the container").fill("docker.io/library/nginx:1.29-alpine");
  await p.locator("pre").getByText("name: front").waitFor();
  await expectAccessible();
  await shot("change-template");
  await p.getByRole("button", { name: "Review" }).click();
  await p.getByRole("region", { name: "Resources" }).getByText("create").first().waitFor();
  await p.getByRole("region", { name: "Set" }).getByRole("region", { name: "front" }).waitFor();
  await settled();
  await expectAccessible();
  await shot("change-review");
  await p.getByRole("button", { name: "Ask the drivers" }).click();
  const drivers = p.getByRole("region", { name: "What drivers would do" });
  await drivers.getByText("ready").waitFor();
  await drivers.getByRole("region", { name: "Deployment front" }).waitFor();
  await expectAccessible();
  await shot("change-drivers");
  await p.getByRole("button", { name: "Deploy" }).click();
  await p.waitForURL("**/deploys/*");
  await badge().filter({ hasText: "succeeded" }).waitFor();
});

test("a pasted Score file is checked as it is typed, and deployed", async () => {
  const app = fresh("ui-score");
  await api.app(app);
  const p = page();
  await visit(change(app, "/score"));
  await write("Score file", file("imagee: nginx"));
  const problems = p.getByRole("list", { name: "Problems" });
  await problems.getByText("containers.main.imagee: Score has no such key here").waitFor();
  expect(await problems.textContent()).toMatch(/line 6/);
  await p.getByRole("button", { name: "Review", disabled: true }).waitFor();
  await expectAccessible();
  await shot("change-score-problems");
  takeProblems(); // the API refuses what is wrong with 400, and the browser notes that
  await write("Score file", file('image: "."'));
  await p.getByLabel("Image", { exact: true }).waitFor();
  await p.getByLabel("Image", { exact: true }).fill("docker.io/library/nginx:1.29-alpine");
  await p.getByRole("region", { name: "Workload api" }).getByText("redis").waitFor();
  takeProblems();
  await shot("change-score");
  await p.getByRole("button", { name: "Review" }).click();
  await p.getByRole("region", { name: "Resources" }).getByText("redis").first().waitFor();
  await p.getByLabel("Comment").fill("The API, from its Score file");
  await p.getByRole("button", { name: "Deploy" }).click();
  await p.getByRole("heading", { level: 1, name: "The API, from its Score file" }).waitFor();
  await badge().filter({ hasText: "succeeded" }).waitFor();
});

test("a workload is changed by form and as YAML, which are the same; a plan that is no longer true is refused", async () => {
  const app = fresh("ui-edit");
  await api.app(app);
  await api.deployed(app, "development", [hello("web"), hello("old")], "Two");
  const p = page();
  await visit(change(app, "/edit"));
  await p.getByRole("button", { name: "old" }).click();
  await p.getByRole("button", { name: "Remove", exact: true }).click();
  await p.getByRole("heading", { name: "old is removed" }).waitFor();
  await p.getByRole("button", { name: "web" }).click();
  await p.getByLabel("Value of GREETING").fill("good morning");
  await p.getByLabel("Name of variable 1 of web").fill("SALUTE");
  await p.getByLabel("Name of variable 1 of web").blur();
  await p.getByLabel("Value of SALUTE").waitFor();
  await expectAccessible();
  await shot("change-edit-form");
  await p.getByRole("button", { name: "YAML" }).click();
  const yaml = p.getByRole("textbox", { name: "YAML of web" });
  await yaml.getByText("SALUTE").waitFor();
  const text = await yaml.innerText();
  await write("YAML of web", "profile: [");
  await p.getByRole("button", { name: "Form" }).and(p.locator(":disabled")).waitFor();
  await write("YAML of web", text.replaceAll("\u00a0", " ").replace("good morning", "good evening"));
  await expectAccessible();
  await shot("change-edit-yaml");
  await p.getByRole("button", { name: "Form" }).click();
  expect(await p.getByLabel("Value of SALUTE").inputValue()).toBe("good evening");
  await p.getByRole("button", { name: "Review" }).click();
  await p.getByText("/spec/containers/web/variables/SALUTE").waitFor();
  await p.getByText("no longer used").first().waitFor();

  // Meanwhile somebody else deploys.
  await api.deployed(app, "development", [hello("other")], "In between");
  await p.getByRole("button", { name: "Deploy" }).click();
  await p.getByRole("alert").getByText("PLAN-STALE").waitFor();
  takeProblems();
  await expectAccessible();
  await shot("change-stale");
  await p.getByRole("button", { name: "Deploy", disabled: true }).waitFor();
  await p.getByRole("button", { name: "Plan again" }).click();
  await p.getByRole("alert").waitFor({ state: "detached" });
  await p.getByRole("button", { name: "Deploy" }).click();
  await p.waitForURL("**/deploys/*");
  await badge().filter({ hasText: "succeeded" }).waitFor();
});
