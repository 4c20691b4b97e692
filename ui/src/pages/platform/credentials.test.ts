import { expect, test } from "vitest";

import { credentialFields, readCredentials, readKeyFile } from "./credentials";

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

test("a key file keeps its lines, and is not repeated where it is broken", () => {
  expect(readKeyFile('{"private_key": "a\\nb"}')).toEqual({ private_key: "a\nb" });
  expect(readKeyFile(" ")).toEqual({});
  expect(() => readKeyFile("secret")).toThrow(/^The key file is no JSON object$/);
  expect(() => readKeyFile("[]")).toThrow(/no JSON object/);
});
