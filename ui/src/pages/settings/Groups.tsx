import { useQueryClient } from "@tanstack/react-query";
import { Plus, Users, X } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useMay } from "~/lib/may";

import { nameOf, useUsers, useUsersChanged, type UserRole } from "./data";
import { RowMenu } from "./Members";
import { RoleField } from "./RoleField";
import { ChangeRole, RemoveUser } from "./UserDialogs";

/** Groups of the identity provider: whoever is in one has its roles. */
export function Groups({ orgId }: { orgId: string }) {
  const users = useUsers(orgId);
  const [params, setParams] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState<UserRole>();
  const [removing, setRemoving] = useState<UserRole>();
  const may = useMay({ orgId });
  const groups = users.data?.filter((u) => u.type === "group") ?? [];
  const chosen = groups.find((g) => g.id === params.get("group"));
  const choose = (id: string) => setParams({ group: id }, { replace: true });
  const create = (
    <Button kind="primary" small icon={<Plus size={14} aria-hidden />} may={may("users:manage")} onClick={() => setCreating(true)}>
      New group
    </Button>
  );
  return (
    <>
      <Panel title="Groups" note="of the identity provider" flush actions={groups.length > 0 && create}>
        <Loaded query={users}>
          {() => (
            <DataTable
              label="groups"
              rows={groups}
              rowKey={(g) => g.id}
              text={groups.length > 10 ? (g) => `${g.name} ${g.role}` : undefined}
              onRow={(g) => choose(g.id)}
              selected={(g) => g.id === chosen?.id}
              maxHeight="18rem"
              empty={
                <EmptyState title="No group yet" icon={<Users size={24} />} actions={create}>
                  With single sign-on, whoever is in a group of your identity provider gets that group's roles here, and loses them when they leave it.
                </EmptyState>
              }
              columns={[
                { key: "name", title: "Group", width: "minmax(10rem, 1.5fr)", cell: (g) => <strong>{g.name}</strong>, sort: (g) => g.name.toLowerCase() },
                { key: "idp", title: "Identity provider", cell: (g) => g.idp_id },
                { key: "role", title: "Role", cell: (g) => g.role, sort: (g) => g.role },
                { key: "since", title: "Since", cell: (g) => <Time at={g.created_at} />, sort: (g) => g.created_at },
                { key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right", cell: (g) => <RowMenu user={g} may={may("users:manage")} onChange={() => setChanging(g)} onRemove={() => setRemoving(g)} /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {chosen && <GroupMembers key={chosen.id} orgId={orgId} group={chosen} people={users.data?.filter((u) => u.type === "user" || u.type === "service") ?? []} />}
      {creating && <Create orgId={orgId} onClose={() => setCreating(false)} onMade={choose} />}
      {changing && <ChangeRole orgId={orgId} user={changing} onClose={() => setChanging(undefined)} />}
      {removing && <RemoveUser orgId={orgId} user={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function GroupMembers({ orgId, group, people }: { orgId: string; group: UserRole; people: UserRole[] }) {
  const path = { orgId, groupId: group.id };
  const queries = useQueryClient();
  const members = api.useQuery("get", "/orgs/{orgId}/groups/{groupId}/users", { params: { path } });
  const [adding, setAdding] = useState("");
  const looks = {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/groups/{groupId}/users"] }),
    onError: (error: unknown) => void toast.error(error),
  };
  const add = api.useMutation("put", "/orgs/{orgId}/groups/{groupId}/users/{userId}", looks);
  const remove = api.useMutation("delete", "/orgs/{orgId}/groups/{groupId}/users/{userId}", looks);
  const may = useMay({ orgId })("group-members:manage");
  const others = people.filter((p) => !members.data?.some((m) => m.id === p.id));
  return (
    <Panel
      title={`In ${group.name}`}
      flush
      actions={
        <form
          className="row"
          onSubmit={(e) => {
            e.preventDefault();
            if (adding && may.ok) add.mutate({ params: { path: { ...path, userId: adding } } });
            setAdding("");
          }}
        >
          <SelectField label="Add to the group" hideLabel value={adding} onChange={(e) => setAdding(e.target.value)}>
            <option value="">Choose somebody</option>
            {others.map((p) => (
              <option key={p.id} value={p.id}>
                {nameOf(p)}
              </option>
            ))}
          </SelectField>
          <Button type="submit" may={may} disabled={adding === ""} busy={add.isPending}>
            Add
          </Button>
        </form>
      }
    >
      <Loaded query={members}>
        {(rows) => (
          <DataTable
            label="members of the group"
            rows={rows}
            rowKey={(m) => m.id}
            maxHeight="18rem"
            empty={<EmptyState title="Nobody is in it">They come with their next single sign-on, or are added here.</EmptyState>}
            columns={[
              { key: "name", title: "Name", cell: (m) => m.name || m.id, sort: (m) => m.name.toLowerCase() },
              { key: "email", title: "E-mail", cell: (m) => m.email },
              { key: "type", title: "Kind", cell: (m) => (m.type === "service" ? "service user" : m.type) },
              {
                key: "remove", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
                cell: (m) => (
                  <IconButton label={`Take ${m.name} out of the group`} may={may} onClick={() => remove.mutate({ params: { path: { ...path, userId: m.id } } })}>
                    <X size={14} aria-hidden />
                  </IconButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function Create({ orgId, onClose, onMade }: { orgId: string; onClose: () => void; onMade: (id: string) => void }) {
  const [name, setName] = useState("");
  const [idp, setIdp] = useState("");
  const [role, setRole] = useState("member");
  const changed = useUsersChanged();
  const create = api.useMutation("post", "/orgs/{orgId}/groups", {
    onSuccess: async (group) => {
      toast.ok(`Group ${group.group_id} was made`);
      onClose();
      await changed();
      onMade(group.id);
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New group"
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={name.trim() === "" || idp.trim() === ""}
      onSubmit={() => create.mutate({ params: { path: { orgId } }, body: { group_id: name.trim(), idp_id: idp.trim(), role: role as "member" } })}
    >
      <TextField label="Group" value={name} onChange={(e) => setName(e.target.value)} autoFocus help="Its name at the identity provider." />
      <TextField label="Identity provider" value={idp} onChange={(e) => setIdp(e.target.value)} help="As the server's setting oidc-idp-id names it." />
      <RoleField on="org" value={role} onChange={setRole} />
    </FormDialog>
  );
}
