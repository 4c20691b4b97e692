import { describe, expect, test } from "vitest";

import { manifestOf, newManifest, parseManifest, parseObject, type Definition } from "./manifest";

const definition: Definition = {
  id: "pg", org_id: "acme", name: "Postgres", type: "postgres", driver_type: "humanitec/echo", active_version_id: "v1", created_at: "2026-01-01T00:00:00Z", created_by: "u1", driver_account: "",
  driver_inputs: { values: { host: "db", port: 5432, note: "yes\nno" } }, in_place_driver_change: false, is_default: false, is_deleted: false, criteria: [{ id: "c1", class: "default" }],
};

describe("a definition's file", () => {
  test("is read back as what it was", () => {
    const { body, problems } = parseManifest(manifestOf(definition));
    expect(problems).toEqual([]);
    expect(body).toEqual({ id: "pg", name: "Postgres", type: "postgres", driver_type: "humanitec/echo", driver_inputs: definition.driver_inputs });
  });
  test("that is proposed is right", () => expect(parseManifest(newManifest).problems).toEqual([]));
  test.each([
    { name: "bad YAML has its line", text: "kind: Definition\nmetadata: [", line: 2, says: /flow/i },
    { name: "another kind", text: "apiVersion: x\nkind: Driver\nmetadata: {id: a}\nentity: {name: a, type: b, driver_type: c}", line: 2, says: /kind must be/ },
    { name: "no id", text: "kind: Definition\nmetadata: {}\nentity: {name: a, type: b, driver_type: c}", line: 2, says: /metadata.id/ },
    { name: "no driver", text: "kind: Definition\nmetadata: {id: a}\nentity:\n  name: a\n  type: b", line: 3, says: /driver_type is missing/ },
    { name: "an unknown key", text: "kind: Definition\nmetadata: {id: a}\nentity:\n  name: a\n  type: b\n  driver_type: c\n  driver_input: {}", line: 7, says: /no such key/ },
    { name: "nothing at all", text: "", line: 1, says: /Write apiVersion/ },
  ])("$name", ({ text, line, says }) => {
    const { body, problems } = parseManifest(text);
    expect(body).toBeUndefined();
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).toMatch(says);
  });
});

describe("parseObject", () => {
  test("takes an object", () => expect(parseObject("a: 1\nb: [x]").body).toEqual({ a: 1, b: ["x"] }));
  test("refuses a list", () => expect(parseObject("- a").problems).toHaveLength(1));
  test("says where YAML is broken", () => expect(parseObject("a: 1\nb: {").problems[0]?.line).toBe(2));
});
