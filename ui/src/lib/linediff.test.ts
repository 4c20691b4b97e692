import { describe, expect, test } from "vitest";

import { diffLines, hunks } from "./linediff";

const text = (before: string, after: string) => diffLines(before, after).map((l) => ({ same: " ", added: "+", removed: "-" })[l.kind] + l.text);

describe("diffLines", () => {
  test.each([
    { name: "equal texts have no difference", before: "a\nb", after: "a\nb", want: [" a", " b"] },
    { name: "a changed line is removed and added", before: "a\nb\nc", after: "a\nx\nc", want: [" a", "-b", "+x", " c"] },
    { name: "from nothing, everything is added", before: "", after: "a\nb", want: ["+a", "+b"] },
    { name: "to nothing, everything is removed", before: "a", after: "", want: ["-a"] },
    { name: "what was moved is found once", before: "a\nb\nc", after: "c\na\nb", want: ["+c", " a", " b", "-c"] },
    { name: "repeated lines do not confuse it", before: "a\na\nb", after: "a\nb\nb", want: [" a", "-a", "+b", " b"] },
  ])("$name", ({ before, after, want }) => expect(text(before, after)).toEqual(want));

  test("lines have their numbers on both sides", () => {
    expect(diffLines("a\nb", "x\na\nb").map((l) => [l.before, l.after])).toEqual([[undefined, 1], [1, 2], [2, 3]]);
  });

  test("a huge difference is shown as replaced, and soon", () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word} ${i}`).join("\n");
    const lines = diffLines(many("before"), many("after"));
    expect(lines.filter((l) => l.kind === "removed")).toHaveLength(3000);
    expect(lines.filter((l) => l.kind === "added")).toHaveLength(3000);
  });
});

test("hunks leave out what is far from a difference, and say how much", () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
  const shown = hunks(diffLines(before, before.replace("line 10", "changed")), 2);
  expect(shown.map((l) => (typeof l === "number" ? l : l.text))).toEqual([8, "line 8", "line 9", "line 10", "changed", "line 11", "line 12", 7]);
});
