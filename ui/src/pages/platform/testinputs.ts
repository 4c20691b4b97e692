import type { Schemas } from "~/api/client";
import type { EditorProblem } from "~/components/CodeEditor";

import { parseObject, yamlOf, type DefinitionBody } from "./manifest";
import { lineAt } from "./yamlline";

export type TestRequest = Schemas["DefinitionTestRequest"];
export type TestAnswer = Schemas["DefinitionTest"];

/** What a definition is tested with, by form or as YAML. */
export interface TestInputs {
  context: NonNullable<TestRequest["context"]>;
  placeholders: Record<string, unknown>;
  resource: Record<string, unknown>;
  secrets: Record<string, unknown>;
  cookie?: unknown;
  default?: string;
}

export const noInputs: TestInputs = { context: {}, placeholders: {}, resource: {}, secrets: {} };

const keys = ["context", "placeholders", "resource", "secrets", "cookie", "default"] as const;

/** The inputs as YAML. */
export const inputsAsYaml = (of: TestInputs) => yamlOf(Object.fromEntries(keys.map((k) => [k, of[k]]).filter(([, v]) => v !== undefined)));

/** Reads inputs; `secretRefs` of an inputs file of the command line is taken, too. */
export function inputsFromYaml(text: string): { inputs?: TestInputs; problems: EditorProblem[] } {
  const { body, problems } = parseObject(text.trim() === "" ? "{}" : text);
  if (!body) return { problems };
  const { secretRefs, ...rest } = body;
  const given: Record<string, unknown> = secretRefs === undefined ? rest : { ...rest, secrets: secretRefs };
  const bad = (message: string) => ({ problems: [{ line: 1, message }] });
  for (const key of Object.keys(given)) if (!(keys as readonly string[]).includes(key)) return bad(`${key} is not known; there are ${keys.join(", ")}.`);
  for (const key of ["context", "placeholders", "resource", "secrets"] as const) {
    const v = given[key];
    if (v !== undefined && v !== null && (typeof v !== "object" || Array.isArray(v))) return bad(`${key} must be an object.`);
  }
  if (given.default !== undefined && typeof given.default !== "string") return bad("default must be a text.");
  const whole = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== null));
  return { inputs: { ...noInputs, ...whole }, problems: [] };
}

/** The request for a test of what is in the editor. */
export const testRequest = (body: DefinitionBody, of: TestInputs): TestRequest => ({ definition: body, ...of });

/** Names of the definition's secrets, nested ones with dots. */
export function secretNames(body: DefinitionBody | undefined): string[] {
  const out: string[] = [];
  const leaf = (v: Record<string, unknown>) => Object.keys(v).length > 0 && Object.keys(v).every((k) => ["store", "ref", "version", "value"].includes(k));
  const walk = (tree: Record<string, unknown> | null | undefined, before: string, refs: boolean) => {
    for (const [name, v] of Object.entries(tree ?? {})) {
      const nested = typeof v === "object" && v !== null && !Array.isArray(v) ? (v as Record<string, unknown>) : undefined;
      if (nested && !(refs && leaf(nested))) walk(nested, `${before}${name}.`, refs);
      else out.push(before + name);
    }
  };
  walk(body?.driver_inputs?.secret_refs, "", true);
  walk(body?.driver_inputs?.secrets, "", false);
  return out;
}

/** Names of the texts in a tree, nested ones with dots. */
export function leafNames(tree: Record<string, unknown>, before = ""): string[] {
  return Object.entries(tree).flatMap(([name, v]) => (typeof v === "object" && v !== null ? leafNames(v as Record<string, unknown>, `${before}${name}.`) : [before + name]));
}

/** A tree with the value at a path of names, or without it where the text is empty. */
export function withValue(tree: Record<string, unknown>, path: string[], value: string): Record<string, unknown> {
  const [name = "", ...rest] = path;
  const out = { ...tree };
  if (rest.length === 0) {
    if (value === "") delete out[name];
    else out[name] = value;
    return out;
  }
  const below = withValue((tree[name] as Record<string, unknown> | undefined) ?? {}, rest, value);
  if (Object.keys(below).length === 0) delete out[name];
  else out[name] = below;
  return out;
}

/** The value at a path of names, as text; "" where there is none. */
export function valueAt(tree: Record<string, unknown>, path: string[]): string {
  let at: unknown = tree;
  for (const name of path) at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined;
  return typeof at === "string" ? at : at === undefined || at === null ? "" : JSON.stringify(at);
}

/** Where in the definition's file a problem is: the line of what its path names, and of the template in it. */
export const problemLine = (text: string, path: string, line: number) => lineAt(text, ["entity", ...path.split("/").slice(1).map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~"))], line);
