import type { Schemas } from "~/api/client";
import { Notice } from "~/components/Notice";
import { Tag } from "~/components/StatusBadge";
import { plural } from "~/lib/words";

import { ObjectChanges } from "./ObjectChanges";
import styles from "./plan.module.css";

type StoredPlan = Schemas["StoredPlan"];

/** What the driver of each resource would do; those that only compute or change nothing are counted. */
export function PlanNodes({ nodes }: { nodes: StoredPlan["nodes"] }) {
  const told = nodes.filter((n) => n.state !== "computed" && !n.unchanged);
  return (
    <ul className={styles.nodes} aria-label="Plans of drivers">
      {told.map((n) => (
        <li key={n.guresid} className={styles.node}>
          <div className="row">
            <code>{n.type}</code> <span className="muted">{n.id}</span> <Tag>{n.driver_type}</Tag> <span className="muted small">{n.state === "planned" ? n.summary : n.state}</span>
          </div>
          {n.reason && <div className="muted small">{n.reason}</div>}
          <ul>
            {n.changes.map((c) => (
              <li key={`${c.action} ${c.address}`}>
                <Tag>{c.action}</Tag> <code>{c.address}</code> <span className="muted small">{c.attributes.map((a) => (a.sensitive ? `${a.path} (secret)` : a.path)).join(", ")}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
      {told.length < nodes.length && <li className="muted small">{plural(nodes.length - told.length, "resource")} only computed or unchanged.</li>}
    </ul>
  );
}

/** What would become of the objects that are delivered. */
export function PlanManifests({ manifests }: { manifests: NonNullable<StoredPlan["manifests"]> }) {
  return (
    <div className="stack-tight">
      <p className="muted small">{plural(manifests.unchanged, "object")} unchanged</p>
      {manifests.notes.length > 0 && <Notice>{manifests.notes.join(" ")}</Notice>}
      {manifests.objects.length > 0 && (
        <div className="card" style={{ padding: 0 }}>
          <ObjectChanges objects={manifests.objects} />
        </div>
      )}
    </div>
  );
}
