import { expect, test } from "vitest";

import { credentialFields, readCredentials } from "./credentials";

const schema = { required: ["key"], properties: { note: { type: "string" }, key: { type: "string" }, file: { type: "object" } } };

test("what is required comes first", () => {
  expect(credentialFields(schema)).toEqual([
    { name: "key", required: true, object: false },
    { name: "note", required: false, object: false },
    { name: "file", required: false, object: true },
  ]);
  expect(credentialFields(undefined)).toEqual([]);
});

test("objects are read as JSON, what is empty or of another type is left out", () => {
  expect(readCredentials(credentialFields(schema), { key: "1", note: "", file: '{"a": 1}', of_another_type: "x" })).toEqual({ key: "1", file: { a: 1 } });
});

test("broken JSON is said without what was typed", () => {
  expect(() => readCredentials(credentialFields(schema), { file: "{secret" })).toThrow(/^file is no JSON$/);
});
