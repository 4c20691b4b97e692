import { expect, test } from "vitest";

import { asYaml, changesOf, emptyModule, fromYaml, get, idProblem, rename, set } from "./module";

const module = { profile: "p", spec: { containers: { web: { image: "a:1", variables: { A: "1", B: "2", C: "3" } } } } };
const image = ["spec", "containers", "web", "image"];

test("a place is read, set and taken away, and the rest stays as it is", () => {
  expect(get(module, image)).toBe("a:1");
  expect(get(module, ["spec", "nothing", "here"])).toBeUndefined();
  const next = set(module, image, "a:2");
  expect(get(next, image)).toBe("a:2");
  expect(get(module, image)).toBe("a:1");
  expect(set(module, ["externals", "db"], { type: "postgres" })).toMatchObject({ externals: { db: { type: "postgres" } }, profile: "p" });
  expect(set({ a: { b: { c: 1 } }, d: 1 }, ["a", "b", "c"], undefined)).toEqual({ d: 1 });
});

test("a variable that is renamed keeps its place", () => {
  const variables = ["spec", "containers", "web", "variables"];
  expect(Object.keys(get(rename(module, variables, "B", "X"), variables) as object)).toEqual(["A", "X", "C"]);
  expect(rename(module, variables, "B", "C")).toBe(module); // another one has that name
});

test("form and YAML are the same thing", () => {
  expect(fromYaml(asYaml(module))).toEqual({ module, problems: [] });
});

test.each([
  ["broken YAML", "a: [", 1, false],
  ["a list", "- a", 1, false],
  ["no profile", "spec: {}", 1, true],
])("%s is said", (_, text, problems, usable) => {
  const read = fromYaml(text);
  expect(read.problems.length).toBeGreaterThanOrEqual(problems);
  expect(read.module !== undefined).toBe(usable);
});

test("only what differs is a change", () => {
  const before = { web: module, old: module };
  expect(changesOf(before, { web: { spec: module.spec, profile: "p" }, old: null, never: null, api: emptyModule("api") })).toEqual({ add: { api: emptyModule("api") }, remove: ["old"] });
  expect(changesOf(before, {})).toEqual({ add: {}, remove: [] });
});

test.each([
  ["web", "There is"],
  ["Web", "Lower-case"],
  ["-a", "Lower-case"],
  ["a", undefined],
  ["", undefined],
])("the id %j", (id, want) => {
  const problem = idProblem(id, ["web"]);
  if (want === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(want);
});
