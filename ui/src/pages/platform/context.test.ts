import { describe, expect, test } from "vitest";

import { criterionText, setWith } from "./context";

test.each([
  { name: "an empty one matches everything", of: { class: "default" }, want: "everything" },
  { name: "the most specific comes first", of: { class: "large", app_id: "shop", env_type: "production", res_id: "shared.db" }, want: "resource shared.db, app shop, env type production, class large" },
])("criterionText: $name", ({ of, want }) => expect(criterionText(of)).toBe(want));

describe("setWith", () => {
  const context = { type: "postgres", class: "", res: "", app: "shop", env: "development", envType: "development" };
  const resource = { type: "postgres", class: "default" };
  test("holds a shared resource", () => expect(setWith({ ...context, res: "shared.db" })).toEqual({ modules: {}, shared: { db: resource } }));
  test("holds one of a workload", () => expect(setWith({ ...context, res: "modules.api.externals.db" })).toEqual({ modules: { api: { externals: { db: resource } } }, shared: {} }));
  test("has a name for one without an id", () => expect(setWith({ ...context, class: "large" })).toEqual({ modules: {}, shared: { "any-resource": { type: "postgres", class: "large" } } }));
  test("knows what no set can hold", () => expect(setWith({ ...context, res: "k8s-namespace" })).toBeNull());
});
