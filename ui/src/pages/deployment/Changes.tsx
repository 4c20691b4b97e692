import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { plural } from "~/lib/words";

import type { DeployPath, Poll } from "./data";
import styles from "./page.module.css";

type Noted = Schemas["NodeChanges"];

const words: Record<string, { mark: string; verb: string; style?: string }> = {
  create: { mark: "+", verb: "create", style: styles.created },
  update: { mark: "~", verb: "change", style: styles.updated },
  replace: { mark: "±", verb: "replace", style: styles.replaced },
  delete: { mark: "−", verb: "destroy", style: styles.deleted },
};
const order = ["create", "update", "replace", "delete"];

/** What a plan does, in a line: "2 to create, 1 to destroy". */
export function countsOf(counts: Record<string, number>): string {
  const parts = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([action, n]) => `${n} to ${words[action]?.verb ?? action}`);
  return parts.length > 0 ? parts.join(", ") : "nothing to change";
}

/** What Terraform, and whatever else plans, was about to do for each resource. */
export function Changes({ path, over, poll }: { path: DeployPath; over: boolean; poll: Poll }) {
  const changes = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/changes", { params: { path } }, { refetchInterval: poll(every.busy) });
  return (
    <Loaded query={changes} lines={4}>
      {(all) =>
        all.length === 0 ? (
          <Panel flush>
            <EmptyState title={over ? "No driver planned anything" : "Nothing is planned yet"}>
              Plans of Terraform and OpenTofu are here as soon as they are made, before they are applied. Drivers that only compute have none.
            </EmptyState>
          </Panel>
        ) : (
          <div className="stack">
            {all.some((n) => n.changes.some((c) => c.action === "delete" || c.action === "replace")) && (
              <Notice tone="warn">Some objects {over ? "were to be" : "are"} destroyed or replaced; with them goes what they held.</Notice>
            )}
            {all.map((n) => (
              <NodeChanges key={`${n.node} ${n.run_id}`} noted={n} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function NodeChanges({ noted: n }: { noted: Noted }) {
  const more = Object.values(n.counts).reduce((a, b) => a + b, 0) - n.changes.length;
  return (
    <Panel
      title={n.node}
      note={
        <>
          {countsOf(n.counts)}; planned <Time at={n.at} />
        </>
      }
      flush
    >
      {n.changes.length === 0 ? (
        <p className={`muted small ${styles.nothing}`}>{n.summary || "It is as it should be."}</p>
      ) : (
        <ul className={styles.planned} aria-label={`Changes of ${n.node}`}>
          {n.changes.map((c) => {
            const word = words[c.action] ?? { mark: "?", verb: c.action };
            return (
              <li key={`${c.action} ${c.address}`}>
                <div className="row">
                  <span className={[styles.mark, word.style].join(" ")} aria-hidden>
                    {word.mark}
                  </span>
                  <span className={styles.verb}>{word.verb}</span>
                  <code className={styles.address}>{c.address}</code>
                  {c.kind && !c.address.includes(c.kind) && <Tag>{c.kind}</Tag>}
                </div>
                {c.attributes.length > 0 && (
                  <ul className={styles.attributes} aria-label={`What differs in ${c.address}`}>
                    {c.attributes.map((a) => (
                      <li key={a.path}>
                        <code>{a.path}</code>
                        {a.sensitive && <span className="muted"> (secret)</span>}
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {more > 0 && <p className={`muted small ${styles.nothing}`}>and {plural(more, "more object")}; the log has all of them.</p>}
    </Panel>
  );
}
