import { expect, test } from "vitest";

import { at, byPlace, countChanges, listChanges } from "./changes";

const set = {
  modules: { web: { profile: "p", spec: { containers: { main: { image: "web:1" } }, "a/b": 1 } }, old: { profile: "p" } },
  shared: { db: { type: "postgres", class: "default" } },
};

test.each([
  ["", set],
  ["/modules/web/spec/containers/main/image", "web:1"],
  ["/modules/web/spec/a~1b", 1],
  ["/modules/web/nothing/deeper", undefined],
])("the pointer %j leads to what is there", (pointer, want) => {
  expect(at(set, pointer)).toEqual(want);
});

test("a delta is listed with what was there before", () => {
  const changes = listChanges(
    {
      modules: { add: { api: { profile: "p" } }, remove: ["old"], update: { web: [{ op: "replace", path: "/spec/containers/main/image", value: "web:2" }, { op: "add", path: "/spec/x", value: 1 }] } },
      shared: [{ op: "add", path: "/cache", value: { type: "redis" } }, { op: "remove", path: "/db" }],
    },
    set,
  );
  expect(changes).toEqual([
    { kind: "add", of: "api", path: "", before: undefined, after: { profile: "p" } },
    { kind: "change", of: "web", path: "/spec/containers/main/image", before: "web:1", after: "web:2" },
    { kind: "add", of: "web", path: "/spec/x", before: undefined, after: 1 },
    { kind: "remove", of: "old", path: "", before: { profile: "p" } },
    { kind: "add", of: "Shared resources", path: "/cache", before: undefined, after: { type: "redis" } },
    { kind: "remove", of: "Shared resources", path: "/db", before: { type: "postgres", class: "default" } },
  ]);
  expect(byPlace(changes).map(([of, list]) => [of, list.length])).toEqual([["api", 1], ["web", 2], ["old", 1], ["Shared resources", 2]]);
  expect(countChanges(changes)).toBe("3 added, 1 changed, 2 removed");
});

test("a workload that is added where there is one is a change of it", () => {
  expect(listChanges({ modules: { add: { old: { profile: "q" } }, remove: [], update: {} }, shared: [] }, set)).toMatchObject([{ kind: "change", of: "old", before: { profile: "p" }, after: { profile: "q" } }]);
  expect(countChanges([])).toBe("nothing");
});
