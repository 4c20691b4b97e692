import { Search, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { IconButton } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { DependencyGraph, type GraphEdge, type GraphNode } from "~/components/graph";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { usePoll } from "~/lib/live";
import { to } from "~/lib/paths";
import { isOver, type Tone } from "~/lib/status";

import type { EnvPath } from ".";
import { NodeDetails } from "./NodeDetails";
import styles from "./page.module.css";
import { useLastLook } from "./lastlook";

export const keyOf = (r: { type: string; class: string; id: string }) => `${r.type}.${r.class}#${r.id}`;

/** A resource's id without what its type says already: "catalog / cache" of "modules.catalog.externals.cache". */
export const shortId = (id: string) => id.replace(/^modules\./, "").replace(/\.externals\./, " / ").replace(/^shared\./, "shared / ");

const tones: Record<string, Tone> = { succeeded: "ok", running: "busy", failed: "bad", skipped: "idle", pending: "idle" };

/** What a graph draws of the explanations and the course of a deployment. */
export function graphOf(resources: Schemas["ResourceExplanation"][], nodes: Schemas["Node"][]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const status = new Map(nodes.map((n) => [n.key, n.status as string]));
  const of = (r: Schemas["ResourceExplanation"]) => status.get(keyOf(r)) ?? r.status;
  return {
    nodes: resources.map((r) => ({
      id: keyOf(r), type: r.class === "default" ? r.type : `${r.type}.${r.class}`, name: shortId(r.id), status: of(r), tone: tones[of(r) ?? ""] ?? "idle",
    })),
    edges: resources.flatMap((r) => r.depends_on.map((d) => ({ from: keyOf(r), to: keyOf(d) }))),
  };
}

/** The resource graph of what was deployed last. */
export function Graph({ path, env }: { path: EnvPath; env: Schemas["Environment"] }) {
  const last = env.last_deploy;
  if (!last) {
    return (
      <Panel>
        <EmptyState title="No graph yet">The first deployment makes one: each workload, what it asks for, and what that needs in turn.</EmptyState>
      </Panel>
    );
  }
  return <GraphOf path={path} deployment={last} />;
}

function GraphOf({ path, deployment }: { path: EnvPath; deployment: Schemas["Deployment"] }) {
  const at = { params: { path: { ...path, deployId: deployment.id } } };
  const [soon, busy] = [usePoll(every.busy / 2), usePoll(every.busy)];
  const explained = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/resources/explain", at, {
    staleTime: 60_000,
    refetchInterval: (q) => (q.state.data?.resources.length === 0 && !isOver(deployment) ? soon : false), // it is not planned yet
  });
  const nodes = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/nodes", at, { refetchInterval: isOver(deployment) ? false : busy });
  // Resources that are there now are explained now.
  const { refetch } = explained;
  const outdated = explained.data?.resources.length === 0 && (nodes.data?.length ?? 0) > 0;
  useEffect(() => {
    if (outdated) void refetch();
  }, [outdated, refetch]);
  return (
    <Loaded query={explained} lines={8}>
      {(e) => (
        <>
          {e.problems.map((p) => (
            <Notice key={p} tone="warn">
              {p}
            </Notice>
          ))}
          {e.warnings.map((w) => (
            <Notice key={w}>{w}</Notice>
          ))}
          {e.resources.length > 0 && <Explorer path={path} deployment={deployment} resources={e.resources} nodes={nodes.data ?? []} />}
        </>
      )}
    </Loaded>
  );
}

interface ExplorerProps {
  path: EnvPath;
  deployment: Schemas["Deployment"];
  resources: Schemas["ResourceExplanation"][];
  nodes: Schemas["Node"][];
}

function Explorer({ path, deployment, resources, nodes }: ExplorerProps) {
  useLastLook(deployment);
  const [params, setParams] = useSearchParams();
  const [query, setQuery] = useState("");
  const [type, setType] = useState("");
  const selected = params.get("node") ?? undefined;
  const select = (id: string | undefined) => setParams(id === undefined ? {} : { node: id }, { replace: true });
  const graph = useMemo(() => graphOf(resources, nodes), [resources, nodes]);
  const types = useMemo(() => [...new Set(resources.map((r) => r.type))].sort(), [resources]);
  const matches = useMemo(() => {
    if (query.trim() === "" && type === "") return undefined;
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = resources.filter((r) => (type === "" || r.type === type) && words.every((w) => `${keyOf(r)} ${r.def_id ?? ""} ${r.driver_type ?? ""}`.toLowerCase().includes(w)));
    return new Set(found.map(keyOf));
  }, [resources, query, type]);
  const chosen = resources.find((r) => keyOf(r) === selected);
  return (
    <Panel
      title="Resource graph"
      note={
        <>
          of <Link to={to.deployment(path.orgId, path.appId, path.envId, deployment.id)}>{deployment.comment || deployment.id}</Link>
        </>
      }
      flush
      actions={
        <>
          <label className="search">
            <Search size={14} aria-hidden />
            <span className="hidden">Search resources</span>
            <input type="search" placeholder="Search" value={query} onChange={(e) => setQuery(e.target.value)} spellCheck={false} />
          </label>
          <select className={`input ${styles.filter}`} aria-label="Type" value={type} onChange={(e) => setType(e.target.value)}>
            <option value="">All types</option>
            {types.map((t) => (
              <option key={t}>{t}</option>
            ))}
          </select>
          <span className="muted small" role="status">
            {matches ? `${matches.size} of ${resources.length}` : resources.length}
          </span>
        </>
      }
    >
      <div className={chosen ? styles.withDetails : undefined}>
        <DependencyGraph label="Resource graph" {...graph} selected={selected} onSelect={select} matches={matches} height="calc(100vh - 17rem)" />
        {chosen && (
          <aside className={styles.details} aria-label="Details of the resource">
            <div className="row-between">
              <h3 className="cut">{chosen.type}</h3>
              <IconButton label="Close details" onClick={() => select(undefined)}>
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            <NodeDetails key={keyOf(chosen)} path={path} deployment={deployment} resource={chosen} node={nodes.find((n) => n.key === keyOf(chosen))} onSelect={select} />
          </aside>
        )}
      </div>
    </Panel>
  );
}
