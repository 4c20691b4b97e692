import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorState } from "@codemirror/state";
import type { EditorView, Tooltip } from "@codemirror/view";

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema | Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  required?: string[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  definitions?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

/** All schemas that a schema stands for: itself, what it refers to, its alternatives. */
function expand(schema: Schema | undefined, root: Schema, depth = 0): Schema[] {
  if (!schema || depth > 8) return [];
  if (schema.$ref?.startsWith("#/")) {
    let at: unknown = root;
    for (const part of schema.$ref.slice(2).split("/")) at = (at as Record<string, unknown> | undefined)?.[part.replaceAll("~1", "/").replaceAll("~0", "~")];
    return expand(at as Schema | undefined, root, depth + 1);
  }
  const more = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...more.flatMap((s) => expand(s, root, depth + 1))];
}

function child(schemas: Schema[], key: string, root: Schema): Schema[] {
  return schemas.flatMap((s) => {
    if (key === "-") return (Array.isArray(s.items) ? s.items : s.items ? [s.items] : []).flatMap((i) => expand(i, root));
    const named = s.properties?.[key];
    if (named) return expand(named, root);
    const pattern = Object.entries(s.patternProperties ?? {}).find(([p]) => new RegExp(p).test(key));
    if (pattern) return expand(pattern[1], root);
    return typeof s.additionalProperties === "object" ? expand(s.additionalProperties, root) : [];
  });
}

const keyOf = /^(\s*)((?:- +)*)(?:"([^"]+)"|'([^']+)'|([^\s#:'"][^:]*?))\s*:(?:\s|$)/;

/** The keys above a line that it belongs to, by indentation; "-" is an item of a list. */
export function pathOf(lines: string[], index: number): string[] {
  const path: string[] = [];
  const current = lines[index] ?? "";
  let indent = current.length - current.trimStart().length;
  const dashes = /^\s*((?:- +)+)/.exec(current);
  if (dashes?.[1]) path.unshift("-");
  for (let i = index - 1; i >= 0 && (indent > 0 || path[0] === "-"); i--) {
    const line = lines[i] ?? "";
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const match = keyOf.exec(line);
    const own = line.length - line.trimStart().length;
    const text = own + (match?.[2]?.length ?? 0);
    const key = match?.[3] ?? match?.[4] ?? match?.[5];
    if (key !== undefined && text < indent + (path[0] === "-" && own === indent && !match?.[2] ? 1 : 0)) {
      path.unshift(key);
      if (match?.[2]) path.unshift("-");
      indent = own;
    } else if (match?.[2] && text === indent && own < indent) {
      if (path[0] !== "-") path.unshift("-"); // a further key of the same item
      indent = own;
    }
  }
  return path;
}

function schemasAt(path: string[], root: Schema): Schema[] {
  return path.reduce((schemas, key) => child(schemas, key, root), expand(root, root));
}

const linesOf = (state: EditorState) => state.doc.toString().split("\n");

/** Proposes keys where a key may stand, values after one. */
export function propose(context: CompletionContext, schema: object | undefined): CompletionResult | null {
  if (!schema) return null;
  const root = schema as Schema;
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const lines = linesOf(context.state);
  const path = pathOf(lines, line.number - 1);
  const value = /^(\s*(?:- +)*)([^\s:][^:]*):\s+(\S*)$/.exec(before);
  if (value?.[2] !== undefined && value[3] !== undefined) {
    const options = schemasAt([...path, value[2].trim()], root).flatMap((s) => [...(s.enum ?? []), ...(s.const !== undefined ? [s.const] : []), ...(s.type === "boolean" ? [true, false] : [])]);
    if (options.length === 0) return null;
    return { from: context.pos - value[3].length, options: [...new Set(options.map(String))].map((label) => ({ label, type: "enum" })) };
  }
  const key = /^\s*(?:- +)*([\w.$-]*)$/.exec(before);
  if (!key || (key[1] === "" && !context.explicit)) return null;
  const seen = new Set<string>();
  const options = schemasAt(path, root).flatMap((s) =>
    Object.entries(s.properties ?? {}).flatMap(([name, of]) => {
      if (seen.has(name)) return [];
      seen.add(name);
      return [{ label: name, type: "property", apply: `${name}: `, info: expand(of, root).find((x) => x.description)?.description, boost: s.required?.includes(name) ? 1 : 0 }];
    }),
  );
  return options.length === 0 ? null : { from: context.pos - (key[1]?.length ?? 0), options };
}

/** Explains the key that is pointed at. */
export function explain(view: EditorView, pos: number, schema: object | undefined): Tooltip | null {
  if (!schema) return null;
  const line = view.state.doc.lineAt(pos);
  const match = keyOf.exec(line.text);
  const key = match?.[3] ?? match?.[4] ?? match?.[5];
  if (key === undefined) return null;
  const start = line.from + line.text.indexOf(key);
  if (pos < start || pos > start + key.length) return null;
  const description = schemasAt([...pathOf(linesOf(view.state), line.number - 1), key], schema as Schema).find((s) => s.description)?.description;
  if (!description) return null;
  return {
    pos: start,
    end: start + key.length,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "explained";
      dom.textContent = description;
      return { dom };
    },
  };
}
