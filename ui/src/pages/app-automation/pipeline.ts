import type { Schemas } from "~/api/client";
import { asApiError } from "~/api/error";
import type { EditorProblem } from "~/components/CodeEditor";
import type { GraphEdge, GraphNode } from "~/components/graph";
import type { Tone } from "~/lib/status";

export type Run = Schemas["PipelineRun"];
export type Job = Schemas["PipelineJobPartial"];

/** A pipeline's document, as far as pages look into it. */
export interface PipelineDocument {
  name?: string;
  on?: { pipeline_call?: { inputs?: Record<string, Input> } | null } & Record<string, unknown>;
  jobs?: Record<string, { name?: string; needs?: string[] | string; steps?: unknown[] }>;
}

export interface Input {
  type?: "string" | "number" | "integer" | "boolean" | "object" | "array";
  required?: boolean;
  default?: unknown;
  description?: string;
}

export const runIsOver = (r: { status: string }) => ["succeeded", "failed", "cancelled"].includes(r.status);

/** What the API found wrong with a document, by line. Other errors have none, and are shown as they are. */
export function problemsOf(error: unknown): EditorProblem[] | undefined {
  const listed = asApiError(error).details?.problems;
  if (!Array.isArray(listed)) return undefined;
  return (listed as { line?: number; path?: string; message?: string }[]).map((p) => ({
    line: Math.max(p.line ?? 1, 1),
    message: [p.path, p.message].filter(Boolean).join(": "),
  }));
}

const tones: Record<string, Tone> = { queued: "idle", executing: "busy", succeeded: "ok", failed: "bad", cancelled: "idle", skipped: "idle" };

/** A job's status: an approval is said, because it waits for people. */
export const jobStatus = (j: { status: string; waiting_for?: string }) => (j.status === "executing" && j.waiting_for?.startsWith("approval") ? "waiting for approval" : j.status);

export const jobTone = (status: string): Tone => (status === "waiting for approval" ? "warn" : (tones[status] ?? "idle"));

/** What a run's graph draws: its jobs, and which goes before which. */
export function graphOf(document: PipelineDocument, jobs: Job[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const known = new Map(jobs.map((j) => [j.id, j]));
  const declared = Object.entries(document.jobs ?? {});
  return {
    nodes: declared.map(([id, of]) => {
      const job = known.get(id);
      const status = job ? jobStatus(job) : "queued";
      const steps = of.steps?.length ?? 0;
      return { id, type: of.name ?? job?.name ?? id, name: job && !job.completed_at ? status : `${status} · ${steps} ${steps === 1 ? "step" : "steps"}`, tone: jobTone(status) };
    }),
    edges: declared.flatMap(([id, of]) => (typeof of.needs === "string" ? [of.needs] : (of.needs ?? [])).map((needed) => ({ from: needed, to: id }))),
  };
}

/** The inputs that a run is started with; undefined where nobody can start one by hand. */
export function inputsOf(document: PipelineDocument): [string, Input][] | undefined {
  if (!document.on || !("pipeline_call" in document.on)) return undefined;
  return Object.entries(document.on.pipeline_call?.inputs ?? {});
}

/** Texts of a form as inputs of a run. Throws with the input's name where one is not of its type. */
export function readInputs(declared: [string, Input][], typed: Record<string, string>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, of] of declared) {
    const text = typed[name] ?? "";
    if (text === "") continue; // its default, or the API says that it is missing
    if (of.type === undefined || of.type === "string") out[name] = text;
    else {
      try {
        out[name] = JSON.parse(text);
      } catch {
        throw new Error(`${name}: ${JSON.stringify(text)} is no ${of.type}; write it as JSON`);
      }
    }
  }
  return out;
}

/** The id of the approval that a job waits for: "approval(ID)". */
export const approvalOf = (waitingFor: string | undefined) => /^approval\((.+)\)$/.exec(waitingFor ?? "")?.[1];
