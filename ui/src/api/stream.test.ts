import { afterEach, expect, test, vi } from "vitest";

import { followEvents, type StreamEvent, type StreamState } from "./stream";

const answer = (text: string, status = 200, type = "text/event-stream") => new Response(text, { status, headers: { "Content-Type": type } });

afterEach(() => vi.useRealTimers());

async function follow(answers: (() => Response | Promise<Response>)[], isLast?: (e: StreamEvent) => boolean) {
  vi.useFakeTimers();
  const asked: Record<string, string>[] = [];
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const abort = new AbortController();
  vi.stubGlobal("fetch", (_: string, init: { headers: Record<string, string> }) => {
    asked.push(init.headers);
    const next = answers.shift();
    if (!next) {
      abort.abort();
      return Promise.reject(new Error("no more"));
    }
    return Promise.resolve().then(next);
  });
  const done = followEvents("/events", { signal: abort.signal, onEvent: (e) => events.push(e), onState: (s) => states.push(s), isLast });
  for (let i = 0; i < 50; i++) await vi.advanceTimersByTimeAsync(20_000);
  await done;
  return { asked, events, states };
}

test("after a break it goes on where it was", async () => {
  const { asked, events } = await follow([
    () => answer(": hello\n\nid: 1\nevent: node.status\ndata: {\"seq\":1}\n\nid: 2\ndata: {\"seq\":2}\n\n"),
    () => Promise.reject(new Error("away")),
    () => answer("", 503, "application/json"),
    () => answer("id: 3\ndata: {\"seq\":3}\n\n"),
  ]);
  expect(events.map((e) => e.id)).toEqual(["1", "2", "3"]);
  expect(events[0]).toEqual({ id: "1", type: "node.status", data: { seq: 1 } });
  expect(asked.map((h) => h["Last-Event-ID"])).toEqual([undefined, "2", "2", "2", "3"]);
});

test("an event without an id leaves the place as it was, an empty id is the beginning", async () => {
  const { asked, events } = await follow([
    () => answer("id: 1\ndata: 1\n\ndata: 2\n\n"),
    () => answer("id\ndata: 3\n\n"),
    () => answer("id:\ndata: 4\n\n"),
    () => answer("id: 5\ndata: 5\n\n"),
  ]);
  expect(events.map((e) => e.id)).toEqual(["1", undefined, "", "", "5"]);
  expect(asked.map((h) => h["Last-Event-ID"])).toEqual([undefined, "1", undefined, undefined, "5"]);
});

test("a stream that says its end is over, though it stays open", async () => {
  let hungUp = false;
  const body = new ReadableStream({
    start: (c) => c.enqueue(new TextEncoder().encode('event: end\ndata: {"reason":"gone"}\n\n')),
    cancel: () => void (hungUp = true),
  });
  const { asked, states } = await follow([() => new Response(body, { headers: { "Content-Type": "text/event-stream" } })], (e) => e.type === "end");
  expect(asked).toHaveLength(1);
  expect(states).toEqual(["connecting", "live", "over"]);
  expect(hungUp).toBe(true);
});

test("the last event is the end", async () => {
  const { asked, states } = await follow([() => answer("id: 1\ndata: {\"over\":true}\n\n")], (e) => (e.data as { over: boolean }).over);
  expect(asked).toHaveLength(1);
  expect(states.at(-1)).toBe("over");
});

test("a refusal is not asked for again", async () => {
  const { asked, states } = await follow([() => answer('{"error":"HTTP-404","message":"no"}', 404, "application/json")]);
  expect(asked).toHaveLength(1);
  expect(states.at(-1)).toBe("failed");
});
