import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useNavigate } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { asApiError } from "~/api/error";
import type { EditorProblem } from "~/components/CodeEditor";
import { to } from "~/lib/paths";

import { parseScore, problemsOf, type ParsedScore } from "./score";

export type EnvPath = { orgId: string; appId: string; envId: string };
export type Converted = Schemas["ConvertedScore"];
type Delta = { modules: Schemas["DeltaChangesRequest"]; shared?: Schemas["PlannedSetChanges"]["shared"] };

/** Stores what is to change as a Delta and goes to where it is reviewed. */
export function useReview({ orgId, appId, envId }: EnvPath) {
  const navigate = useNavigate();
  const create = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/deltas", {
    // With metadata in the request, the answer is the whole delta.
    onSuccess: (delta) => void navigate(to.change(orgId, appId, envId, `review/${typeof delta === "string" ? delta : delta.id}`)),
  });
  const review = (delta: Delta, name: string) =>
    create.mutate({ params: { path: { orgId, appId } }, body: { metadata: { env_id: envId, name }, modules: { add: {}, remove: [], update: {}, ...delta.modules }, shared: delta.shared ?? [] } });
  return { review, busy: create.isPending, error: create.error };
}

/** A converted Score file as changes: its workload as a whole, and what it shares. */
export const asDelta = (converted: Converted): Delta => ({
  modules: { add: converted.modules },
  shared: Object.entries(converted.shared).map(([id, value]) => ({ op: "add", path: `/${id.replaceAll("~", "~0").replaceAll("/", "~1")}`, value })),
});

export interface Conversion {
  parsed: ParsedScore;
  /** What the file becomes; undefined while it is not known, or there is something wrong. */
  converted?: Converted;
  problems: EditorProblem[];
  /** What the API said where it names no places. */
  error?: unknown;
  /** What is shown is not yet about what stands in the editor. */
  busy: boolean;
}

/** Has the API read a Score file while it is being typed. */
export function useConversion(orgId: string, text: string, image: string): Conversion {
  const parsed = parseScore(text);
  const wanted = useDeferredValue(parsed.problems.length === 0 && parsed.spec ? JSON.stringify([parsed.spec, parsed.extensions, image]) : "");
  const conversion = useQuery({
    queryKey: ["convert-score", orgId, wanted],
    enabled: wanted !== "",
    staleTime: Infinity,
    gcTime: 10_000,
    retry: false,
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 350)); // until nobody has typed for that long
      if (signal.aborted) throw new DOMException("typed on", "AbortError");
      const [spec, extensions] = JSON.parse(wanted) as [Record<string, unknown>, Record<string, unknown> | null];
      const { data } = await client.POST("/orgs/{orgId}/artefact-versions/convert-score", {
        params: { path: { orgId } },
        body: { spec, ...(extensions ? { extensions } : {}), ...(image ? { image } : {}) },
        signal,
      });
      return data;
    },
  });
  if (parsed.problems.length > 0 || !parsed.spec) return { parsed, problems: parsed.problems, busy: false };
  const problems = conversion.error === null ? [] : problemsOf(asApiError(conversion.error).details, parsed.lineOf);
  return {
    parsed,
    problems,
    converted: conversion.data,
    error: conversion.error !== null && problems.length === 0 ? conversion.error : undefined,
    busy: conversion.isFetching,
  };
}
