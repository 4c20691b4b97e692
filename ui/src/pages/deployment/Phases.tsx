import { Check, CircleDashed, Minus, X } from "lucide-react";

import { duration } from "~/lib/time";

import styles from "./page.module.css";
import type { Phase } from "./timeline";

const icons = { waiting: CircleDashed, running: undefined, done: Check, failed: X, skipped: Minus };
const explained: Record<Phase["name"], string> = {
  plan: "the resource graph is made",
  provision: "drivers make resources",
  render: "manifests are written",
  deliver: "objects go to the target",
  rollout: "workloads become ready",
};

/** The steps of a deployment, each with how long it took. */
export function Phases({ phases, now }: { phases: Phase[]; now: number }) {
  return (
    <ol className={styles.phases} aria-label="Phases">
      {phases.map((p) => {
        const Icon = icons[p.state];
        return (
          <li key={p.name} className={[styles.phase, styles[`phase-${p.state}`]].join(" ")} aria-current={p.state === "running" ? "step" : undefined}>
            <span className={styles.phaseIcon} aria-hidden>
              {Icon ? <Icon size={13} /> : <span className="spinner" />}
            </span>
            <span className={styles.phaseName}>{p.name}</span>
            <span className="hidden">{p.state}</span>
            <span className={styles.phaseTook}>{p.begin === undefined ? "" : duration((p.end ?? now) - p.begin)}</span>
            <span className={styles.phaseText}>{explained[p.name]}</span>
          </li>
        );
      })}
    </ol>
  );
}
