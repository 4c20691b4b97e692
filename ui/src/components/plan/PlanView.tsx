import type { Schemas } from "~/api/client";
import { Notice } from "~/components/Notice";
import { countChanges, listChanges, type SetContent } from "~/lib/changes";
import { plural } from "~/lib/words";

import { ChangeList } from "./ChangeList";
import styles from "./plan.module.css";

type Plan = Schemas["DeploymentPlan"];
type Planned = Schemas["PlannedResource"];

const actions: Record<Planned["action"], { label: string; tone?: "ok" | "warn" | "bad" }> = {
  create: { label: "create", tone: "ok" },
  update: { label: "update", tone: "warn" },
  in_place: { label: "take over", tone: "warn" },
  replace: { label: "replace", tone: "bad" },
  take_back: { label: "take back", tone: "warn" },
  remove: { label: "no longer used", tone: "bad" },
  keep: { label: "keep" },
};

/** What a deployment would do: problems first, then resources, then the set and values. */
export function PlanView({ plan, base, set = true }: { plan: Plan; base?: SetContent; set?: boolean }) {
  const touched = plan.resources.filter((r) => r.action !== "keep");
  const changes = listChanges(plan.changes, base);
  return (
    <div className="stack">
      {plan.problems.length > 0 && (
        <Notice tone="warn">
          <strong>This deployment would fail.</strong>
          <Lines of={plan.problems} />
        </Notice>
      )}
      {plan.policies.denials.length > 0 && (
        <Notice tone="warn">
          <strong>Policies would deny it.</strong>
          <Lines of={plan.policies.denials.map((d) => `${d.policy}: ${d.message}`)} />
        </Notice>
      )}
      {plan.policies.verdict === "approval" && (
        <Notice>
          <strong>People would have to agree first.</strong>
          <Lines of={plan.policies.requirements.map((r) => `${r.policy}: ${plural(r.approvals, "approval")}${r.roles.length > 0 ? ` by ${r.roles.join(" or ")}` : ""}. ${r.message}`)} />
        </Notice>
      )}
      {plan.warnings.length > 0 && (
        <Notice>
          <Lines of={plan.warnings} />
        </Notice>
      )}
      <section className={styles.part} aria-label="Resources">
        <div className={styles.summary}>
          <h3>Resources</h3>
          {(Object.keys(actions) as Planned["action"][]).map((a) =>
            plan.summary[a] ? (
              <span key={a} className={[styles.count, styles[actions[a].tone ?? ""]].join(" ")}>
                <b>{plan.summary[a]}</b> {actions[a].label}
              </span>
            ) : null,
          )}
        </div>
        {touched.length > 0 ? <Resources rows={touched} /> : <p className="muted small">Every resource stays as it is.</p>}
      </section>
      {plan.values.length > 0 && (
        <section className={styles.part} aria-label="Values">
          <h3>{plural(plan.values.length, "value")} differ from the last deployment</h3>
          <p className="small mono">{plan.values.join(", ")}</p>
        </section>
      )}
      {set && (
        <section className={styles.part} aria-label="Set">
          <div className={styles.summary}>
            <h3>Workloads and shared resources</h3>
            <span className="muted small">{countChanges(changes)}</span>
          </div>
          {changes.length > 0 && (
            <div className="card" style={{ padding: 0 }}>
              <ChangeList changes={changes} />
            </div>
          )}
        </section>
      )}
    </div>
  );
}

function Lines({ of }: { of: string[] }) {
  return (
    <ul className={styles.list}>
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Resources({ rows }: { rows: Planned[] }) {
  return (
    <table className={styles.resources}>
      <thead>
        <tr>
          <th style={{ width: "8rem" }}>Action</th>
          <th style={{ width: "38%" }}>Resource</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={`${r.type}.${r.class}#${r.id}.${r.action}.${r.guresid ?? ""}`}>
            <td>
              <span className={[styles.count, styles[actions[r.action].tone ?? ""]].join(" ")}>{actions[r.action].label}</span>
            </td>
            <td>
              <code>
                {r.type}
                {r.class === "default" ? "" : `.${r.class}`}
              </code>{" "}
              <span className="muted">{r.id}</span>
            </td>
            <td>
              <div className={styles.reason}>{r.reason}</div>
              {r.destroys.map((d) => (
                <div key={d.guresid} className={styles.destroys}>
                  destroys <code>{d.guresid.slice(0, 12)}</code> of {d.driver_type} once the deployment has succeeded
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
