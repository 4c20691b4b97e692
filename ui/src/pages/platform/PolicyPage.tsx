import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";

import { api } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { CodeEditor } from "~/components/CodeEditor";
import { ConfirmDialog } from "~/components/Dialog";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";
import { plural } from "~/lib/words";

import styles from "./page.module.css";
import { apiProblems, newPolicy, parsePolicy, policySchema, policyText, type Policy } from "./policy";
import { PolicyTrial, usePolicyTrial } from "./PolicyTrial";

/** One policy: its file, and what it says about an example. */
export function PolicyPage({ orgId }: { orgId: string }) {
  const policyId = useParams().policy ?? "";
  const policy = api.useQuery("get", "/orgs/{orgId}/policies/{policyId}", { params: { path: { orgId, policyId } } });
  const person = usePeople(orgId);
  const p = policy.data;
  return (
    <Page
      title={policyId}
      crumbs={[
        { label: "Platform", to: to.platform(orgId) },
        { label: "Policies", to: to.platform(orgId, "policies") },
      ]}
      badges={p && <StatusBadge status={p.effect} tone={p.effect === "deny" ? "bad" : "warn"} pulse={false} />}
      facts={
        p && (
          <span>
            Changed <Time at={p.updated_at} /> by {person(p.updated_by)}
          </span>
        )
      }
      actions={p && <Actions orgId={orgId} policy={p} />}
    >
      <Loaded query={policy}>{(found) => <PolicyEditor key={found.updated_at} orgId={orgId} policy={found} />}</Loaded>
    </Page>
  );
}

export function NewPolicy({ orgId }: { orgId: string }) {
  return (
    <Page
      title="New policy"
      crumbs={[
        { label: "Platform", to: to.platform(orgId) },
        { label: "Policies", to: to.platform(orgId, "policies") },
      ]}
    >
      <PolicyEditor orgId={orgId} />
    </Page>
  );
}

function PolicyEditor({ orgId, policy }: { orgId: string; policy?: Policy }) {
  const original = useMemo(() => (policy ? policyText(policy) : newPolicy), [policy]);
  const [text, setText] = useState(original);
  const parsed = useMemo(() => parsePolicy(text), [text]);
  const { draft } = parsed;
  const renamed = policy && draft && draft.id !== policy.id;
  const trial = usePolicyTrial(orgId, draft);
  const found = trial.check.data?.draft === draft ? apiProblems(text, trial.check.data?.answer.problems ?? []) : [];
  const problems = renamed ? [{ line: 1, message: "The id of a policy cannot change: make another policy." }] : [...parsed.problems, ...found];
  const queries = useQueryClient();
  const navigate = useNavigate();
  const save = api.useMutation("put", "/orgs/{orgId}/policies/{policyId}", {
    onSuccess: async (saved) => {
      toast.ok(`${saved.id} was saved`, "It judges deployments that are planned from now on.");
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/policies"] });
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/policies/{policyId}"] });
      if (!policy) await navigate(to.platform(orgId, `policies/${saved.id}`));
    },
  });
  const unchanged = policy !== undefined && text === original;
  return (
    <div className={styles.policy}>
      <div className="stack">
        <Panel
          title="Policy"
          note={policy ? (unchanged ? "as it is in use" : "changed, not saved") : "the file that slipway policies apply takes"}
          flush
          actions={
            <>
              {!unchanged && policy && (
                <Button small onClick={() => setText(original)}>
                  Undo
                </Button>
              )}
              <Button
                small
                kind="primary"
                may="policies:write"
                busy={save.isPending}
                disabled={!draft || problems.length > 0 || unchanged}
                onClick={() => {
                  if (!draft) return;
                  const { id, ...body } = draft;
                  save.mutate({ params: { path: { orgId, policyId: id } }, body });
                }}
              >
                {policy ? "Save" : "Create"}
              </Button>
            </>
          }
        >
          <CodeEditor label="Policy" value={text} onChange={setText} problems={problems} schema={policySchema} height="20rem" />
        </Panel>
        {save.error != null && <ErrorNotice error={save.error} />}
        {problems.map((p) => (
          <Notice key={`${p.line} ${p.message}`} tone="warn">
            Line {p.line}: {p.message}
          </Notice>
        ))}
        <Seen />
      </div>
      <PolicyTrial orgId={orgId} trial={trial} />
    </div>
  );
}

/** What conditions may look at. */
function Seen() {
  return (
    <Panel title="What conditions see">
      <dl className={styles.seen}>
        <dt>plan.created, plan.changed, plan.replaced</dt>
        <dd>resources that are made; called with something else; made anew by another definition or driver</dd>
        <dt>plan.destroyed, plan.removed</dt>
        <dd>resources that are destroyed; that nothing asks for any more</dd>
        <dt>plan.workloads.added, .changed, .removed</dt>
        <dd>ids of workloads</dd>
        <dt>plan.values</dt>
        <dd>keys of Shared Values that differ</dd>
        <dt>env.app, env.id, env.type, env.org, proposer.id</dt>
        <dd>where it goes, and who asks</dd>
      </dl>
      <p className="muted small">
        A resource has type, class, id, def and driver. Conditions are written in CEL: <code>plan.destroyed.exists(r, r.type == &quot;postgres&quot;)</code>
      </p>
    </Panel>
  );
}

function Actions({ orgId, policy }: { orgId: string; policy: Policy }) {
  const [deleting, setDeleting] = useState(false);
  const waiting = api.useQuery("get", "/orgs/{orgId}/deployment-approvals", { params: { path: { orgId } } }, { enabled: deleting });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/orgs/{orgId}/policies/{policyId}", {
    onSuccess: async () => {
      toast.ok(`${policy.id} was deleted`);
      await navigate(to.platform(orgId, "policies"));
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/policies"] });
    },
  });
  const gated = waiting.data?.filter((w) => w.requirements.some((r) => r.policy === policy.id)) ?? [];
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[{ label: "Delete", icon: <Trash2 size={14} />, danger: true, may: "policies:write", onSelect: () => setDeleting(true) }]}
      />
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate({ params: { path: { orgId, policyId: policy.id } } })}
        title={`Delete ${policy.id}?`}
        action="Delete policy"
        losses={[
          <span key="what">
            {policy.effect === "deny" ? "Deployments are no longer denied" : "Nobody has to agree any more"} when <code>{policy.when.trim()}</code>
          </span>,
          ...(policy.message ? [`What people are told: ${policy.message}`] : []),
        ]}
        busy={remove.isPending}
        error={remove.error}
      >
        {gated.length === 0
          ? "No deployment waits because of it."
          : `${plural(gated.length, "deployment")} that ${gated.length === 1 ? "waits" : "wait"} because of it go on waiting: ${gated.map((w) => `${w.app_id}/${w.env_id}`).join(", ")}.`}
      </ConfirmDialog>
    </>
  );
}
