import { expect, test } from "vitest";

import { page, visit } from "./support/page";

test("typing over a selection violates no policy, and closes brackets as ever", async () => {
  await visit("/o/demo/apps/shop/envs/development/change/score");
  const p = page();
  const editor = p.locator(".editor .cm-content").first();
  await editor.waitFor();
  const text = () => editor.innerText();
  await editor.click();
  await p.keyboard.press("Control+a");
  await p.keyboard.type("# x\nname: value # note\nlist: [1, 2]");
  // Over a word of one colour, over lines of several, and over a part of a word.
  await p.keyboard.press("Control+Home");
  await p.keyboard.press("ArrowDown");
  await p.keyboard.press("Shift+End");
  await p.keyboard.type("key: 1");
  expect(await text()).toContain("key: 1");
  expect(await text()).not.toContain("note");
  await p.keyboard.press("Control+a");
  await p.keyboard.type("a: b");
  expect((await text()).trim()).toBe("a: b");
  await p.keyboard.press("Shift+ArrowLeft");
  await p.keyboard.type("[");
  expect((await text()).trim()).toBe("a: [b]"); // a bracket goes around what is selected
  await p.keyboard.press("Control+z");
  expect((await text()).trim()).toBe("a: b");
});
