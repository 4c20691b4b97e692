import { useParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { useApp, useEnv } from "~/lib/scope";

/** The values of an application, and those of an environment, which has the application's and what it overrides. */
export function Component() {
  return useParams().env === undefined ? <AppValues /> : <EnvValues />;
}

function AppValues() {
  const path = useApp();
  const values = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/values", { params: { path } });
  return (
    <Page title="Values" crumbs={[{ label: "Applications", to: to.apps(path.orgId) }, { label: path.appId, to: to.app(path.orgId, path.appId) }]}>
      <Panel flush>
        <Loaded query={values}>{(rows) => <Values rows={rows} />}</Loaded>
      </Panel>
    </Page>
  );
}

function EnvValues() {
  const path = useEnv();
  const values = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/values", { params: { path } });
  return (
    <Page
      title="Values"
      crumbs={[
        { label: "Applications", to: to.apps(path.orgId) },
        { label: path.appId, to: to.app(path.orgId, path.appId) },
        { label: path.envId, to: to.env(path.orgId, path.appId, path.envId) },
      ]}
    >
      <Panel flush>
        <Loaded query={values}>{(rows) => <Values rows={rows} />}</Loaded>
      </Panel>
    </Page>
  );
}

function Values({ rows }: { rows: Schemas["Value"][] }) {
  return (
    <DataTable
      label="values"
      rows={rows}
      rowKey={(v) => v.key}
      text={(v) => `${v.key} ${v.description}`}
      empty={<EmptyState title="No values yet">Workloads refer to values by key, and each environment may override them.</EmptyState>}
      columns={[
        { key: "key", title: "Key", cell: (v) => <code>{v.key}</code>, sort: (v) => v.key },
        { key: "value", title: "Value", cell: (v) => (v.is_secret ? "••••••" : <code>{v.value}</code>), width: "minmax(10rem, 2fr)" },
        { key: "source", title: "From", cell: (v) => <Tag>{v.source}</Tag>, sort: (v) => v.source, width: "6rem" },
        { key: "at", title: "Changed", cell: (v) => <Time at={v.updated_at} />, sort: (v) => v.updated_at, width: "9rem" },
      ]}
    />
  );
}
