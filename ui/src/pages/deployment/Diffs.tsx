import { useMemo } from "react";

import { api, type Schemas } from "~/api/client";
import { asApiError } from "~/api/error";
import { ChangeList } from "~/components/plan/ChangeList";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded, Loading } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { countChanges, listChanges, type Change } from "~/lib/changes";
import { plural } from "~/lib/words";

import type { DeployPath } from "./data";
import { asSet } from "~/components/plan/base";
import { compareGraphs } from "./graphdiff";

type Deployment = Schemas["Deployment"];
interface Props {
  path: DeployPath;
  deployment: Deployment;
}

const deployPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}";

/** The deployment that this one starts from. */
function useBase(path: DeployPath, d: Deployment) {
  return api.useQuery("get", deployPath, { params: { path: { ...path, deployId: d.from_id } } }, { enabled: d.from_id !== "" });
}

const against = (d: Deployment) => (d.from_id === "" ? "the first deployment: everything is new" : `compared with ${d.from_id}`);

/** What changed in the Deployment Set. */
export function SetDiff({ path, deployment: d }: Props) {
  const { orgId, appId } = path;
  const base = useBase(path, d);
  const set = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/sets/{setId}", { params: { path: { orgId, appId, setId: d.set_id } } });
  const before = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/sets/{setId}", { params: { path: { orgId, appId, setId: base.data?.set_id ?? "" } } }, { enabled: base.data !== undefined });
  const delta = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/sets/{setId}/diff/{sourceSetId}",
    { params: { path: { orgId, appId, setId: d.set_id, sourceSetId: base.data?.set_id ?? "" } } },
    { enabled: base.data !== undefined },
  );
  const failed = base.error ?? set.error ?? before.error ?? delta.error;
  if (failed != null) return <ErrorNotice error={failed} />;
  let changes: Change[];
  if (d.from_id === "") {
    if (!set.data) return <Loading />;
    const all = asSet(set.data);
    changes = listChanges({ modules: { add: all.modules, remove: [], update: {} }, shared: Object.entries(all.shared).map(([id, value]) => ({ op: "add", path: `/${id}`, value })) }, undefined);
  } else {
    if (!delta.data || !before.data) return <Loading />;
    changes = listChanges(delta.data, asSet(before.data));
  }
  return (
    <Panel title="Set" note={`${countChanges(changes)}, ${against(d)}`} flush>
      {changes.length > 0 ? <ChangeList changes={changes} /> : <EmptyState title="The same set">This deployment brought the set that was there before once more.</EmptyState>}
    </Panel>
  );
}

/** What changed in the resource graph. */
export function GraphDiff({ path, deployment: d }: Props) {
  const { orgId, appId, envId } = path;
  const base = useBase(path, d);
  const graph = "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graphs/{graphId}";
  const own = api.useQuery("get", graph, { params: { path: { orgId, appId, envId, graphId: d.dependency_graph_id ?? "" } } }, { enabled: d.dependency_graph_id !== undefined });
  const baseGraph = base.data?.dependency_graph_id;
  const before = api.useQuery("get", graph, { params: { path: { orgId, appId, envId, graphId: baseGraph ?? "" } } }, { enabled: baseGraph !== undefined });
  const noBefore = d.from_id === "" || (base.data !== undefined && baseGraph === undefined);
  const changes = useMemo(() => (own.data && (before.data || noBefore) ? compareGraphs(before.data?.nodes ?? [], own.data.nodes) : undefined), [own.data, before.data, noBefore]);
  if (d.dependency_graph_id === undefined) {
    return (
      <Panel flush>
        <EmptyState title="There is no resource graph">It is made when the deployment is planned; one that failed before has none.</EmptyState>
      </Panel>
    );
  }
  const failed = base.error ?? own.error ?? before.error;
  if (failed != null) return <ErrorNotice error={failed} />;
  if (!changes) return <Loading />;
  const differs = changes.filter((c) => c.kind !== "same");
  const listed = differs.flatMap((c): Change[] =>
    c.kind === "change" ? c.differences.map((x) => ({ kind: "change", of: c.key, path: x.what, before: x.before, after: x.after })) : [{ kind: c.kind as "add" | "remove", of: c.key, path: "resource" }],
  );
  return (
    <Panel title="Resource graph" note={`${countChanges(differs as { kind: Change["kind"] }[])}, ${plural(changes.length - differs.length, "resource")} the same; ${against(d)}`} flush>
      {listed.length > 0 ? <ChangeList changes={listed} /> : <EmptyState title="The same graph">Each resource is made by the same version of the same definition, with the same inputs.</EmptyState>}
    </Panel>
  );
}

/** Which Kubernetes objects it changed. */
export function ObjectsDiff({ path, deployment: d }: Props) {
  const diff = api.useQuery("get", `${deployPath}/diff`, { params: { path } });
  if (diff.error != null && asApiError(diff.error).status === 409) {
    return (
      <Panel flush>
        <EmptyState title="No manifests to compare">{diff.error.message}</EmptyState>
      </Panel>
    );
  }
  return (
    <Loaded query={diff}>
      {({ objects, from_id }) => {
        const kinds = { added: "add", removed: "remove", changed: "change", missing: "remove", unknown: "change" } as const;
        const changes = objects.flatMap((o): Change[] => {
          const of = `${o.kind} ${o.name}`;
          if (o.changes.length === 0) return [{ kind: kinds[o.state], of, path: o.message ?? `${o.state}, from ${o.from}` }];
          return o.changes.map((c) => ({
            kind: c.before === undefined && !c.secret ? "add" : c.after === undefined && !c.secret ? "remove" : "change",
            of,
            path: c.secret ? `${c.path} (secret)` : c.path,
            before: c.before,
            after: c.after,
          }));
        });
        const counted = objects.map((o) => ({ kind: kinds[o.state] }));
        return (
          <Panel title="Manifests" note={`${countChanges(counted)}; ${from_id ? `compared with ${from_id}` : against(d)}`} flush>
            {changes.length > 0 ? <ChangeList changes={changes} /> : <EmptyState title="The same objects">What was delivered is what had been delivered before.</EmptyState>}
          </Panel>
        );
      }}
    </Loaded>
  );
}
