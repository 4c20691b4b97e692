import { expect, test } from "vitest";

import { nextStep, splitMessage } from "./nextstep";

test.each([
  ["DEP-VALUE", "web", "values"],
  ["DEP-CYCLE", "db", "change"],
  ["RUN-ImagePull", "web", "cluster"],
  ["RES-104", "db", "retry"],
  ["RES-104", "asks", "questions"],
  ["cancelled", "", "retry"],
  ["DEP-RIGHTS", "web", undefined],
])("%s of %s is put right at %s", (code, object_id, want) => {
  expect(nextStep({ code, object_id, scope: "resource" }, new Set(["asks"]))).toBe(want);
});

test.each([
  ["said twice", { summary: "no image", message: "no image" }, { cause: "", tries: "" }],
  ["with what to try", { summary: "no image", message: "pod x: back-off\ntry: check the name" }, { cause: "pod x: back-off", tries: "check the name" }],
  ["only what to try is new", { summary: "no image", message: "no image\ntry: check\nor wait" }, { cause: "", tries: "check\nor wait" }],
])("a message is taken apart: %s", (_, error, want) => {
  expect(splitMessage(error)).toEqual(want);
});
