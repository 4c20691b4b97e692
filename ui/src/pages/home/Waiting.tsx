import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Facts, Panel } from "~/components/Page";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useDecisions } from "~/lib/decide";
import { useMayApprove } from "~/lib/may";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";
import { plural } from "~/lib/words";
import { effectsOf } from "~/pages/deployment/Approvals";

import styles from "./page.module.css";

type Approval = Schemas["DeploymentApproval"];
type PipelineApproval = Schemas["PipelineApprovalRequest"];
type Decision = Schemas["DecideRequest"]["decision"];

/** What waits for a person to agree: deployments whose plan a policy wants approved, and steps of pipelines. Nothing where nothing waits. */
export function Waiting({ orgId, apps }: { orgId: string; apps: Schemas["Application"][] }) {
  const deployments = api.useQuery("get", "/orgs/{orgId}/deployment-approvals", { params: { path: { orgId } } }, { refetchInterval: every.calm });
  const pipelines = useQueries({
    queries: apps.map((a) => ({
      ...api.queryOptions("get", "/orgs/{orgId}/apps/{appId}/approvals", { params: { path: { orgId, appId: a.id }, query: { status: "waiting" } } }),
      refetchInterval: every.calm,
    })),
  });
  const name = (id: string) => apps.find((a) => a.id === id)?.name ?? id;
  const asked = mineFirst(deployments.data ?? []);
  const steps = pipelines.flatMap((p) => p.data ?? []);
  if (deployments.error != null) return <ErrorNotice error={deployments.error} title="What waits for approval is not known" />;
  if (asked.length + steps.length === 0) return null;
  return (
    <Panel title="Waits for approval" note={String(asked.length + steps.length)} flush>
      <ul className={styles.list}>
        {asked.map((a) => (
          <DeploymentRow key={`${a.deployment_id} ${a.node ?? ""} ${a.fingerprint}`} orgId={orgId} app={name(a.app_id)} of={a} />
        ))}
        {steps.map((a) => (
          <PipelineRow key={a.id} orgId={orgId} app={name(a.app_id)} of={a} />
        ))}
      </ul>
    </Panel>
  );
}

/** Those that the one who looks can approve come first, the oldest before. */
export const mineFirst = (approvals: Approval[]): Approval[] =>
  [...approvals].sort((a, b) => Number(b.mine) - Number(a.mine) || a.created_at.localeCompare(b.created_at));

function DeploymentRow({ orgId, app, of: a }: { orgId: string; app: string; of: Approval }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const who = usePeople(orgId);
  const may = useDecisions(orgId)(a);
  const path = { orgId, appId: a.app_id, envId: a.env_id, deployId: a.deployment_id };
  const queries = useQueryClient();
  const decide = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals", {
    onSuccess: async (_, { body }) => {
      toast.ok(body.decision === "approve" ? "Approved" : "Rejected");
      setDeciding(null);
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/deployment-approvals"] });
    },
  });
  const rules = a.requirements.filter((r) => r.missing > 0);
  const effects = a.summary ?? effectsOf(a.plan);
  const title = `${app} / ${a.env_id}`;
  return (
    <li className={styles.ask}>
      <span className={styles.text}>
        <Link to={to.deployment(orgId, a.app_id, a.env_id, a.deployment_id)}>{title}</Link>
        <span className="muted">
          {rules.map((r) => `${r.message} (${r.policy}, ${r.missing} of ${plural(r.approvals, "approval")} missing)`).join("; ") || a.message}
        </span>
      </span>
      <Time at={a.created_at} className="muted small" />
      <Button small kind="primary" may={may.approve} icon={<Check size={12} aria-hidden />} aria-label={`Approve ${title}`} onClick={() => setDeciding("approve")}>
        Approve
      </Button>
      <Button small may={may.reject} icon={<X size={12} aria-hidden />} aria-label={`Reject ${title}`} onClick={() => setDeciding("reject")}>
        Reject
      </Button>
      {deciding && (
        <Decide
          title={`${deciding === "approve" ? "Approve" : "Reject"} the deployment to ${title}?`}
          decision={deciding}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setDeciding(null)}
          onDecide={(comment) => decide.mutate({ params: { path }, body: { decision: deciding, comment, fingerprint: a.fingerprint, ...(a.node ? { node: a.node } : {}) } })}
          facts={[
            ["Plan", <code key="p">{a.fingerprint.slice(0, 12)}</code>],
            ["Resource", a.node && <code key="n">{a.node}</code>],
            ["Effect", effects],
            ["Rule", rules.map((r) => `${r.policy}: ${r.message}`).join("; ")],
            ["Asked for by", who(a.proposer)],
            ["Ends", a.until && <Time key="u" at={a.until} />],
          ]}
        />
      )}
    </li>
  );
}

function PipelineRow({ orgId, app, of: a }: { orgId: string; app: string; of: PipelineApproval }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const queries = useQueryClient();
  const done = async (what: string) => {
    toast.ok(what);
    setDeciding(null);
    await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/approvals"] });
  };
  const approve = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/approve", { onSuccess: () => done("Approved") });
  const deny = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/deny", { onSuccess: () => done("Rejected") });
  const path = { orgId, appId: a.app_id, pipelineId: a.pipeline_id, runId: a.run_id, jobId: a.job_id, approvalId: a.id };
  const by = deciding === "approve" ? approve : deny;
  const title = `${app} / ${a.pipeline_id}`;
  const may = useMayApprove(path, a.env_id);
  return (
    <li className={styles.ask}>
      <span className={styles.text}>
        <Link to={to.appAutomation(orgId, a.app_id, `pipelines/${a.pipeline_id}/runs/${a.run_id}`)}>{title}</Link>
        <span className="muted">{a.message || `The pipeline waits at ${a.job_id}`}</span>
      </span>
      <Time at={a.created_at} className="muted small" />
      <Button small kind="primary" may={may} icon={<Check size={12} aria-hidden />} aria-label={`Approve ${title}`} onClick={() => setDeciding("approve")}>
        Approve
      </Button>
      <Button small may={may} icon={<X size={12} aria-hidden />} aria-label={`Reject ${title}`} onClick={() => setDeciding("reject")}>
        Reject
      </Button>
      {deciding && (
        <Decide
          title={`${deciding === "approve" ? "Approve" : "Reject"} the pipeline ${a.pipeline_id}?`}
          decision={deciding}
          busy={by.isPending}
          error={by.error}
          onClose={() => setDeciding(null)}
          onDecide={() => by.mutate({ params: { path } })}
          facts={[
            ["Message", a.message],
            ["Environment", a.env_id],
            ["Job", <code key="j">{a.job_id}</code>],
          ]}
          uncommented
        />
      )}
    </li>
  );
}

interface DecideProps {
  title: string;
  decision: Decision;
  facts: [React.ReactNode, React.ReactNode][];
  busy: boolean;
  error: unknown;
  uncommented?: boolean;
  onClose: () => void;
  onDecide: (comment: string) => void;
}

function Decide({ title, decision, facts, busy, error, uncommented, onClose, onDecide }: DecideProps) {
  const [comment, setComment] = useState("");
  return (
    <FormDialog open onClose={onClose} title={title} submit={decision === "approve" ? "Approve" : "Reject"} danger={decision === "reject"} busy={busy} error={error} onSubmit={() => onDecide(comment.trim())}>
      <Facts inline of={facts} />
      {!uncommented && <TextField label="Comment" value={comment} onChange={(e) => setComment(e.target.value)} help="Kept with the deployment." autoFocus />}
    </FormDialog>
  );
}
