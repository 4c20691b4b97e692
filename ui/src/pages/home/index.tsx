import { CircleCheck, Rocket } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded, Loading } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { useAppStatuses, type AppStatus } from "~/lib/appstatus";
import { useNow } from "~/lib/now";
import { useMayHere } from "~/lib/may";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";
import { isOver } from "~/lib/status";
import { took } from "~/lib/time";
import { NewApplication } from "~/pages/applications";

import { concernsOf, worstFirst, type Concern } from "./attention";
import styles from "./page.module.css";
import { useDrift, useFailedSchedules, usePromotions, useQuestions } from "./watch";
import { Waiting } from "./Waiting";

// The API tells what is where per application, so that is how it is asked; so many at once keep a server calm.
const watched = 40;

export function Component() {
  const orgId = useOrg();
  const [creating, setCreating] = useState(false);
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } }, { refetchInterval: every.calm });
  const may = useMayHere("applications:create");
  const create = (
    <Button may="applications:create" kind={apps.data?.length === 0 ? "primary" : "plain"} onClick={() => setCreating(true)}>
      New application
    </Button>
  );
  return (
    <Page title="Home" actions={create}>
      <Loaded query={apps}>
        {(list) =>
          list.length === 0 ? (
            <Panel>
              <EmptyState title={may.why ? "Welcome. There is nothing that you may see yet" : "Welcome. Nothing is here yet"} icon={<Rocket size={28} />} actions={may.why ? undefined : create}>
                {may.why ? "The owners of an application and the administrators of the organization give roles on it. Then open it, go to" : "Make an application, open"} its environment, and paste a Score file: Slipway shows what it would make, and deploys it when you say so.
              </EmptyState>
            </Panel>
          ) : (
            <Overview orgId={orgId} apps={list} />
          )
        }
      </Loaded>
      <NewApplication orgId={orgId} open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function Overview({ orgId, apps }: { orgId: string; apps: Schemas["Application"][] }) {
  const looked = apps.slice(0, watched);
  const statuses = useAppStatuses(orgId, looked);
  const questions = useQuestions(orgId, statuses);
  const drift = useDrift(orgId, statuses);
  const schedules = useFailedSchedules(orgId);
  const promotions = usePromotions(orgId, looked);
  const now = useNow();
  const concerns = [...questions, ...worstFirst([...concernsOf(orgId, statuses, now), ...drift, ...schedules])];
  const loading = statuses.some((s) => !s.status && !s.error);
  const failed = statuses.find((s) => s.error);
  return (
    <>
      {apps.length > watched && (
        <Notice>
          The first {watched} of {apps.length} applications are looked at here; see <Link to={to.apps(orgId)}>all applications</Link>.
        </Notice>
      )}
      {failed && <ErrorNotice error={failed.error} title={`What is where in ${failed.app.name} is not known`} />}
      <Waiting orgId={orgId} apps={looked} />
      <div className={styles.columns}>
        <Panel title="Needs attention" note={concerns.length > 0 ? String(concerns.length) : undefined} flush>
          {loading && concerns.length === 0 ? (
            <div className={styles.pad}>
              <Loading />
            </div>
          ) : (
            <Concerns of={concerns} />
          )}
        </Panel>
        <Panel title="Being deployed now" flush>
          <Underway orgId={orgId} statuses={statuses} promotions={promotions} />
        </Panel>
      </div>
      <Panel title="Applications" flush>
        <ul className={styles.apps}>
          {statuses.map((s) => (
            <App key={s.app.id} orgId={orgId} of={s} />
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Concerns({ of }: { of: Concern[] }) {
  if (of.length === 0) {
    return (
      <EmptyState title="All is well" icon={<CircleCheck size={24} />}>
        Failed deployments and schedules, questions, drift and ends of environments show up here.
      </EmptyState>
    );
  }
  return (
    <ul className={styles.list}>
      {of.map((c) => (
        <li key={c.key}>
          <Link to={c.to} className={styles.item}>
            <StatusBadge status={c.kind} tone={c.tone} />
            <span className={styles.text}>
              <strong>{c.what}</strong>
              <span className="muted cut">{c.why}</span>
            </span>
            <Time at={c.at} className="muted small" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Underway({ orgId, statuses, promotions }: { orgId: string; statuses: AppStatus[]; promotions: ReturnType<typeof usePromotions> }) {
  useNow(); // how long it takes, anew
  const underway = statuses.flatMap(({ app, status }) => (status?.environments ?? []).flatMap((env) => (env.last_deploy && !isOver(env.last_deploy) ? [{ app, env, deployment: env.last_deploy }] : [])));
  if (underway.length + promotions.length === 0) return <EmptyState title="Nothing is being deployed" />;
  return (
    <ul className={styles.list}>
      {promotions.map(({ app, promotion: p }) => (
        <li key={p.id}>
          <Link to={to.app(orgId, app.id, "promotions")} className={styles.item}>
            <StatusBadge status={p.phase} tone={p.phase === "approval" ? "warn" : "busy"} />
            <span className={styles.text}>
              <strong>
                {app.name}: {p.from_env ?? p.from_deploy_id} to {p.to_env}
              </strong>
              <span className="muted cut">{p.message || p.comment || "Promotion"}</span>
            </span>
            <Time at={p.created_at} className="muted small" />
          </Link>
        </li>
      ))}
      {underway.map(({ app, env, deployment }) => (
        <li key={deployment.id}>
          <Link to={to.deployment(orgId, app.id, env.id, deployment.id)} className={styles.item}>
            <StatusBadge status={deployment.phase && deployment.status !== "pending" ? deployment.phase : deployment.status} tone="busy" />
            <span className={styles.text}>
              <strong>
                {app.name} / {env.name}
              </strong>
              <span className="muted cut">{deployment.comment || deployment.id}</span>
            </span>
            <span className="muted small nowrap">{took(deployment.started_at ?? deployment.created_at, undefined)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function App({ orgId, of: { app, status } }: { orgId: string; of: AppStatus }) {
  return (
    <li className={styles.app}>
      <Link to={to.app(orgId, app.id)} className={styles.appName}>
        {app.name}
      </Link>
      <ul className={styles.envs}>
        {(status?.environments ?? []).slice(0, 8).map((e) => {
          const tone = !e.last_deploy ? "idle" : e.last_deploy.status === "succeeded" ? "ok" : e.last_deploy.status === "failed" ? "bad" : "busy";
          return (
            <li key={e.id}>
              <Link to={to.env(orgId, app.id, e.id)} className={`${styles.env} badge-${tone}`} title={e.last_deploy ? `Last deployment: ${e.last_deploy.status}` : "Not deployed yet"}>
                <span className="badge-dot" aria-hidden /> {e.name}
                <span className="hidden">, {e.last_deploy ? `last deployment ${e.last_deploy.status}` : "not deployed yet"}</span>
              </Link>
            </li>
          );
        })}
        {(status?.environments.length ?? 0) > 8 && <li className="muted small">and {(status?.environments.length ?? 0) - 8} more</li>}
      </ul>
    </li>
  );
}
