import { useQueryClient, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Schemas } from "~/api/client";
import type { StreamEvent } from "~/api/stream";
import { every } from "~/app/query";

import { part, same, useNews, type News } from "./live";

type Attention = Schemas["Attention"];

/** How many of each kind need attention are asked for. */
export const ofEachKind = 100;

const many = 200; // applications, from which on their list is long
const pause = 5000; // ms between two times of asking for a long one

const about = (orgId: string, path: string, more = {}): QueryKey => ["get", path, { params: { path: { orgId }, ...more } }];
const attentionKey = (orgId: string) => about(orgId, "/orgs/{orgId}/attention", { query: { limit: ofEachKind } });

/** What attention tells of runs and of decisions about them. */
const runsOf = (a: Attention) => [...a.waiting, ...a.concerns, ...a.underway].filter((i) => /pipeline|approval/.test(i.kind));

/** What changes with that, and is told by no event of its own. */
const withAttention = (orgId: string): QueryKey[] => ["/orgs/{orgId}/pipeline-runs", "/orgs/{orgId}/deployment-approvals"].map((path) => about(orgId, path));

/** The digests that the lists of applications have, as far as was heard. */
const digests = new WeakMap<QueryClient, Map<string, string>>();

/** What an event of an organization says. */
export function newsOf(queries: QueryClient, orgId: string, e: StreamEvent): News {
  switch (e.type) {
    case "attention": {
      const key = attentionKey(orgId);
      const was = queries.getQueryData<Attention>(key);
      return { set: [[key, e.data]], stale: was === undefined || same(runsOf(was), runsOf(e.data as Attention)) ? [] : withAttention(orgId), pause: every.busy };
    }
    case "applications": {
      const { count, digest } = e.data as { count: number; digest: string };
      const heard = digests.get(queries) ?? new Map<string, string>();
      digests.set(queries, heard);
      const was = heard.get(orgId);
      heard.set(orgId, digest);
      const list = about(orgId, "/orgs/{orgId}/apps");
      if (was === digest) return {};
      // At first it is not known whose digest it is.
      if (was === undefined) return { parts: [part<Schemas["Application"][]>(list, (apps) => apps.length === count)] };
      return { stale: [list], pause: count > many ? pause : 0 };
    }
    default:
      return {};
  }
}

/** Follows the organization and keeps what needs attention, the list of applications and those of runs up to date. True while it is heard of. */
export function useLiveOrganization(orgId: string): boolean {
  const queries = useQueryClient();
  const live = useNews(`/orgs/${orgId}/attention/events?limit=${ofEachKind}`, (e) => newsOf(queries, orgId, e));
  // What began and ended while nobody listened is in no event.
  const before = useRef(false);
  useEffect(() => {
    if (!live) return;
    if (before.current) for (const queryKey of withAttention(orgId)) void queries.invalidateQueries({ queryKey });
    before.current = true;
  }, [live, orgId, queries]);
  return live;
}
