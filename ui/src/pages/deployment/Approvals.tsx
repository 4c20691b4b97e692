import { useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useDecisions } from "~/lib/decide";
import { usePeople } from "~/lib/people";
import { plural } from "~/lib/words";

import type { DeployPath, Poll } from "./data";
import styles from "./page.module.css";

type Approval = Schemas["DeploymentApproval"];
const approvalsPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/approvals";

/** Who has to agree to what the deployment would do, who has, and the place to say so. Nothing where no policy asks. */
export function Approvals({ path, poll }: { path: DeployPath; poll: Poll }) {
  const approvals = api.useQuery("get", approvalsPath, { params: { path } }, { refetchInterval: poll(every.busy) });
  const asked = approvals.data?.filter((a) => a.status !== "open" && (a.status !== "passed" || a.decisions.length > 0)) ?? [];
  if (approvals.error != null) return <ErrorNotice error={approvals.error} />;
  return asked.map((a) => <Asked key={`${a.node ?? ""} ${a.fingerprint}`} path={path} approval={a} />);
}

/** "2 destroyed, 1 created": what a plan does to resources. */
export function effectsOf(plan: Schemas["PolicyPlan"]): string {
  const kinds = ["created", "changed", "replaced", "destroyed", "removed"] as const;
  return kinds.flatMap((k) => (plan[k].length > 0 ? [`${plan[k].length} ${k === "removed" ? "no longer used" : k}`] : [])).join(", ");
}

function Asked({ path, approval: a }: { path: DeployPath; approval: Approval }) {
  const [comment, setComment] = useState("");
  const who = usePeople(path.orgId);
  const may = useDecisions(path.orgId)(a);
  const queries = useQueryClient();
  const decide = api.useMutation("post", approvalsPath, {
    onSuccess: (_, { body }) => {
      toast.ok(body.decision === "approve" ? "Approved" : "Rejected");
      setComment("");
      void queries.invalidateQueries({ predicate: (q) => String(q.queryKey[1]).startsWith(approvalsPath.replace("/approvals", "")) });
    },
  });
  const waits = a.status === "waiting";
  const say = (decision: Schemas["DecideRequest"]["decision"]) =>
    decide.mutate({ params: { path }, body: { decision, comment: comment.trim(), fingerprint: a.fingerprint, ...(a.node ? { node: a.node } : {}) } });
  const effects = effectsOf(a.plan);
  return (
    <Panel
      title={waits ? "Waiting for approval" : "Approval"}
      note={
        <>
          {a.node && <code>{a.node} </code>}
          {a.summary ?? effects}
        </>
      }
      actions={
        <>
          {a.until && (
            <span className="muted small">
              ends <Time at={a.until} />
            </span>
          )}
          <StatusBadge status={a.status} />
        </>
      }
    >
      <div className="stack">
        {a.message && !waits && <p>{a.message}</p>}
        <ul className={styles.requirements}>
          {a.requirements.map((r) => (
            <li key={r.policy}>
              <code>{r.policy}</code> {r.message}
              <div className="muted small">
                {r.missing > 0 ? `${r.missing} of ${plural(r.approvals, "approval")} missing` : `${plural(r.approvals, "approval")}, all there`}
                {r.roles.length > 0 && `, by ${r.roles.join(" or ")}`}
                {r.exclude_proposer && `, not by ${who(a.proposer)}, who asked for it`}
              </div>
            </li>
          ))}
        </ul>
        {a.decisions.length > 0 && (
          <ul className={styles.requirements} aria-label="Decisions">
            {a.decisions.map((d) => (
              <li key={d.id}>
                <StatusBadge status={d.decision === "approve" ? "approved" : "rejected"} tone={d.void ? "idle" : d.decision === "approve" ? "ok" : "bad"} /> {who(d.by)}{" "}
                <span className="muted small">
                  <Time at={d.at} /> {d.comment}
                </span>{" "}
                {d.void && <Tag>{d.void}</Tag>}
              </li>
            ))}
          </ul>
        )}
        {waits && (
          <div className="stack-tight">
            <TextField label="Comment" value={comment} onChange={(e) => setComment(e.target.value)} />
            {decide.error != null && <ErrorNotice error={decide.error} />}
            <div className="row">
              <Button kind="primary" small icon={<Check size={14} aria-hidden />} may={may.approve} busy={decide.isPending && decide.variables.body.decision === "approve"} onClick={() => say("approve")}>
                Approve
              </Button>
              <Button small icon={<X size={14} aria-hidden />} may={may.reject} busy={decide.isPending && decide.variables.body.decision === "reject"} onClick={() => say("reject")}>
                Reject
              </Button>
              {may.approve.why && <span className="muted small">{may.approve.why}</span>}
            </div>
          </div>
        )}
      </div>
    </Panel>
  );
}
