import { expect, test } from "vitest";

import { ignoresOf, textOfIgnores } from "./ignores";

test.each([
  [[{ kind: "Deployment", path: "/spec/replicas" }], "Deployment * /spec/replicas"],
  [[{ kind: "ConfigMap", name: "web" }, { path: "/metadata/labels" }], "ConfigMap web *\n* * /metadata/labels"],
  [[], ""],
])("what is ignored is lines, and back: %o", (fields, text) => {
  expect(textOfIgnores(fields)).toBe(text);
  expect(ignoresOf(text)).toEqual(fields);
});

test("empty lines and spaces mean nothing", () => {
  expect(ignoresOf("\n  Deployment   *  /spec/replicas \n\n")).toEqual([{ kind: "Deployment", path: "/spec/replicas" }]);
});
