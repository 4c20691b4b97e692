import { useQueries } from "@tanstack/react-query";
import { Boxes } from "lucide-react";
import { useState } from "react";

import { api, client } from "~/api/client";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded, Loading } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";

import { Filter } from "./Definitions";
import { ResourceTable } from "./ResourceTable";

const most = 60; // environments that are asked at once, as the API lists active resources by environment

/** Every resource that exists, of all applications or of one. */
export function ActiveResources({ orgId }: { orgId: string }) {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
  return (
    <Panel title="Active resources" note="what exists, and why" flush>
      <Loaded query={apps}>{(all) => <Resources orgId={orgId} apps={all} />}</Loaded>
    </Panel>
  );
}

function Resources({ orgId, apps }: { orgId: string; apps: { id: string; envs: { id: string }[] }[] }) {
  const [app, setApp] = useState("");
  const [filter, setFilter] = useState({ type: "", envType: "", status: "" });
  const all = apps.flatMap((a) => a.envs.map((e) => ({ appId: a.id, envId: e.id })));
  const wanted = all.filter((e) => app === "" || e.appId === app);
  const asked = wanted.slice(0, most);
  const definitions = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId } } }, { staleTime: 60_000 });
  const found = useQueries({
    queries: asked.map((e) => ({
      queryKey: ["active-resources", orgId, e],
      staleTime: 10_000,
      queryFn: async () => (await client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/resources", { params: { path: { orgId, ...e } } })).data ?? [],
    })),
    combine: (results) => ({ rows: results.flatMap((r) => r.data ?? []), pending: results.some((r) => r.isPending), error: results.find((r) => r.error)?.error }),
  });
  const set = (key: keyof typeof filter) => (value: string) => setFilter({ ...filter, [key]: value });
  const values = (of: (r: (typeof found.rows)[number]) => string) => [...new Set(found.rows.map(of))].sort();
  const rows = found.rows.filter((r) => (!filter.type || r.type === filter.type) && (!filter.envType || r.env_type === filter.envType) && (!filter.status || r.status === filter.status));
  const filters = (
    <>
      <Filter label="Application" all={`All ${apps.length} applications`} value={app} options={apps.map((a) => a.id)} onChange={setApp} />
      <Filter label="Type" all="All types" value={filter.type} options={values((r) => r.type)} onChange={set("type")} />
      <Filter label="Environment type" all="All environment types" value={filter.envType} options={values((r) => r.env_type)} onChange={set("envType")} />
      <Filter label="Status" all="All statuses" value={filter.status} options={values((r) => r.status)} onChange={set("status")} />
    </>
  );
  return (
    <>
      {found.error && <ErrorNotice error={found.error} title="Some environments could not be asked" />}
      {wanted.length > asked.length && (
        <Notice>
          Those of {asked.length} of {wanted.length} environments are shown. Choose an application to see all of its resources.
        </Notice>
      )}
      {found.pending && found.rows.length === 0 ? (
        <Loading lines={8} />
      ) : (
        <ResourceTable
          orgId={orgId}
          rows={rows}
          filters={filters}
          versions={new Map(definitions.data?.map((d) => [d.id, d.active_version_id]))}
          empty={
            found.rows.length === 0 && app === "" ? (
              <EmptyState title="Nothing exists yet" icon={<Boxes size={24} />}>
                The first deployment makes what its workloads ask for; each resource is listed here, with who asked for it.
              </EmptyState>
            ) : undefined
          }
        />
      )}
    </>
  );
}
