import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { api } from "~/api/client";
import { asApiError } from "~/api/error";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { useBaseSet } from "~/components/plan/base";
import { PlanView } from "~/components/plan/PlanView";
import { to } from "~/lib/paths";

import type { EnvPath } from "./draft";
import { DriverPlan, useDriverPlan } from "./DriverPlan";
import styles from "./page.module.css";

const deploysPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys";

/** What a stored Delta would do to the environment, and its deployment: exactly what is shown here, or nothing. */
export function Review({ path }: { path: EnvPath }) {
  const { orgId, appId, envId } = path;
  const deltaId = useParams().delta ?? "";
  const delta = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}", { params: { path: { orgId, appId, deltaId } } });
  const plan = api.useQuery("post", `${deploysPath}/plan`, { params: { path }, body: { delta_id: deltaId } }, { staleTime: 0, gcTime: 0 });
  const base = useBaseSet(path, plan.data?.from_id);
  const drivers = useDriverPlan(path, deltaId);
  const stored = drivers.found.data?.status === "ready" ? drivers.found.data.id : undefined;
  const [comment, setComment] = useState<string>();
  const [override, setOverride] = useState("");
  const navigate = useNavigate();
  const deploy = api.useMutation("post", deploysPath, { onSuccess: (d) => void navigate(to.deployment(orgId, appId, envId, d.id)) });
  const archive = api.useMutation("put", "/orgs/{orgId}/apps/{appId}/deltas/{deltaId}/metadata/archived", { onSuccess: () => void navigate(to.change(orgId, appId, envId)) });
  const code = deploy.error == null ? "" : asApiError(deploy.error).code;
  const proposed = delta.data?.metadata.name ?? "";
  const replan = () => {
    deploy.reset(); // what was refused was another plan
    drivers.forget();
    void plan.refetch();
  };
  const problems = plan.data?.problems.length ?? 0;
  return (
    <div className={styles.split}>
      <div className="stack">
        <Panel title="What would be done" note={`in ${envId}`} actions={<Button small busy={plan.isFetching} onClick={replan}>Plan again</Button>}>
          <Loaded query={plan} lines={8}>
            {(p) => <PlanView plan={p} base={base} />}
          </Loaded>
        </Panel>
        <DriverPlan of={drivers} />
      </div>
      <Panel title="Deploy">
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            deploy.mutate({ params: { path }, body: { delta_id: deltaId, comment: comment ?? proposed, plan: stored ?? plan.data?.fingerprint, ...(code === "ENV-FROZEN" ? { freeze_override: override.trim() } : {}) } });
          }}
        >
          <Loaded query={delta}>{() => <TextField label="Comment" value={comment ?? proposed} onChange={(e) => setComment(e.target.value)} help="What others will read in the list of deployments." />}</Loaded>
          {problems > 0 && <Notice tone="warn">It would fail as it is. Put right what is named under the plan first.</Notice>}
          {deploy.error != null && <ErrorNotice error={deploy.error} />}
          {code === "ENV-FROZEN" && <TextField label="Why it is deployed during the freeze" help="For owners and administrators." value={override} onChange={(e) => setOverride(e.target.value)} />}
          <div className="row">
            <Button type="submit" kind="primary" may="deployments:create" busy={deploy.isPending} disabled={!plan.data || plan.isFetching || drivers.busy || code === "PLAN-STALE" || (code === "ENV-FROZEN" && override.trim() === "")}>
              Deploy
            </Button>
            <Button onClick={() => void navigate(-1)}>Back</Button>
            <Button kind="quiet" may="application:write" busy={archive.isPending} onClick={() => archive.mutate({ params: { path: { orgId, appId, deltaId } }, body: true })}>
              Discard
            </Button>
          </div>
          {archive.error != null && <ErrorNotice error={archive.error} />}
          <p className="muted small">Exactly what is shown is done: should anything it depends on move before that, the deployment is refused.</p>
        </form>
      </Panel>
    </div>
  );
}
