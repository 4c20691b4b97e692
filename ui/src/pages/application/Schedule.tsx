import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePoll } from "~/lib/live";
import { anyOf, useMay } from "~/lib/may";
import { to } from "~/lib/paths";

type Path = { orgId: string; appId: string };
type Env = Schemas["EnvironmentStatus"];
type Order = Schemas["ScheduledDeployment"];

const ordersPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/scheduled-deploys";

/** What is deployed by the clock, and what else happens by it. */
export function Schedule({ path, environments }: { path: Path; environments: Env[] }) {
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<Order | null>(null);
  const may = useMay(path);
  const queries = useQueryClient();
  const calm = usePoll(every.calm);
  const lists = useQueries({
    queries: environments.map((e) => ({ ...api.queryOptions("get", ordersPath, { params: { path: { ...path, envId: e.id } } }), refetchInterval: calm })),
  });
  const rows = lists.flatMap((l) => l.data ?? []);
  const failed = lists.find((l) => l.error != null);
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/envs/{envId}/scheduled-deploys/{orderId}", {
    onSuccess: async () => {
      setDeleting(null);
      await queries.invalidateQueries({ queryKey: ["get", ordersPath] });
    },
  });
  const nameOf = (id: string) => environments.find((e) => e.id === id)?.name ?? id;
  return (
    <>
      {failed && <ErrorNotice error={failed.error} />}
      <Panel
        title="Scheduled deployments"
        actions={
          <Button small icon={<Plus size={12} aria-hidden />} may={anyOf(environments.map((e) => may("deployments:create", e.type)))} disabled={environments.length === 0} onClick={() => setAdding(true)}>
            Schedule a deployment
          </Button>
        }
        flush
      >
        <DataTable
          label="scheduled deployments"
          rows={rows}
          rowKey={(o) => o.id}
          empty={<EmptyState title="Nothing is scheduled">What one environment runs can be deployed to another at a time, or again and again.</EmptyState>}
          columns={[
            { key: "what", title: "What", cell: (o) => what(o, nameOf), width: "minmax(12rem, 2fr)" },
            { key: "env", title: "Environment", cell: (o) => nameOf(o.env_id) },
            { key: "when", title: "When", cell: (o) => (o.at ? <Time at={o.at} /> : <code>{`${o.cron ?? ""} ${o.time_zone ?? "UTC"}`}</code>), width: "minmax(14rem, 1.2fr)" },
            { key: "status", title: "Status", cell: (o) => <StatusBadge status={o.status} tone={o.status === "done" ? "ok" : o.status === "missed" ? "warn" : undefined} title={o.message} />, width: "7rem" },
            { key: "last", title: "Last", cell: (o) => (o.last_deploy_id ? <Link to={to.deployment(path.orgId, path.appId, o.env_id, o.last_deploy_id)}>{o.last_deploy_id}</Link> : (o.message ?? "")), width: "minmax(9rem, 1fr)" },
            {
              key: "do", title: <span className="hidden">Actions</span>, width: "3rem", align: "right",
              cell: (o) => (
                <IconButton label={`Take back ${what(o, nameOf)}`} may={may("deployments:create", environments.find((e) => e.id === o.env_id)?.type)} onClick={() => setDeleting(o)}>
                  <Trash2 size={14} aria-hidden />
                </IconButton>
              ),
            },
          ]}
        />
      </Panel>
      <ByTheClock path={path} />
      {adding && <NewOrder path={path} environments={environments} onClose={() => setAdding(false)} />}
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title="Take the scheduled deployment back?"
        action="Take back"
        losses={deleting ? [`${what(deleting, nameOf)} will not be deployed to ${nameOf(deleting.env_id)}`] : []}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => deleting && remove.mutate({ params: { path: { ...path, envId: deleting.env_id, orderId: deleting.id } } })}
      >
        What it has deployed stays.
      </ConfirmDialog>
    </>
  );
}

/** What a scheduled deployment brings, in words. */
export function what(o: Pick<Order, "comment" | "from_env" | "set_id" | "delta_id">, nameOf: (env: string) => string): string {
  if (o.comment) return o.comment;
  if (o.from_env) return `What ${nameOf(o.from_env)} has then`;
  if (o.delta_id) return `Delta ${o.delta_id.slice(0, 10)}`;
  return o.set_id ? `Set ${o.set_id.slice(0, 10)}` : "What runs there, again";
}

/** An hour from now, as an input for local times has it. */
const inAnHour = () => {
  const at = new Date(Date.now() + 3600_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function NewOrder({ path, environments, onClose }: { path: Path; environments: Env[]; onClose: () => void }) {
  const [env, setEnv] = useState(environments[0]?.id ?? "");
  const [from, setFrom] = useState("");
  const [repeats, setRepeats] = useState(false);
  const [at, setAt] = useState(inAnHour);
  const [cron, setCron] = useState("0 6 * * 1-5");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [comment, setComment] = useState("");
  const may = useMay(path);
  const queries = useQueryClient();
  const create = api.useMutation("post", ordersPath, {
    onSuccess: async () => {
      toast.ok("The deployment is scheduled");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", ordersPath] });
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/schedules"] });
    },
  });
  const when = repeats ? { cron: cron.trim(), time_zone: zone.trim() } : { at: at ? new Date(at).toISOString() : "" };
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Schedule a deployment"
      submit="Schedule"
      busy={create.isPending}
      error={create.error}
      may={may("deployments:create", environments.find((e) => e.id === env)?.type)}
      disabled={env === "" || (repeats ? cron.trim() === "" : at === "")}
      onSubmit={() => create.mutate({ params: { path: { ...path, envId: env } }, body: { ...when, ...(from ? { from_env: from } : {}), ...(comment.trim() ? { comment: comment.trim() } : {}) } })}
    >
      <SelectField label="To" value={env} onChange={(e) => setEnv(e.target.value)}>
        {environments.map((e) => (
          <option key={e.id} value={e.id}>
            {e.name}
          </option>
        ))}
      </SelectField>
      <SelectField label="What" value={from} onChange={(e) => setFrom(e.target.value)}>
        <option value="">What runs there, again</option>
        {environments
          .filter((e) => e.id !== env)
          .map((e) => (
            <option key={e.id} value={e.id}>
              What {e.name} has then
            </option>
          ))}
      </SelectField>
      <SelectField label="When" value={repeats ? "cron" : "at"} onChange={(e) => setRepeats(e.target.value === "cron")}>
        <option value="at">Once</option>
        <option value="cron">Again and again</option>
      </SelectField>
      {repeats ? (
        <>
          <TextField label="Cron expression" value={cron} onChange={(e) => setCron(e.target.value)} help="Five fields: minute, hour, day, month, day of the week." />
          <TextField label="Time zone" value={zone} onChange={(e) => setZone(e.target.value)} />
        </>
      ) : (
        <TextField label="At" type="datetime-local" value={at} onChange={(e) => setAt(e.target.value)} help="In the time of your browser." />
      )}
      <TextField label="Why" value={comment} onChange={(e) => setComment(e.target.value)} help="The comment of its deployments." />
    </FormDialog>
  );
}

/** Everything of the application that has a schedule, with its next time. */
function ByTheClock({ path }: { path: Path }) {
  const schedules = api.useQuery("get", "/orgs/{orgId}/schedules", { params: { path: { orgId: path.orgId }, query: { app: path.appId } } }, { refetchInterval: usePoll(every.calm * 2) });
  return (
    <Panel title="By the clock" flush>
      <Loaded query={schedules}>
        {(rows) => (
          <DataTable
            label="schedules"
            rows={rows}
            rowKey={(s) => s.id}
            empty={<EmptyState title="Nothing happens by the clock">Scheduled deployments, scans for drift and pipelines with a schedule show up here.</EmptyState>}
            columns={[
              { key: "what", title: "What", cell: (s) => s.what, width: "minmax(14rem, 2.5fr)" },
              { key: "kind", title: "Kind", cell: (s) => s.kind },
              { key: "every", title: "Every", cell: (s) => (s.cron ? <code>{s.cron}</code> : (s.every ?? "once")) },
              { key: "next", title: "Next", cell: (s) => (s.paused ? <StatusBadge status="paused" title={s.note} /> : <Time at={s.next[0]} />), width: "8rem" },
              { key: "last", title: "Last", cell: (s) => <Time at={s.last?.at} />, width: "8rem" },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
