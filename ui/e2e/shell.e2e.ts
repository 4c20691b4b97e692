import { expect, test } from "vitest";

import { api, expectAccessible, open, page, settled, shot, system, takeProblems, visit } from "./support/page";

test("the address that slipway dev prints signs in, and keeps no token in it", async () => {
  const p = await open(null);
  await p.goto(`/#token=${encodeURIComponent(api.token)}`);
  await p.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  expect(p.url()).toBe(`${api.url}/o/demo`);
  expect(await p.evaluate(() => [sessionStorage.getItem("slipway-token"), JSON.stringify(localStorage)])).toEqual([api.token, expect.not.stringContaining(api.token)]);
  const second = await open(null);
  // A tab that is busy may answer too late for the first try; then the page asks for a token.
  const applications = second.getByRole("heading", { level: 1, name: "Applications" });
  const either = applications.or(second.getByRole("heading", { name: "Sign in" }));
  for (let tries = 0; tries < 5; tries++) {
    await second.goto("/o/demo/apps");
    await either.waitFor();
    if (await applications.isVisible()) break;
  }
  await applications.waitFor();
});

test("whoever is not signed in signs in with a token, and comes to where they wanted", async () => {
  const p = await open(null);
  await p.goto("/o/demo/apps/shop");
  await p.getByRole("heading", { name: "Sign in" }).waitFor();
  await expectAccessible(p);
  await shot("sign-in", p);
  await p.getByLabel("Token").fill("sw_wrong");
  await p.getByRole("button", { name: "Sign in" }).click();
  await p.getByRole("alert").waitFor();
  expect(await p.getByRole("alert").textContent()).toContain("HTTP-401");
  expect(takeProblems().every((m) => m.includes("401"))).toBe(true);
  await p.getByLabel("Token").fill(api.token);
  await p.getByRole("button", { name: "Sign in" }).click();
  await p.getByRole("heading", { level: 1, name: "Shop" }).waitFor();
  await p.getByRole("button", { name: "You: Admin" }).click();
  await p.getByRole("menuitem", { name: "Sign out" }).click();
  await p.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await p.evaluate(() => sessionStorage.length)).toBe(0);
  takeProblems();
});

test("the keyboard alone finds an environment", async () => {
  await visit("/o/demo");
  await settled();
  await page().keyboard.press("Control+k");
  await page().getByRole("combobox", { name: "Go to" }).waitFor();
  await page().keyboard.type("shop stag");
  await page().getByRole("option", { name: "Shop / Staging" }).waitFor();
  await expectAccessible();
  await shot("palette");
  await page().keyboard.press("Enter");
  await page().waitForURL("**/o/demo/apps/shop/envs/staging");
  await page().keyboard.press("Tab");
});

test("the theme is the system's until another one is chosen", async () => {
  await visit("/o/demo");
  const background = () => page().evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await system("dark");
  const dark = await background();
  expect(dark).not.toBe(light);
  await page().getByRole("button", { name: "Theme" }).click();
  await page().getByRole("menuitem", { name: "Light" }).click();
  await page().waitForFunction(() => document.documentElement.dataset.theme === "light");
  expect(await background()).toBe(light);
  await page().reload();
  expect(await background()).toBe(light);
});

test("what is not there says so in the API's words", async () => {
  await visit("/o/demo/apps/nope");
  await page().getByRole("alert").waitFor();
  expect(await page().getByRole("alert").textContent()).toMatch(/application "nope" does not exist/);
  await visit("/o/demo/nope");
  await page().getByRole("heading", { name: "No such page" }).waitFor();
  expect(takeProblems().every((m) => m.includes("404"))).toBe(true);
});
