import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { ObjectChanges } from "~/components/plan/ObjectChanges";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { plural } from "~/lib/words";

import type { EnvPath } from "./draft";
import styles from "./page.module.css";

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
        {asked ? <Loaded query={found}>{(p) => <Answer plan={p} />}</Loaded> : <p className="muted small">Takes as long as their plans do, changes nothing, and is kept: what is shown then is what is deployed.</p>}
      </div>
    </Panel>
  );
}

function Answer({ plan }: { plan: StoredPlan }) {
  const told = plan.nodes.filter((n) => n.state !== "computed" && !n.unchanged);
  return (
    <div className="stack">
      <div className="row">
        <StatusBadge status={plan.status} />
        {plan.status === "ready" && plan.expires_at && (
          <span className="muted small">
            expires <Time at={plan.expires_at} />
          </span>
        )}
      </div>
      {plan.message && <Notice tone="warn">{plan.message}</Notice>}
      {plan.nodes.length > 0 && (
        <ul className={styles.plain} aria-label="Plans of drivers">
          {told.map((n) => (
            <li key={n.guresid} className={styles.node}>
              <div className="row">
                <code>{n.type}</code> <span className="muted">{n.id}</span> <Tag>{n.driver_type}</Tag> <span className="muted small">{n.state === "planned" ? n.summary : n.state}</span>
              </div>
              {n.reason && <div className="muted small">{n.reason}</div>}
              <ul>
                {n.changes.map((c) => (
                  <li key={`${c.action} ${c.address}`}>
                    <Tag>{c.action}</Tag> <code>{c.address}</code>{" "}
                    <span className="muted small">{c.attributes.map((a) => (a.sensitive ? `${a.path} (secret)` : a.path)).join(", ")}</span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
          {told.length < plan.nodes.length && <li className="muted small">{plural(plan.nodes.length - told.length, "resource")} only computed or unchanged.</li>}
        </ul>
      )}
      {plan.manifests && (
        <section className="stack-tight" aria-label="Manifests">
          <h3>
            Manifests <span className="muted small">{plural(plan.manifests.unchanged, "object")} unchanged</span>
          </h3>
          {plan.manifests.notes.length > 0 && <Notice>{plan.manifests.notes.join(" ")}</Notice>}
          {plan.manifests.objects.length > 0 && (
            <div className="card" style={{ padding: 0 }}>
              <ObjectChanges objects={plan.manifests.objects} />
            </div>
          )}
        </section>
      )}
    </div>
  );
}
