import { useParams } from "react-router";

function need(params: Record<string, string | undefined>, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`this page's address has no ${name}`);
  return value;
}

/** The ids in the address, ready for `params: {path: {orgId, appId, envId}}`. Each throws where the route has no such part. */
export function useOrg(): string {
  return need(useParams(), "org");
}

export function useApp(): { orgId: string; appId: string } {
  const params = useParams();
  return { orgId: need(params, "org"), appId: need(params, "app") };
}

export function useEnv(): { orgId: string; appId: string; envId: string } {
  const params = useParams();
  return { orgId: need(params, "org"), appId: need(params, "app"), envId: need(params, "env") };
}

export function useDeploy(): { orgId: string; appId: string; envId: string; deployId: string } {
  const params = useParams();
  return { orgId: need(params, "org"), appId: need(params, "app"), envId: need(params, "env"), deployId: need(params, "deploy") };
}
