import { replaceEqualDeep, useQueryClient, type Query, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState } from "react";

import { useEvents, type StreamEvent } from "~/api/stream";

/** Whether what the page shows is heard of as it happens. */
export const Live = createContext(false);

/** How often at least what a stream tells of is asked for, ms: something may have been missed all the same. */
export const rarely = 30_000;

/** How often to ask anew, in ms, for what the page's stream tells of: rarely while it is there. */
export function usePoll(ms: number): number {
  return pollOf(useContext(Live), ms);
}

/** usePoll for the component that follows the stream itself. */
export const pollOf = (live: boolean, ms: number): number => (live ? Math.max(ms, rarely) : ms);

/** What an event says about answers of the API. */
export interface News {
  /** Answers that are so. */
  set?: [QueryKey, unknown][];
  /** What is in answers now. */
  parts?: Part[];
  /** What has to be asked for anew; more keys than these begin so. */
  stale?: QueryKey[];
  /** How long at least lies between two times of asking for what is stale, ms. */
  pause?: number;
  /** What is not there any more. */
  gone?: QueryKey[];
}

/** News about a part of each answer whose key begins with `of`. */
export interface Part {
  of: QueryKey;
  /** Whether the news is in an answer already. One that it cannot be put into is asked for anew. */
  isIn: (answer: unknown, key: QueryKey) => boolean;
  put?: (answer: unknown, key: QueryKey) => unknown;
}

/** A part of answers of a type. */
export const part = <T>(of: QueryKey, isIn: (answer: T, key: QueryKey) => boolean, put?: (answer: T, key: QueryKey) => T): Part => ({ of, isIn: isIn as Part["isIn"], put: put as Part["put"] });

/** Whether two answers say the same. */
export const same = (a: unknown, b: unknown): boolean => replaceEqualDeep(a, b) === a;

interface Row {
  id?: string;
  created_at: string;
}

/** A row of lists that are newest first: replaced where it is, asked for where it is missing. */
export const row = <T extends Row>(of: QueryKey, now: T): Part =>
  part<T[]>(
    of,
    (rows, key) => rows.some((r) => r.id === now.id && same(r, now)) || (rows.every((r) => r.id !== now.id) && isBeyond(rows, now, key)),
    (rows) => rows.map((r) => (r.id === now.id ? now : r)),
  );

/** What a query asks for. */
export const asked = (key: QueryKey) => (key[2] as { params: { path: Record<string, string>; query?: Record<string, string | number> } }).params;

/** Whether a list that is newest first ends before a row. */
export function isBeyond(rows: Row[], of: Row, key: QueryKey): boolean {
  const { limit, per_page: most = limit } = asked(key).query ?? {};
  return most !== undefined && rows.length >= Number(most) && (rows.at(-1)?.created_at ?? "") > of.created_at;
}

const breath = 100; // ms in which news is collected before something is asked for because of it

/** Brings news to what queries know. */
export class Teller {
  private parts: Part[] = [];
  private checkAt = Infinity;
  private stale = new Map<string, { key: QueryKey; at: number }>(); // when to ask, ms since the epoch
  private asked = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly began = Date.now();
  private own: QueryKey | undefined;

  constructor(private readonly queries: QueryClient) {}

  /** Says the key of what the page is about, where it can be deleted. */
  about(own?: QueryKey) {
    this.own = own;
  }

  /** Whether the page deletes, or has deleted, what it is about. It leaves, and asks for nothing of it any more. */
  get leaves(): boolean {
    const { own, began } = this;
    if (own === undefined) return false;
    const deletes = this.queries.getMutationCache().findAll({ mutationKey: ["delete", own[1]] });
    return deletes.some(({ state }) => state.submittedAt >= began && state.status !== "error" && same((state.variables as { params: { path: unknown } }).params.path, asked(own).path));
  }

  tell({ set = [], parts = [], stale = [], pause = 0, gone = [] }: News) {
    for (const [queryKey, answer] of set) {
      void this.queries.cancelQueries({ queryKey, exact: true }); // an answer that is on its way is older
      this.queries.setQueryData(queryKey, answer);
    }
    for (const { of, isIn, put } of parts) {
      for (const query of this.queries.getQueryCache().findAll({ queryKey: of })) {
        const { data, dataUpdatedAt: updatedAt } = query.state;
        if (put && data !== undefined && !isIn(data, query.queryKey)) this.queries.setQueryData(query.queryKey, put(data, query.queryKey), { updatedAt });
      }
    }
    if (!this.leaves) for (const queryKey of gone) void this.queries.resetQueries({ queryKey });
    if (parts.length > 0) this.checkAt = Math.min(this.checkAt, Date.now() + breath);
    this.parts.push(...parts);
    for (const key of stale) {
      const name = JSON.stringify(key);
      const at = Math.max(Date.now() + breath, (this.asked.get(name) ?? 0) + pause);
      this.stale.set(name, { key, at: Math.min(at, this.stale.get(name)?.at ?? at) });
    }
    this.wait();
  }

  private wait() {
    const next = Math.min(this.checkAt, ...[...this.stale.values()].map((s) => s.at));
    if (next === Infinity) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(Date.now()), next - Date.now());
  }

  /** Asks for what has to be asked for until a time, and for what does not know the news. */
  private ask(until: number) {
    if (this.leaves) {
      this.timer = setTimeout(() => this.ask(Date.now()), 1000); // should it be refused
      return;
    }
    for (const [name, { key, at }] of this.stale) {
      if (at > until) continue;
      this.stale.delete(name);
      this.asked.set(name, Date.now());
      void this.queries.invalidateQueries({ queryKey: key });
    }
    if (this.checkAt <= until) {
      this.checkAt = Infinity;
      const queries = new Map<Query, Part[]>();
      for (const p of this.parts.splice(0)) {
        for (const query of this.queries.getQueryCache().findAll({ queryKey: p.of })) queries.set(query, [...(queries.get(query) ?? []), p]);
      }
      for (const [query, parts] of queries) void this.check(query, parts);
    }
    this.wait();
  }

  /** An answer that is on its way may be older than the news, or not. */
  private async check(query: Query, parts: Part[]) {
    for (let i = 0; i < 5 && query.state.fetchStatus === "fetching"; i++) await query.promise?.catch(() => undefined);
    const { data } = query.state;
    if (data === undefined || parts.every((p) => p.isIn(data, query.queryKey))) return;
    await this.queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }

  /** Nobody is told any more: what is not asked for yet is asked for when somebody looks at it again. */
  end() {
    clearTimeout(this.timer);
    if (!this.leaves) this.ask(Infinity);
  }
}

/** Follows a stream and brings what it tells to what queries know. `own` is the key of what it tells of, where the page can delete that. True while it is heard of. */
export function useNews(url: string, newsOf: (e: StreamEvent) => News, own?: QueryKey): boolean {
  const queries = useQueryClient();
  const [teller] = useState(() => new Teller(queries));
  useEffect(() => teller.about(own));
  useEffect(() => () => teller.end(), [teller]);
  const [left, setLeft] = useState<string>();
  const { state } = useEvents(
    url,
    (e) => {
      teller.tell(newsOf(e));
      if (teller.leaves) setLeft(url);
    },
    { isLast: (e) => e.type === "end" },
  );
  return state === "live" || (state === "over" && left === url);
}
