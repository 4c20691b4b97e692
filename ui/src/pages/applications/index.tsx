import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { useLiveOrganization } from "~/lib/liveorg";
import { useMayHere } from "~/lib/may";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";

type Application = Schemas["Application"];

export function Component() {
  const orgId = useOrg();
  const [creating, setCreating] = useState(false);
  useLiveOrganization(orgId);
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } }, { refetchInterval: every.calm * 12 });
  const may = useMayHere("applications:create");
  const create = <Button may="applications:create" onClick={() => setCreating(true)}>New application</Button>;
  return (
    <Page title="Applications" actions={create}>
      <Panel flush>
        <Loaded query={apps}>
          {(rows) => (
            <DataTable<Application>
              label="applications"
              rows={rows}
              rowKey={(a) => a.id}
              rowLink={(a) => to.app(orgId, a.id)}
              text={(a) => `${a.id} ${a.name}`}
              maxHeight="calc(100vh - 14rem)"
              empty={
                <EmptyState title={may.why ? "No application that you may see" : "No application yet"} actions={may.why ? undefined : create}>
                  {may.why && "The owners of an application and the administrators of the organization give roles on it. "}
                  An application is what is deployed together: workloads and what they need.{may.why ? "" : " Make one, then deploy a Score file to its first environment."}
                </EmptyState>
              }
              columns={[
                { key: "name", title: "Name", cell: (a) => a.name, sort: (a) => a.name.toLowerCase() },
                { key: "id", title: "Id", cell: (a) => <code>{a.id}</code>, sort: (a) => a.id },
                { key: "envs", title: "Environments", cell: (a) => a.envs.length, sort: (a) => a.envs.length, align: "right", width: "7rem" },
                { key: "status", title: "Status", cell: (a) => <StatusBadge status={a.status} title={a.status_message} />, sort: (a) => a.status, width: "8rem" },
                { key: "created", title: "Created", cell: (a) => <Time at={a.created_at} />, sort: (a) => a.created_at, width: "9rem" },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      <NewApplication orgId={orgId} open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

/** Asks for a name and an id, and goes to what was made. */
export function NewApplication({ orgId, open, onClose }: { orgId: string; open: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [id, setId] = useState<string | null>(null); // null: made from the name
  const navigate = useNavigate();
  const queries = useQueryClient();
  const proposed = id ?? idOf(name);
  const create = api.useMutation("post", "/orgs/{orgId}/apps", {
    onSuccess: async (app) => {
      // The lists show it, and whoever made it owns it.
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps"] }),
        queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/users/{userId}/perms"] }),
      ]);
      onClose();
      await navigate(to.app(orgId, app.id));
    },
  });
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title="New application"
      description="It gets an environment called development."
      submit="Create"
      busy={create.isPending}
      error={create.error}
      disabled={name.trim() === "" || proposed === ""}
      onSubmit={() => create.mutate({ params: { path: { orgId } }, body: { id: proposed, name: name.trim() } })}
    >
      <TextField label="Name" value={name} onChange={(e) => setName(e.target.value)} autoFocus />
      <TextField label="Id" value={proposed} onChange={(e) => setId(e.target.value)} help="Lower-case letters, digits and dashes. It cannot be changed later." />
    </FormDialog>
  );
}

/** An id in the likeness of a name. */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50);
}
