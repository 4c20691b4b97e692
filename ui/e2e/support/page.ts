import { createRequire } from "node:module";

import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeEach, expect, inject } from "vitest";

import { Api } from "./api";
import { keep, pictures } from "./pictures";
import { startSlipway, type Instance } from "./slipway";

export { eventually } from "./api";
export { hello, score } from "./seed";
export type { Page } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The public API, for what a test prepares and for what it looks at afterwards. */
export const api = new Api(inject("url"), inject("token"));

/** An id of a test's own, which is free also when an instance is used again. */
export const fresh = (name: string) => `${name}-${Math.random().toString(36).slice(2, 7)}`;

let browser: Browser | undefined;
let context: BrowserContext;
let current: Page;
let problems: string[] = [];
const after: (() => Promise<void>)[] = [];

/** The page of the test that runs: signed in, and failed when it logs an error, breaks, or its policy is violated. */
export const page = (): Page => current;

beforeEach(async () => {
  browser ??= await chromium.connect(inject("browser"));
  problems = [];
  context = await newContext(api.url);
  current = await open(api.token);
});

afterEach(async ({ task }) => {
  const shown = task.result?.state === "fail" ? await showing(task.name) : null;
  await context.close();
  for (const stop of after.splice(0)) await stop();
  expect(problems, "what the page complained about").toEqual([]);
  if (shown !== null) throw new Error(shown); // beside why the test failed
});

afterAll(async () => {
  await browser?.close();
});

async function newContext(url: string) {
  const made = await (browser as Browser).newContext({ baseURL: url, viewport: { width: 1360, height: 850 }, colorScheme: "light", reducedMotion: "reduce" });
  made.setDefaultTimeout(20_000);
  return made;
}

/** Starts an instance of the test's own, on a clean home, and goes on there with a page that is not signed in. */
export async function ownInstance(): Promise<Instance> {
  const own = await startSlipway(inject("binary"));
  const elsewhere = await newContext(own.url);
  after.push(() => elsewhere.close(), own.stop);
  current = await open(null, elsewhere, own.url);
  return own;
}

/** Signs somebody else in beside the page of the test: their own browser, as it were. `as` goes on there. */
export async function second(token: string): Promise<Page> {
  const theirs = await newContext(api.url);
  after.push(() => theirs.close());
  return open(token, theirs);
}

/** What the page of a test that failed shows, in words and in a picture. */
async function showing(test: string): Promise<string> {
  const shot = await current.screenshot({ timeout: 5_000 }).catch(() => null);
  if (shot) keep(`failed-${test.replace(/\W+/g, "-")}`, shot);
  const text = await current.evaluate(() => document.body.innerText).catch(String);
  return `The page showed, at ${current.url()}:\n${text.replace(/\s*\n\s*/g, " | ").slice(0, 1500)}`;
}

/** Does something in the page of somebody else. */
export async function as<T>(theirs: Page, act: () => Promise<T>): Promise<T> {
  const mine = current;
  current = theirs;
  try {
    return await act();
  } finally {
    current = mine;
  }
}

/** Opens a page, signed in with a token, or not. A page that asks for what is not there expects that: `takeProblems`. */
export async function open(token: string | null, at: BrowserContext = context, url = api.url): Promise<Page> {
  const opened = await at.newPage();
  opened.on("pageerror", (e) => problems.push(String(e)));
  opened.on("console", (m) => {
    if (m.type() === "error" || /Content.Security.Policy/i.test(m.text())) problems.push(`${m.text()} ${m.location().url}`);
  });
  opened.on("request", (r) => {
    if (!r.url().startsWith(url) && !/^(data|blob):/.test(r.url())) problems.push(`asked another host: ${r.url()}`);
  });
  if (token !== null) await opened.addInitScript((t) => sessionStorage.setItem("slipway-token", t), token);
  return opened;
}

/** Takes what the page complained about, where that is what the test is about, such as an answer 404. */
export function takeProblems(): string[] {
  const taken = problems;
  problems = [];
  return taken;
}

/** Visits a path and waits until the page has its title. */
export async function visit(path: string): Promise<Page> {
  await current.goto(path);
  await current.locator("main h1").first().waitFor();
  return current;
}

/** Waits until something is no longer in the page. What is behind an open dialog has no role, so it seems to be gone at once: first the dialog has to close. */
export async function gone(it: Locator) {
  await it.page().locator(".dialog").first().waitFor({ state: "detached" });
  await it.waitFor({ state: "detached" });
}

/** Has deletions be answered four seconds after they were done. */
export async function slowDeletion(url: string) {
  await current.route(url, async (route) => {
    if (route.request().method() !== "DELETE") return route.fallback();
    const response = await route.fetch();
    await current.waitForTimeout(4000);
    await route.fulfill({ response });
  });
}

/** Waits until nothing is being loaded. */
export async function settled(of: Page = current) {
  await of.waitForFunction(() => document.querySelector("main h1, .sign-in h1") !== null && document.querySelector(".loading") === null);
}

/** Makes the system's theme dark or light, and waits until the page has heard of it. */
export async function system(theme: "light" | "dark", of: Page = current) {
  await of.emulateMedia({ colorScheme: theme });
  await of.waitForFunction((t) => document.documentElement.dataset.theme === t || localStorage.getItem("slipway-theme") !== null, theme);
}

interface Finding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: unknown; failureSummary: string }[];
}

/** Fails on every serious finding of axe, in light and in dark. */
export async function expectAccessible(of: Page = current) {
  await settled(of);
  for (const theme of ["light", "dark"] as const) {
    await system(theme, of);
    // Through the debugger's door, which the page's policy does not guard.
    const source = await import("node:fs/promises").then((fs) => fs.readFile(axe, "utf8"));
    if (!(await of.evaluate(() => "axe" in window))) await of.evaluate(source);
    // Only colours differ in dark.
    const runOnly = theme === "dark" ? ["color-contrast", "link-in-text-block"] : undefined;
    const findings = await of.evaluate(async (only) => {
      const { violations } = await (window as unknown as { axe: { run: (c: Document, o: object) => Promise<{ violations: unknown[] }> } }).axe.run(document, { resultTypes: ["violations"], runOnly: only });
      return violations;
    }, runOnly);
    const serious = (findings as Finding[]).filter((f) => f.impact === "serious" || f.impact === "critical");
    const said = serious.map((f) => `${f.id}: ${f.help}\n${f.nodes.slice(0, 5).map((n) => `  ${JSON.stringify(n.target)}: ${n.failureSummary}`).join("\n")}`);
    expect(said, `axe, ${theme}`).toEqual([]);
  }
  await system("light", of);
}

/** Takes a picture in light and in dark into e2e/screenshots; with UPDATE_DOCS=1 into docs/ui, too, where the guide shows one of this name. Look at them. PICTURES=0 takes none, where nobody does. */
export async function shot(name: string, of: Page = current) {
  await settled(of);
  if (!pictures) return;
  for (const theme of ["light", "dark"] as const) {
    await system(theme, of);
    await toasts(of, "hidden");
    keep(`${name}-${theme}`, await of.screenshot({ animations: "disabled" }));
  }
  await toasts(of, "");
  await system("light", of);
}

/** What was said in passing is in no picture. */
const toasts = (of: Page, visibility: "" | "hidden") => of.evaluate((v) => document.querySelector<HTMLElement>(".toasts")?.style.setProperty("visibility", v), visibility);
