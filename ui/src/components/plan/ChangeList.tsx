import { stringify } from "yaml";

import { byPlace, type Change } from "~/lib/changes";

import styles from "./plan.module.css";

const signs = { add: "+", change: "~", remove: "−" };
const words = { add: "added", change: "changed", remove: "removed" };
const longest = 4000;

function text(value: unknown): string {
  const out = typeof value === "string" ? value : stringify(value, { lineWidth: 0 }).trimEnd();
  return out.length > longest ? `${out.slice(0, longest)}\n…` : out;
}

/** What is done to a Deployment Set, workload by workload: what was there, and what will be. */
export function ChangeList({ changes }: { changes: Change[] }) {
  return (
    <div className={styles.groups}>
      {byPlace(changes).map(([of, list]) => (
        <section key={of} aria-label={of}>
          <h3 className={styles.place}>{of}</h3>
          <ul className={styles.changes}>
            {list.map((c, i) => (
              <li key={i}>
                <div className={styles.line}>
                  <span className={styles[c.kind]} title={words[c.kind]} aria-hidden>
                    {signs[c.kind]}
                  </span>
                  <span className="hidden">{words[c.kind]} </span>
                  <code>{c.path === "" ? (c.kind === "change" ? "everything" : "the workload") : c.path}</code>
                </div>
                <div className={styles.texts}>
                  {c.before !== undefined && <pre className={styles.before}>{text(c.before)}</pre>}
                  {c.after !== undefined && <pre className={styles.after}>{text(c.after)}</pre>}
                </div>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
