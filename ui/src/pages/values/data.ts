import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { client, type Schemas } from "~/api/client";
import { every } from "~/app/query";

/** An application, or one of its environments. */
export interface Level {
  orgId: string;
  appId: string;
  envId?: string;
}

const inApp = "/orgs/{orgId}/apps/{appId}/values";
const inEnv = "/orgs/{orgId}/apps/{appId}/envs/{envId}/values";
const versionsInApp = "/orgs/{orgId}/apps/{appId}/value-set-versions";
const versionsInEnv = "/orgs/{orgId}/apps/{appId}/envs/{envId}/value-set-versions";

const envOf = ({ orgId, appId, envId }: Level) => (envId === undefined ? undefined : { orgId, appId, envId });
const appOf = ({ orgId, appId }: Level) => ({ orgId, appId });

export function useValues(level: Level, enabled = true) {
  const env = envOf(level);
  const path = env ?? appOf(level);
  return useQuery({
    queryKey: ["get", env ? inEnv : inApp, { params: { path } }],
    enabled,
    refetchInterval: every.calm,
    queryFn: async ({ signal }) => (env ? await client.GET(inEnv, { params: { path: env }, signal }) : await client.GET(inApp, { params: { path: appOf(level) }, signal })).data ?? [],
  });
}

/** The versions that a level has seen, newest first; those that changed a key, when one is given. */
export function useVersions(level: Level, key?: string, enabled = true) {
  const env = envOf(level);
  const query = { key_changed: key };
  return useQuery({
    queryKey: ["get", env ? versionsInEnv : versionsInApp, { params: { path: env ?? appOf(level), query } }],
    enabled,
    refetchInterval: every.calm,
    queryFn: async ({ signal }) => (env ? await client.GET(versionsInEnv, { params: { path: env, query }, signal }) : await client.GET(versionsInApp, { params: { path: appOf(level), query }, signal })).data ?? [],
  });
}

/** A change of values; afterwards everything that shows values looks again. */
function useChange<T>(change: (given: T) => Promise<unknown>, done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: (q) => [inApp, inEnv, versionsInApp, versionsInEnv].includes(String(q.queryKey[1])) });
      done();
    },
  });
}

export const useCreate = (level: Level, done: () => void) =>
  useChange((body: Schemas["CreateValueRequest"]) => {
    const env = envOf(level);
    return env ? client.POST(inEnv, { params: { path: env }, body }) : client.POST(inApp, { params: { path: appOf(level) }, body });
  }, done);

export const usePatch = (level: Level, key: string, done: () => void) =>
  useChange((body: Schemas["PatchValueRequest"]) => {
    const env = envOf(level);
    return env ? client.PATCH(`${inEnv}/{key}`, { params: { path: { ...env, key } }, body }) : client.PATCH(`${inApp}/{key}`, { params: { path: { ...appOf(level), key } }, body });
  }, done);

export const useRemove = (level: Level, key: string, done: () => void) =>
  useChange(() => {
    const env = envOf(level);
    return env ? client.DELETE(`${inEnv}/{key}`, { params: { path: { ...env, key } } }) : client.DELETE(`${inApp}/{key}`, { params: { path: { ...appOf(level), key } } });
  }, done);

/** Restores a version: all of it, or one key. */
export const useRestore = (level: Level, valueSetVersionId: string, key: string | undefined, done: () => void) =>
  useChange((comment: string) => {
    const env = envOf(level);
    const body = { comment };
    if (key === undefined) {
      return env
        ? client.POST(`${versionsInEnv}/{valueSetVersionId}/restore`, { params: { path: { ...env, valueSetVersionId } }, body })
        : client.POST(`${versionsInApp}/{valueSetVersionId}/restore`, { params: { path: { ...appOf(level), valueSetVersionId } }, body });
    }
    return env
      ? client.POST(`${versionsInEnv}/{valueSetVersionId}/restore/{key}`, { params: { path: { ...env, valueSetVersionId, key } }, body })
      : client.POST(`${versionsInApp}/{valueSetVersionId}/restore/{key}`, { params: { path: { ...appOf(level), valueSetVersionId, key } }, body });
  }, done);

export const usePurge = (level: Level, valueSetVersionId: string, key: string, done: () => void) =>
  useChange((comment: string) => {
    const env = envOf(level);
    const body = { comment };
    return env
      ? client.POST(`${versionsInEnv}/{valueSetVersionId}/purge/{key}`, { params: { path: { ...env, valueSetVersionId, key } }, body })
      : client.POST(`${versionsInApp}/{valueSetVersionId}/purge/{key}`, { params: { path: { ...appOf(level), valueSetVersionId, key } }, body });
  }, done);
