import { expect, test } from "vitest";

import { moved, stepOf, textOf } from "./path";

test.each([{ env: "staging" }, { type: "review" }])("a station is a text and back: %o", (step) => {
  expect(stepOf(textOf(step))).toEqual(step);
});

test.each<[string, number, 1 | -1, string]>([
  ["down", 0, 1, "bac"],
  ["up", 2, -1, "acb"],
  ["up from the first place", 0, -1, "abc"],
  ["down from the last", 2, 1, "abc"],
])("moving a station %s", (_, index, by, want) => {
  expect(moved([..."abc"], index, by).join("")).toBe(want);
});
