import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { asked } from "~/lib/live";

import { newsOf } from "./live";

const path = { orgId: "o", appId: "a" };
const appPath = "/orgs/{orgId}/apps/{appId}";
const key = (of: string, params: object = { path }): QueryKey => ["get", of, { params }];

const deployment = (id: string, status = "succeeded") => ({ id, status, phase: "done", created_at: `2026-01-01T00:00:0${id}Z` });
const env = (id: string, more = {}) => ({ id, name: id, type: "development", status: "active", workloads: [], queue_policy: "queue", protected: false, ...more });
const run = (id: string, more = {}) => ({ id, pipeline_id: "p", app_id: "a", status: "executing", created_at: `2026-01-01T00:00:0${id}Z`, ...more });

/** What becomes of answers that are known: [what is shown at once, what is asked for anew]. */
function told(type: string, data: unknown, known: [QueryKey, unknown][]) {
  const queries = new QueryClient();
  for (const [k, answer] of known) queries.setQueryData(k, answer);
  const { set = [], parts = [], stale = [], gone = [] } = newsOf(path, { type, data });
  for (const [k, answer] of set) queries.setQueryData(k, answer);
  for (const { of, isIn, put } of parts) {
    for (const q of queries.getQueryCache().findAll({ queryKey: of })) if (put && !isIn(q.state.data, q.queryKey)) queries.setQueryData(q.queryKey, put(q.state.data, q.queryKey));
  }
  const behind = known.filter(([k]) => parts.some(({ of, isIn }) => queries.getQueryCache().findAll({ queryKey: of }).some((q) => q.queryKey === k && !isIn(q.state.data, k))));
  return { shown: (k: QueryKey) => queries.getQueryData(k), asks: [...behind.map(([k]) => k), ...stale].map((k) => String(k[1]).replace(appPath, "")), gone };
}

const status = key(`${appPath}/status`);
const of = (...environments: object[]) => ({ path: [], environments });
const deploys = (envId: string) => key(`${appPath}/envs/{envId}/deploys`, { path: { ...path, envId }, query: { limit: 10 } });

test("an environment changes in its place", () => {
  const now = env("b", { frozen_until: "2026-01-02T00:00:00Z" });
  const { shown, asks } = told("environment", now, [[status, of(env("a"), env("b"), env("c"))]]);
  expect(shown(status)).toEqual(of(env("a"), now, env("c")));
  expect(asks).toEqual([]);
});

test("one that is new is asked for", () => {
  const { shown, asks } = told("environment", env("b"), [[status, of(env("a"))]]);
  expect(shown(status)).toEqual(of(env("a")));
  expect(asks).toEqual(["/status"]);
});

test.each([
  ["one that is gone vanishes", ["a"], ["a"], []],
  ["one that is new is asked for", ["a", "b", "c"], ["a", "b"], ["/status"]],
  ["the same as before", ["b", "a"], ["a", "b"], []],
])("environments of the application: %s", (_, now, left, asks) => {
  const app = { id: "a", name: "New name", envs: now.map((id) => ({ id })) };
  const got = told("application", app, [[status, of(env("a"), env("b"))], [key(appPath), { id: "a", name: "Old name" }]]);
  expect(got.shown(key(appPath))).toEqual(app);
  expect(got.shown(status)).toEqual(of(...left.map((id) => env(id))));
  expect(got.asks).toEqual(asks);
});

test.each([
  ["a list that has it as it is", [deployment("2", "in progress"), deployment("1")], false],
  ["a list without it", [deployment("1")], true],
  ["a list that has it as it was", [deployment("2", "pending"), deployment("1")], true],
  ["a list where what runs is not done yet", [deployment("2", "in progress"), deployment("1", "in progress")], true],
  ["a list that does not go back to what runs", [deployment("2", "in progress")], false],
])("deployments of an environment: %s", (_, list, asks) => {
  const now = env("b", { last_deploy: deployment("2", "in progress"), running: deployment("1") });
  const got = told("environment", now, [[deploys("a"), []], [deploys("b"), list]]);
  expect(got.asks).toEqual(asks ? ["/envs/{envId}/deploys"] : []);
});

test("the promotion path is shown on both pages", () => {
  const way = { steps: [{ env: "a", environments: ["a"] }] };
  const { shown, asks } = told("path", way, [[status, of(env("a"))], [key(`${appPath}/promotion-path`), { steps: [] }]]);
  expect([shown(status), shown(key(`${appPath}/promotion-path`))]).toEqual([{ path: way.steps, environments: [env("a")] }, way]);
  expect(asks).toEqual([]);
});

test("promotions and requests change in their lists, new ones are asked for", () => {
  const [promotions, requests] = [key(`${appPath}/promotions`, { path, query: { limit: 100 } }), key(`${appPath}/env-requests`, { path, query: { limit: 5 } })];
  const one = { id: "1", status: "in progress", to_env: "b", created_at: "2026-01-01T00:00:00Z" };
  const over = told("promotion", { ...one, status: "succeeded" }, [[promotions, [one]]]);
  expect(over.shown(promotions)).toEqual([{ ...one, status: "succeeded" }]);
  expect(over.asks).toEqual(["/envs/{envId}/deploys/{deployId}/approvals"]);
  expect(told("promotion", one, [[promotions, []]]).asks).toContain("/promotions");
  expect(told("request", { ...one, status: "done" }, [[requests, [one]]]).shown(requests)).toEqual([{ ...one, status: "done" }]);
  expect(told("request", one, [[requests, []]]).asks).toEqual(["/env-requests"]);
});

const runs = (query: object) => key("/orgs/{orgId}/pipeline-runs", { path: { orgId: "o" }, query: { per_page: 100, ...query } });

test.each<[string, object, object[], object, object[] | null]>([
  ["as it was", { app: "a" }, [run("1")], run("1"), [run("1")]],
  ["over", { app: "a" }, [run("1")], run("1", { status: "failed" }), [run("1", { status: "failed" })]],
  ["new", { app: "a" }, [], run("1"), null],
  ["new, of all applications", {}, [], run("1"), null],
  ["of another application", { app: "b" }, [], run("1"), []],
  ["of another pipeline", { app: "a", pipeline: "q" }, [], run("1"), []],
  ["in the way that is looked at", { app: "a", status: "executing" }, [], run("1"), null],
  ["not so any more", { app: "a", status: "executing" }, [run("1")], run("1", { status: "failed" }), null],
  ["not so", { app: "a", status: "executing" }, [], run("1", { status: "failed" }), []],
  ["older than the list", { app: "a", per_page: 1 }, [run("2")], run("1"), [run("2")]],
])("a run, %s", (_, query, list, now, want) => {
  const got = told("run", now, [[runs(query), list]]);
  expect(got.asks).toEqual(want ? [] : ["/orgs/{orgId}/pipeline-runs"]);
  if (want) expect(got.shown(runs(query))).toEqual(want);
});

test("what is scheduled goes to the environments", () => {
  const list = (envId: string) => key(`${appPath}/envs/{envId}/scheduled-deploys`, { path: { ...path, envId } });
  const order = (id: string, env_id: string) => ({ id, env_id, status: "waiting" });
  const { shown, asks } = told("orders", [order("1", "a"), order("2", "b")], [[list("a"), [order("1", "a"), order("0", "a")]], [list("b"), []], [list("c"), []]]);
  expect(["a", "b", "c"].map((e) => shown(list(e)))).toEqual([[order("1", "a")], [order("2", "b")], []]);
  expect(asks).toEqual(["/orgs/{orgId}/schedules"]);
});

test("how it runs is told by environment", () => {
  const k = ["runtime", { ...path, envId: "b" }];
  expect(told("runtime", { env_id: "b", runtime: { modules: {} } }, []).shown(k)).toEqual({ modules: {} });
});

test("an application that is gone is not shown any more", () => {
  expect(told("end", { reason: "gone" }, []).gone.map((k) => [k[1], asked(k).path])).toEqual([[appPath, path], [`${appPath}/status`, path]]);
  expect(told("end", { reason: "ended" }, []).gone).toEqual([]);
});
