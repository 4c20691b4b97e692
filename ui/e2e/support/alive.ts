import type { Page } from "playwright-core";

/** What pages showed without being loaded anew: the states that each resource, and "the deployment", went through, in order. */
export interface Seen {
  /** Whether the page is still the one that was begun with. */
  samePage: boolean;
  states: Record<string, string[]>;
}

/** Has the page note the state of each resource that a timeline or graph shows, whenever it changes. It goes on past links within the page. */
export async function beginWatching(page: Page) {
  await page.evaluate(() => {
    const w = window as unknown as { seen?: Record<string, string[]> };
    if (w.seen) return;
    const seen: Record<string, string[]> = (w.seen = {});
    const note = (name: string, state: string) => {
      const states = (seen[name] ??= []);
      if (states.at(-1) !== state) states.push(state);
    };
    const look = () => {
      const deployment = document.querySelector(".page-head .badge")?.textContent?.trim();
      if (deployment && /^(pending|in progress|succeeded|failed)$/.test(deployment)) note("the deployment", deployment);
      for (const e of document.querySelectorAll('[role="group"][aria-label="Resources over time"] button, .react-flow__node')) {
        const text = (e.getAttribute("aria-label") ?? e.textContent ?? "").trim();
        const state = /\b(pending|running|succeeded|failed|skipped)\b/.exec(text)?.[1];
        const name = e.querySelector("code, .graph-type")?.textContent?.trim();
        if (state !== undefined && name !== undefined) note(name, state);
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });
}

export function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const states = (window as unknown as { seen?: Record<string, string[]> }).seen;
    return { samePage: states !== undefined, states: states ?? {} };
  });
}
