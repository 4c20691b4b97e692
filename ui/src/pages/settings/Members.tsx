import { Ellipsis, UserPlus } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { Dialog, FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Panel } from "~/components/Page";
import { Reveal } from "~/components/Reveal";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { useMay, type Verdict } from "~/lib/may";

import { nameOf, useUsers, useUsersChanged, type UserRole } from "./data";
import { RoleField } from "./RoleField";
import { roleMeans } from "./roles";
import { ChangeRole, RemoveUser } from "./UserDialogs";

/** People of the organization, and those who are invited. */
export function Members({ orgId }: { orgId: string }) {
  const users = useUsers(orgId);
  const me = api.useQuery("get", "/current-user", {}, { staleTime: 60_000 });
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<UserRole>();
  const [removing, setRemoving] = useState<UserRole>();
  const may = useMay({ orgId })("users:manage");
  return (
    <>
      <Panel
        title="Members"
        note="people and their role in the organization"
        flush
        actions={
          <Button kind="primary" small icon={<UserPlus size={14} aria-hidden />} may={may} onClick={() => setInviting(true)}>
            Invite
          </Button>
        }
      >
        <Loaded query={users}>
          {(all) => (
            <DataTable
              label="members"
              rows={all.filter((u) => u.type === "user")}
              rowKey={(u) => u.id}
              text={(u) => `${u.name} ${u.email ?? ""} ${u.role}`}
              initialSort={{ key: "name" }}
              columns={[
                { key: "name", title: "Name", width: "minmax(10rem, 1.2fr)", sort: (u) => nameOf(u).toLowerCase(), cell: (u) => <>{nameOf(u)} {u.id === me.data?.id && <span className="muted">(you)</span>}</> },
                { key: "email", title: "E-mail", width: "minmax(10rem, 1.2fr)", cell: (u) => u.email, sort: (u) => u.email ?? "" },
                { key: "role", title: "Role", width: "minmax(8rem, 0.8fr)", cell: (u) => <span title={roleMeans("org", u.role)}>{u.role}</span>, sort: (u) => u.role },
                { key: "invite", title: "Invitation", cell: (u) => u.invite && u.invite !== "accepted" && <StatusBadge status={u.invite} tone={u.invite === "pending" ? "busy" : "warn"} /> },
                { key: "since", title: "Since", cell: (u) => <Time at={u.created_at} />, sort: (u) => u.created_at },
                { key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right", cell: (u) => <RowMenu user={u} may={may} onChange={() => setChanging(u)} onRemove={() => setRemoving(u)} /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {inviting && <Invite orgId={orgId} onClose={() => setInviting(false)} />}
      {changing && <ChangeRole orgId={orgId} user={changing} onClose={() => setChanging(undefined)} />}
      {removing && <RemoveUser orgId={orgId} user={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

/** What can be done with a user, behind three dots. */
export function RowMenu({ user, may, onChange, onRemove, remove = "Remove" }: { user: UserRole; may?: Verdict; onChange: () => void; onRemove: () => void; remove?: string }) {
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${nameOf(user)}`}>
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
      items={[
        { label: "Change role", onSelect: onChange, may },
        { label: remove, onSelect: onRemove, danger: true, separate: true, may },
      ]}
    />
  );
}

function Invite({ orgId, onClose }: { orgId: string; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("member");
  const [made, setMade] = useState<Schemas["NewInvitation"]>();
  const changed = useUsersChanged();
  const invite = api.useMutation("post", "/orgs/{orgId}/invitations", {
    onSuccess: async (invitations) => {
      setMade(invitations[0]);
      await changed();
    },
  });
  if (made) {
    return (
      <Dialog open onClose={onClose} title={`${made.email ?? email} is invited`}>
        <Reveal label="invitation token" secret={made.invite_token}>
          No e-mail is sent. Pass this token on yourself: it accepts the invitation, is shown this once, and ends <Time at={made.expires_at} />.
        </Reveal>
        <div className="dialog-foot">
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Invite somebody"
      submit="Invite"
      busy={invite.isPending}
      error={invite.error}
      disabled={email.trim() === ""}
      onSubmit={() => invite.mutate({ params: { path: { orgId } }, body: { email: email.trim(), role } })}
    >
      <TextField label="E-mail" type="email" value={email} onChange={(e) => setEmail(e.target.value)} autoFocus />
      <RoleField on="org" value={role} onChange={setRole} />
    </FormDialog>
  );
}
