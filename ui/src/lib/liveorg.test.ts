import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { newsOf, ofEachKind } from "./liveorg";

const items = (kinds: string[]) => kinds.map((kind, i) => ({ kind, message: String(i) }));
const attention = (waiting: string[], concerns: string[]) => ({ waiting: items(waiting), concerns: items(concerns), underway: [], more: [], unknown: [] });
const key = (path: string, query?: object) => ["get", path, { params: { path: { orgId: "o" }, ...(query && { query }) } }];
const attentionKey = key("/orgs/{orgId}/attention", { limit: ofEachKind });

test("what needs attention is told, and approvals are asked for when others wait", () => {
  const queries = new QueryClient();
  const told = (waiting: string[], ...concerns: string[]) => {
    const now = attention(waiting, concerns);
    const news = newsOf(queries, "o", { type: "attention", data: now });
    expect(news.set).toEqual([[attentionKey, now]]);
    queries.setQueryData(attentionKey, now);
    return news.stale;
  };
  const approvals = [key("/orgs/{orgId}/deployment-approvals")];
  expect(told(["approval"]), "at first").toEqual([]);
  expect(told(["approval"]), "again").toEqual([]);
  expect(told(["approval"], "drifted"), "about something else").toEqual([]);
  expect(told([], "drifted")).toEqual(approvals);
  expect(told(["pipeline-approval"], "drifted")).toEqual(approvals);
});

test("runs are asked for when the newest ones are others", () => {
  const queries = new QueryClient();
  const told = (digest: string, orgId = "o") => newsOf(queries, orgId, { type: "runs", data: { count: 2, digest } }).stale;
  const runs = [key("/orgs/{orgId}/pipeline-runs")];
  expect(told("a"), "at first").toEqual(runs);
  expect(told("a")).toBeUndefined();
  expect(told("b")).toEqual(runs);
  expect(newsOf(queries, "o", { type: "applications", data: { count: 2, digest: "b" } }).parts, "another list").toHaveLength(1);
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
