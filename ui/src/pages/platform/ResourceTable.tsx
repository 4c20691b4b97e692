import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { CodeEditor } from "~/components/CodeEditor";
import { DataTable } from "~/components/DataTable";
import { Dialog } from "~/components/Dialog";
import { Loaded } from "~/components/Loading";
import { Facts } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";

import styles from "./page.module.css";
import { shortVersion } from "./Versions";

type Resource = Schemas["ActiveResource"];

interface Props {
  orgId: string;
  rows: Resource[];
  empty?: React.ReactNode;
  filters?: React.ReactNode;
  /** The rows are what was searched for already. */
  searched?: boolean;
  /** The version in use of each definition that is known. */
  versions?: Map<string, string>;
  action?: (r: Resource) => React.ReactNode;
}

const keyOf = (r: Resource) => `${r.type}.${r.class}#${r.res_id}`;

/** Resources that exist; each says why when it is pressed. */
export function ResourceTable({ orgId, rows, empty, filters, searched, versions, action }: Props) {
  const [shown, setShown] = useState<Resource>();
  return (
    <>
      <DataTable
        label="active resources"
        rows={rows}
        rowKey={(r) => r.gu_res_id}
        text={searched ? undefined : (r) => `${keyOf(r)} ${r.app_id}/${r.env_id} ${r.env_type} ${r.def_id} ${r.driver_type} ${r.status} ${r.gu_res_id}`}
        onRow={setShown}
        selected={(r) => r.gu_res_id === shown?.gu_res_id}
        empty={empty}
        filters={filters}
        maxHeight="calc(100vh - 18rem)"
        initialSort={{ key: "type" }}
        columns={[
          { key: "type", title: "Type", width: "minmax(6rem, 0.8fr)", cell: (r) => <strong>{r.class === "default" ? r.type : `${r.type}.${r.class}`}</strong>, sort: (r) => `${r.type} ${r.class} ${r.res_id}` },
          { key: "id", title: "Resource", width: "minmax(9rem, 1.5fr)", cell: (r) => <code title={r.res_id}>{r.res_id}</code>, sort: (r) => r.res_id },
          { key: "env", title: "Environment", width: "minmax(8rem, 1.2fr)", cell: (r) => `${r.app_id}/${r.env_id}`, sort: (r) => `${r.app_id}/${r.env_id}` },
          { key: "def", title: "Definition", width: "minmax(9rem, 1.1fr)", cell: (r) => <Link to={to.platform(orgId, `definitions/${r.def_id}`)} onClick={(e) => e.stopPropagation()}>{r.def_id}</Link>, sort: (r) => r.def_id },
          {
            key: "version", title: "Version", width: "8rem",
            cell: (r) => (
              <>
                <code title={r.def_version_id}>{shortVersion(r.def_version_id)}</code>{" "}
                {r.target_def_version_id ? <span className="muted">pinned</span> : versions?.has(r.def_id) && versions.get(r.def_id) !== r.def_version_id && <span className="muted">older</span>}
              </>
            ),
          },
          { key: "status", title: "Status", width: "5.5rem", cell: (r) => <StatusBadge status={r.scheduled_deletion ? "to be deleted" : r.status} tone={r.scheduled_deletion ? "warn" : undefined} title={r.status_message} />, sort: (r) => r.status },
          { key: "changed", title: "Changed", width: "6rem", cell: (r) => <Time at={r.updated_at} />, sort: (r) => r.updated_at },
          ...(action ? [{ key: "do", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right" as const, cell: (r: Resource) => <span onClick={(e) => e.stopPropagation()} role="presentation">{action(r)}</span> }] : []),
        ]}
      />
      {shown && <Why orgId={orgId} resource={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

/** Why a resource exists, and what it gives. */
function Why({ orgId, resource: r, onClose }: { orgId: string; resource: Resource; onClose: () => void }) {
  const explained = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/resources/explain", {
    params: { path: { orgId, appId: r.app_id, envId: r.env_id, deployId: r.deploy_id }, query: { type: r.type, class: r.class, id: r.res_id } },
  });
  return (
    <Dialog open onClose={onClose} wide title={`${r.type} ${r.res_id}`}>
      <Facts
        of={[
          ["Environment", <Link key="e" to={`${to.env(orgId, r.app_id, r.env_id, "graph")}?node=${encodeURIComponent(keyOf(r))}`}>{`${r.app_id}/${r.env_id}`}</Link>],
          ["Environment type", r.env_type],
          ["Driver", r.driver_type],
          ["Account", r.driver_account],
          ["Last deployment", <Link key="d" to={to.deployment(orgId, r.app_id, r.env_id, r.deploy_id)}><code>{r.deploy_id}</code></Link>],
          ["GUResID", <code key="g">{r.gu_res_id}</code>],
          ["State", r.status_message],
        ]}
      />
      <div className="stack-tight">
        <h3>Why it exists</h3>
        <Loaded query={explained} lines={2}>
          {(e) => {
            const found = e.resources[0];
            if (!found) return <p className="muted small">The deployment that made it last does not have it any more; it goes when its environment or a deployment says so.</p>;
            return (
              <ul className={styles.why}>
                {found.asked_by.map((a) => (
                  <li key={a.text}>{a.text}</li>
                ))}
                <li>{found.chosen}</li>
                {found.dependents.length > 0 && <li>needed by {found.dependents.map((d) => `${d.type} ${d.id}`).join(", ")}</li>}
              </ul>
            );
          }}
        </Loaded>
      </div>
      {Object.keys(r.resource).length > 0 && (
        <div className="stack-tight">
          <h3>Outputs</h3>
          <CodeEditor label="Outputs" readOnly language="json" height="12rem" value={JSON.stringify(r.resource, null, 2)} />
        </div>
      )}
      {Object.keys(r.secret_refs).length > 0 && <p className="muted small">Secret outputs, which are not shown: {Object.keys(r.secret_refs).join(", ")}</p>}
    </Dialog>
  );
}
