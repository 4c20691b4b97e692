import { expect, test } from "vitest";

import { fieldsOf, parametersOf } from "./fields";

const schema = {
  type: "object",
  required: ["name", "schedule"],
  properties: {
    command: { type: "array", items: { type: "string" }, default: ["run", "it"], title: "Command" },
    port: { type: "integer", default: 8080, minimum: 1, maximum: 65535 },
    public: { type: "boolean", default: false },
    size: { enum: ["small", "large"], default: "small" },
    extra: { type: "object" },
    name: { type: "string", minLength: 2, maxLength: 5, pattern: "^[a-z]+$" },
    schedule: { type: "string", examples: ["@daily"] },
  },
};
const fields = fieldsOf(schema);
const field = (name: string) => fields.find((f) => f.name === name);

test("what is required comes first; defaults are in the fields", () => {
  expect(fields.map((f) => [f.name, f.kind, f.initial])).toEqual([
    ["name", "text", ""], ["schedule", "text", ""], ["command", "list", "run\nit"], ["port", "number", "8080"], ["public", "yes-no", "false"], ["size", "choice", "small"], ["extra", "json", ""],
  ]);
  expect(field("schedule")?.help).toBe("For example @daily");
  expect(field("command")).toMatchObject({ label: "Command", help: "One per line." });
});

test.each([
  ["name", "", "This is required."],
  ["name", "a", "At least 2 characters."],
  ["name", "abcdef", "At most 5 characters."],
  ["name", "A B", "It has to look like ^[a-z]+$"],
  ["name", "abc", undefined],
  ["port", "x", "A whole number."],
  ["port", "1.5", "A whole number."],
  ["port", "0", "At least 1."],
  ["port", "", undefined],
  ["extra", "{", "JSON is expected."],
])("%s with %j: %s", (name, text, want) => {
  expect(field(name)?.problem(text)).toBe(want);
});

test("parameters have the types of the schema, and leave out what is empty", () => {
  expect(parametersOf(fields, { name: "web", schedule: "@daily", command: "a\n\nb", public: "true", port: "", extra: '{"a":1}' })).toEqual({
    name: "web", schedule: "@daily", command: ["a", "b"], public: true, size: "small", extra: { a: 1 },
  });
});
