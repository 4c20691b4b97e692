import { RotateCcw, Undo2, X } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";

import { api, type Schemas } from "~/api/client";
import { asApiError } from "~/api/error";
import { Button } from "~/components/Button";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { Checkbox, SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { useBaseSet } from "~/components/plan/base";
import { PlanView } from "~/components/plan/PlanView";
import { TemporalLink } from "~/components/TemporalLink";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { absoluteTime } from "~/lib/time";

import type { DeployPath } from "./data";

type Deployment = Schemas["Deployment"];
const deploysPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys";

export type Asked = "cancel" | "retry" | "roll-back" | undefined;
interface Props {
  path: DeployPath;
  deployment: Deployment;
  asked: Asked;
  onAsk: (what: Asked) => void;
}

/** What can be done about a deployment: while it runs, cancel it; afterwards, do it again, or go back. */
export function Actions({ path, deployment: d, asked, onAsk }: Props) {
  const over = d.status === "succeeded" || d.status === "failed";
  const close = () => onAsk(undefined);
  return (
    <>
      {d.started_at && <TemporalLink workflow={d.workflow_id} />}
      {over ? (
        <>
          <Button may="deployments:create" icon={<Undo2 size={14} aria-hidden />} onClick={() => onAsk("roll-back")}>
            Roll back…
          </Button>
          <Button may="deployments:create" kind={d.status === "failed" ? "primary" : "plain"} icon={<RotateCcw size={14} aria-hidden />} onClick={() => onAsk("retry")}>
            {d.status === "failed" ? "Retry…" : "Deploy again…"}
          </Button>
        </>
      ) : (
        <Button may="deployments:create" icon={<X size={14} aria-hidden />} disabled={d.cancel_requested_at !== undefined} onClick={() => onAsk("cancel")}>
          {d.cancel_requested_at ? "Cancelling" : "Cancel…"}
        </Button>
      )}
      <Cancel path={path} open={asked === "cancel" && !over} onClose={close} />
      {asked === "retry" && <Redeploy path={path} of={d} onClose={close} />}
      {asked === "roll-back" && <RollBack path={path} from={d} onClose={close} />}
    </>
  );
}

function Cancel({ path, open, onClose }: { path: DeployPath; open: boolean; onClose: () => void }) {
  const cancel = api.useMutation("post", `${deploysPath}/{deployId}/cancel`, {
    onSuccess: () => {
      toast.ok("Cancel requested");
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title="Cancel this deployment?"
      action="Cancel the deployment"
      busy={cancel.isPending}
      error={cancel.error}
      losses={["What is under way is asked to stop; nothing new is begun.", "Resources that exist by then stay, and are recorded."]}
      onConfirm={() => cancel.mutate({ params: { path } })}
    />
  );
}

/** Deploys a set, after showing what that would do; exactly that is done, or nothing. */
function DeploySet({ path, of, title, submit, comment: proposed, children, onClose }: { path: DeployPath; of: Deployment | undefined; title: string; submit: string; comment: string; children?: React.ReactNode; onClose: () => void }) {
  const { orgId, appId, envId } = path;
  const [comment, setComment] = useState<string>();
  const [oldValues, setOldValues] = useState(false);
  const [override, setOverride] = useState("");
  const navigate = useNavigate();
  const what = { set_id: of?.set_id, ...(oldValues && of?.value_set_version_id ? { value_set_version_id: of.value_set_version_id } : {}) };
  const plan = api.useQuery("post", `${deploysPath}/plan`, { params: { path: { orgId, appId, envId } }, body: what }, { enabled: of !== undefined, staleTime: 0, gcTime: 0 });
  const base = useBaseSet({ orgId, appId, envId }, plan.data?.from_id);
  const deploy = api.useMutation("post", deploysPath, {
    onSuccess: (d) => {
      onClose();
      void navigate(to.deployment(orgId, appId, envId, d.id));
    },
  });
  const frozen = deploy.error != null && asApiError(deploy.error).code === "ENV-FROZEN";
  return (
    <FormDialog
      open
      wide
      onClose={onClose}
      title={title}
      submit={submit}
      busy={deploy.isPending}
      disabled={of === undefined || plan.isFetching || (frozen && override.trim() === "")}
      error={deploy.error}
      onSubmit={() =>
        deploy.mutate({
          params: { path: { orgId, appId, envId } },
          body: { ...what, comment: comment ?? proposed, plan: plan.data?.fingerprint, ...(frozen ? { freeze_override: override.trim() } : {}) },
        })
      }
    >
      {children}
      <TextField label="Comment" value={comment ?? proposed} onChange={(e) => setComment(e.target.value)} />
      {of?.value_set_version_id && <Checkbox label="With the values of then" help="Otherwise with the values as they are now." checked={oldValues} onChange={(e) => setOldValues(e.target.checked)} />}
      {of && (
        <section className="stack-tight" aria-label="What it would do">
          <h3>What it would do</h3>
          <Loaded query={plan}>{(p) => <PlanView plan={p} base={base} />}</Loaded>
        </section>
      )}
      {frozen && <TextField label="Why it is deployed during the freeze" help="For owners and administrators." value={override} onChange={(e) => setOverride(e.target.value)} />}
    </FormDialog>
  );
}

function Redeploy({ path, of, onClose }: { path: DeployPath; of: Deployment; onClose: () => void }) {
  const failed = of.status === "failed";
  return <DeploySet path={path} of={of} onClose={onClose} title={failed ? "Retry this deployment?" : "Deploy this set again?"} submit={failed ? "Retry" : "Deploy"} comment={`${failed ? "Retry of" : "Again"} ${of.id}`} />;
}

function RollBack({ path, from, onClose }: { path: DeployPath; from: Deployment; onClose: () => void }) {
  const { orgId, appId, envId } = path;
  const [chosen, setChosen] = useState<string>();
  const all = api.useQuery("get", deploysPath, { params: { path: { orgId, appId, envId } } });
  const earlier = all.data?.filter((d) => d.status === "succeeded" && d.id < from.id && d.set_id !== from.set_id) ?? [];
  const target = earlier.find((d) => d.id === chosen) ?? earlier[0];
  return (
    <DeploySet path={path} of={target} onClose={onClose} title="Roll back?" submit="Roll back" comment={target ? `Roll back to ${target.id}` : ""}>
      <Loaded query={all}>
        {() =>
          earlier.length > 0 ? (
            <SelectField label="Back to" help="Deployments before this one that succeeded with another set. History only grows: this makes a new deployment." value={target?.id ?? ""} onChange={(e) => setChosen(e.target.value)}>
              {earlier.map((d) => (
                <option key={d.id} value={d.id}>
                  {absoluteTime(new Date(d.created_at))} · {d.comment || d.id}
                </option>
              ))}
            </SelectField>
          ) : (
            <p className="muted">No earlier deployment of this environment succeeded with another set, so there is nothing to go back to.</p>
          )
        }
      </Loaded>
    </DeploySet>
  );
}
