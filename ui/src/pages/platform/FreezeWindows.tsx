import { useQueryClient } from "@tanstack/react-query";
import { Plus, Snowflake, Trash2 } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

type Window = Schemas["FreezeWindow"];

function useFreezeChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].endsWith("/freeze-windows") });
}

/** Times in which environments of a type accept no deployments. */
export function FreezeWindows({ orgId }: { orgId: string }) {
  const windows = api.useQuery("get", "/orgs/{orgId}/freeze-windows", { params: { path: { orgId } } }, { refetchInterval: 60_000 });
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<Window>();
  const changed = useFreezeChanged();
  const remove = api.useMutation("delete", "/orgs/{orgId}/env-types/{envTypeId}/freeze-windows/{windowId}", {
    onSuccess: async () => {
      toast.ok("The freeze window was removed");
      setDeleting(undefined);
      await changed();
    },
  });
  const add = (
    <Button small may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
      New freeze window
    </Button>
  );
  return (
    <>
      <Panel title="Freeze windows" note="when environments of a type accept no deployments" flush actions={(windows.data?.length ?? 0) > 0 && add}>
        <Loaded query={windows}>
          {(rows) => (
            <DataTable
              label="freeze windows"
              rows={rows}
              rowKey={(w) => `${w.env_type} ${w.id}`}
              empty={
                <EmptyState title="Nothing is ever frozen" icon={<Snowflake size={24} />} actions={add}>
                  A freeze window keeps a type of environments as it is, again and again: from Friday afternoon to Monday morning, say.
                </EmptyState>
              }
              columns={[
                { key: "type", title: "Environment type", cell: (w) => w.env_type, sort: (w) => w.env_type },
                { key: "why", title: "Why", width: "minmax(10rem, 2fr)", cell: (w) => w.description },
                { key: "begins", title: "Begins", width: "minmax(11rem, 1.2fr)", cell: (w) => <code>{`${w.cron} ${w.time_zone}`}</code> },
                { key: "for", title: "For", width: "6rem", cell: (w) => w.duration },
                {
                  key: "now", title: "Now", width: "minmax(10rem, 1.2fr)",
                  cell: (w) =>
                    w.open_until ? (
                      <span className="row">
                        <StatusBadge status="frozen" /> until <Time at={w.open_until} />
                      </span>
                    ) : (
                      <>
                        opens <Time at={w.opens_next} />
                      </>
                    ),
                },
                {
                  key: "do", title: <span className="hidden">Actions</span>, width: "3rem", align: "right",
                  cell: (w) => (
                    <IconButton label={`Remove the freeze window of ${w.env_type}: ${w.description || w.cron}`} may="platform:write" onClick={() => setDeleting(w)}>
                      <Trash2 size={14} aria-hidden />
                    </IconButton>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {adding && <NewWindow orgId={orgId} onClose={() => setAdding(false)} />}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { orgId, envTypeId: deleting.env_type, windowId: deleting.id } } })}
          title="Remove the freeze window?"
          action="Remove window"
          losses={[`Environments of type ${deleting.env_type} are deployed to also ${deleting.description ? `in “${deleting.description}”` : `in the ${deleting.duration} after ${deleting.cron}`}`]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}

function NewWindow({ orgId, onClose }: { orgId: string; onClose: () => void }) {
  const types = api.useQuery("get", "/orgs/{orgId}/env-types", { params: { path: { orgId } } }, { staleTime: 60_000 });
  const [type, setType] = useState("");
  const [why, setWhy] = useState("");
  const [cron, setCron] = useState("0 16 * * 5");
  const [duration, setDuration] = useState("64h");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const changed = useFreezeChanged();
  const create = api.useMutation("post", "/orgs/{orgId}/env-types/{envTypeId}/freeze-windows", {
    onSuccess: async () => {
      toast.ok("The freeze window is there");
      onClose();
      await changed();
    },
  });
  const envTypeId = type || (types.data?.find((t) => t.id === "production") ?? types.data?.[0])?.id || "";
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New freeze window"
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={envTypeId === "" || cron.trim() === "" || duration.trim() === ""}
      onSubmit={() => create.mutate({ params: { path: { orgId, envTypeId } }, body: { cron: cron.trim(), duration: duration.trim(), time_zone: zone.trim(), description: why.trim() } })}
    >
      <SelectField label="Environment type" value={envTypeId} onChange={(e) => setType(e.target.value)}>
        {types.data?.map((t) => (
          <option key={t.id} value={t.id}>
            {t.id}
          </option>
        ))}
      </SelectField>
      <TextField label="Why" value={why} onChange={(e) => setWhy(e.target.value)} help="What those read whose deployment is refused." />
      <TextField label="Begins" value={cron} onChange={(e) => setCron(e.target.value)} help="Five fields: minute, hour, day, month, day of the week. 0 16 * * 5 is Friday at 16:00." />
      <TextField label="Lasts" value={duration} onChange={(e) => setDuration(e.target.value)} help="Such as 64h or 2d16h; from a minute to 31 days." />
      <TextField label="Time zone" value={zone} onChange={(e) => setZone(e.target.value)} />
    </FormDialog>
  );
}
