import { afterEach, expect, test, vi } from "vitest";

import { followEvents, silent, type StreamEvent, type StreamState } from "./stream";

const answer = (text: string, status = 200, type = "text/event-stream") => new Response(text, { status, headers: { "Content-Type": type } });

afterEach(() => vi.useRealTimers());

async function follow(answers: ((signal: AbortSignal) => Response | Promise<Response>)[], isLast?: (e: StreamEvent) => boolean) {
  vi.useFakeTimers();
  const asked: Record<string, string>[] = [];
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const abort = new AbortController();
  vi.stubGlobal("fetch", (_: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
    asked.push(init.headers);
    const next = answers.shift();
    if (!next) {
      abort.abort();
      return Promise.reject(new Error("no more"));
    }
    return Promise.resolve(init.signal).then(next);
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

test("a connection that is open and silent is given up, one that says anything is not", async () => {
  const encoder = new TextEncoder();
  let [hungUp, beats] = [0, 0];
  const beating = new ReadableStream({
    async pull(c) {
      await new Promise((resolve) => setTimeout(resolve, silent - 1000));
      if (++beats <= 5) c.enqueue(encoder.encode(beats === 5 ? "id: 7\ndata: 7\n\n" : ": still here\n\n"));
      else await new Promise(() => undefined);
    },
    cancel: () => void hungUp++,
  });
  const unanswered = (signal: AbortSignal) => new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
  const { asked, events, states } = await follow([() => new Response(beating, { headers: { "Content-Type": "text/event-stream" } }), unanswered]);
  expect(beats).toBeGreaterThanOrEqual(5);
  expect(events.map((e) => e.id)).toEqual(["7"]);
  expect(hungUp).toBe(1);
  expect(asked.map((h) => h["Last-Event-ID"])).toEqual([undefined, "7", "7"]);
  expect(states).toEqual(["connecting", "live", "connecting", "connecting"]);
});
