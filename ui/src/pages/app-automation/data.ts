import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { client } from "~/api/client";
import { asApiError } from "~/api/error";
import type { EditorProblem } from "~/components/CodeEditor";
import { useMayHere } from "~/lib/may";

import { problemsOf, type PipelineDocument } from "./pipeline";

export interface AppPath {
  orgId: string;
  appId: string;
}

export type PipelinePath = AppPath & { pipelineId: string };

const yaml = (text: string) => ({ body: text as never, bodySerializer: () => text, headers: { "Content-Type": "application/x-yaml" } });

export const createPipeline = (path: AppPath, text: string, dryRun = false) => client.POST("/orgs/{orgId}/apps/{appId}/pipelines", { params: { path, query: { dry_run: dryRun } }, ...yaml(text) });

/** Replaces a pipeline's document, unless somebody else did since it was read. */
export const updatePipeline = (path: PipelinePath, text: string, etag: string, dryRun = false) => {
  const { headers, ...rest } = yaml(text);
  return client.PATCH("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}", { params: { path, query: { dry_run: dryRun } }, ...rest, headers: { ...headers, "If-Match": `"${etag}"` } });
};

/** A pipeline's document as it was written; of a version, or of the newest. */
export const usePipelineText = (path: PipelinePath, version?: string) =>
  useQuery({
    queryKey: ["pipeline-text", path, version],
    staleTime: version ? Infinity : 5000,
    queryFn: async () => (await client.GET("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/schema", { params: { path, query: version ? { version } : {} }, parseAs: "text" })).data as unknown as string,
  });

/** A pipeline's document, to look into. */
export const usePipelineDocument = (path: PipelinePath, version?: string) =>
  useQuery({
    queryKey: ["pipeline-document", path, version],
    staleTime: version ? Infinity : 5000,
    queryFn: async () =>
      (await client.GET("/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/schema", { params: { path, query: version ? { version } : {} }, headers: { Accept: "application/json" } })).data as PipelineDocument,
  });

/** Has everything that shows pipelines of an application look again. */
export function usePipelinesChanged() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [kind, path] }) => kind === "pipeline-text" || kind === "pipeline-document" || (typeof path === "string" && path.includes("/pipelines")),
    });
}

/** Has everything that shows runs look again. */
export function useRunsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey: [, path] }) => typeof path === "string" && /runs|approvals/.test(path) });
}

export interface Checked {
  /** What is wrong, by line. */
  problems: EditorProblem[];
  /** Another reason why it would be refused. */
  error?: unknown;
}

/** Asks the API whether it would take a document, shortly after the last key was pressed. `check` is a dry run, for those only who may save it. */
export function useChecked(key: string, text: string, check: (text: string) => Promise<unknown>) {
  const [settled, setSettled] = useState(text);
  const may = useMayHere("pipelines:write");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  const result = useQuery({
    queryKey: ["pipeline-check", key, settled],
    enabled: may.ok,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    placeholderData: (was: Checked | undefined) => was,
    queryFn: async (): Promise<Checked> => {
      try {
        await check(settled);
        return { problems: [] };
      } catch (error) {
        const problems = problemsOf(error);
        if (problems) return { problems };
        if (asApiError(error).status === 412) return { problems: [] }; // said when it is saved
        return { problems: [], error };
      }
    },
  });
  return { ...(result.data ?? { problems: [] }), busy: result.isFetching || settled !== text };
}
