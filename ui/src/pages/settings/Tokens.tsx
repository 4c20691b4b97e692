import { useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, Dialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Reveal } from "~/components/Reveal";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { Allowed, useMay } from "~/lib/may";

import { nameOf, type UserRole } from "./data";

const lives = [
  ["", "Until it is deleted"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
] as const;

function useTokensChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["get", "/users/{userId}/tokens"] });
}

/** What a service user signs in with. */
export function Tokens({ orgId, user }: { orgId: string; user: UserRole }) {
  const may = useMay({ orgId })("audit:read"); // the API lets administrators see and make tokens of others
  const tokens = api.useQuery("get", "/users/{userId}/tokens", { params: { path: { userId: user.id } } }, { enabled: may.ok });
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Schemas["Token"]>();
  const create = (
    <Button small icon={<Plus size={14} aria-hidden />} may={may} onClick={() => setCreating(true)}>
      New token
    </Button>
  );
  return (
    <Panel title={`Tokens of ${nameOf(user)}`} flush actions={create}>
      <Allowed may={may} what="the tokens of others">
      <Loaded query={tokens}>
        {(rows) => (
          <DataTable
            label="tokens"
            rows={rows}
            rowKey={(t) => t.id}
            maxHeight="18rem"
            empty={
              <EmptyState title="No token yet" icon={<KeyRound size={24} />}>
                Without one it cannot sign in. A token is shown once, when it is made.
              </EmptyState>
            }
            columns={[
              { key: "id", title: "Token", cell: (t) => <code>{t.id}</code>, sort: (t) => t.id },
              { key: "for", title: "What for", width: "minmax(10rem, 2fr)", cell: (t) => t.description },
              { key: "used", title: "Last used", cell: (t) => (t.last_used_at ? <Time at={t.last_used_at} /> : <span className="muted">never</span>), sort: (t) => t.last_used_at ?? "" },
              { key: "ends", title: "Ends", cell: (t) => (t.expires_at ? <Time at={t.expires_at} /> : <span className="muted">never</span>), sort: (t) => t.expires_at ?? "" },
              { key: "made", title: "Made", cell: (t) => <Time at={t.created_at} />, sort: (t) => t.created_at },
              {
                key: "delete", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
                cell: (t) => (
                  <IconButton label={`Delete token ${t.id}`} onClick={() => setDeleting(t)}>
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      </Allowed>
      {creating && <Create userId={user.id} onClose={() => setCreating(false)} />}
      {deleting && <Delete userId={user.id} token={deleting} onClose={() => setDeleting(undefined)} />}
    </Panel>
  );
}

function Create({ userId, onClose }: { userId: string; onClose: () => void }) {
  const [id, setId] = useState("");
  const [description, setDescription] = useState("");
  const [days, setDays] = useState("90");
  const changed = useTokensChanged();
  const create = api.useMutation("post", "/users/{userId}/tokens", { onSuccess: changed });
  if (create.data) {
    return (
      <Dialog open onClose={onClose} title={`Token ${id}`}>
        <Reveal label="token" secret={create.data.token}>
          Copy it now: it is shown this once, and nobody can read it later.
        </Reveal>
        <div className="dialog-foot">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  const ends = () => (days === "" ? {} : { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New token"
      submit="Create token"
      busy={create.isPending}
      error={create.error}
      disabled={id.trim() === ""}
      onSubmit={() => create.mutate({ params: { path: { userId } }, body: { id: id.trim(), description, type: "static", ...ends() } })}
    >
      <TextField label="Id" value={id} onChange={(e) => setId(e.target.value)} autoFocus help="Names it, such as github-actions." />
      <TextField label="What for" value={description} onChange={(e) => setDescription(e.target.value)} />
      <SelectField label="Works" value={days} onChange={(e) => setDays(e.target.value)}>
        {lives.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function Delete({ userId, token, onClose }: { userId: string; token: Schemas["Token"]; onClose: () => void }) {
  const changed = useTokensChanged();
  const remove = api.useMutation("delete", "/users/{userId}/tokens/{tokenId}", {
    onSuccess: async () => {
      toast.ok(`Token ${token.id} was deleted`);
      onClose();
      await changed();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { userId, tokenId: token.id } } })}
      title={`Delete token ${token.id}?`}
      action="Delete token"
      losses={[
        <>
          Whatever signs in with it is refused at once; it was last used {token.last_used_at ? <Time at={token.last_used_at} /> : "never"}.
        </>,
      ]}
      busy={remove.isPending}
      error={remove.error}
    />
  );
}
