import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api, client } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { toast } from "~/components/toast";
import { useMay } from "~/lib/may";

import { nameOf, useUsers, type UserRole } from "./data";
import { RowMenu } from "./Members";
import { RoleField } from "./RoleField";

type Kind = "app" | "envType";

/** Roles are given the same way on both; only the paths differ. */
const calls = {
  app: {
    list: (orgId: string, appId: string) => client.GET("/orgs/{orgId}/apps/{appId}/users", { params: { path: { orgId, appId } } }),
    give: (orgId: string, appId: string, id: string, role: string) => client.POST("/orgs/{orgId}/apps/{appId}/users", { params: { path: { orgId, appId } }, body: { id, role } }),
    change: (orgId: string, appId: string, userId: string, role: string) => client.PATCH("/orgs/{orgId}/apps/{appId}/users/{userId}", { params: { path: { orgId, appId, userId } }, body: { role } }),
    take: (orgId: string, appId: string, userId: string) => client.DELETE("/orgs/{orgId}/apps/{appId}/users/{userId}", { params: { path: { orgId, appId, userId } } }),
  },
  envType: {
    list: (orgId: string, envTypeId: string) => client.GET("/orgs/{orgId}/env-types/{envTypeId}/users", { params: { path: { orgId, envTypeId } } }),
    give: (orgId: string, envTypeId: string, id: string, role: string) => client.POST("/orgs/{orgId}/env-types/{envTypeId}/users", { params: { path: { orgId, envTypeId } }, body: { id, role } }),
    change: (orgId: string, envTypeId: string, userId: string, role: string) => client.PATCH("/orgs/{orgId}/env-types/{envTypeId}/users/{userId}", { params: { path: { orgId, envTypeId, userId } }, body: { role } }),
    take: (orgId: string, envTypeId: string, userId: string) => client.DELETE("/orgs/{orgId}/env-types/{envTypeId}/users/{userId}", { params: { path: { orgId, envTypeId, userId } } }),
  },
};

const words = {
  app: { of: "application", title: "Roles on", first: "developer", empty: "Whoever creates an application owns it. Give others a role to let them see, change or manage it; administrators of the organization need none." },
  envType: { of: "environment type", title: "Deployers of", first: "deployer", empty: "Whoever is a developer of an application deploys only to environments of types that they are a deployer of; administrators of the organization need no role." },
};

/** Who has a role on an application, or on an environment type. */
export function ObjectRoles({ on, orgId }: { on: Kind; orgId: string }) {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } }, { enabled: on === "app" });
  const types = api.useQuery("get", "/orgs/{orgId}/env-types", { params: { path: { orgId } } }, { enabled: on === "envType" });
  const [params, setParams] = useSearchParams();
  const objects: { id: string; name: string }[] | undefined = on === "app" ? apps.data : types.data?.map((t) => ({ id: t.id, name: t.id }));
  const chosen = objects?.find((o) => o.id === params.get("of")) ?? objects?.[0];
  return (
    <Loaded<unknown> query={on === "app" ? apps : types}>
      {() =>
        objects && chosen ? (
          <RolesOn key={`${on} ${chosen.id}`} on={on} orgId={orgId} object={chosen} choose={
            <SelectField label={`The ${words[on].of}`} hideLabel value={chosen.id} onChange={(e) => setParams({ of: e.target.value }, { replace: true })}>
              {objects.map((o) => (
                <option key={o.id} value={o.id}>
                  {o.name}
                </option>
              ))}
            </SelectField>
          } />
        ) : (
          <Panel>
            <EmptyState title={`No ${words[on].of} yet`}>{words[on].empty}</EmptyState>
          </Panel>
        )
      }
    </Loaded>
  );
}

function RolesOn({ on, orgId, object, choose }: { on: Kind; orgId: string; object: { id: string; name: string }; choose: React.ReactNode }) {
  const key = ["roles", on, orgId, object.id];
  const roles = useQuery({ queryKey: key, queryFn: async () => (await calls[on].list(orgId, object.id)).data ?? [] });
  const users = useUsers(orgId);
  const [giving, setGiving] = useState(false);
  const [changing, setChanging] = useState<UserRole>();
  const [removing, setRemoving] = useState<UserRole>();
  const mayOn = useMay(on === "app" ? { orgId, appId: object.id } : { orgId });
  const may = mayOn(on === "app" ? "application-users:manage" : "environment-type-users:manage");
  const give = (
    <Button kind="primary" small icon={<Plus size={14} aria-hidden />} may={may} onClick={() => setGiving(true)}>
      Give a role
    </Button>
  );
  return (
    <>
      <Panel title={`${words[on].title} ${object.name}`} flush actions={<>{choose}{give}</>}>
        <Loaded query={roles}>
          {(rows) => (
            <DataTable
              label="roles"
              rows={rows}
              rowKey={(u) => u.id}
              text={(u) => `${u.name} ${u.email ?? ""} ${u.role}`}
              empty={<EmptyState title={`Nobody has a role on ${object.name}`} icon={<ShieldCheck size={24} />}>{words[on].empty}</EmptyState>}
              columns={[
                { key: "name", title: "Name", width: "minmax(10rem, 1.2fr)", cell: nameOf, sort: (u) => nameOf(u).toLowerCase() },
                { key: "type", title: "Kind", cell: (u) => (u.type === "user" ? "person" : <Tag>{u.type === "service" ? "service user" : u.type}</Tag>), sort: (u) => u.type },
                { key: "email", title: "E-mail", width: "minmax(10rem, 1.2fr)", cell: (u) => u.email },
                { key: "role", title: "Role", cell: (u) => u.role, sort: (u) => u.role },
                { key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right", cell: (u) => <RowMenu user={u} may={may} onChange={() => setChanging(u)} onRemove={() => setRemoving(u)} /> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {giving && <Give on={on} orgId={orgId} object={object} queryKey={key} users={(users.data ?? []).filter((u) => !roles.data?.some((r) => r.id === u.id))} onClose={() => setGiving(false)} />}
      {changing && <Give on={on} orgId={orgId} object={object} queryKey={key} users={[changing]} has={changing.role} onClose={() => setChanging(undefined)} />}
      {removing && <Take on={on} orgId={orgId} object={object} queryKey={key} user={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

interface DialogProps {
  on: Kind;
  orgId: string;
  object: { id: string; name: string };
  queryKey: string[];
  onClose: () => void;
}

/** Gives somebody a role, or another one than they have. */
function Give({ on, orgId, object, queryKey, users, has, onClose }: DialogProps & { users: UserRole[]; has?: string }) {
  const queries = useQueryClient();
  const [userId, setUserId] = useState("");
  const [role, setRole] = useState(has ?? words[on].first);
  const user = users.find((u) => u.id === userId) ?? users[0];
  const give = useMutation({
    mutationFn: async () => {
      if (user) await (has ? calls[on].change(orgId, object.id, user.id, role) : calls[on].give(orgId, object.id, user.id, role));
    },
    onSuccess: async () => {
      toast.ok(`${user ? nameOf(user) : ""} is now ${role} of ${object.name}`);
      onClose();
      await queries.invalidateQueries({ queryKey });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={has && user ? `Role of ${nameOf(user)} on ${object.name}` : `Give a role on ${object.name}`}
      submit={has ? "Change role" : "Give role"}
      busy={give.isPending}
      error={give.error}
      disabled={!user || role === has}
      onSubmit={() => give.mutate()}
    >
      {!has && (
        <SelectField label="Who" value={user?.id ?? ""} onChange={(e) => setUserId(e.target.value)} autoFocus help={users.length === 0 ? "Everybody in the organization has one already." : undefined}>
          {users.map((u) => (
            <option key={u.id} value={u.id}>
              {nameOf(u)}
              {u.type === "user" ? "" : u.type === "group" ? " (group)" : " (service user)"}
            </option>
          ))}
        </SelectField>
      )}
      <RoleField on={on} value={role} onChange={setRole} />
    </FormDialog>
  );
}

function Take({ on, orgId, object, queryKey, user, onClose }: DialogProps & { user: UserRole }) {
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: () => calls[on].take(orgId, object.id, user.id),
    onSuccess: async () => {
      toast.ok(`${nameOf(user)} has no role on ${object.name} any more`);
      onClose();
      await queries.invalidateQueries({ queryKey });
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => take.mutate()}
      title={`Take ${user.role} of ${object.name} from ${nameOf(user)}?`}
      action="Take role"
      losses={[on === "app" ? `The right to see and use ${object.name}, unless a group or a role in the organization gives it` : `The right to deploy to environments of type ${object.name}, unless a group gives it`]}
      busy={take.isPending}
      error={take.error}
    />
  );
}
