import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { newsOf, ofEachKind } from "./liveorg";

const attention = (...kinds: string[]) => ({ waiting: [], concerns: kinds.map((kind, i) => ({ kind, message: String(i) })), underway: [], more: [], unknown: [] });
const key = (path: string, query?: object) => ["get", path, { params: { path: { orgId: "o" }, ...(query && { query }) } }];
const attentionKey = key("/orgs/{orgId}/attention", { limit: ofEachKind });

test("what needs attention is told, and runs are asked for when it changed about them", () => {
  const queries = new QueryClient();
  const told = (...kinds: string[]) => {
    const now = attention(...kinds);
    const news = newsOf(queries, "o", { type: "attention", data: now });
    expect(news.set).toEqual([[attentionKey, now]]);
    queries.setQueryData(attentionKey, now);
    return news.stale;
  };
  const runs = [key("/orgs/{orgId}/pipeline-runs"), key("/orgs/{orgId}/deployment-approvals")];
  expect(told("pipeline-failed"), "at first").toEqual([]);
  expect(told("pipeline-failed"), "again").toEqual([]);
  expect(told("pipeline-failed", "drifted"), "about something else").toEqual([]);
  expect(told("drifted")).toEqual(runs);
  expect(told("approval", "drifted")).toEqual(runs);
});

test("the list of applications is asked for when it is another one", () => {
  const queries = new QueryClient();
  const told = (count: number, digest: string, orgId = "o") => newsOf(queries, orgId, { type: "applications", data: { count, digest } });
  const [first] = told(2, "a").parts ?? [];
  expect([first?.isIn([{}, {}], []), first?.isIn([{}], [])], "at first by their number").toEqual([true, false]);
  expect(told(2, "a")).toEqual({});
  expect(told(2, "b")).toEqual({ stale: [key("/orgs/{orgId}/apps")], pause: 0 });
  expect(told(2, "b")).toEqual({});
  expect(told(201, "c").pause, "a long one not so often").toBeGreaterThanOrEqual(5000);
  expect(told(2, "b", "other").parts).toHaveLength(1);
});

test("other events say nothing", () => {
  expect(newsOf(new QueryClient(), "o", { type: "end", data: { reason: "gone" } })).toEqual({});
});
