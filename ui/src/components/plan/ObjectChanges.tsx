import type { Schemas } from "~/api/client";
import type { Change } from "~/lib/changes";

import { ChangeList } from "./ChangeList";

type Differs = Pick<Schemas["ObjectDiff"], "kind" | "name" | "state" | "from" | "message" | "changes">;

export const kindOf = { added: "add", removed: "remove", changed: "change", missing: "remove", unknown: "change" } as const;

function changesOf(o: Differs): Change[] {
  const of = `${o.kind} ${o.name}`;
  if (o.changes.length === 0) return [{ kind: kindOf[o.state], of, path: o.message ?? `${o.state}, from ${o.from}` }];
  return o.changes.map((c) => ({
    kind: c.before === undefined && !c.secret ? "add" : c.after === undefined && !c.secret ? "remove" : "change",
    of,
    path: c.secret ? `${c.path} (secret)` : c.path,
    before: c.before,
    after: c.after,
  }));
}

/** Kubernetes objects that differ, field by field; secrets without their values. */
export const ObjectChanges = ({ objects }: { objects: Differs[] }) => <ChangeList changes={objects.flatMap(changesOf)} />;
