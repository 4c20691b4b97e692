import { CircleCheck, Rocket } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { pollOf } from "~/lib/live";
import { ofEachKind, useLiveOrganization } from "~/lib/liveorg";
import { useNow } from "~/lib/now";
import { useMayHere } from "~/lib/may";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";
import { took } from "~/lib/time";
import { NewApplication } from "~/pages/applications";

import { byKind, lineOf, tonesOf, type Line } from "./attention";
import styles from "./page.module.css";
import { Waiting } from "./Waiting";

type Attention = Schemas["Attention"];
type Application = Schemas["Application"];

const atFirst = 8; // of one kind that are shown before somebody wants to see all
const apps = 20; // that are shown here
const envs = 8; // of each of them

/** Where little goes on it is followed closely; where something always does, that would only be busy. */
const isLively = (underway: number) => underway > 0 && underway <= 20;

export function Component() {
  const orgId = useOrg();
  const [creating, setCreating] = useState(false);
  const live = useLiveOrganization(orgId);
  // Applications come and go rarely, and the list may be long; what moves is in attention.
  const list = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } }, { staleTime: 10_000, refetchInterval: every.calm * 12 });
  const attention = api.useQuery(
    "get",
    "/orgs/{orgId}/attention",
    { params: { path: { orgId }, query: { limit: ofEachKind } } },
    { refetchInterval: (q) => pollOf(live, isLively(q.state.data?.underway.length ?? 0) ? every.busy : every.calm) },
  );
  const may = useMayHere("applications:create");
  const create = (
    <Button may="applications:create" kind={list.data?.length === 0 ? "primary" : "plain"} onClick={() => setCreating(true)}>
      New application
    </Button>
  );
  return (
    <Page title="Home" actions={create}>
      <Loaded query={list}>
        {(all) =>
          all.length === 0 ? (
            <Panel>
              <EmptyState title={may.why ? "Welcome. There is nothing that you may see yet" : "Welcome. Nothing is here yet"} icon={<Rocket size={28} />} actions={may.why ? undefined : create}>
                {may.why ? "The owners of an application and the administrators of the organization give roles on it. Then open it, go to" : "Make an application, open"} its environment, and paste a Score file: Slipway shows what it would make, and deploys it when you say so.
              </EmptyState>
            </Panel>
          ) : (
            <>
              <Loaded query={attention}>{(found) => <Overview orgId={orgId} of={found} />}</Loaded>
              <Applications orgId={orgId} all={all} attention={attention.data} />
            </>
          )
        }
      </Loaded>
      <NewApplication orgId={orgId} open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function Overview({ orgId, of }: { orgId: string; of: Attention }) {
  const concerns = of.concerns.map((i) => lineOf(orgId, i));
  return (
    <>
      {of.unknown.map((what) => (
        <Notice key={what} tone="warn">
          Not known: {what}
        </Notice>
      ))}
      <Waiting orgId={orgId} items={of.waiting} more={of.more.includes("approval") || of.more.includes("pipeline-approval")} />
      <div className={styles.columns}>
        <Panel title="Needs attention" note={concerns.length > 0 ? `${concerns.length}${of.concerns.some((i) => of.more.includes(i.kind)) ? "+" : ""}` : undefined} flush>
          {concerns.length === 0 ? (
            <EmptyState title="All is well" icon={<CircleCheck size={24} />}>
              Failed deployments and schedules, questions, drift and ends of environments show up here.
            </EmptyState>
          ) : (
            byKind(concerns).map((lines) => <Group key={lines[0]?.kind} lines={lines} more={of.more} />)
          )}
        </Panel>
        <Panel title="Being deployed now" flush>
          {of.underway.length === 0 ? (
            <EmptyState title="Nothing is being deployed" />
          ) : (
            byKind(of.underway.map((i) => lineOf(orgId, i))).map((lines) => <Group key={lines[0]?.kind} lines={lines} more={of.more} underway />)
          )}
        </Panel>
      </div>
    </>
  );
}

/** Lines of one kind: the first of them, and all when somebody wants to see them. */
function Group({ lines, more, underway }: { lines: Line[]; more: string[]; underway?: boolean }) {
  const [all, setAll] = useState(false);
  const kind = lines[0]?.kind ?? "";
  const shown = all ? lines : lines.slice(0, atFirst);
  const hidden = lines.length - shown.length;
  const beyond = more.includes(kind);
  return (
    <ul className={styles.list} aria-label={kind}>
      {shown.map((line) => (
        <li key={line.key}>
          <Link to={line.to} className={styles.item}>
            <StatusBadge status={line.status} tone={line.tone} />
            <span className={styles.text}>
              <strong>{line.what}</strong>
              <span className="muted cut" title={line.why}>
                {line.why}
              </span>
            </span>
            {underway ? <Since at={line.at} /> : <Time at={line.at} className="muted small" />}
          </Link>
        </li>
      ))}
      {hidden > 0 && (
        <li className={styles.rest}>
          <Button small kind="quiet" onClick={() => setAll(true)}>
            {beyond ? `Show the first ${lines.length}` : `Show ${hidden} more`}
          </Button>
        </li>
      )}
      {hidden === 0 && beyond && <li className={`${styles.rest} muted small`}>There are more than these {lines.length}.</li>}
    </ul>
  );
}

/** How long it takes, anew every few seconds. */
function Since({ at }: { at: string | undefined }) {
  useNow();
  return <span className="muted small nowrap">{at ? took(at, undefined) : ""}</span>;
}

/** Some applications with their environments: those with something to look at first. */
function Applications({ orgId, all, attention }: { orgId: string; all: Application[]; attention: Attention | undefined }) {
  const tones = attention ? tonesOf(attention) : new Map<string, never>();
  const troubled = new Set([...tones.keys()].map((key) => key.slice(0, key.indexOf("/"))));
  const shown = [...all.filter((a) => troubled.has(a.id)), ...all.filter((a) => !troubled.has(a.id))].slice(0, apps);
  if (all.length <= apps) shown.sort((a, b) => all.indexOf(a) - all.indexOf(b));
  return (
    <Panel title="Applications" note={all.length > shown.length ? `${shown.length} of ${all.length.toLocaleString("en")}` : undefined} flush>
      <ul className={styles.apps}>
        {shown.map((app) => (
          <App key={app.id} orgId={orgId} of={app} tones={tones} />
        ))}
      </ul>
      {all.length > shown.length && (
        <p className={styles.rest}>
          <Link to={to.apps(orgId)}>All {all.length.toLocaleString("en")} applications</Link>
        </p>
      )}
    </Panel>
  );
}

function App({ orgId, of: app, tones }: { orgId: string; of: Application; tones: ReturnType<typeof tonesOf> }) {
  const state = (env: string) => tones.get(`${app.id}/${env}`);
  const list = app.envs.length > envs ? [...app.envs].sort((a, b) => Number(state(b.id) !== undefined) - Number(state(a.id) !== undefined)) : app.envs;
  return (
    <li className={styles.app}>
      <Link to={to.app(orgId, app.id)} className={styles.appName}>
        {app.name}
      </Link>
      <ul className={styles.envs}>
        {list.slice(0, envs).map((e) => {
          const is = state(e.id);
          return (
            <li key={e.id}>
              <Link to={to.env(orgId, app.id, e.id)} className={`${styles.env} badge-${is?.tone ?? "idle"}`} title={is?.word}>
                {is && <span className="badge-dot" aria-hidden />} {e.name}
                {is && <span className="hidden">, {is.word}</span>}
              </Link>
            </li>
          );
        })}
        {app.envs.length > envs && <li className="muted small">and {(app.envs.length - envs).toLocaleString("en")} more</li>}
      </ul>
    </li>
  );
}
