import { expect, test } from "vitest";

import { readObject } from "./WebhookDialog";

test.each([
  { name: "nothing is null, which sends the default", text: "  ", want: null },
  { name: "YAML", text: "text: hello\nto: ops", want: { text: "hello", to: "ops" } },
  { name: "JSON", text: '{"text": "${event}"}', want: { text: "${event}" } },
  { name: "a list is no object", text: "- a", want: undefined },
  { name: "broken YAML is no object", text: "a: {", want: undefined },
])("readObject: $name", ({ text, want }) => expect(readObject(text)).toEqual(want));
