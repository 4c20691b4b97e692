import { QueryClient, QueryObserver, type QueryKey } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { part, row, Teller } from "./live";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const key = (path: string, query = {}): QueryKey => ["get", path, { params: { path: { orgId: "o" }, query } }];
const settle = (ms = 1000) => vi.advanceTimersByTimeAsync(ms);

/** Queries that somebody looks at, with answers that take a while. */
function page() {
  const queries = new QueryClient();
  const asked: string[] = [];
  const look = (queryKey: QueryKey, answer: () => unknown, takes = 0) => {
    const queryFn = () => {
      asked.push(String(queryKey[1]));
      const now = answer(); // as it is when it is asked
      return new Promise((resolve, reject) => setTimeout(() => (now instanceof Error ? reject(now) : resolve(now)), takes));
    };
    return new QueryObserver(queries, { queryKey, queryFn, staleTime: Infinity, retry: false }).subscribe(() => undefined);
  };
  return { queries, asked, look, teller: new Teller(queries), of: (k: QueryKey) => queries.getQueryData(k) };
}

test("an answer that is on its way does not come after what was told", async () => {
  const p = page();
  p.look(key("/a"), () => "old", 500);
  p.teller.tell({ set: [[key("/a"), "new"]] });
  await settle();
  expect(p.of(key("/a"))).toBe("new");
  expect(p.asked).toEqual(["/a"]);
});

test("what is stale is asked for once, however often it was told", async () => {
  const p = page();
  p.look(key("/a"), () => 1);
  await settle();
  for (let i = 0; i < 20; i++) p.teller.tell({ stale: [key("/a")] });
  await settle();
  expect(p.asked).toEqual(["/a", "/a"]);
});

test("a stream that never rests does not put it off", async () => {
  const p = page();
  p.look(key("/a"), () => 1);
  await settle();
  for (let i = 0; i < 10; i++) {
    p.teller.tell({ stale: [key("/a")] });
    await settle(50);
  }
  expect(p.asked.length).toBeGreaterThan(3);
});

test("what takes long is asked for at once and then seldom, and never forgotten", async () => {
  const p = page();
  p.look(key("/a"), () => 1);
  await settle();
  const told = () => p.teller.tell({ stale: [key("/a")], pause: 5000 });
  told();
  await settle(200);
  expect(p.asked).toHaveLength(2);
  for (let i = 0; i < 9; i++) {
    told();
    await settle(500);
  }
  expect(p.asked).toHaveLength(2);
  await settle(1000);
  expect(p.asked).toHaveLength(3);
  await settle(60_000);
  expect(p.asked).toHaveLength(3);
});

const count = (n: number) => part<{ n: number }>(key("/a"), (a) => a.n === n, (a) => ({ ...a, n }));

test("a part is put into an answer without asking", async () => {
  const p = page();
  p.look(key("/a"), () => ({ n: 1, other: true }));
  await settle();
  p.teller.tell({ parts: [count(2)] });
  expect(p.of(key("/a"))).toEqual({ n: 2, other: true });
  await settle();
  expect(p.asked).toEqual(["/a"]);
});

test.each([
  ["is older than the news", 1, 2],
  ["knows the news", 2, 1],
])("an answer that is on its way and %s", async (_, answered, asks) => {
  const p = page();
  let n = answered;
  p.look(key("/a"), () => ({ n }), 500);
  p.teller.tell({ parts: [count(2)] });
  await settle(400);
  n = 2;
  await settle(2000);
  expect(p.of(key("/a"))).toEqual({ n: 2 });
  expect(p.asked).toHaveLength(asks);
});

test("what cannot be put in is asked for, once for all news", async () => {
  const p = page();
  let rows = [1];
  p.look(key("/a"), () => rows);
  await settle();
  rows = [1, 2, 3];
  const has = (n: number) => part<number[]>(key("/a"), (list) => list.includes(n));
  p.teller.tell({ parts: [has(1), has(2)] });
  p.teller.tell({ parts: [has(3), has(4)] });
  await settle();
  expect(p.of(key("/a"))).toEqual([1, 2, 3]);
  expect(p.asked).toHaveLength(2); // also though there is no 4
});

test("what is gone is not shown any more", async () => {
  const p = page();
  let there = true;
  p.look(key("/a"), () => (there ? 1 : new Error("404")));
  await settle();
  there = false;
  p.teller.tell({ gone: [key("/a")] });
  await settle();
  expect(p.queries.getQueryState(key("/a"))).toMatchObject({ data: undefined, status: "error" });
});

test("news that came at the end is not lost", async () => {
  const p = page();
  p.look(key("/a"), () => 1);
  await settle();
  p.teller.tell({ stale: [key("/a")], pause: 60_000 });
  p.teller.end();
  expect(p.asked).toHaveLength(2);
  await settle();
});

test("rows of lists, newest first", async () => {
  const p = page();
  const at = (id: string, more = {}) => ({ id, created_at: `2026-01-0${id}T00:00:00Z`, ...more });
  const [all, two, other] = [key("/a"), key("/a", { limit: 2 }), key("/b")];
  p.look(all, () => [at("3"), at("2"), at("1")]);
  p.look(two, () => [at("3"), at("2")]);
  p.look(other, () => [at("3")]);
  await settle();
  const asks = async (now: ReturnType<typeof at>) => {
    p.asked.splice(0);
    p.teller.tell({ parts: [row(key("/a"), now)] });
    await settle();
    return p.asked.length;
  };
  expect(await asks(at("2"))).toBe(0);
  expect(await asks(at("2", { over: true }))).toBe(0);
  expect([p.of(all), p.of(two)]).toEqual([[at("3"), at("2", { over: true }), at("1")], [at("3"), at("2", { over: true })]]);
  expect(await asks(at("1", { over: true })), "a list that ends before it").toBe(0);
  expect(await asks(at("4")), "one that is new").toBe(2);
});

test.each([
  { name: "that the page deletes, is left alone", own: key("/a"), fails: false, want: ["/a"] },
  { name: "that could not be deleted, is asked for", own: key("/a"), fails: true, want: ["/a", "/a"] },
  { name: "that is deleted beside the page, is asked for", own: key("/b"), fails: false, want: ["/a", "/a"] },
])("what is gone, and $name", async ({ own, fails, want }) => {
  const p = page();
  p.look(key("/a"), () => "here");
  p.teller.about(own);
  await settle();
  const answer = new Promise((resolve, reject) => setTimeout(() => (fails ? reject(new Error("HTTP-409")) : resolve(undefined)), 500));
  const deletes = p.queries.getMutationCache().build(p.queries, { mutationKey: ["delete", "/a"], mutationFn: () => answer });
  void deletes.execute({ params: { path: { orgId: "o" } } }).catch(() => undefined);
  await settle(1);
  if (!fails) p.teller.tell({ gone: [key("/a")] });
  p.teller.tell({ stale: [key("/a")] });
  await settle(5000);
  p.teller.end();
  await settle();
  expect(p.asked.slice(0, 2)).toEqual(want);
});
