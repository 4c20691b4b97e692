import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";

import { api, client, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { SelectField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

import { DocumentDialog } from "./DocumentDialog";
import { yamlOf } from "./manifest";

type Store = Schemas["SecretStore"];

const kinds = {
  vault: ["HashiCorp Vault", { url: "https://vault.example.com", path: "secret", auth: { token: "" } }],
  awssm: ["AWS Secrets Manager", { region: "eu-central-1", auth: { access_key_id: "", secret_access_key: "" } }],
  gcpsm: ["GCP Secret Manager", { project_id: "my-project", auth: { secret_access_key: "" } }],
  azurekv: ["Azure Key Vault", { url: "https://my-vault.vault.azure.net", tenant_id: "", auth: { client_id: "", client_secret: "" } }],
} as const;

type Kind = keyof typeof kinds;
const kindOf = (s: Store): Kind | undefined => (Object.keys(kinds) as Kind[]).find((k) => s[k] !== undefined);
const settingsOf = (s: Store) => Object.entries(s[kindOf(s) ?? "vault"] ?? {}).filter(([, v]) => v !== "").map(([k, v]) => `${k} ${String(v)}`).join(", ");

/** Where secrets are kept. */
export function SecretStores({ orgId }: { orgId: string }) {
  const stores = api.useQuery("get", "/orgs/{orgId}/secretstores", { params: { path: { orgId } } });
  const [creating, setCreating] = useState(false);
  const [kind, setKind] = useState<Kind>("vault");
  const [editing, setEditing] = useState<Store>();
  const [deleting, setDeleting] = useState<Store>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/secretstores"] });
  const remove = api.useMutation("delete", "/orgs/{orgId}/secretstores/{storeId}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.id ?? ""} was deleted`);
      setDeleting(undefined);
      await changed();
    },
  });
  const primary = api.useMutation("patch", "/orgs/{orgId}/secretstores/{storeId}", { onSuccess: changed, onError: (error) => void toast.error(error) });
  return (
    <Panel
      title="Secret stores"
      note="new secrets go to the primary one"
      flush
      actions={
        <Button kind="primary" small may="stores:manage" icon={<Plus size={14} aria-hidden />} onClick={() => setCreating(true)}>
          New secret store
        </Button>
      }
    >
      <Loaded query={stores}>
        {(rows) => (
          <DataTable
            label="secret stores"
            rows={rows}
            rowKey={(s) => s.id}
            columns={[
              { key: "id", title: "Store", cell: (s) => <strong>{s.id}</strong>, sort: (s) => s.id },
              { key: "kind", title: "Kind", cell: (s) => { const k = kindOf(s); return k ? kinds[k][0] : "built in, encrypted in the database"; } },
              { key: "settings", title: "Settings", width: "minmax(12rem, 2fr)", cell: (s) => <span title={settingsOf(s)}>{settingsOf(s)}</span> },
              { key: "primary", title: "", width: "6rem", cell: (s) => s.primary && <StatusBadge status="primary" tone="ok" pulse={false} /> },
              { key: "at", title: "Changed", width: "7rem", cell: (s) => <Time at={s.updated_at} />, sort: (s) => s.updated_at },
              {
                key: "do", title: <span className="hidden">Actions</span>, width: "15rem", align: "right",
                cell: (s) => (
                  <>
                    {!s.primary && (
                      <Button small kind="quiet" may="stores:manage" disabled={primary.isPending} onClick={() => primary.mutate({ params: { path: { orgId, storeId: s.id } }, body: { primary: true } })}>
                        Make primary
                      </Button>
                    )}
                    {kindOf(s) && (
                      <>
                        <Button small kind="quiet" may="stores:manage" onClick={() => setEditing(s)}>
                          Edit
                        </Button>
                        <Button small kind="quiet" may="stores:manage" onClick={() => setDeleting(s)}>
                          Delete
                        </Button>
                      </>
                    )}
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {creating && (
        <DocumentDialog
          key={kind}
          title="New secret store"
          submit="Create"
          text={yamlOf({ id: "my-store", primary: false, [kind]: kinds[kind][1] })}
          save={(body) => client.POST("/orgs/{orgId}/secretstores", { params: { path: { orgId } }, body: body as never })}
          onSaved={async () => {
            setCreating(false);
            await changed();
          }}
          onClose={() => setCreating(false)}
        >
          <SelectField label="Kind" value={kind} onChange={(e) => setKind(e.target.value as Kind)}>
            {Object.entries(kinds).map(([k, [name]]) => (
              <option key={k} value={k}>
                {name}
              </option>
            ))}
          </SelectField>
        </DocumentDialog>
      )}
      {editing && (
        <DocumentDialog
          title={`Edit ${editing.id}`}
          description="Credentials are not shown; add auth to replace them."
          submit="Save"
          text={yamlOf({ [kindOf(editing) ?? "vault"]: editing[kindOf(editing) ?? "vault"] })}
          save={(body) => client.PATCH("/orgs/{orgId}/secretstores/{storeId}", { params: { path: { orgId, storeId: editing.id } }, body })}
          onSaved={async () => {
            setEditing(undefined);
            await changed();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { orgId, storeId: deleting.id } } })}
          title={`Delete ${deleting.id}?`}
          action="Delete secret store"
          losses={["How it is reached: definitions and values that refer to secrets in it cannot be read any more", "What is in the store itself stays there"]}
          typeToConfirm={deleting.id}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </Panel>
  );
}
