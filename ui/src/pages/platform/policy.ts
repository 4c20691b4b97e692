import { stringify } from "yaml";

import type { Schemas } from "~/api/client";
import type { EditorProblem } from "~/components/CodeEditor";

import { parseObject } from "./manifest";
import { lineAt } from "./yamlline";

export type Policy = Schemas["Policy"];
export type Draft = Schemas["DraftPolicy"];
export type Example = Schemas["PolicyInput"];

const keys = ["id", "when", "effect", "message", "approvals", "roles", "exclude_proposer", "deadline"] as const;

// Folded lines would change where a condition's line is.
const write = (of: unknown) => stringify(of, { lineWidth: 0, blockQuote: "literal" });

/** A policy as the file that `slipway policies apply` takes. */
export function policyText(p: Draft | Policy): string {
  const filled = keys.map((k) => [k, p[k]] as const).filter(([, v]) => v !== undefined && v !== "" && v !== false && !(Array.isArray(v) && v.length === 0));
  const short = (v: unknown) => (typeof v === "string" ? v.replace(/(\d+h)0m0s$/, "$1").replace(/(\d+m)0s$/, "$1") : v);
  return write(Object.fromEntries(filled.map(([k, v]) => [k, k === "deadline" ? short(v) : v])));
}

/** What a new policy begins with. */
export const newPolicy = `id: no-database-lost
when: |
  env.type == "production" &&
  plan.destroyed.exists(r, r.type == "postgres")
effect: approve
approvals: 2
exclude_proposer: true
deadline: 4h
message: a database of production would be lost
`;

/** Reads a policy's file. What only the API knows to be wrong is not found here. */
export function parsePolicy(text: string): { draft?: Draft; problems: EditorProblem[] } {
  const { body, problems } = parseObject(text);
  if (!body) return { problems };
  const bad = (key: string, message: string) => ({ problems: [{ line: lineAt(text, [key]), message }] });
  for (const key of Object.keys(body)) if (!(keys as readonly string[]).includes(key)) return bad(key, `${key} is not known; there are ${keys.join(", ")}.`);
  for (const key of ["id", "when", "effect"] as const) if (body[key] === undefined || body[key] === null) return bad("", `${key} is missing.`);
  const when = typeof body.when === "boolean" ? String(body.when) : body.when;
  for (const key of ["id", "effect", "message", "deadline"] as const) if (body[key] !== undefined && typeof body[key] !== "string") return bad(key, `${key} must be a text.`);
  if (typeof when !== "string") return bad("when", "when must be a text: a condition in CEL.");
  if (body.approvals !== undefined && !Number.isInteger(body.approvals)) return bad("approvals", "approvals must be a number.");
  if (body.exclude_proposer !== undefined && typeof body.exclude_proposer !== "boolean") return bad("exclude_proposer", "exclude_proposer must be true or false.");
  if (body.roles !== undefined && !(Array.isArray(body.roles) && body.roles.every((r) => typeof r === "string"))) return bad("roles", "roles must be a list of roles.");
  return { draft: { ...body, when } as Draft, problems: [] };
}

/** What the API found wrong with a policy, at its line in the file. */
export const apiProblems = (text: string, of: Schemas["PolicyProblem"][]): EditorProblem[] =>
  of.map((p) => ({ line: lineAt(text, p.field ? [p.field] : [], p.line), message: p.field && p.line === 0 ? `${p.field}: ${p.message}` : p.message }));

/** A JSON Schema of a policy's file, for what the editor proposes. */
export const policySchema = {
  type: "object",
  required: ["id", "when", "effect"],
  properties: {
    id: { type: "string", description: "Lower-case letters, digits, single dashes" },
    when: { type: "string", description: "Condition in CEL over plan, env and proposer" },
    effect: { enum: ["deny", "approve"], description: "What it does when the condition holds" },
    message: { type: "string", description: "What people are told" },
    approvals: { type: "integer", minimum: 1, maximum: 10, description: "How many people have to agree; 1 when absent" },
    roles: { type: "array", description: "Whose approval counts; absent: whoever may deploy", items: { enum: ["administrator", "manager", "owner", "developer", "deployer"] } },
    exclude_proposer: { type: "boolean", description: "The approval of who asked does not count" },
    deadline: { type: "string", description: "How long it waits, such as 30m, 8h, 2d" },
  },
};

const resource = { type: "postgres", class: "default", id: "shared.db", def: "starter-postgres", driver: "humanitec/template" };

/** The example that a condition is tried on at first. */
export const firstExample = write({
  env: { app: "shop", id: "production", type: "production" },
  plan: { created: [], changed: [], replaced: [], destroyed: [resource], removed: [], workloads: { added: [], changed: ["api"], removed: [] }, values: ["LOG_LEVEL"] },
});

/** Reads an example; what is absent is empty. */
export function parseExample(text: string): { example?: Example; problems: EditorProblem[] } {
  const { body, problems } = parseObject(text);
  if (!body) return { problems };
  const unknown = Object.keys(body).find((k) => !["env", "plan", "proposer"].includes(k));
  if (unknown !== undefined) return { problems: [{ line: lineAt(text, [unknown]), message: `${unknown} is not known; there are env, plan and proposer.` }] };
  return { example: body as unknown as Example, problems: [] };
}
