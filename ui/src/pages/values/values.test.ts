import { expect, test } from "vitest";

import { changedKeys, effectOf, keyProblem, rowsOf, sameContent, versionsWith, whatMade, type Value, type Version } from "./values";

const value = (key: string, text: string, more: Partial<Value> = {}): Value => ({
  key, value: text, description: "", is_secret: false, source: "app", secret_store_id: null, secret_key: null, secret_version: null, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z", ...more,
});
const secret = (key: string, version: string, more: Partial<Value> = {}) => value(key, "", { is_secret: true, secret_store_id: "humanitec", secret_key: `s/${key}`, secret_version: version, ...more });
const version = (...values: Value[]): Version => ({
  id: "v", created_at: "", updated_at: "", created_by: "", comment: "", change: [], result_of: "app_value_create", source_value_set_version_id: null, values: Object.fromEntries(values.map((v) => [v.key, v])),
});

test("an environment's values are inherited or overridden, with what lies below", () => {
  const app = [value("A", "1"), value("B", "1")];
  expect(rowsOf([value("A", "1"), value("B", "2", { source: "env" })], app)).toMatchObject([{ key: "A", state: "inherited" }, { key: "B", state: "overridden", app: { value: "1" }, value: { value: "2" } }]);
  expect(rowsOf(app, undefined).map((r) => r.state)).toEqual(["app", "app"]);
});

test.each([
  ["equal texts", value("A", "1"), value("A", "1", { description: "x" }), true],
  ["other texts", value("A", "1"), value("A", "2"), false],
  ["one version of a secret", secret("S", "1"), secret("S", "1"), true],
  ["two versions of a secret", secret("S", "1"), secret("S", "2"), false],
  ["a secret and a text", secret("S", "1"), value("S", ""), false],
])("content: %s", (_, a, b, want) => {
  expect(sameContent(a, b)).toBe(want);
});

test("restoring a version of an application sets, changes and deletes", () => {
  expect(effectOf(version(value("A", "1"), value("B", "1"), value("C", "1")).values, [value("A", "1"), value("B", "2"), value("D", "1")], "app")).toEqual([
    { key: "B", kind: "change" },
    { key: "C", kind: "set" },
    { key: "D", kind: "delete" },
  ]);
});

test("restoring a version of an environment touches its overrides alone", () => {
  const then = version(value("A", "old"), value("B", "1", { source: "env" })).values;
  expect(effectOf(then, [value("A", "new"), value("B", "1", { source: "env" }), value("C", "2", { source: "env" })], "env")).toEqual([{ key: "C", kind: "inherit" }]);
});

test("versions with the same content are counted", () => {
  expect(versionsWith([version(secret("S", "1")), version(secret("S", "2")), version(secret("S", "1"), value("A", "1")), version(value("A", "1"))], secret("S", "1"))).toBe(2);
});

test("what made a version, and of which keys", () => {
  expect(["app_value_create", "env_value_update", "app_value_set_version_restore", "env_value_set_version_purge", "app_values_delete"].map((result_of) => whatMade({ result_of }))).toEqual(["set", "changed", "restored", "purged a former value", "deleted all"]);
  expect(changedKeys({ change: [{ op: "add", path: "/A" }, { op: "remove", path: "/B" }, { op: "add", path: "/A" }] })).toEqual(["A", "B"]);
});

test.each([
  ["", undefined],
  ["LOG_LEVEL", undefined],
  ["a b", "Letters"],
  ["x".repeat(257), "Letters"],
  ["TAKEN", "There is"],
])("the key %j", (key, want) => {
  const problem = keyProblem(key, new Set(["TAKEN"]));
  if (want === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(want);
});
