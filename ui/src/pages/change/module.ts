import { parseDocument, stringify } from "yaml";

import type { EditorProblem } from "~/components/CodeEditor";

/** A workload in a Deployment Set: profile, spec, externals, deploy. */
export type Module = Record<string, unknown>;

type Path = readonly string[];
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);

export function get(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((v, key) => (isObject(v) ? v[key] : undefined), value);
}

/** The module with something else at a place; undefined takes away what is there, and objects that are empty then. */
export function set(module: Module, path: Path, value: unknown): Module {
  const [key, ...rest] = path;
  if (key === undefined) return module;
  const { [key]: old, ...others } = module;
  if (rest.length > 0) {
    const inner = set(isObject(old) ? old : {}, rest, value);
    if (value === undefined && Object.keys(inner).length === 0) return others;
    return replaceKey(module, key, inner);
  }
  return value === undefined ? others : replaceKey(module, key, value);
}

// Keeps the order of keys, so that the YAML does not jump about while one types.
function replaceKey(module: Module, key: string, value: unknown): Module {
  return { ...module, [key]: value };
}

/** The module with another name for a key of an object, at the same place in its order. */
export function rename(module: Module, path: Path, from: string, to: string): Module {
  const object = get(module, path);
  if (!isObject(object) || to === from || to in object) return module;
  return set(module, path, Object.fromEntries(Object.entries(object).map(([k, v]) => [k === from ? to : k, v])));
}

export const asYaml = (module: Module) => stringify(module, { lineWidth: 0 });

/** Reads a module's YAML. */
export function fromYaml(text: string): { module?: Module; problems: EditorProblem[] } {
  const document = parseDocument(text, { prettyErrors: false });
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  if (document.errors.length > 0) return { problems: document.errors.map((e) => ({ line: lineAt(e.pos[0]), message: e.message })) };
  const module = document.toJS() as unknown;
  if (!isObject(module)) return { problems: [{ line: 1, message: "A workload is a mapping with profile and spec." }] };
  return { module, problems: typeof module.profile === "string" ? [] : [{ line: 1, message: "profile is missing, such as humanitec/default-module.", severity: "warning" }] };
}

/** A workload to begin with. */
export const emptyModule = (name: string): Module => ({
  profile: "humanitec/default-module",
  spec: { containers: { [name]: { id: name, image: "", variables: {} } } },
  externals: {},
});

/** What was done to the workloads: `null` is one that is removed. */
export type Drafts = Record<string, Module | null>;

const canonical = (v: unknown) => JSON.stringify(v, (_, x: unknown) => (isObject(x) ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1))) : x));

/** The changes that drafts are; those that are what was there before are none. */
export function changesOf(before: Record<string, Module>, drafts: Drafts): { add: Record<string, Module>; remove: string[] } {
  const add: Record<string, Module> = {};
  const remove: string[] = [];
  for (const [id, module] of Object.entries(drafts)) {
    if (module === null) {
      if (id in before) remove.push(id);
    } else if (canonical(module) !== canonical(before[id])) add[id] = module;
  }
  return { add, remove };
}

const idForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function idProblem(id: string, taken: readonly string[]): string | undefined {
  if (id === "") return undefined;
  if (!idForm.test(id)) return "Lower-case letters, digits and dashes, at most 63.";
  return taken.includes(id) ? "There is a workload of this name." : undefined;
}
