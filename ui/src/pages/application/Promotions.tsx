import { useQueryClient } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { Dialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { TemporalLink } from "~/components/TemporalLink";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useDecisions } from "~/lib/decide";
import { Live, pollOf } from "~/lib/live";
import { useMay } from "~/lib/may";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";

import styles from "./page.module.css";
import { PathEditor } from "./PathEditor";

type Promotion = Schemas["Promotion"];
type Path = { orgId: string; appId: string };

/** The way of a release, and the releases on it. */
export function Promotions({ path, status }: { path: Path; status: Schemas["ApplicationStatus"] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const person = usePeople(path.orgId);
  const live = useContext(Live);
  const promotions = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/promotions",
    { params: { path, query: { limit: 100 } } },
    { refetchInterval: (q) => pollOf(live, q.state.data?.some((p) => p.status === "in progress") ? every.busy : every.calm) },
  );
  const open = promotions.data?.find((p) => p.id === chosen);
  return (
    <>
      <PromotionPath path={path} status={status} />
      <Panel title="Promotions" flush>
        <Loaded query={promotions}>
          {(rows) => (
            <DataTable
              label="promotions"
              rows={rows}
              rowKey={(p) => p.id ?? p.created_at}
              onRow={(p) => setChosen(p.id ?? null)}
              empty={<EmptyState title="Nothing was promoted yet">What runs in one environment is promoted to the next one on the overview.</EmptyState>}
              columns={[
                { key: "what", title: "What", cell: (p) => p.comment || p.id, width: "minmax(12rem, 2fr)" },
                { key: "way", title: "From and to", cell: (p) => `${sourceOf(p, status)} → ${p.to_env}`, width: "minmax(12rem, 1.5fr)" },
                { key: "status", title: "Status", cell: (p) => <State of={p} />, width: "11rem" },
                { key: "by", title: "By", cell: (p) => person(p.created_by) },
                { key: "at", title: "When", cell: (p) => <Time at={p.created_at} />, width: "8rem" },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {open && <Details path={path} of={open} from={sourceOf(open, status)} type={status.environments.find((e) => e.id === open.to_env)?.type} onClose={() => setChosen(null)} />}
    </>
  );
}

/** Where a promotion comes from: its environment, or the one that still runs the deployment, or the deployment. */
export function sourceOf(p: Pick<Promotion, "from_env" | "from_deploy_id">, status: Pick<Schemas["ApplicationStatus"], "environments">): string {
  return p.from_env ?? status.environments.find((e) => e.running?.id === p.from_deploy_id)?.id ?? `deployment ${p.from_deploy_id}`;
}

function State({ of: p }: { of: Promotion }) {
  if (p.status !== "in progress") return <StatusBadge status={p.status} title={p.message} />;
  if (p.cancel_requested_at) return <StatusBadge status="cancelling" />;
  return <StatusBadge status={p.phase === "approval" ? "waiting for approval" : p.phase} tone={p.phase === "approval" ? "warn" : "busy"} title={p.message} />;
}

function PromotionPath({ path, status }: { path: Path; status: Schemas["ApplicationStatus"] }) {
  const [editing, setEditing] = useState(false);
  const may = useMay(path)("application:delete"); // the API lets owners change the path
  const way = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/promotion-path", { params: { path } });
  return (
    <Panel
      title="Promotion path"
      actions={
        <Button small may={may} disabled={!way.data} onClick={() => setEditing(true)}>
          Edit
        </Button>
      }
    >
      <Loaded query={way} lines={1}>
        {(w) => (
          <>
            {w.steps.length === 0 ? (
              <span className="muted small">There is none yet. Edit it to say which environment comes after which: what runs in one can then be promoted to the next with one button.</span>
            ) : (
              <ol className={styles.way} aria-label="Stations of the path">
                {w.steps.map((s, i) => (
                  <li key={i}>
                    {s.env ? <Link to={to.env(path.orgId, path.appId, s.env)}>{s.env}</Link> : <Tag title={s.environments.join(", ") || "No environment of this type"}>every {s.type}</Tag>}
                  </li>
                ))}
              </ol>
            )}
            {editing && <PathEditor path={path} status={status} now={w.steps} onClose={() => setEditing(false)} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Details({ path, of: p, from, type, onClose }: { path: Path; of: Promotion; from: string; type: string | undefined; onClose: () => void }) {
  const person = usePeople(path.orgId);
  const seconds = p.soak_seconds;
  return (
    <Dialog open onClose={onClose} wide title={`Promotion of ${from} to ${p.to_env}`}>
      <div className="stack">
        <div className="row">
          <State of={p} />
          {p.message && <span>{p.message}</span>}
          <TemporalLink workflow={p.workflow_id} />
        </div>
        <Facts
          inline
          of={[
            ["Why", p.comment],
            ["By", person(p.created_by)],
            ["Asked for", <Time key="a" at={p.created_at} />],
            ["Workloads", p.workloads.join(", ") || "all"],
            ["Has to stay well for", seconds > 0 && `${seconds} s`],
            ["When it fails", p.roll_back_on_failure && "what ran before is deployed again"],
            ["Deployment", p.deployment_id && <Link key="d" to={to.deployment(path.orgId, path.appId, p.to_env, p.deployment_id)}>{p.deployment_id}</Link>],
            ["Roll-back", p.roll_back_deployment_id && <Link key="r" to={to.deployment(path.orgId, path.appId, p.to_env, p.roll_back_deployment_id)}>{p.roll_back_deployment_id}</Link>],
          ]}
        />
        <ol className={styles.changes} aria-label="Events">
          {p.events.map((e) => (
            <li key={e.seq}>
              <Time at={e.at} className="muted small" /> <Tag>{e.phase}</Tag> {e.message}
            </li>
          ))}
        </ol>
        {p.status === "in progress" && <Act path={path} of={p} type={type} onClose={onClose} />}
      </div>
    </Dialog>
  );
}

/** Agree to a promotion that waits for people, or end it. */
function Act({ path, of: p, type, onClose }: { path: Path; of: Promotion; type: string | undefined; onClose: () => void }) {
  const [comment, setComment] = useState("");
  const queries = useQueryClient();
  const params = { path: { ...path, promotionId: p.id ?? "" } };
  const again = () => queries.invalidateQueries({ predicate: (q) => /promotions|approvals/.test(String(q.queryKey[1])) });
  const decide = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/promotions/{promotionId}/approvals", {
    onSuccess: async (_, { body }) => {
      toast.ok(body.decision === "approve" ? "Approved" : "Rejected");
      await again();
    },
  });
  const cancel = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/promotions/{promotionId}/cancel", {
    onSuccess: async () => {
      toast.ok("The promotion is being cancelled");
      onClose();
      await again();
    },
  });
  const may = useMay(path)("deployments:create", type);
  const decisions = useDecisions(path.orgId);
  const approvals = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals",
    { params: { path: { ...path, envId: p.to_env, deployId: p.deployment_id ?? "" } } },
    { enabled: p.phase === "approval" && p.deployment_id !== undefined, refetchInterval: every.busy },
  );
  const asked = approvals.data?.find((a) => a.status === "waiting");
  const allowed = asked && decisions(asked);
  const error = decide.error ?? cancel.error;
  return (
    <div className="stack-tight">
      {p.phase === "approval" && asked?.requirements.map((r) => (
        <p key={r.policy} className="small">
          <code>{r.policy}</code> {r.message} <span className="muted">({r.missing} of {r.approvals} missing)</span>
        </p>
      ))}
      {p.phase === "approval" && allowed?.approve.why && <Notice>{allowed.approve.why}</Notice>}
      {p.phase === "approval" && <TextField label="Comment" value={comment} onChange={(e) => setComment(e.target.value)} help="Kept with the deployment." />}
      {error != null && <ErrorNotice error={error} />}
      <div className="dialog-foot">
        <Button may={may} disabled={p.cancel_requested_at !== undefined} busy={cancel.isPending} onClick={() => cancel.mutate({ params })}>
          Cancel promotion
        </Button>
        {p.phase === "approval" && (
          <>
            <Button may={allowed?.reject} busy={decide.isPending} onClick={() => decide.mutate({ params, body: { decision: "reject", comment: comment.trim() } })}>
              Reject
            </Button>
            <Button kind="primary" may={allowed?.approve} busy={decide.isPending} onClick={() => decide.mutate({ params, body: { decision: "approve", comment: comment.trim() } })}>
              Approve
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
