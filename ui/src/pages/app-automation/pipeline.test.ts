import { describe, expect, test } from "vitest";

import { ApiError } from "~/api/error";

import { approvalOf, graphOf, inputsOf, jobStatus, problemsOf, readInputs, type Job } from "./pipeline";

const job = (id: string, status: string, waiting_for?: string): Job => ({
  id, name: id, status, waiting_for, app_id: "shop", org_id: "acme", created_at: "", updated_at: "", etag: "", pipeline_id: "p", pipeline_version: "v", run_id: "r", status_message: "", timeout_seconds: 60,
});

describe("problemsOf", () => {
  test("has each problem with its line", () => {
    const error = new ApiError({ status: 400, code: "HTTP-400", message: "the pipeline is not valid", details: { problems: [{ line: 7, column: 3, path: "jobs.a", message: "is wrong" }, { line: 0, message: "is empty" }] } });
    expect(problemsOf(error)).toEqual([{ line: 7, message: "jobs.a: is wrong" }, { line: 1, message: "is empty" }]);
  });
  test("is not for other errors", () => expect(problemsOf(new ApiError({ status: 403, code: "FORBIDDEN", message: "no" }))).toBeUndefined());
});

test("graphOf: what a job needs comes before it; jobs that have not begun are there", () => {
  const { nodes, edges } = graphOf({ jobs: { build: { steps: [{}, {}] }, test: { needs: "build", steps: [{}] }, deploy: { name: "Deploy", needs: ["build", "test"] } } }, [{ ...job("build", "succeeded"), completed_at: "2026-01-01T00:00:00Z" }, job("test", "executing", "approval(a1)")]);
  expect(nodes.map((n) => [n.id, n.type, n.name, n.tone])).toEqual([
    ["build", "build", "succeeded · 2 steps", "ok"],
    ["test", "test", "waiting for approval", "warn"],
    ["deploy", "Deploy", "queued · 0 steps", "idle"],
  ]);
  expect(edges).toEqual([{ from: "build", to: "test" }, { from: "build", to: "deploy" }, { from: "test", to: "deploy" }]);
});

test("jobStatus: only an approval is said", () => {
  expect(jobStatus(job("a", "executing", "deployment(d)"))).toBe("executing");
  expect(jobStatus(job("a", "failed", "approval(x)"))).toBe("failed");
});

test("approvalOf", () => {
  expect(approvalOf("approval(1845e041-a9ff)")).toBe("1845e041-a9ff");
  expect(approvalOf("deployment(x)")).toBeUndefined();
  expect(approvalOf(undefined)).toBeUndefined();
});

describe("inputs", () => {
  test("are none without the trigger pipeline_call", () => expect(inputsOf({ on: { deployment_request: {} } })).toBeUndefined());
  test("may be none with it", () => expect(inputsOf({ on: { pipeline_call: null } })).toEqual([]));
  test("are read by their type", () => {
    const declared = inputsOf({ on: { pipeline_call: { inputs: { env: {}, count: { type: "integer" }, tags: { type: "array" }, left: {} } } } }) ?? [];
    expect(readInputs(declared, { env: "5", count: "5", tags: '["a"]' })).toEqual({ env: "5", count: 5, tags: ["a"] });
    expect(() => readInputs(declared, { count: "many" })).toThrow(/count: "many" is no integer/);
  });
});
