import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { asApiError } from "~/api/error";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Loaded, Loading } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Facts, Panel } from "~/components/Page";
import { useBaseSet } from "~/components/plan/base";
import { PlanManifests, PlanNodes } from "~/components/plan/DriverAnswer";
import { PlanView } from "~/components/plan/PlanView";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";

import type { EnvPath } from ".";
import styles from "./page.module.css";
import { planOf, plansPath } from "./PlanList";

type StoredPlan = Schemas["StoredPlan"];

/** One plan: what it would do, node by node, whether it is still true, and its deployment. */
export function PlanPage({ path }: { path: EnvPath }) {
  const planId = useParams().plan ?? "";
  const plan = api.useQuery("get", `${plansPath}/{planId}`, { params: { path: { ...path, planId } } }, { refetchInterval: (q) => (q.state.data?.status === "planning" ? every.busy / 2 : every.calm) });
  return (
    <>
      <div>
        <Link to={to.env(path.orgId, path.appId, path.envId, "plans")}>All plans</Link>
      </div>
      <Loaded query={plan} lines={8}>
        {(p) => <Shown path={path} plan={p} />}
      </Loaded>
    </>
  );
}

function Shown({ path, plan }: { path: EnvPath; plan: StoredPlan }) {
  const base = useBaseSet(path, plan.plan?.from_id);
  const person = usePeople(path.orgId);
  return (
    <div className={styles.split}>
      <div className="stack">
        {plan.plan ? (
          <Panel title="What would be done" note={planOf(plan)}>
            <PlanView plan={plan.plan} base={base} />
          </Panel>
        ) : (
          plan.status === "planning" && (
            <Panel title="What would be done" note={planOf(plan)}>
              <Loading lines={6} label="Drivers are planning" />
            </Panel>
          )
        )}
        {plan.nodes.length > 0 && (
          <Panel title="What drivers would do" note="dependencies first">
            <PlanNodes nodes={plan.nodes} />
          </Panel>
        )}
        {plan.manifests && (
          <Panel title="Manifests">
            <PlanManifests manifests={plan.manifests} />
          </Panel>
        )}
      </div>
      <div className="stack">
        <Panel title="Plan" actions={<StatusBadge status={plan.status} />}>
          <div className="stack">
            {plan.message && <Notice tone="warn">{plan.message}</Notice>}
            <Facts
              of={[
                ["Id", <code key="id">{plan.id}</code>],
                ["Asked for", <Time key="at" at={plan.created_at} />],
                ["By", person(plan.created_by)],
                ["Can be deployed until", plan.status === "ready" && plan.expires_at && <Time key="until" at={plan.expires_at} />],
                [
                  "Deployed as",
                  plan.deployment_id && (
                    <Link key="d" to={to.deployment(path.orgId, path.appId, path.envId, plan.deployment_id)}>
                      {plan.deployment_id}
                    </Link>
                  ),
                ],
              ]}
            />
            <Cancel path={path} plan={plan} />
          </div>
        </Panel>
        {plan.status === "ready" && <Deploy path={path} plan={plan} />}
      </div>
    </div>
  );
}

function Cancel({ path, plan }: { path: EnvPath; plan: StoredPlan }) {
  const queries = useQueryClient();
  const cancel = api.useMutation("post", `${plansPath}/{planId}/cancel`, { onSuccess: () => queries.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith(plansPath) }) });
  if (plan.status !== "planning" && plan.status !== "ready") return null;
  return (
    <>
      {cancel.error != null && <ErrorNotice error={cancel.error} />}
      <div>
        <Button small may="deployments:create" busy={cancel.isPending} onClick={() => cancel.mutate({ params: { path: { ...path, planId: plan.id } } })}>
          {plan.status === "planning" ? "Cancel" : "Discard"}
        </Button>
      </div>
    </>
  );
}

/** Exactly what is shown is deployed, or nothing. */
function Deploy({ path, plan }: { path: EnvPath; plan: StoredPlan }) {
  const { orgId, appId, envId } = path;
  const [comment, setComment] = useState("");
  const [override, setOverride] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["get", `${plansPath}/{planId}`] });
  const deploy = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { onSuccess: (d) => void navigate(to.deployment(orgId, appId, envId, d.id)), onError: () => void refresh() });
  const frozen = deploy.error != null && asApiError(deploy.error).code === "ENV-FROZEN";
  const moved = plan.moved ?? [];
  const problems = plan.plan?.problems.length ?? 0;
  return (
    <Panel title="Deploy exactly this">
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          deploy.mutate({ params: { path }, body: { plan: plan.id, comment: comment.trim(), ...(frozen ? { freeze_override: override.trim() } : {}) } });
        }}
      >
        {moved.length > 0 && (
          <Notice tone="warn">
            <strong>It is no longer true.</strong> Since it was made:
            <ul className={styles.moved}>
              {moved.map((m) => (
                <li key={m}>{m}</li>
              ))}
            </ul>
          </Notice>
        )}
        {problems > 0 && <Notice tone="warn">It would fail as it is.</Notice>}
        <TextField label="Comment" value={comment} onChange={(e) => setComment(e.target.value)} />
        {deploy.error != null && <ErrorNotice error={deploy.error} />}
        {frozen && <TextField label="Why it is deployed during the freeze" help="For owners and administrators." value={override} onChange={(e) => setOverride(e.target.value)} />}
        <div>
          <Button type="submit" kind="primary" may="deployments:create" busy={deploy.isPending} disabled={moved.length > 0 || problems > 0 || (frozen && override.trim() === "")}>
            Deploy
          </Button>
        </div>
        <p className="muted small">What is deferred is planned when its turn comes. Should anything it depends on move before that, nothing is done.</p>
      </form>
    </Panel>
  );
}
