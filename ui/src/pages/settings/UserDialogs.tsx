import { useState } from "react";

import { api } from "~/api/client";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { toast } from "~/components/toast";

import { nameOf, useUsersChanged, type UserRole } from "./data";
import { RoleField } from "./RoleField";

interface Props {
  orgId: string;
  user: UserRole;
  onClose: () => void;
}

/** Changes a role in the organization. */
export function ChangeRole({ orgId, user, onClose }: Props) {
  const [role, setRole] = useState(user.role);
  const changed = useUsersChanged();
  const change = api.useMutation("patch", "/orgs/{orgId}/users/{userId}", {
    onSuccess: async () => {
      toast.ok(`${nameOf(user)} is now ${role}`);
      onClose();
      await changed();
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Role of ${nameOf(user)}`}
      submit="Change role"
      busy={change.isPending}
      error={change.error}
      disabled={role === user.role}
      onSubmit={() => change.mutate({ params: { path: { orgId, userId: user.id } }, body: { role } })}
    >
      <RoleField on="org" value={role} onChange={setRole} />
    </FormDialog>
  );
}

/** Removes somebody from the organization. */
export function RemoveUser({ orgId, user, onClose }: Props) {
  const changed = useUsersChanged();
  const remove = api.useMutation("delete", "/orgs/{orgId}/users/{userId}", {
    onSuccess: async () => {
      toast.ok(`${nameOf(user)} was removed`);
      onClose();
      await changed();
    },
  });
  const losses = {
    user: ["Every role on the organization, its applications and environment types"],
    service: ["The service user and all of its tokens: what uses them is refused at once", "Its roles on applications and environment types"],
    group: ["The group's roles: those who have them only through it lose them", "Who belongs to the group"],
    system: ["Its roles"],
  }[user.type];
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { orgId, userId: user.id } } })}
      title={`Remove ${nameOf(user)}?`}
      action={user.type === "service" ? "Delete service user" : user.type === "group" ? "Remove group" : "Remove member"}
      losses={losses}
      busy={remove.isPending}
      error={remove.error}
    >
      {user.type === "user" && "What they made and deployed stays; the audit log keeps their name."}
    </ConfirmDialog>
  );
}
