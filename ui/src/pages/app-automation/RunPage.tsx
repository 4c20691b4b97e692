import { Ban, Hand, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { DependencyGraph } from "~/components/graph";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { TemporalLink } from "~/components/TemporalLink";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { useMayApprove } from "~/lib/may";
import { usePeople } from "~/lib/people";
import { useApp } from "~/lib/scope";
import { took } from "~/lib/time";

import { usePipelineDocument, useRunsChanged, type PipelinePath } from "./data";
import { JobDetails } from "./JobDetails";
import { useLiveRun, type LiveRun } from "./live";
import styles from "./page.module.css";
import { approvalOf, graphOf, runIsOver, type Job, type Run } from "./pipeline";
import { RunStatus } from "./Runs";
import { useAutomationCrumbs } from ".";

export type RunPath = PipelinePath & { runId: string };

/** A run: its jobs as they go, what each did, approvals. */
export function RunPage() {
  const app = useApp();
  const params = useParams();
  const path = { ...app, pipelineId: params.pipeline ?? "", runId: params.run ?? "" };
  return <RunOf key={path.runId} path={path} />;
}

function RunOf({ path }: { path: RunPath }) {
  const app = { orgId: path.orgId, appId: path.appId };
  const live = useLiveRun(path);
  const busy = live.state === "live" ? every.calm * 6 : every.busy / 2;
  const run = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}", { params: { path } }, { refetchInterval: (q) => (q.state.data && runIsOver(q.state.data) ? false : busy) });
  const person = usePeople(app.orgId);
  const crumbs = useAutomationCrumbs();
  const r = run.data;
  return (
    <Page
      title={`Run of ${path.pipelineId}`}
      crumbs={[...crumbs, { label: path.pipelineId, to: to.appAutomation(app.orgId, app.appId, `pipelines/${path.pipelineId}`) }]}
      badges={r && <RunStatus run={r} />}
      facts={
        r && (
          <>
            <span>
              Asked for <Time at={r.created_at} /> {r.created_by !== "UNKNOWN" && <>by {person(r.created_by)}</>}, {r.trigger}
            </span>
            {r.executing_at && <span>
                {r.completed_at ? "Took" : "Running for"} {took(r.executing_at, r.completed_at)}
              </span>}
            {r.restarted_from && (
              <span>
                Repeats <Link to={to.appAutomation(app.orgId, app.appId, `pipelines/${path.pipelineId}/runs/${r.restarted_from}`)}>an earlier run</Link>
              </span>
            )}
          </>
        )
      }
      actions={r && <><TemporalLink workflow={r.workflow_id} /><Actions path={path} run={r} /></>}
    >
      <Loaded query={run} lines={8}>
        {(found) => <Course path={path} run={found} live={live} />}
      </Loaded>
    </Page>
  );
}

function Course({ path, run, live }: { path: RunPath; run: Run; live: LiveRun }) {
  const over = runIsOver(run);
  const jobs = api.useQuery(
    "get",
    "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs",
    { params: { path, query: { per_page: 100 } } },
    { refetchInterval: (q) => (over && q.state.data?.every((j) => j.completed_at) ? false : live.state === "live" ? every.calm * 6 : every.busy / 2) },
  );
  const document = usePipelineDocument(path, run.pipeline_version);
  const [params, setParams] = useSearchParams();
  const select = (job: string | undefined) => setParams(job === undefined ? {} : { job }, { replace: true });
  const all = jobs.data ?? [];
  const chosen = params.get("job") ?? (all.find((j) => j.status === "failed") ?? all.find((j) => j.status === "executing") ?? all[0])?.id;
  return (
    <>
      {all
        .filter((j) => approvalOf(j.waiting_for) !== undefined && j.status === "executing")
        .map((j) => (
          <Approval key={j.id} path={path} job={j} />
        ))}
      {run.status === "failed" && run.status_message && <Notice tone="warn">{run.status_message}</Notice>}
      <div className={styles.run}>
        <Panel title="Jobs" note={`${all.filter((j) => j.completed_at).length} of ${Object.keys(document.data?.jobs ?? {}).length} ended`} flush>
          <Loaded query={document}>{(d) => <DependencyGraph label="Jobs of the run" {...graphOf(d, all)} selected={chosen} onSelect={select} height="24rem" />}</Loaded>
        </Panel>
        {chosen && all.some((j) => j.id === chosen) && <JobDetails key={chosen} path={path} jobId={chosen} live={live} />}
      </div>
      {Object.keys(run.inputs).length > 0 && (
        <Panel title="Inputs">
          <dl className="facts">
            {Object.entries(run.inputs).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </>
  );
}

/** Asks for a decision that a job waits for. */
function Approval({ path, job }: { path: RunPath; job: Job }) {
  const approvalId = approvalOf(job.waiting_for) ?? "";
  const at = { ...path, jobId: job.id, approvalId };
  const approval = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}", { params: { path: at } });
  const [denying, setDenying] = useState(false);
  const changed = useRunsChanged();
  const decided = (words: string) => ({
    onSuccess: async () => {
      toast.ok(words);
      setDenying(false);
      await changed();
    },
  });
  const approve = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/approve", { ...decided("Approved"), onError: (error) => void toast.error(error) });
  const deny = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/jobs/{jobId}/approvals/{approvalId}/deny", decided("Denied"));
  const a: Schemas["PipelineApprovalRequest"] | undefined = approval.data;
  const may = useMayApprove(path, a?.env_id);
  if (a && a.status !== "waiting") return null;
  return (
    <section className={styles.approval} aria-label={`Approval of ${job.id}`}>
      <Hand size={18} aria-hidden />
      <p>
        <strong>{a?.message || `Job ${job.id} waits for approval.`}</strong> {a && <span>Whoever may deploy to {a.env_id} decides.</span>}
      </p>
      <Button may={may} onClick={() => setDenying(true)}>Deny</Button>
      <Button kind="primary" may={may} busy={approve.isPending} onClick={() => approve.mutate({ params: { path: at } })}>
        Approve
      </Button>
      {denying && (
        <ConfirmDialog
          open
          onClose={() => setDenying(false)}
          onConfirm={() => deny.mutate({ params: { path: at } })}
          title={`Deny ${job.id}?`}
          action="Deny"
          losses={["The job fails, and with it the run, unless the pipeline goes on after a failure"]}
          busy={deny.isPending}
          error={deny.error}
        />
      )}
    </section>
  );
}

function Actions({ path, run }: { path: RunPath; run: Run }) {
  const [cancelling, setCancelling] = useState(false);
  const navigate = useNavigate();
  const changed = useRunsChanged();
  const cancel = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/cancel", {
    onSuccess: async () => {
      toast.ok("Its end was asked for");
      setCancelling(false);
      await changed();
    },
  });
  const restart = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs/{runId}/restart", {
    onSuccess: async (next) => {
      toast.ok("It runs again");
      await changed();
      await navigate(to.appAutomation(path.orgId, path.appId, `pipelines/${path.pipelineId}/runs/${next.id}`));
    },
    onError: (error) => void toast.error(error),
  });
  if (runIsOver(run)) {
    return (
      <Button may="pipelines:run" icon={<RotateCcw size={14} aria-hidden />} busy={restart.isPending} onClick={() => restart.mutate({ params: { path } })}>
        Run again
      </Button>
    );
  }
  return (
    <>
      <Button may="pipelines:run" icon={<Ban size={14} aria-hidden />} disabled={run.cancellation_requested_at !== undefined} onClick={() => setCancelling(true)}>
        Cancel
      </Button>
      {cancelling && (
        <ConfirmDialog
          open
          onClose={() => setCancelling(false)}
          onConfirm={() => cancel.mutate({ params: { path } })}
          title="Cancel the run?"
          action="Cancel run"
          losses={["Jobs that have not begun are not carried out; what a step has begun, such as a deployment, is ended with it"]}
          busy={cancel.isPending}
          error={cancel.error}
        />
      )}
    </>
  );
}
