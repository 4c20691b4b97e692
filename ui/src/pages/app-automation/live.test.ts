import { expect, test } from "vitest";

import { withJob, withLines } from "./live";
import type { Job } from "./pipeline";

const job = (id: string, status: string) => ({ id, status }) as Job;
const line = (job_id: string, step_index: number, n: number) => ({ job_id, step_index, line: n, at: "2026-01-01T00:00:00Z", level: "INFO", message: `${job_id} ${step_index}/${n}` });

test("a job is added once and then replaced", () => {
  const one = withJob(undefined, job("a", "queued"));
  const two = withJob(one, job("b", "queued"));
  expect(withJob(two, job("a", "executing")).map((j) => `${j.id} ${j.status}`)).toEqual(["a executing", "b queued"]);
  expect(one).toHaveLength(1);
});

test("a line that is told again after a break is there once", () => {
  const before = withLines(new Map(), [line("a", 0, 1), line("a", 0, 2), line("b", 1, 1)]);
  const after = withLines(before, [line("a", 0, 2), line("a", 1, 1)]);
  expect(after.get("a")?.map((l) => l.text)).toEqual(["a 0/1", "a 0/2", "a 1/1"]);
  expect(before.get("a")).toHaveLength(2);
  expect(after.get("b")).toBe(before.get("b"));
});
