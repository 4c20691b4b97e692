import type { Schemas } from "~/api/client";

type Node = Schemas["GraphNode"];

export interface GraphChange {
  key: string;
  kind: "add" | "change" | "remove" | "same";
  /** What differs, "definition" with before and after for example; empty unless it is a change. */
  differences: { what: string; before: unknown; after: unknown }[];
}

export const keyOf = (n: Pick<Node, "type" | "class" | "id">) => `${n.type}.${n.class}#${n.id}`;

const looked: [string, (n: Node) => unknown][] = [
  ["definition", (n) => n.def_id],
  ["definition version", (n) => n.def_version_id],
  ["driver", (n) => n.driver_type],
  ["account", (n) => n.driver_account ?? ""],
  ["driver inputs", (n) => n.driver],
  ["parameters", (n) => n.resource],
];

/** JSON with sorted keys, so that equal content is equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
}

/** What became of each resource from one graph to the next: changes first, then what is the same. */
export function compareGraphs(before: Node[], after: Node[]): GraphChange[] {
  const old = new Map(before.map((n) => [keyOf(n), n]));
  const fresh = new Map(after.map((n) => [keyOf(n), n]));
  // Dependencies are named by unique ids, which a replaced resource has anew: by key they can be compared.
  const needs = (n: Node, all: Node[]) => n.depends_on.flatMap((g) => all.find((m) => m.guresid === g) ?? []).map(keyOf).sort();
  const changes = after.map((n): GraphChange => {
    const key = keyOf(n);
    const was = old.get(key);
    if (!was) return { key, kind: "add", differences: [] };
    const differences = [...looked.map(([what, get]) => ({ what, before: get(was), after: get(n) })), { what: "needs", before: needs(was, before), after: needs(n, after) }]
      .filter((d) => canonical(d.before) !== canonical(d.after));
    return { key, kind: differences.length > 0 ? "change" : "same", differences };
  });
  for (const n of before) if (!fresh.has(keyOf(n))) changes.push({ key: keyOf(n), kind: "remove", differences: [] });
  const rank = { change: 0, add: 1, remove: 2, same: 3 };
  return changes.sort((a, b) => rank[a.kind] - rank[b.kind]);
}
