import { expect, test } from "vitest";

import type { Schemas } from "~/api/client";

import { compareGraphs } from "./graphdiff";

const node = (id: string, more: Partial<Schemas["GraphNode"]> = {}): Schemas["GraphNode"] => ({
  type: "postgres", class: "default", id, guresid: `g-${id}`, criteria_id: "c", def_id: "def", def_version_id: "v1", depends_on: [],
  driver: { values: { a: 1, b: 2 } }, driver_type: "humanitec/template", in_place_driver_change: false, resource: {}, resource_schema: {}, ...more,
});

test("each resource is added, changed, removed or the same", () => {
  const changes = compareGraphs([node("kept"), node("moved"), node("gone")], [node("new"), node("kept", { driver: { values: { b: 2, a: 1 } } }), node("moved", { def_version_id: "v2" })]);
  expect(changes).toEqual([
    { key: "postgres.default#moved", kind: "change", differences: [{ what: "definition version", before: "v1", after: "v2" }] },
    { key: "postgres.default#new", kind: "add", differences: [] },
    { key: "postgres.default#gone", kind: "remove", differences: [] },
    { key: "postgres.default#kept", kind: "same", differences: [] },
  ]);
});

test("that a dependency has another unique id is no change, that there is another dependency is one", () => {
  const before = [node("db"), node("app", { depends_on: ["g-db"] })];
  expect(compareGraphs(before, [node("db", { guresid: "other" }), node("app", { depends_on: ["other"] })]).map((c) => c.kind)).toEqual(["same", "same"]);
  expect(compareGraphs(before, [node("db"), node("app")])[0]).toMatchObject({ kind: "change", differences: [{ what: "needs", before: ["postgres.default#db"], after: [] }] });
});
