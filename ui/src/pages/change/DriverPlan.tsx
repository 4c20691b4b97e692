import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { PlanManifests, PlanNodes } from "~/components/plan/DriverAnswer";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";

import type { EnvPath } from "./draft";

type StoredPlan = Schemas["StoredPlan"];
const plansPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans";

/** A plan that drivers have a say in: Terraform's own, and the manifests. Its id is what is deployed then. */
export function useDriverPlan(path: EnvPath, deltaId: string) {
  const queries = useQueryClient();
  const [id, setId] = useState<string>();
  const planId = id ?? "";
  const found = api.useQuery("get", `${plansPath}/{planId}`, { params: { path: { ...path, planId } } }, { enabled: id !== undefined, refetchInterval: (q) => (q.state.data?.status === "planning" ? every.busy / 2 : every.calm) });
  const make = api.useMutation("post", plansPath, { onSuccess: (made) => setId(made.id) });
  const cancel = api.useMutation("post", `${plansPath}/{planId}/cancel`, { onSuccess: () => queries.invalidateQueries({ queryKey: ["get", `${plansPath}/{planId}`] }) });
  return {
    path,
    asked: id !== undefined,
    found,
    ask: () => make.mutate({ params: { path }, body: { delta_id: deltaId } }),
    forget: () => setId(undefined),
    cancel: () => cancel.mutate({ params: { path: { ...path, planId } } }),
    busy: make.isPending || found.data?.status === "planning",
    error: make.error ?? cancel.error,
  };
}

export function DriverPlan({ of }: { of: ReturnType<typeof useDriverPlan> }) {
  const { found, asked } = of;
  const planning = found.data?.status === "planning";
  return (
    <Panel
      title="What drivers would do"
      note="Terraform plans and manifests"
      actions={
        planning ? (
          <Button small may="deployments:create" onClick={of.cancel}>
            Cancel
          </Button>
        ) : (
          <Button small may="deployments:create" busy={of.busy} onClick={of.ask}>
            {asked ? "Ask again" : "Ask the drivers"}
          </Button>
        )
      }
    >
      <div className="stack">
        {of.error != null && <ErrorNotice error={of.error} />}
        {asked ? <Loaded query={found}>{(p) => <Answer path={of.path} plan={p} />}</Loaded> : <p className="muted small">Takes as long as their plans do, changes nothing, and is kept: what is shown then is what is deployed.</p>}
      </div>
    </Panel>
  );
}

function Answer({ path, plan }: { path: EnvPath; plan: StoredPlan }) {
  return (
    <div className="stack">
      <div className="row">
        <StatusBadge status={plan.status} />
        {plan.status === "ready" && plan.expires_at && (
          <span className="muted small">
            expires <Time at={plan.expires_at} />
          </span>
        )}
        <Link to={to.env(path.orgId, path.appId, path.envId, `plans/${plan.id}`)}>The stored plan</Link>
      </div>
      {plan.message && <Notice tone="warn">{plan.message}</Notice>}
      {plan.nodes.length > 0 && <PlanNodes nodes={plan.nodes} />}
      {plan.manifests && (
        <section className="stack-tight" aria-label="Manifests">
          <h3>Manifests</h3>
          <PlanManifests manifests={plan.manifests} />
        </section>
      )}
    </div>
  );
}
