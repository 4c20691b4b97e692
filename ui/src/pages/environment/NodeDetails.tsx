import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { Copy } from "~/components/Copy";
import { LogView } from "~/components/LogView";
import { Facts } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { useDeploymentLog } from "~/lib/deploymentlog";
import { to } from "~/lib/paths";
import { isOver } from "~/lib/status";
import { took } from "~/lib/time";

import type { EnvPath } from ".";
import { keyOf, shortId } from "./Graph";
import styles from "./page.module.css";

interface Props {
  path: EnvPath;
  deployment: Schemas["Deployment"];
  resource: Schemas["ResourceExplanation"];
  node: Schemas["Node"] | undefined;
  onSelect: (id: string) => void;
}

/** All about one resource: who asked for it, what made it, what came of it. */
export function NodeDetails({ path, deployment, resource: r, node, onSelect }: Props) {
  const active = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources", { params: { path } }, { staleTime: 10_000 });
  const now = active.data?.find((a) => a.gu_res_id === (r.guresid ?? node?.guresid));
  const secrets = Object.keys(now?.secret_refs ?? {});
  const outputs = Object.entries(node?.outputs ?? now?.resource ?? {});
  const winner = r.candidates.find((c) => c.chosen);
  const losers = r.candidates.filter((c) => !c.chosen);
  return (
    <div className="stack">
      <div className="row">
        <StatusBadge status={node?.status ?? r.status ?? "unknown"} tone={node?.status === "running" ? "busy" : undefined} />
        {node?.started_at && <span className="muted small">took {took(node.started_at, node.finished_at)}</span>}
        {(node?.attempt ?? 0) > 1 && <Tag>attempt {node?.attempt}</Tag>}
      </div>
      {node?.error && (
        <div className={styles.error} role="alert">
          <strong>{node.error.summary}</strong>
          <div className="small">{node.error.message}</div>
          <code className="small">{node.error.code}</code>
        </div>
      )}
      <Facts
        inline
        of={[
          ["Resource", <code key="r">{r.id}</code>],
          ["Class", r.class],
          ["Definition", r.def_id && <Link key="d" to={to.platform(path.orgId, `definitions/${r.def_id}`)}>{r.def_id}</Link>],
          ["Version", r.def_version_id && <code key="v" title={r.def_version_id}>{r.def_version_id.slice(0, 8)}</code>],
          ["Driver", r.driver_type],
          ["Account", r.driver_account],
          ["Criterion", winner && criterion(winner.criteria)],
          ["GUResID", (r.guresid ?? node?.guresid) && <code key="g">{(r.guresid ?? node?.guresid ?? "").slice(0, 12)}…</code>],
        ]}
      />
      <section>
        <h4>Who asked for it</h4>
        <ul className={styles.plainList}>
          {r.asked_by.map((a, i) => (
            <li key={i}>
              {a.text} {a.by && <Jump to={a.by} onSelect={onSelect} />}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h4>Why this definition</h4>
        <p className="small">{r.chosen}</p>
        {losers.length > 0 && (
          <details className="small">
            <summary>
              {losers.length} other{losers.length > 1 ? "s" : ""} of the type
            </summary>
            <ul className={styles.plainList}>
              {losers.map((c, i) => (
                <li key={i}>
                  <Link to={to.platform(path.orgId, `definitions/${c.def_id}`)}>{c.def_id}</Link>: {c.verdict}
                </li>
              ))}
            </ul>
          </details>
        )}
      </section>
      <References title="Needs" of={r.depends_on} onSelect={onSelect} />
      <References title="Is needed by" of={r.dependents} onSelect={onSelect} />
      <section>
        <h4>Outputs</h4>
        {outputs.length === 0 && secrets.length === 0 && <p className="small muted">None.</p>}
        <dl className={styles.outputs}>
          {outputs.map(([k, v]) => (
            <Output key={k} name={k} value={typeof v === "string" ? v : JSON.stringify(v)} />
          ))}
          {secrets.map((k) => (
            <div key={k}>
              <dt>{k}</dt>
              <dd className="muted">
                •••••• <span className="hidden">secret</span>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {node && <Log path={path} deployment={deployment} node={node} />}
    </div>
  );
}

/** A criterion in words: what it asks of a context. */
export function criterion(c: Schemas["MatchingCriteria"]): string {
  const parts = Object.entries(c as Record<string, string | undefined>).filter(([k, v]) => v && k !== "id").map(([k, v]) => `${k} ${v}`);
  return parts.length > 0 ? parts.join(", ") : "matches everything";
}

function Output({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="row">
        <code className="grow cut" title={value}>
          {value}
        </code>
        <Copy text={value} label={`Copy ${name}`} />
      </dd>
    </div>
  );
}

function Jump({ to: target, onSelect }: { to: Schemas["ResourceReferenceTo"]; onSelect: (id: string) => void }) {
  return (
    <button type="button" className={styles.jump} onClick={() => onSelect(keyOf(target))}>
      {target.type} {shortId(target.id)}
    </button>
  );
}

function References({ title, of, onSelect }: { title: string; of: (Schemas["ResourceReferenceTo"] & { reasons?: Schemas["DependencyReason"][] })[]; onSelect: (id: string) => void }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h4>{title}</h4>
      <ul className={styles.plainList}>
        {of.map((d) => (
          <li key={keyOf(d)}>
            <Jump to={d} onSelect={onSelect} />
            {d.reasons?.map((reason, i) => (
              <div key={i} className="small muted">
                {reason.text}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Log({ path, deployment, node }: { path: EnvPath; deployment: Schemas["Deployment"]; node: Schemas["Node"] }) {
  const log = useDeploymentLog({ ...path, deployId: deployment.id }, node.key, !isOver(deployment));
  return (
    <section>
      <h4>Log</h4>
      <LogView
        label={`Log of ${node.key}`}
        height={log.data && log.data.length > 0 ? "14rem" : "2.5rem"}
        empty="Its driver wrote nothing."
        lines={(log.data ?? []).map((l) => ({ key: l.seq, at: l.at, level: l.level, text: l.text }))}
      />
    </section>
  );
}
