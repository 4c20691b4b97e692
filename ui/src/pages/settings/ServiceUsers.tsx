import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useMay } from "~/lib/may";

import { nameOf, useUsers, useUsersChanged, type UserRole } from "./data";
import { RowMenu } from "./Members";
import { RoleField } from "./RoleField";
import { Tokens } from "./Tokens";
import { ChangeRole, RemoveUser } from "./UserDialogs";

/** Users that are programs, such as a CI system, and what they sign in with. */
export function ServiceUsers({ orgId }: { orgId: string }) {
  const users = useUsers(orgId);
  const [params, setParams] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState<UserRole>();
  const [removing, setRemoving] = useState<UserRole>();
  const may = useMay({ orgId });
  const services = users.data?.filter((u) => u.type === "service") ?? [];
  const chosen = services.find((u) => u.id === params.get("user"));
  const choose = (id: string) => setParams({ user: id }, { replace: true });
  const create = (
    <Button kind="primary" small icon={<Plus size={14} aria-hidden />} may={may("users:manage")} onClick={() => setCreating(true)}>
      New service user
    </Button>
  );
  return (
    <>
      <Panel title="Service users" note="programs, such as a CI system" flush actions={services.length > 0 && create}>
        <Loaded query={users}>
          {() => (
            <DataTable
              label="service users"
              rows={services}
              rowKey={(u) => u.id}
              text={services.length > 10 ? (u) => `${u.name} ${u.role}` : undefined}
              onRow={(u) => choose(u.id)}
              selected={(u) => u.id === chosen?.id}
              maxHeight="18rem"
              empty={
                <EmptyState title="No service user yet" icon={<Bot size={24} />} actions={create}>
                  A program that talks to Slipway, such as your CI system, gets a user of its own: with the role it needs and tokens that can be taken back.
                </EmptyState>
              }
              columns={[
                { key: "name", title: "Name", width: "minmax(10rem, 1.2fr)", cell: (u) => <strong>{nameOf(u)}</strong>, sort: (u) => nameOf(u).toLowerCase() },
                { key: "role", title: "Role", cell: (u) => u.role, sort: (u) => u.role },
                { key: "email", title: "Responsible", width: "minmax(10rem, 1.2fr)", cell: (u) => u.email },
                { key: "since", title: "Since", cell: (u) => <Time at={u.created_at} />, sort: (u) => u.created_at },
                { key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right", cell: (u) => <RowMenu user={u} may={may("users:manage")} onChange={() => setChanging(u)} onRemove={() => setRemoving(u)} remove="Delete" /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {chosen ? <Tokens key={chosen.id} orgId={orgId} user={chosen} /> : services.length > 0 && <p className="muted small">Choose a service user to see its tokens.</p>}
      {creating && <Create orgId={orgId} onClose={() => setCreating(false)} onMade={choose} />}
      {changing && <ChangeRole orgId={orgId} user={changing} onClose={() => setChanging(undefined)} />}
      {removing && <RemoveUser orgId={orgId} user={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function Create({ orgId, onClose, onMade }: { orgId: string; onClose: () => void; onMade: (id: string) => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("artefactContributor");
  const changed = useUsersChanged();
  const create = api.useMutation("post", "/orgs/{orgId}/users", {
    onSuccess: async (user) => {
      toast.ok(`${user.name} was made`, "It needs a token to sign in.");
      onClose();
      await changed();
      onMade(user.id);
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New service user"
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={name.trim() === ""}
      onSubmit={() => create.mutate({ params: { path: { orgId } }, body: { name: name.trim(), role: role as "member", ...(email.trim() && { email: email.trim() }) } })}
    >
      <TextField label="Name" value={name} onChange={(e) => setName(e.target.value)} autoFocus />
      <RoleField on="org" value={role} onChange={setRole} />
      <TextField label="Responsible" type="email" value={email} onChange={(e) => setEmail(e.target.value)} help="Optional: an e-mail address of those who look after it." />
    </FormDialog>
  );
}
