import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, GitBranch, Plus } from "lucide-react";
import { useState } from "react";

import { api, client, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Checkbox, SelectField, TextField } from "~/components/Field";
import { Loaded, Loading } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

import type { AppPath } from "./data";

type Rule = Schemas["AutomationRule"] & { envId: string };

const request = (r: Rule): Schemas["AutomationRuleRequest"] => ({
  type: r.type, active: r.active, artefacts_filter: r.artefacts_filter, exclude_artefacts_filter: r.exclude_artefacts_filter, match_ref: r.match_ref,
  ...(r.match || r.images_filter.length > 0 ? { match: r.match, update_to: r.update_to, images_filter: r.images_filter, exclude_images_filter: r.exclude_images_filter } : {}),
});

/** In the older form of a rule, `match` looks at the name of a branch or tag. */
const refOf = (r: Rule) => r.match_ref || (r.match ? `${r.update_to} ${r.match}` : "");

const whatOf = (r: Rule) => {
  const [names, except] = r.artefacts_filter.length > 0 ? [r.artefacts_filter, r.exclude_artefacts_filter] : [r.images_filter, r.exclude_images_filter];
  return names.length === 0 ? "" : `${except ? "all but " : ""}${names.join(", ")}`;
};

function useRulesChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["rules"] });
}

/** What is deployed by itself when an artefact is pushed, by environment. */
export function Rules({ path }: { path: AppPath }) {
  const envs = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs", { params: { path } });
  return (
    <Loaded query={envs}>
      {(all) => <RulesOf path={path} envs={all.map((e) => e.id)} />}
    </Loaded>
  );
}

function RulesOf({ path, envs }: { path: AppPath; envs: string[] }) {
  const found = useQueries({
    queries: envs.map((envId) => ({
      queryKey: ["rules", path, envId],
      queryFn: async () => ((await client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/rules", { params: { path: { ...path, envId } } })).data ?? []).map((r) => ({ ...r, envId })),
    })),
    combine: (results) => ({ rows: results.flatMap((r): Rule[] => r.data ?? []), pending: results.some((r) => r.isPending), error: results.find((r) => r.error)?.error }),
  });
  const [editing, setEditing] = useState<Rule | "new">();
  const [deleting, setDeleting] = useState<Rule>();
  const changed = useRulesChanged();
  const turn = api.useMutation("put", "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules/{ruleId}", { onSuccess: changed, onError: (error) => void toast.error(error) });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules/{ruleId}", {
    onSuccess: async () => {
      toast.ok("The rule was deleted");
      setDeleting(undefined);
      await changed();
    },
  });
  const create = (
    <Button kind="primary" small may="automation:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
      New rule
    </Button>
  );
  return (
    <Panel title="Automation rules" note="what is deployed when an artefact is pushed" flush actions={found.rows.length > 0 && create}>
      {found.error && <ErrorNotice error={found.error} />}
      {found.pending ? (
        <Loading />
      ) : (
        <DataTable
          label="automation rules"
          rows={found.rows}
          rowKey={(r) => `${r.envId} ${r.id}`}
          empty={
            <EmptyState title="No rule yet" icon={<GitBranch size={24} />} actions={create}>
              A rule deploys new versions of artefacts to an environment as your CI system pushes them, such as everything from refs/heads/main to development.
            </EmptyState>
          }
          columns={[
            { key: "env", title: "Environment", cell: (r) => <strong>{r.envId}</strong>, sort: (r) => r.envId },
            { key: "ref", title: "Branch or tag", width: "minmax(10rem, 1.5fr)", cell: (r) => (refOf(r) ? <code>{refOf(r)}</code> : <span className="muted">every one</span>), sort: refOf },
            { key: "what", title: "Artefacts", width: "minmax(10rem, 2fr)", cell: (r) => whatOf(r) || <span className="muted">all that it runs</span> },
            { key: "active", title: "State", width: "6rem", cell: (r) => <StatusBadge status={r.active ? "active" : "paused"} tone={r.active ? "ok" : "idle"} pulse={false} />, sort: (r) => String(r.active) },
            { key: "at", title: "Changed", width: "7rem", cell: (r) => <Time at={r.updated_at} />, sort: (r) => r.updated_at },
            {
              key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
              cell: (r) => (
                <Menu
                  trigger={
                    <IconButton label={`Actions for the rule of ${r.envId}`}>
                      <Ellipsis size={16} aria-hidden />
                    </IconButton>
                  }
                  items={[
                    { label: r.active ? "Pause" : "Follow it again", may: "automation:write", onSelect: () => turn.mutate({ params: { path: { ...path, envId: r.envId, ruleId: r.id } }, body: { ...request(r), active: !r.active } }) },
                    { label: "Edit", may: "automation:write", onSelect: () => setEditing(r) },
                    { label: "Delete", danger: true, separate: true, may: "automation:write", onSelect: () => setDeleting(r) },
                  ]}
                />
              ),
            },
          ]}
        />
      )}
      {editing && <Edit path={path} envs={envs} rule={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { ...path, envId: deleting.envId, ruleId: deleting.id } } })}
          title={`Delete the rule of ${deleting.envId}?`}
          action="Delete rule"
          losses={[`New artefacts ${refOf(deleting) ? `of ${refOf(deleting)} ` : ""}are not deployed to ${deleting.envId} by themselves any more`]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </Panel>
  );
}

function Edit({ path, envs, rule, onClose }: { path: AppPath; envs: string[]; rule?: Rule; onClose: () => void }) {
  const artefacts = api.useQuery("get", "/orgs/{orgId}/artefacts", { params: { path: { orgId: path.orgId } } }, { retry: false });
  const [env, setEnv] = useState(rule?.envId ?? envs[0] ?? "");
  const [ref, setRef] = useState(rule ? rule.match_ref : "refs/heads/main");
  const [names, setNames] = useState(rule?.artefacts_filter.join("\n") ?? "");
  const [except, setExcept] = useState(rule?.exclude_artefacts_filter ?? false);
  const changed = useRulesChanged();
  const saved = {
    onSuccess: async () => {
      toast.ok("The rule was saved");
      onClose();
      await changed();
    },
  };
  const create = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules", saved);
  const update = api.useMutation("put", "/orgs/{orgId}/apps/{appId}/envs/{envId}/rules/{ruleId}", saved);
  const filter = names.split(/[\s,]+/).filter(Boolean);
  const body = { type: "update" as const, active: rule?.active ?? true, match_ref: ref.trim(), artefacts_filter: filter, exclude_artefacts_filter: except && filter.length > 0 };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={rule ? `Rule of ${rule.envId}` : "New rule"}
      submit={rule ? "Save" : "Create"}
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      disabled={env === ""}
      onSubmit={() => (rule ? update.mutate({ params: { path: { ...path, envId: rule.envId, ruleId: rule.id } }, body }) : create.mutate({ params: { path: { ...path, envId: env } }, body }))}
    >
      {!rule && (
        <SelectField label="Deploy to" value={env} onChange={(e) => setEnv(e.target.value)}>
          {envs.map((e) => (
            <option key={e}>{e}</option>
          ))}
        </SelectField>
      )}
      <TextField label="What is pushed from" value={ref} onChange={(e) => setRef(e.target.value)} help="A regular expression on the ref, such as refs/heads/main or refs/tags/v.*; every ref when empty." />
      <TextField label="Artefacts" value={names} list="rule-artefacts" onChange={(e) => setNames(e.target.value)} help="Names with spaces between; all that the environment runs when empty." />
      <datalist id="rule-artefacts">{artefacts.data?.map((a) => <option key={a.id} value={a.name} />)}</datalist>
      {filter.length > 0 && <Checkbox label="All but these" checked={except} onChange={(e) => setExcept(e.target.checked)} />}
    </FormDialog>
  );
}
