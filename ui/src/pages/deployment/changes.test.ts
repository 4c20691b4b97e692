import { expect, test } from "vitest";

import { countsOf } from "./Changes";

test.each([
  [{}, "nothing to change"],
  [{ delete: 1, create: 2 }, "2 to create, 1 to destroy"],
  [{ replace: 1, update: 3, create: 0 }, "3 to change, 1 to replace"],
  [{ forget: 1 }, "1 to forget"],
])("%j", (counts, words) => expect(countsOf(counts as Record<string, number>)).toBe(words));
