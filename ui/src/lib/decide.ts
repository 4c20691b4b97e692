import { useMe } from "~/app/SignedIn";
import type { Schemas } from "~/api/client";

import { usePermitted, verdict, type Verdict } from "./may";

type Approval = Pick<Schemas["DeploymentApproval"], "app_id" | "env_type" | "proposer" | "mine" | "decisions" | "requirements">;

const granted: Verdict = { ok: true, why: "" };

/** Who decides about a plan, in words: "owner or manager", "whoever may deploy to it". */
const deciders = (r: Schemas["PolicyRequirement"]) => (r.roles.length > 0 ? r.roles.join(" or ") : "whoever may deploy to it");

/**
 * What whoever is signed in may say to a plan that waits. The API says whose approval counts; the rest is its rule (orchestrator/approvals.go): people
 * decide who have a role that a policy names, or may deploy where it names none. Rejecting is also for whoever asked for the deployment.
 */
export function decisions(a: Approval, me: { id: string; type: string; roles: Record<string, string> }, deploys: boolean, orgId: string): { approve: Verdict; reject: Verdict } {
  const roles = [`/orgs/${orgId}`, `/orgs/${orgId}/apps/${a.app_id}`, `/orgs/${orgId}/env-types/${a.env_type}`].map((o) => me.roles[o]);
  const decides = me.type !== "service" && a.requirements.some((r) => (r.roles.length === 0 ? deploys : r.roles.some((role) => roles.includes(role))));
  const others: Verdict = {
    ok: false,
    why: me.type === "service" ? "Approvals are given by people, and this is a service user." : a.requirements.map((r) => `Policy ${r.policy} asks ${deciders(r)}.`).join(" "),
  };
  const reject = decides || a.mine ? granted : others;
  if (a.mine) return { approve: granted, reject };
  if (!decides) return { approve: others, reject };
  const excluded = a.requirements.find((r) => r.exclude_proposer);
  if (a.proposer === me.id && excluded) return { approve: { ok: false, why: `You asked for this deployment, and policy ${excluded.policy} wants somebody else to approve it.` }, reject };
  if (a.decisions.some((d) => d.by === me.id && d.decision === "approve" && !d.void)) return { approve: { ok: false, why: "You have approved it. It waits for somebody else." }, reject };
  return { approve: others, reject };
}

export function useDecisions(orgId: string): (a: Approval) => { approve: Verdict; reject: Verdict } {
  const me = useMe();
  const permitted = usePermitted(orgId);
  return (a) => {
    if (!me.data || !permitted.data) return { approve: { ok: a.mine, why: "" }, reject: { ok: a.mine, why: "" } };
    return decisions(a, me.data, verdict(permitted.data.objects, { orgId, appId: a.app_id }, "deployments:create", a.env_type).ok, orgId);
  };
}
