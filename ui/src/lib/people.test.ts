import { expect, test } from "vitest";

import { textOf } from "./people";

const long = "03e5e304-28a1-4a2e-983c-f0bbee929c59";

test.each<[string, Parameters<typeof textOf>, { text: string; title: string }]>([
  ["nobody", [undefined, null], { text: "", title: "" }],
  ["Slipway itself", ["UNKNOWN", null], { text: "Slipway", title: "Slipway itself" }],
  ["one who is not known", [long, null], { text: "03e5e304…", title: long }],
  ["one who is being asked for", [long, undefined], { text: "03e5e304…", title: long }],
  ["a member", ["u", { id: "u", name: "Ada", email: "ada@acme.test", type: "user", former: false }], { text: "Ada", title: "ada@acme.test, u" }],
  ["one without a name", ["u", { id: "u", name: "", email: "ada@acme.test", type: "user", former: false }], { text: "ada@acme.test", title: "ada@acme.test, u" }],
  ["a service user that is gone", ["s", { id: "s", name: "CI", type: "service", former: true }], { text: "CI (left)", title: "service user, no longer in the organization, s" }],
])("%s", (_, given, want) => {
  expect(textOf(...given)).toEqual(want);
});
