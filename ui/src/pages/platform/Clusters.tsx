import { PlugZap, Server } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api } from "~/api/client";
import { Button, ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { to } from "~/lib/paths";

import { criterionText } from "./context";
import styles from "./page.module.css";

/** Clusters that workloads run in: definitions of type k8s-cluster. */
export function Clusters({ orgId }: { orgId: string }) {
  const clusters = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId }, query: { res_type: "k8s-cluster" } } });
  const [checking, setChecking] = useState(false);
  const create = (
    <ButtonLink small may="platform:write" to={to.platform(orgId, "new-definition")}>
      New definition
    </ButtonLink>
  );
  return (
    <Panel
      title="Clusters"
      note="definitions of type k8s-cluster"
      flush
      actions={
        <>
          {create}
          <Button small kind="primary" may="platform:write" icon={<PlugZap size={14} aria-hidden />} onClick={() => setChecking(true)}>
            Check a connection
          </Button>
        </>
      }
    >
      <Loaded query={clusters}>
        {(rows) => (
          <DataTable
            label="clusters"
            rows={rows}
            rowKey={(d) => d.id}
            rowLink={(d) => to.platform(orgId, `definitions/${d.id}`)}
            empty={
              <EmptyState title="No cluster yet" icon={<Server size={24} />} actions={create}>
                A definition of type k8s-cluster says where workloads run: by an account of your cloud, a kubeconfig, or an agent.
              </EmptyState>
            }
            columns={[
              { key: "id", title: "Cluster", width: "minmax(12rem, 1.2fr)", cell: (d) => d.id, sort: (d) => d.id },
              { key: "driver", title: "Driver", cell: (d) => d.driver_type, sort: (d) => d.driver_type },
              { key: "account", title: "Account", cell: (d) => d.driver_account || <span className="muted">none</span> },
              { key: "for", title: "Used for", width: "minmax(12rem, 2fr)", cell: (d) => d.criteria?.map(criterionText).join(" · ") || <span className="muted">never</span> },
            ]}
          />
        )}
      </Loaded>
      {checking && <Check orgId={orgId} onClose={() => setChecking(false)} />}
    </Panel>
  );
}

const tones = { True: "ok", False: "bad", Unknown: "warn" } as const;

/** Asks whether the cluster of an environment answers. */
function Check({ orgId, onClose }: { orgId: string; onClose: () => void }) {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
  const [chosen, setChosen] = useState("");
  const environments = apps.data?.flatMap((a) => a.envs.map((e) => ({ key: `${a.id}/${e.id}`, app_id: a.id, env_id: e.id, env_type: e.type }))) ?? [];
  const env = environments.find((e) => e.key === chosen) ?? environments[0];
  const check = api.useMutation("post", "/orgs/{orgId}/runtime/actions/check-connectivity");
  const result = check.data;
  return (
    <FormDialog
      open
      onClose={onClose}
      wide
      title="Check a connection"
      description="The cluster of an environment is asked with the credentials that a deployment would have."
      submit="Check"
      busy={check.isPending}
      error={check.error}
      disabled={!env}
      onSubmit={() => env && check.mutate({ params: { path: { orgId } }, body: { app_id: env.app_id, env_id: env.env_id, env_type: env.env_type } })}
    >
      <SelectField label="Environment" value={env?.key ?? ""} onChange={(e) => { setChosen(e.target.value); check.reset(); }}>
        {environments.map((e) => (
          <option key={e.key}>{e.key}</option>
        ))}
      </SelectField>
      {result && (
        <div role="status">
          <div className="row">
            <StatusBadge status={result.success ? "It answers" : "It was not reached"} tone={result.success ? "ok" : "bad"} />
            {result.resource_summaries
              .filter((r) => r.type === "k8s-cluster")
              .map((r) => (
                <span key={r.res_id} className="row">
                  <Link to={to.platform(orgId, `definitions/${r.def_id}`)}>{r.def_id}</Link>
                  <span className="muted">{r.driver_type}</span>
                </span>
              ))}
          </div>
          <div style={{ marginTop: "var(--s3)" }}>
            {result.conditions.map((c) => (
              <div key={c.type} className={styles.condition}>
                <StatusBadge status={c.status} tone={tones[c.status as keyof typeof tones] ?? "idle"} pulse={false} />
                <strong>{c.type}</strong>
                <span className="muted">{c.message}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </FormDialog>
  );
}
