import { expect, test } from "vitest";

import { errorOf } from "./error";

const cases: Record<string, [string, object]> = {
  "the usual shape": ['{"error":"QUEUE-FULL","message":"the queue is full","details":{"limit":5}}', { code: "QUEUE-FULL", message: "the queue is full", details: { limit: 5 } }],
  "without details": ['{"error":"HTTP-404","message":"no such app","details":{}}', { code: "HTTP-404", message: "no such app", details: undefined }],
  "a bare text, as of sets": ['"set not found"', { code: "HTTP-409", message: "set not found" }],
  "a text in error, as of registries": ['{"error":"no such registry"}', { code: "HTTP-409", message: "no such registry" }],
  "a list, as of environment types in use": ['[{"id":"development"}]', { code: "HTTP-409", details: { objects: [{ id: "development" }] } }],
  "no JSON at all": ["<html>", { code: "HTTP-409", message: "Conflict" }],
};

test.each(Object.entries(cases))("%s", async (_, [body, want]) => {
  const error = await errorOf(new Response(body, { status: 409, statusText: "Conflict", headers: { "X-Request-Id": "r1" } }));
  expect(error).toMatchObject({ status: 409, requestId: "r1", ...want });
});
