import { X } from "lucide-react";

import type { Schemas } from "~/api/client";
import { IconButton } from "~/components/Button";
import { Copy } from "~/components/Copy";
import { Loaded } from "~/components/Loading";
import { LogView } from "~/components/LogView";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { useDeploymentLog } from "~/lib/deploymentlog";
import { took } from "~/lib/time";

import type { DeployPath } from "./data";
import styles from "./page.module.css";

type Node = Schemas["Node"];

const kept = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** One resource of a deployment: what made it, what it gave, what its driver wrote. */
export function NodePanel({ path, node: n, nodes, live, onSelect, onClose }: { path: DeployPath; node: Node; nodes: Node[]; live: boolean; onSelect: (key: string) => void; onClose: () => void }) {
  const log = useDeploymentLog(path, n.key, live && (n.status === "running" || n.status === "pending"));
  const outputs = Object.entries(n.outputs);
  const needs = n.depends_on.flatMap((o) => nodes.find((m) => m.ordinal === o) ?? []);
  const needed = nodes.filter((m) => m.depends_on.includes(n.ordinal));
  return (
    <Panel
      title={n.key}
      actions={
        <IconButton label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      }
    >
      <div className="stack">
        {n.error && (
          <div className="notice notice-bad" role="alert">
            <div className="grow stack-tight">
              <div className="notice-message">{n.error.message || n.error.summary}</div>
              <div className="notice-code">
                <code>{n.error.code}</code>
              </div>
            </div>
          </div>
        )}
        <Facts
          inline
          of={[
            ["Status", <StatusBadge key="status" status={n.status} tone={n.status === "running" ? "busy" : undefined} />],
            ["Driver", n.driver_type && <code>{n.driver_type}</code>],
            ["Definition", n.def_id && <code>{n.def_id}</code>],
            ["Its version", n.def_version_id && <code title={n.def_version_id}>{n.def_version_id.slice(0, 8)}</code>],
            ["Criterion", n.criteria_id && <code title={n.criteria_id}>{n.criteria_id.slice(0, 8)}</code>],
            ["Took", n.started_at && `${took(n.started_at, n.finished_at)}${n.attempt > 1 ? ` in ${n.attempt} calls` : ""}`],
            [
              "Unique id",
              n.guresid && (
                <span className="row">
                  <code>{n.guresid.slice(0, 16)}…</code>
                  <Copy text={n.guresid} label="Copy the unique id" />
                </span>
              ),
            ],
            ["Needs", needs.length > 0 && <Links of={needs} onSelect={onSelect} />],
            ["Needed by", needed.length > 0 && <Links of={needed} onSelect={onSelect} />],
          ]}
        />
        <section className="stack-tight" aria-label="Log">
          <h3>Log</h3>
          <Loaded query={log}>
            {(lines) => (
              <LogView
                label={`log of ${n.key}`}
                height={lines.length > 0 ? "14rem" : "3rem"}
                empty="Its driver wrote nothing."
                lines={lines.map((l) => ({ key: l.seq, at: l.at, level: l.level, text: l.text }))}
              />
            )}
          </Loaded>
        </section>
        {outputs.length > 0 && (
          <section className="stack-tight" aria-label="Outputs">
            <h3>Outputs</h3>
            <Facts inline of={outputs.map(([key, value]) => [<code key={key}>{key}</code>, <code key={key}>{kept(value)}</code>])} />
            <p className="muted small">Secret outputs are never shown.</p>
          </section>
        )}
      </div>
    </Panel>
  );
}

function Links({ of, onSelect }: { of: Node[]; onSelect: (key: string) => void }) {
  return (
    <ul className={styles.links}>
      {of.map((n) => (
        <li key={n.key}>
          <button type="button" className={styles.link} onClick={() => onSelect(n.key)}>
            {n.key}
          </button>
        </li>
      ))}
    </ul>
  );
}
