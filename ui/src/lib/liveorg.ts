import { useQueryClient, type QueryClient, type QueryKey } from "@tanstack/react-query";

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

/** What attention tells of decisions. */
const decisionsOf = (a: Attention) => a.waiting.filter((i) => i.kind.includes("approval"));

/** The digests that lists have, as far as was heard. */
const digests = new WeakMap<QueryClient, Map<string, string>>();

/** Keeps the digest of a list, and returns what it was before. */
function heard(queries: QueryClient, name: string, digest: string): string | undefined {
  const known = digests.get(queries) ?? new Map<string, string>();
  digests.set(queries, known);
  const was = known.get(name);
  known.set(name, digest);
  return was;
}

/** What an event of an organization says. */
export function newsOf(queries: QueryClient, orgId: string, e: StreamEvent): News {
  switch (e.type) {
    case "attention": {
      const key = attentionKey(orgId);
      const was = queries.getQueryData<Attention>(key);
      return { set: [[key, e.data]], stale: was === undefined || same(decisionsOf(was), decisionsOf(e.data as Attention)) ? [] : [about(orgId, "/orgs/{orgId}/deployment-approvals")] };
    }
    case "applications": {
      const { count, digest } = e.data as { count: number; digest: string };
      const was = heard(queries, `applications of ${orgId}`, digest);
      const list = about(orgId, "/orgs/{orgId}/apps");
      if (was === digest) return {};
      // At first it is not known whose digest it is.
      if (was === undefined) return { parts: [part<Schemas["Application"][]>(list, (apps) => apps.length === count)] };
      return { stale: [list], pause: count > many ? pause : 0 };
    }
    case "runs": {
      const { digest } = e.data as { digest: string };
      const was = heard(queries, `runs of ${orgId}`, digest);
      return was === digest ? {} : { stale: [about(orgId, "/orgs/{orgId}/pipeline-runs")], pause: every.busy };
    }
    default:
      return {};
  }
}

/** Follows the organization and keeps what needs attention, the list of applications and those of runs up to date. True while it is heard of. */
export function useLiveOrganization(orgId: string): boolean {
  const queries = useQueryClient();
  return useNews(`/orgs/${orgId}/attention/events?limit=${ofEachKind}`, (e) => newsOf(queries, orgId, e));
}
