import { useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { Facts, Panel } from "~/components/Page";
import { Person } from "~/components/Person";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useDecisions } from "~/lib/decide";
import { useMayApprove } from "~/lib/may";
import { to } from "~/lib/paths";
import { plural } from "~/lib/words";
import { effectsOf } from "~/pages/deployment/Approvals";

import { nameOf, type Item } from "./attention";
import styles from "./page.module.css";

const attentionKey = ["get", "/orgs/{orgId}/attention"];

type Approval = Schemas["DeploymentApproval"];
type PipelineApproval = Schemas["PipelineApprovalRequest"];
type Decision = Schemas["DecideRequest"]["decision"];

/** What waits for a person to agree: deployments whose plan a policy wants approved, and steps of pipelines. Nothing where nothing waits. */
export function Waiting({ orgId, items, more }: { orgId: string; items: Item[]; more: boolean }) {
  if (items.length === 0) return null;
  return (
    <Panel title="Waits for approval" note={`${items.length}${more ? "+" : ""}`} flush>
      <ul className={styles.list}>
        {items.map((i) =>
          i.approval ? (
            <DeploymentRow key={`${i.approval.deployment_id} ${i.approval.node ?? ""} ${i.approval.fingerprint}`} orgId={orgId} item={i} of={i.approval} />
          ) : i.pipeline_approval ? (
            <PipelineRow key={i.pipeline_approval.id} orgId={orgId} item={i} of={i.pipeline_approval} />
          ) : null,
        )}
      </ul>
    </Panel>
  );
}

function DeploymentRow({ orgId, item, of: a }: { orgId: string; item: Item; of: Approval }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const may = useDecisions(orgId)(a);
  const path = { orgId, appId: a.app_id, envId: a.env_id, deployId: a.deployment_id };
  const queries = useQueryClient();
  const decide = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals", {
    onSuccess: async (_, { body }) => {
      toast.ok(body.decision === "approve" ? "Approved" : "Rejected");
      setDeciding(null);
      await queries.invalidateQueries({ queryKey: attentionKey });
    },
  });
  const rules = a.requirements.filter((r) => r.missing > 0);
  const effects = a.summary ?? effectsOf(a.plan);
  const title = nameOf(item);
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
            ["Asked for by", <Person key="w" orgId={orgId} id={a.proposer} />],
            ["Ends", a.until && <Time key="u" at={a.until} />],
          ]}
        />
      )}
    </li>
  );
}

function PipelineRow({ orgId, item, of: a }: { orgId: string; item: Item; of: PipelineApproval }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const queries = useQueryClient();
  const done = async (what: string) => {
    toast.ok(what);
    setDeciding(null);
    await queries.invalidateQueries({ queryKey: attentionKey });
  };
  const approve = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/approve", { onSuccess: () => done("Approved") });
  const deny = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/deny", { onSuccess: () => done("Rejected") });
  const path = { orgId, appId: a.app_id, pipelineId: a.pipeline_id, runId: a.run_id, jobId: a.job_id, approvalId: a.id };
  const by = deciding === "approve" ? approve : deny;
  const title = nameOf(item);
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
            ["Environment", item.env_name ?? a.env_id],
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
