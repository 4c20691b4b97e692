import type { Schemas } from "~/api/client";

type Changes = Schemas["PlannedSetChanges"];
type Operation = { op: "add" | "remove" | "replace"; path: string; value?: unknown };
export type SetContent = Pick<Schemas["Set"], "modules" | "shared" | "workloads">;

/** One thing that a delta does. `before` and `after` are undefined where there is nothing. */
export interface Change {
  kind: "add" | "remove" | "change";
  /** What it is in: the id of a workload, or "Shared resources". */
  of: string;
  /** The place inside as a JSON pointer; "" for the whole of it. */
  path: string;
  before?: unknown;
  after?: unknown;
}

/** What a JSON pointer (RFC 6901) leads to; undefined where there is nothing. */
export function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const token of pointer.split("/").slice(1)) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[token.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return here;
}

/** Lists what a delta does to a set, workload by workload. Without the set, what was there before is not known. */
export function listChanges(delta: Changes, from: SetContent | undefined): Change[] {
  const operations = (of: string, base: unknown, ops: Operation[]): Change[] =>
    ops.map(({ op, path, value }) => {
      const before = at(base, path);
      if (op === "remove") return { kind: "remove", of, path, before };
      return { kind: op === "add" && before === undefined ? "add" : "change", of, path, before, after: value };
    });
  const objects = (changes: Schemas["DeltaChanges"] | undefined, base: Record<string, unknown> | undefined): Change[] => [
    ...Object.entries(changes?.add ?? {}).map(([of, after]): Change => ({ kind: base?.[of] === undefined ? "add" : "change", of, path: "", before: base?.[of], after })),
    ...Object.entries(changes?.update ?? {}).flatMap(([of, ops]) => operations(of, base?.[of], ops)),
    ...(changes?.remove ?? []).map((of): Change => ({ kind: "remove", of, path: "", before: base?.[of] })),
  ];
  return [...objects(delta.modules, from?.modules), ...objects(delta.workloads, from?.workloads), ...operations("Shared resources", from?.shared, delta.shared)];
}

/** Changes by what they are in, in the order in which that comes first. */
export function byPlace(changes: Change[]): [string, Change[]][] {
  const groups = new Map<string, Change[]>();
  for (const c of changes) groups.set(c.of, [...(groups.get(c.of) ?? []), c]);
  return [...groups];
}

/** "1 added, 2 changed"; "nothing" where there is none. */
export function countChanges(changes: { kind: Change["kind"] }[]): string {
  const words = { add: "added", change: "changed", remove: "removed" };
  const parts = (["add", "change", "remove"] as const).flatMap((kind) => {
    const n = changes.filter((c) => c.kind === kind).length;
    return n > 0 ? [`${n} ${words[kind]}`] : [];
  });
  return parts.join(", ") || "nothing";
}
