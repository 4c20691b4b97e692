import { useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button, IconButton } from "~/components/Button";
import { Copy } from "~/components/Copy";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, Dialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Notice } from "~/components/Notice";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePoll } from "~/lib/live";
import { anyOf, useMay } from "~/lib/may";
import { shortDuration } from "~/lib/time";

type Path = { orgId: string; appId: string };
type Rule = Schemas["PreviewRule"];
type Receiver = Schemas["Receiver"];

const rulesPath = "/orgs/{orgId}/apps/{appId}/preview-rules";
const receiversPath = "/orgs/{orgId}/apps/{appId}/receivers";

/** Which branches get an environment of their own, and who tells of them. */
export function Previews({ path, environments }: { path: Path; environments: Schemas["EnvironmentStatus"][] }) {
  const rules = api.useQuery("get", rulesPath, { params: { path } }, { refetchInterval: usePoll(every.calm) });
  return (
    <>
      <Rules path={path} environments={environments} />
      <Receivers path={path} rules={rules.data ?? []} />
    </>
  );
}

function Rules({ path, environments }: { path: Path; environments: Schemas["EnvironmentStatus"][] }) {
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<Rule | null>(null);
  const may = useMay(path);
  const queries = useQueryClient();
  const rules = api.useQuery("get", rulesPath, { params: { path } }, { refetchInterval: usePoll(every.calm) });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/preview-rules/{ruleId}", {
    onSuccess: async () => {
      setDeleting(null);
      await queries.invalidateQueries({ queryKey: ["get", rulesPath] });
    },
  });
  const add = (
    <Button small icon={<Plus size={12} aria-hidden />} may={anyOf(environments.map((e) => may("automation:write", e.type)))} onClick={() => setAdding(true)}>
      New preview rule
    </Button>
  );
  return (
    <Panel title="Preview rules" actions={add} flush>
      <Loaded query={rules}>
        {(rows) => (
          <DataTable
            label="preview rules"
            rows={rows}
            rowKey={(r) => r.id}
            empty={<EmptyState title="No preview rule yet">A branch whose name a rule matches gets an environment of its own, and loses it when the pull request is over.</EmptyState>}
            columns={[
              { key: "ref", title: "Branches", cell: (r) => <code>{r.match_ref}</code>, width: "minmax(14rem, 2fr)" },
              { key: "base", title: "Starts from", cell: (r) => r.base_env },
              { key: "type", title: "Type", cell: (r) => r.type },
              { key: "ttl", title: "Lives", cell: (r) => lives(r), width: "minmax(9rem, 1fr)" },
              { key: "failure", title: "When the first deployment fails", cell: (r) => (r.on_failure === "keep" ? "it is kept" : "it is taken down"), width: "minmax(11rem, 1fr)" },
              { key: "at", title: "Made", cell: (r) => <Time at={r.created_at} />, width: "8rem" },
              {
                key: "do", title: <span className="hidden">Actions</span>, width: "3rem", align: "right",
                cell: (r) => (
                  <IconButton label={`Delete the rule for ${r.match_ref}`} may={may("automation:write", r.type)} onClick={() => setDeleting(r)}>
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {adding && <NewRule path={path} environments={environments} onClose={() => setAdding(false)} />}
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title="Delete the preview rule?"
        action="Delete rule"
        losses={["The rule: no branch gets an environment by it any more", "Its receivers do nothing any more; environments that are there stay until their end"]}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => deleting && remove.mutate({ params: { path: { ...path, ruleId: deleting.id } } })}
      >
        It matches <code>{deleting?.match_ref}</code>.
      </ConfirmDialog>
    </Panel>
  );
}

/** How long previews of a rule live, in words. */
export function lives(r: Pick<Rule, "ttl" | "idle_after">): string {
  const ends = [r.ttl !== "0s" && shortDuration(r.ttl), r.idle_after !== "0s" && `until idle for ${shortDuration(r.idle_after)}`].filter(Boolean);
  return ends.join(", ") || "until it is merged";
}

function NewRule({ path, environments, onClose }: { path: Path; environments: Schemas["EnvironmentStatus"][]; onClose: () => void }) {
  const [ref, setRef] = useState("refs/heads/feature/.*");
  const [base, setBase] = useState(environments[0]?.id ?? "");
  const [ttl, setTtl] = useState("3d");
  const [failure, setFailure] = useState<Rule["on_failure"]>("keep");
  const may = useMay(path);
  const queries = useQueryClient();
  const create = api.useMutation("post", rulesPath, {
    onSuccess: async () => {
      toast.ok("The preview rule was made");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", rulesPath] });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New preview rule"
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={ref.trim() === "" || base === ""}
      may={may("automation:write", environments.find((e) => e.id === base)?.type)}
      onSubmit={() => create.mutate({ params: { path }, body: { match_ref: ref.trim(), base_env: base, on_failure: failure, ...(ttl.trim() ? { ttl: ttl.trim() } : {}) } })}
    >
      <TextField label="Branches" value={ref} onChange={(e) => setRef(e.target.value)} help="A regular expression on refs/heads/<branch>." autoFocus />
      <SelectField label="Starts from" value={base} onChange={(e) => setBase(e.target.value)}>
        {environments.map((e) => (
          <option key={e.id} value={e.id}>
            {e.name}
          </option>
        ))}
      </SelectField>
      <TextField label="Time to live" value={ttl} onChange={(e) => setTtl(e.target.value)} help="Such as 8h, 3d or 2w; empty is no end by time." />
      <SelectField label="When the first deployment fails" value={failure} onChange={(e) => setFailure(e.target.value as Rule["on_failure"])}>
        <option value="keep">Keep the environment</option>
        <option value="teardown">Take it down</option>
      </SelectField>
    </FormDialog>
  );
}

function Receivers({ path, rules }: { path: Path; rules: Rule[] }) {
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Receiver | null>(null);
  const [deliveries, setDeliveries] = useState<Receiver | null>(null);
  const may = useMay(path);
  const [deleting, setDeleting] = useState<Receiver | null>(null);
  const queries = useQueryClient();
  const receivers = api.useQuery("get", receiversPath, { params: { path } }, { refetchInterval: usePoll(every.calm) });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/receivers/{receiverId}", {
    onSuccess: async () => {
      setDeleting(null);
      await queries.invalidateQueries({ queryKey: ["get", receiversPath] });
    },
  });
  const refOf = (id: string) => rules.find((r) => r.id === id)?.match_ref ?? id;
  const add = (
    <Button small icon={<Plus size={12} aria-hidden />} may={anyOf(rules.map((r) => may("automation:write", r.type)))} disabled={rules.length === 0} onClick={() => setAdding(true)}>
      New receiver
    </Button>
  );
  return (
    <Panel title="Receivers" actions={add} flush>
      <Loaded query={receivers}>
        {(rows) => (
          <DataTable
            label="receivers"
            rows={rows}
            rowKey={(r) => r.id}
            empty={
              <EmptyState title="No receiver yet">
                {rules.length === 0 ? "Make a preview rule first; then a receiver lets GitHub or GitLab tell of pull requests." : "A receiver is an address to which GitHub or GitLab tells of pull requests."}
              </EmptyState>
            }
            columns={[
              { key: "vendor", title: "From", cell: (r) => (r.vendor === "github" ? "GitHub" : "GitLab"), width: "6rem" },
              { key: "repo", title: "Repository", cell: (r) => r.repository ?? "any", width: "minmax(9rem, 1fr)" },
              { key: "rule", title: "Rule", cell: (r) => <code>{refOf(r.rule_id)}</code>, width: "minmax(11rem, 1.5fr)" },
              { key: "path", title: "Address", cell: (r) => <code title={r.path}>{r.path}</code>, width: "minmax(13rem, 2fr)" },
              { key: "at", title: "Made", cell: (r) => <Time at={r.created_at} />, width: "8rem" },
              {
                key: "do", title: <span className="hidden">Actions</span>, width: "9rem", align: "right",
                cell: (r) => (
                  <span className="row row-end">
                    <Button small kind="quiet" onClick={() => setDeliveries(r)}>
                      Deliveries
                    </Button>
                    <IconButton label={`Delete the receiver ${r.id}`} may={may("automation:write")} onClick={() => setDeleting(r)}>
                      <Trash2 size={14} aria-hidden />
                    </IconButton>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {adding && <NewReceiver path={path} rules={rules} onClose={() => setAdding(false)} onMade={setMade} />}
      {made && <Made of={made} onClose={() => setMade(null)} />}
      {deliveries && <Deliveries path={path} of={deliveries} onClose={() => setDeliveries(null)} />}
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title="Delete the receiver?"
        action="Delete receiver"
        losses={["Its address and its secret: what is sent there is refused", "The list of its deliveries"]}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => deleting && remove.mutate({ params: { path: { ...path, receiverId: deleting.id } } })}
      >
        Environments stay until their end.
      </ConfirmDialog>
    </Panel>
  );
}

function NewReceiver({ path, rules, onClose, onMade }: { path: Path; rules: Rule[]; onClose: () => void; onMade: (r: Receiver) => void }) {
  const [vendor, setVendor] = useState<Receiver["vendor"]>("github");
  const [rule, setRule] = useState(rules[0]?.id ?? "");
  const [repository, setRepository] = useState("");
  const queries = useQueryClient();
  const create = api.useMutation("post", receiversPath, {
    onSuccess: async (receiver) => {
      onClose();
      onMade(receiver);
      await queries.invalidateQueries({ queryKey: ["get", receiversPath] });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New receiver"
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={rule === ""}
      onSubmit={() => create.mutate({ params: { path }, body: { vendor, rule_id: rule, ...(repository.trim() ? { repository: repository.trim() } : {}) } })}
    >
      <SelectField label="From" value={vendor} onChange={(e) => setVendor(e.target.value as Receiver["vendor"])}>
        <option value="github">GitHub</option>
        <option value="gitlab">GitLab</option>
      </SelectField>
      <SelectField label="Rule" value={rule} onChange={(e) => setRule(e.target.value)}>
        {rules.map((r) => (
          <option key={r.id} value={r.id}>
            {r.match_ref}
          </option>
        ))}
      </SelectField>
      <TextField label="Only of the repository" value={repository} onChange={(e) => setRepository(e.target.value)} placeholder="owner/name" help="Empty is any." />
    </FormDialog>
  );
}

/** The only time that the secret is seen. */
function Made({ of: r, onClose }: { of: Receiver; onClose: () => void }) {
  const address = `${window.location.origin}${r.path}`;
  const shown = (text: string, label: string) => (
    <span className="row">
      <code>{text}</code>
      <Copy text={text} label={label} />
    </span>
  );
  return (
    <Dialog open onClose={onClose} title="The receiver is made" description={`Enter both at ${r.vendor === "github" ? "GitHub" : "GitLab"} as a webhook for pull requests.`}>
      <div className="stack">
        <Facts
          inline
          of={[
            ["Address", shown(address, "Copy the address")],
            ["Secret", r.secret && shown(r.secret, "Copy the secret")],
          ]}
        />
        <Notice tone="warn">The secret is shown this once. Copy it now.</Notice>
        <div className="dialog-foot">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Deliveries({ path, of: r, onClose }: { path: Path; of: Receiver; onClose: () => void }) {
  const deliveries = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/receivers/{receiverId}/deliveries", { params: { path: { ...path, receiverId: r.id } } }, { refetchInterval: every.calm });
  return (
    <Dialog open onClose={onClose} wide title="Deliveries">
      <Loaded query={deliveries}>
        {(rows) => (
          <DataTable
            label="deliveries"
            rows={rows}
            rowKey={(d) => d.id}
            empty={<EmptyState title="Nothing was received yet" />}
            columns={[
              { key: "event", title: "Event", cell: (d) => d.event },
              { key: "branch", title: "Branch", cell: (d) => d.branch },
              { key: "env", title: "Environment", cell: (d) => d.env_id },
              { key: "status", title: "Status", cell: (d) => <StatusBadge status={d.status} tone={d.status === "done" ? "ok" : undefined} /> },
              { key: "reason", title: "Why", cell: (d) => <span title={d.reason}>{d.reason}</span>, width: "minmax(10rem, 2fr)" },
              { key: "at", title: "When", cell: (d) => <Time at={d.created_at} />, width: "8rem" },
            ]}
          />
        )}
      </Loaded>
    </Dialog>
  );
}
