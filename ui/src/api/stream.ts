import { createParser, type EventSourceMessage } from "eventsource-parser";
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";

import { ApiError, errorOf } from "./error";
import { session } from "./session";

/** connecting: not yet, or again; live: events come as they happen; over: the server ended it; failed: it will not come. */
export type StreamState = "connecting" | "live" | "over" | "failed";

/** An event; data is what its JSON says, or its text where it is none. */
export interface StreamEvent {
  /** Where a new connection goes on; "" at the beginning, undefined where it did before. */
  id?: string;
  type: string;
  data: unknown;
}

export interface StreamOptions {
  /** Gets each event. */
  onEvent: (event: StreamEvent) => void;
  /** Says how it is. */
  onState?: (state: StreamState, error?: ApiError) => void;
  /** Tells the last event of a stream that has an end, as that of a deployment. Without it a stream that ends is opened again. */
  isLast?: (event: StreamEvent) => boolean;
  /** Where to begin: the id of the last event that is known. */
  lastEventId?: string;
  signal: AbortSignal;
}

const shortest = 500; // ms before the first new attempt, doubled with each
const longest = 15_000;

/** ms after which a silent connection counts as dead: the server says at least something four times as often. */
export const silent = 60_000;

function pause(ms: number, signal: AbortSignal) {
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Follows server-sent events, and goes on after a break where it left off; a connection that is silent for a minute is one. A
 * refusal (4xx) ends it; anything else is tried again. EventSource would be shorter, but sends no token.
 */
export async function followEvents(url: string, options: StreamOptions): Promise<void> {
  const { signal } = options;
  let lastId = options.lastEventId ?? "";
  let wait = shortest;
  let over = false;
  while (!signal.aborted) {
    options.onState?.("connecting");
    const connection = new AbortController();
    const close = () => connection.abort();
    signal.addEventListener("abort", close);
    let watch = setTimeout(close, silent);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      const token = session.token();
      if (token) headers.Authorization = `Bearer ${token}`;
      if (lastId) headers["Last-Event-ID"] = lastId;
      const response = await fetch(url, { headers, signal: connection.signal, cache: "no-store" });
      if (!response.ok) throw await errorOf(response);
      if (!response.body || !response.headers.get("Content-Type")?.includes("text/event-stream")) {
        throw new ApiError({ status: 400, code: "NO-STREAM", message: "The server answered without a stream." });
      }
      options.onState?.("live");
      const parser = createParser({
        onEvent(event: EventSourceMessage) {
          wait = shortest;
          if (event.id !== undefined) lastId = event.id;
          let data: unknown = event.data;
          try {
            data = JSON.parse(event.data);
          } catch {
            // text then
          }
          const heard = { id: event.id, type: event.event ?? "message", data };
          options.onEvent(heard);
          over ||= options.isLast?.(heard) ?? false;
        },
      });
      const reader = response.body.pipeThrough(new TextDecoderStream(), { signal: connection.signal }).getReader();
      while (!over) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(watch);
        watch = setTimeout(close, silent);
        parser.feed(value);
      }
      if (over) {
        void reader.cancel().catch(() => undefined); // whether the server hangs up or not
        options.onState?.("over");
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
        options.onState?.("failed", error);
        return;
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", close);
    }
    await pause(wait * (0.75 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, longest);
  }
}

interface UseEvents extends Pick<StreamOptions, "isLast"> {
  /** The id of the last event that is known from elsewhere, asked for when the stream begins. */
  from?: () => string;
}

const watched = (changed: () => void) => {
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
};

/**
 * Follows a stream for as long as the component is there and somebody looks: a tab in the background gives its connection
 * back (a browser has six for each host) and goes on where it was. `url` null is none. Polling is up to the caller: a query
 * with `refetchInterval: state === "live" ? false : 3000` goes on where no stream comes.
 */
export function useEvents(url: string | null, onEvent: StreamOptions["onEvent"], options: UseEvents = {}): { state: StreamState; error?: ApiError } {
  const [state, setState] = useState<{ state: StreamState; error?: ApiError }>({ state: "connecting" });
  const hear = useEffectEvent(onEvent);
  const isLast = useEffectEvent((e: StreamEvent) => options.isLast?.(e) ?? false);
  const from = useEffectEvent(() => options.from?.() ?? "");
  const hidden = useSyncExternalStore(watched, () => document.hidden);
  const at = useRef<{ url: string | null; id?: string; over: boolean }>({ url, over: false });
  useEffect(() => {
    if (at.current.url !== url) at.current = { url, over: false };
    const here = at.current;
    if (url === null || hidden || here.over) return;
    const abort = new AbortController();
    void followEvents(url, {
      signal: abort.signal,
      lastEventId: here.id ?? from(),
      isLast: (e) => isLast(e),
      onEvent: (e) => {
        if (e.id !== undefined) here.id = e.id;
        hear(e);
      },
      onState: (s, error) => {
        here.over = s === "over";
        setState({ state: s, error });
      },
    });
    return () => abort.abort();
  }, [url, hidden]);
  return state;
}
