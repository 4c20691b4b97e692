import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { to } from "~/lib/paths";

import { criterionText, setWith, type Context } from "./context";
import styles from "./page.module.css";

const keys = ["type", "class", "res", "app", "env", "envType"] as const;

/** Type a context, and see which definition wins, and why. The context is in the page's address. */
export function Tester({ orgId }: { orgId: string }) {
  const at = { params: { path: { orgId } } };
  const types = api.useQuery("get", "/orgs/{orgId}/resources/types", at, { staleTime: 60_000 });
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", at);
  const envTypes = api.useQuery("get", "/orgs/{orgId}/env-types", at, { staleTime: 60_000 });
  const [params, setParams] = useSearchParams();
  const [typed, setTyped] = useState(() => Object.fromEntries(keys.map((k) => [k, params.get(k) ?? ""])) as unknown as Context);
  const app = apps.data?.find((a) => a.id === typed.app);
  const env = app?.envs.find((e) => e.id === typed.env);
  const context = { ...typed, envType: env?.type ?? typed.envType };
  const change = (key: keyof Context) => (e: { target: { value: string } }) => {
    const next = { ...typed, [key]: e.target.value.trim() };
    setTyped(next);
    setParams(Object.fromEntries(Object.entries(next).filter(([, v]) => v !== "")), { replace: true });
  };
  const field = (key: keyof Context, list?: string) => ({ value: context[key], onChange: change(key), list });
  const deferred = useDeferredValue(context);
  return (
    <>
      <Panel title="Context" note="what is compared with the criteria of definitions">
        <div className={styles.tester}>
          <TextField label="Resource type" placeholder="postgres" autoFocus {...field("type", "tester-types")} />
          <TextField label="Class" placeholder="default" {...field("class")} />
          <TextField label="Resource id" placeholder="shared.db" help="shared.NAME or modules.WORKLOAD.externals.NAME" {...field("res")} />
          <TextField label="Application" placeholder="any" {...field("app", "tester-apps")} />
          <TextField label="Environment" placeholder="any" {...field("env", "tester-envs")} />
          <TextField label="Environment type" placeholder="any" disabled={env !== undefined} help={env ? "That of the environment." : undefined} {...field("envType", "tester-env-types")} />
        </div>
        <Options id="tester-types" of={types.data?.map((t) => t.type)} />
        <Options id="tester-apps" of={apps.data?.map((a) => a.id)} />
        <Options id="tester-envs" of={app?.envs.map((e) => e.id)} />
        <Options id="tester-env-types" of={envTypes.data?.map((t) => t.id)} />
      </Panel>
      {deferred.type === "" ? (
        <Notice>Begin with a resource type. With an application and an environment that exist, every candidate says why it won or lost; for others, those that match are ranked.</Notice>
      ) : env !== undefined && setWith(deferred) !== null ? (
        <Explained orgId={orgId} context={deferred} />
      ) : (
        <Ranked orgId={orgId} context={deferred} />
      )}
    </>
  );
}

function Options({ id, of }: { id: string; of: string[] | undefined }) {
  return (
    <datalist id={id}>
      {of?.map((o) => (
        <option key={o} value={o} />
      ))}
    </datalist>
  );
}

/** For an environment that exists: what a deployment would choose, in its own words. */
function Explained({ orgId, context }: { orgId: string; context: Context }) {
  const explained = useQuery({
    queryKey: ["tester", orgId, context],
    staleTime: 10_000,
    retry: false,
    placeholderData: (was: Schemas["ResourceExplanations"] | undefined) => was,
    queryFn: async () =>
      (
        await client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/graphs/explain", {
          params: { path: { orgId, appId: context.app, envId: context.env }, query: { type: context.type } },
          body: { set: setWith(context) as never },
        })
      ).data,
  });
  return (
    <Loaded query={explained} lines={5}>
      {(e) => {
        const id = context.res || "shared.any-resource";
        const found = e.resources.find((r) => r.id === id) ?? e.resources[0];
        if (!found) return <NoMatch orgId={orgId} context={context} problems={e.problems} />;
        return (
          <Panel title="Which definition wins" flush>
            <div className={styles.verdict}>
              <CircleCheck size={16} aria-hidden />
              <strong>{found.def_id && <Link to={to.platform(orgId, `definitions/${found.def_id}`)}>{found.def_id}</Link>}</strong>
              <span className="muted">{found.chosen}</span>
            </div>
            <DataTable
              label="candidates"
              rows={found.candidates}
              rowKey={(c) => `${c.def_id} ${c.criteria.id}`}
              columns={[
                { key: "def", title: "Definition", width: "minmax(10rem, 1fr)", cell: (c) => <Link to={to.platform(orgId, `definitions/${c.def_id}`)}>{c.def_id}</Link> },
                { key: "outcome", title: "", width: "6rem", cell: (c) => <StatusBadge status={c.chosen ? "wins" : c.matches ? "matches" : "no match"} tone={c.chosen ? "ok" : c.matches ? "busy" : "idle"} pulse={false} /> },
                { key: "criterion", title: "Criterion", width: "minmax(9rem, 1fr)", cell: (c) => criterionText(c.criteria) },
                { key: "verdict", title: "Why", width: "minmax(16rem, 3fr)", cell: (c) => <span title={c.verdict}>{c.verdict}</span> },
              ]}
            />
          </Panel>
        );
      }}
    </Loaded>
  );
}

/** For a context that need not exist: what could match, best first. */
function Ranked({ orgId, context }: { orgId: string; context: Context }) {
  const query = { res_type: context.type, class: context.class || "default", ...(context.app && { app: context.app }), ...(context.env && { env: context.env }), ...(context.envType && { env_type: context.envType }), ...(context.res && { res: context.res }) };
  const ranked = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId }, query } }, { placeholderData: (was) => was, retry: false });
  return (
    <Loaded query={ranked} lines={5}>
      {(rows) => {
        const first = rows[0];
        if (!first) return <NoMatch orgId={orgId} context={context} problems={[]} />;
        const open = [!context.app && "application", !context.env && "environment", !context.envType && "environment type", !context.res && "resource id"].filter(Boolean);
        return (
          <Panel title="Which definition wins" flush>
            <div className={styles.verdict}>
              <CircleCheck size={16} aria-hidden />
              <strong>
                <Link to={to.platform(orgId, `definitions/${first.id}`)}>{first.id}</Link>
              </strong>
              <span className="muted">{open.length > 0 ? `is the best that could match; what is left open (${open.join(", ")}) counts as fitting` : "has the most specific criterion that matches"}</span>
            </div>
            <DataTable
              label="candidates"
              rows={rows.map((d, i) => ({ ...d, rank: i + 1 }))}
              rowKey={(d) => d.id}
              columns={[
                { key: "rank", title: "Rank", width: "3rem", cell: (d) => d.rank },
                { key: "def", title: "Definition", width: "minmax(12rem, 1fr)", cell: (d) => <Link to={to.platform(orgId, `definitions/${d.id}`)}>{d.id}</Link> },
                { key: "criteria", title: "Criteria", width: "minmax(16rem, 2fr)", cell: (d) => d.criteria?.map(criterionText).join(" · ") },
                { key: "driver", title: "Driver", width: "minmax(9rem, 1fr)", cell: (d) => d.driver_type },
              ]}
            />
          </Panel>
        );
      }}
    </Loaded>
  );
}

function NoMatch({ orgId, context, problems }: { orgId: string; context: Context; problems: string[] }) {
  const of = api.useQuery("get", "/orgs/{orgId}/resources/defs", { params: { path: { orgId } } }, { staleTime: 60_000 });
  const rows = of.data?.filter((d) => d.type === context.type) ?? [];
  return (
    <Panel title="Which definition wins" flush>
      <div className={styles.verdict}>
        <CircleX size={16} aria-hidden />
        <strong>None</strong>
        <span className="muted">{problems[0] ?? `no definition of type ${context.type} matches; a deployment would fail`}</span>
      </div>
      <DataTable
        label="definitions of the type"
        rows={rows}
        rowKey={(d) => d.id}
        columns={[
          { key: "def", title: `Definitions of type ${context.type}`, width: "minmax(12rem, 1fr)", cell: (d) => <Link to={to.platform(orgId, `definitions/${d.id}`)}>{d.id}</Link> },
          { key: "criteria", title: "Criteria", width: "minmax(16rem, 2fr)", cell: (d) => (d.criteria?.length ? d.criteria.map((c) => `${criterionText(c)}${c.class === "default" ? " (class default)" : ""}`).join(" · ") : <span className="muted">none: it is never used</span>) },
        ]}
      />
    </Panel>
  );
}
