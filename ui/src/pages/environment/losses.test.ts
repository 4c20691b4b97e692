import { expect, test } from "vitest";

import { lossesOf } from "./ResourceActions";

const postgres = { type: "postgres", res_id: "shared.db", driver_type: "humanitec/template", resource: { host: "h", name: "n" }, secret_refs: { password: {} } };

test.each<[string, boolean, string[]]>([
  ["deleting names the resource and its outputs", false, ["The postgres shared.db itself, made by humanitec/template, with the data in it", "Its outputs: host, name, password"]],
  ["forgetting leaves what it made", true, ["Slipway's record of it. What it made stays where it is, and nothing of Slipway looks after it any more", "Its outputs: host, name, password"]],
])("%s", (_, detach, want) => {
  expect(lossesOf(postgres, detach)).toEqual(want);
});
