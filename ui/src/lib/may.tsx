import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { api } from "~/api/client";
import { leastRoles, type Permission } from "~/api/permissions";
import { useMe } from "~/app/SignedIn";
import { EmptyState } from "~/components/EmptyState";
import { Loading } from "~/components/Loading";

/** Whether whoever is signed in may do something; where not, which role is lacking. */
export interface Verdict {
  /** False also while it is not known yet. */
  ok: boolean;
  /** A sentence such as "Needs the role developer on application shop."; "" where it may be done, or is not known yet. */
  why: string;
}

export type { Permission } from "~/api/permissions";

const granted: Verdict = { ok: true, why: "" };
const unknown: Verdict = { ok: false, why: "" };

/** What is permitted on each object, as the API tells it: "/orgs/demo/apps/shop" -> permissions. */
export type Permitted = Record<string, { permissions: string[] }>;

/**
 * The rule of the API (orchestrator/authorize.go): what is permitted on the organization is permitted on everything in it. With an environment
 * type, one must also be its deployer.
 */
export function verdict(permitted: Permitted, on: { orgId: string; appId?: string }, permission: Permission, envType?: string): Verdict {
  const org = `/orgs/${on.orgId}`;
  const has = (object: string, p: Permission) => [org, object].some((o) => permitted[o]?.permissions.includes(p));
  const lacking: string[] = [];
  const ask = (p: Permission, object: string, title: string) => {
    if (!has(object, p)) lacking.push(`${leastRoles[p].role} on ${title}`);
  };
  if (leastRoles[permission].on === "organization" || on.appId === undefined) ask(permission, org, `organization ${on.orgId}`);
  else ask(permission, `${org}/apps/${on.appId}`, `application ${on.appId}`);
  if (envType !== undefined) ask("environment-type:deploy", `${org}/env-types/${envType}`, `environment type ${envType}`);
  return lacking.length === 0 ? granted : { ok: false, why: `Needs the role ${lacking.join(" and ")}.` };
}

/** What whoever is signed in may do; asked once a minute, and anew whenever the API refuses something. */
export function usePermitted(orgId: string) {
  const me = useMe();
  const userId = me.data?.id ?? "";
  return api.useQuery("get", "/orgs/{orgId}/users/{userId}/perms", { params: { path: { orgId, userId } } }, { enabled: userId !== "", staleTime: 60_000 });
}

/**
 * Asks what may be done to an object. Where the address names that object, components ask by themselves:
 *
 *   <Button may="values:write">New value</Button>
 *
 *   const may = useMay(path); // {orgId} or {orgId, appId}
 *   <Button may={may("deployments:create", env.type)}>Deploy</Button> // and deployer of the environment's type
 *
 * Where that cannot be found out everything may be tried; the API says no by itself.
 */
export function useMay(on: { orgId: string; appId?: string }): (permission: Permission, envType?: string) => Verdict {
  const permitted = usePermitted(on.orgId);
  return (permission, envType) => {
    if (permitted.data) return verdict(permitted.data.objects, on, permission, envType);
    return permitted.error ? granted : unknown;
  };
}

// With these one must also be deployer of the environment's type.
const inEnvironments: readonly Permission[] = ["environments:manage", "deployments:create", "freeze:override", "runtime:write", "automation:write"];

/** Asks about what the address of the page names: the organization, the application, the environment with its type. */
export function useMayHere(permission: Permission): Verdict {
  const { org: orgId = "", app: appId, env: envId } = useParams();
  const may = useMay({ orgId, appId });
  const inEnv = envId !== undefined && inEnvironments.includes(permission);
  const env = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}",
    { params: { path: { orgId, appId: appId ?? "", envId: envId ?? "" } } },
    { enabled: inEnv, staleTime: 60_000 },
  );
  if (!inEnv) return may(permission);
  if (env.data) return may(permission, env.data.type);
  return env.error ? granted : unknown;
}

/** Asks about a step of a pipeline that waits for somebody who may deploy to an environment. */
export function useMayApprove(on: { orgId: string; appId: string }, envId: string | undefined): Verdict {
  const may = useMay(on);
  const env = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}",
    { params: { path: { orgId: on.orgId, appId: on.appId, envId: envId ?? "" } } },
    { enabled: envId !== undefined && envId !== "", staleTime: 60_000, retry: false },
  );
  if (env.data) return allOf([may("pipelines:run"), may("deployments:create", env.data.type)]);
  return env.error ? may("pipelines:run") : unknown;
}

/** What components take: a permission on what the address names, or what was found out about something else. */
export type May = Verdict | Permission;

/** Gives its children the verdict. */
export function Asked({ may, children }: { may: May | undefined; children: (verdict: Verdict | undefined) => ReactNode }) {
  return typeof may === "string" ? <Here permission={may}>{children}</Here> : <>{children(may)}</>;
}

function Here({ permission, children }: { permission: Permission; children: (verdict: Verdict) => ReactNode }) {
  return <>{children(useMayHere(permission))}</>;
}

/** May where one of several would do: the first that may be done, or why the first may not. */
export const anyOf = (verdicts: Verdict[]): Verdict => verdicts.find((v) => v.ok) ?? verdicts[0] ?? granted;

/** May only where all of several may: the first that may not. */
export const allOf = (verdicts: Verdict[]): Verdict => verdicts.find((v) => !v.ok) ?? granted;

/** What may be seen with a permission only: the page says which role is lacking instead of asking the API for it. */
export function Allowed({ may, what, children }: { may: May; what: string; children: ReactNode }) {
  return (
    <Asked may={may}>
      {(verdict) => {
        if (verdict === undefined || verdict.ok) return children;
        if (verdict.why === "") return <Loading />;
        return (
          <EmptyState title={`You may not see ${what}`} icon={<Lock size={24} />}>
            {verdict.why}
          </EmptyState>
        );
      }}
    </Asked>
  );
}
