import { expect, test } from "vitest";

import { api, as, expectAccessible, second, settled, shot, type Page } from "./support/page";

const app = "/o/demo/apps/shop";
const env = `${app}/envs/development`;

/** To another page without loading everything anew. */
async function go(p: Page, path: string) {
  await p.evaluate((to) => {
    window.history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await p.locator("main h1").first().waitFor();
  await settled(p);
}

const organization = ["", "/apps", "/automation", ...["", "/tester", "/resources", "/types", "/clusters", "/drivers", "/accounts", "/secret-stores", "/profiles"].map((t) => `/platform${t}`), ...["", "/applications", "/deployers?of=development", "/groups", "/service-users", "/audit"].map((t) => `/settings${t}`)].map((rest) => `/o/demo${rest}`);
const application = ["", "/promotions", "/previews", "/schedule", "/values", "/values/history", "/automation", "/automation/runs", "/automation/rules", "/automation/webhooks", "/automation/new-pipeline", "/automation/pipelines/default-deployment"].map((rest) => app + rest);
const environment = ["", "/graph", "/resources", "/deployments", "/logs", "/drift", "/lifetime", "/values", "/change", "/change/score", "/change/edit"].map((rest) => env + rest);

/** Signs somebody in, walks pages, and fails on every request that is answered with an error. */
async function walk(who: { token: string }, paths: string[]): Promise<Page> {
  const p = await second(who.token);
  const refused: string[] = [];
  p.on("response", (r) => {
    if (r.status() >= 400) refused.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`);
  });
  await p.goto("/o/demo");
  for (const path of paths) await go(p, path);
  expect(refused, "what pages asked for and were refused").toEqual([]);
  return p;
}

/** Buttons and links that look like one: whether they may be pressed, or what is said to be lacking. */
async function offers(p: Page, path: string, expected: Record<string, string | true>) {
  await go(p, path);
  const look = async () => {
    const found: Record<string, string | true | null> = {};
    for (const name of Object.keys(expected)) {
      const it = p.locator("main").getByRole("button", { name, exact: true }).or(p.locator("main").getByRole("link", { name, exact: true })).first();
      await it.waitFor();
      found[name] = (await it.getAttribute("aria-disabled")) === "true" ? await it.getAttribute("aria-description") : true;
    }
    return found;
  };
  await expect.poll(look, { message: path, timeout: 30_000 }).toEqual(expected); // what may be done is asked first
}

const developer = "Needs the role developer on application shop.";
const owner = "Needs the role owner on application shop.";
const administrator = "Needs the role administrator on organization demo.";
const manager = "Needs the role manager on organization demo.";

test("a developer who deploys to development is offered that, and told what other things need", async () => {
  const p = await walk(await api.person("dora", "member", { app: { shop: "developer" }, deployer: ["development"] }), [...organization, ...application, ...environment]);
  await offers(p, "/o/demo", { "New application": manager });
  await offers(p, app, { "Promote to Staging": "Needs the role deployer on environment type staging.", "Spin up": true, Delete: owner });
  await offers(p, `${app}/promotions`, { Edit: owner });
  await offers(p, `${app}/values`, { "New value": true });
  await offers(p, env, { Change: true });
  await offers(p, `${app}/envs/staging`, { Change: "Needs the role deployer on environment type staging." });
  await offers(p, `${app}/envs/staging/drift`, { "Scan now": "Needs the role deployer on environment type staging." });
  await offers(p, `${app}/automation`, { "New pipeline": owner });
  await offers(p, `${app}/automation/webhooks`, { "New webhook": owner });
  await offers(p, "/o/demo/platform", { "New definition": administrator });
  await offers(p, "/o/demo/settings", { Invite: manager });
  await offers(p, "/o/demo/settings/applications?of=shop", { "Give a role": owner });
  await go(p, "/o/demo/settings/audit");
  await p.getByRole("heading", { name: "You may not see the audit log" }).waitFor();
  await p.getByText(administrator).waitFor();
  await go(p, app);
  await as(p, () => shot("roles-developer"));
  await p.getByRole("button", { name: "Delete", exact: true }).focus();
  await p.getByText(owner).waitFor(); // the reason, also for those who use the keyboard
  await p.keyboard.press("Enter");
  expect(await p.locator(".dialog").count()).toBe(0);
  await expectAccessible(p);
});

test("a viewer reads everything of the application and changes nothing", async () => {
  const p = await walk(await api.person("vera", "member", { app: { shop: "viewer" } }), [...application, ...environment]);
  const both = "Needs the role developer on application shop and deployer on environment type development.";
  await offers(p, app, { "Spin up": both, Delete: "Needs the role owner on application shop and deployer on environment type development." });
  await offers(p, `${app}/values`, { "New value": developer });
  await offers(p, env, { Change: both, "Restart": both });
  await offers(p, `${env}/change/score`, { Review: developer });
  await go(p, env);
  await p.getByRole("button", { name: "More" }).click();
  const item = p.getByRole("menuitem", { name: /^Pause/, disabled: true });
  await item.getByText(both).waitFor();
  await as(p, () => shot("roles-viewer"));
  await p.keyboard.press("Escape");
  await expectAccessible(p);
});

test("a reader of the organization sees every application and the platform", async () => {
  const p = await walk(await api.person("rita", "orgViewer"), [...organization.slice(0, 6), app, env]);
  await offers(p, `${app}/values`, { "New value": developer });
});

test("who has no role on an application is told so, and asks the API for none of it", async () => {
  const p = await walk(await api.person("mona", "member"), [...organization, app, env, `${env}/graph`, `${app}/values`]);
  await go(p, "/o/demo/apps");
  await p.getByRole("heading", { name: "No application that you may see" }).waitFor();
  await as(p, () => shot("roles-none"));
  await go(p, env);
  await p.getByRole("heading", { name: "You have no role on this application" }).waitFor();
  await p.getByText(/Needs the role viewer on application shop/).waitFor();
  await expectAccessible(p);
});
