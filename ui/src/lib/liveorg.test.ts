import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { newsOf, ofEachKind } from "./liveorg";

const attention = (n: number) => ({ waiting: [], concerns: Array.from({ length: n }, (_, i) => ({ kind: "failed", message: String(i) })), underway: [], more: [], unknown: [] });
const key = (path: string, query?: object) => ["get", path, { params: { path: { orgId: "o" }, ...(query && { query }) } }];
const attentionKey = key("/orgs/{orgId}/attention", { limit: ofEachKind });

test("what needs attention is told, and runs are asked for when it changed", () => {
  const queries = new QueryClient();
  const told = (n: number) => {
    const news = newsOf(queries, "o", { type: "attention", data: attention(n) });
    expect(news.set).toEqual([[attentionKey, attention(n)]]);
    queries.setQueryData(attentionKey, attention(n));
    return news.stale;
  };
  expect(told(1), "at first").toEqual([]);
  expect(told(1), "again").toEqual([]);
  expect(told(2)).toEqual([key("/orgs/{orgId}/pipeline-runs"), key("/orgs/{orgId}/deployment-approvals")]);
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
