import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Boxes, Search } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";

import { api, client } from "~/api/client";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { useFilters } from "~/lib/filters";
import { nextPage } from "~/lib/nextpage";

import { Filter } from "./Definitions";
import styles from "./page.module.css";
import { ResourceTable } from "./ResourceTable";

const keys = ["app", "env_type", "type", "definition", "driver", "status", "text"] as const;
type Key = (typeof keys)[number];

const mostApps = 500; // that a menu is of use for; the search finds applications, too

/** Every resource that exists in the organization. What is looked for is in the address. */
export function ActiveResources({ orgId }: { orgId: string }) {
  const [params, setFilter] = useFilters();
  const query = Object.fromEntries(keys.flatMap((k) => (params.get(k) ? [[k, params.get(k)]] : []))) as Partial<Record<Key, string>>;
  const set = (key: Key) => (value: string) => setFilter(key, value);
  const found = useInfiniteQuery({
    queryKey: ["active-resources", orgId, query],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const { data, response } = await client.GET("/orgs/{orgId}/active-resources", { params: { path: { orgId }, query: { ...query, per_page: 100, page: pageParam } } });
      return { rows: data ?? [], next: nextPage(response.headers.get("Link")) };
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId } } }, { staleTime: 60_000 });
  const versions = new Map(definitions.data?.map((d) => [d.id, d.active_version_id]));
  const filtered = Object.keys(query).length > 0;
  return (
    <Panel title="Active resources" note="what exists, and why" flush>
      <Loaded query={found} lines={8}>
        {({ pages }) => (
          <ResourceTable
            orgId={orgId}
            rows={pages.flatMap((p) => p.rows)}
            filters={<Filters orgId={orgId} value={(key) => query[key] ?? ""} set={set} />}
            searched
            versions={versions}
            empty={
              filtered ? undefined : (
                <EmptyState title="Nothing exists yet" icon={<Boxes size={24} />}>
                  The first deployment makes what its workloads ask for; each resource is listed here, with who asked for it.
                </EmptyState>
              )
            }
          />
        )}
      </Loaded>
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button small busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
          <span className="muted small">There are more than these. Narrow the list down, or go on.</span>
        </div>
      )}
    </Panel>
  );
}

function Filters({ orgId, value, set }: { orgId: string; value: (key: Key) => string; set: (key: Key) => (v: string) => void }) {
  const org = { params: { path: { orgId } } };
  const rarely = { staleTime: 60_000 };
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", org, rarely);
  const types = api.useQuery("get", "/orgs/{orgId}/resources/types", org, rarely);
  const envTypes = api.useQuery("get", "/orgs/{orgId}/env-types", org, rarely);
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", org, rarely);
  const drivers = api.useQuery("get", "/orgs/{orgId}/resources/drivers", org, rarely);
  const sorted = (list: string[] | undefined) => [...new Set(list)].sort();
  // A filter of the address counts although nothing is known of it.
  const menu = (key: Key, label: string, all: string, options: string[]) => (
    <Filter label={label} all={all} value={value(key)} options={value(key) && !options.includes(value(key)) ? [value(key), ...options] : options} onChange={set(key)} />
  );
  return (
    <>
      <TextFilter value={value("text")} onChange={set("text")} />
      {(apps.data?.length ?? 0) <= mostApps && menu("app", "Application", "All applications", sorted(apps.data?.map((a) => a.id)))}
      {menu("env_type", "Environment type", "All environment types", sorted(envTypes.data?.map((t) => t.id)))}
      {menu("type", "Type", "All types", sorted(types.data?.map((t) => t.type)))}
      {menu("definition", "Definition", "All definitions", sorted(definitions.data?.map((d) => d.id)))}
      {menu("driver", "Driver", "All drivers", sorted(drivers.data?.map((d) => `${d.org_id}/${d.id}`)))}
      {menu("status", "Status", "All statuses", ["active", "pending", "deleting"])}
    </>
  );
}

/** Asks once typing pauses. */
function TextFilter({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const [text, setText] = useState(value);
  const wanted = useDeferredValue(text.trim());
  useEffect(() => {
    if (wanted === value) return;
    const timer = setTimeout(() => onChange(wanted), 250);
    return () => clearTimeout(timer);
  }, [wanted, value, onChange]);
  return (
    <label className="search">
      <Search size={14} aria-hidden />
      <span className="hidden">Search active resources</span>
      <input type="search" placeholder="Search" value={text} onChange={(e) => setText(e.target.value)} spellCheck={false} />
    </label>
  );
}
