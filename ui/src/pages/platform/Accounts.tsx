import { useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, Dialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Checkbox, SelectField, TextArea, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { Notice } from "~/components/Notice";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

import { credentialFields, readCredentials, readKeyFile } from "./credentials";

type Account = Schemas["ResourceAccount"];

function useAccountsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/resources/accounts"] });
}

/** Credentials of clouds that drivers use. They go in and are never shown. */
export function Accounts({ orgId }: { orgId: string }) {
  const accounts = api.useQuery("get", "/orgs/{orgId}/resources/accounts", { params: { path: { orgId } } });
  const [editing, setEditing] = useState<Account | "new">();
  const [deleting, setDeleting] = useState<Account>();
  const [checked, setChecked] = useState<{ account: Account; result: Schemas["ResourceAccountCheck"] }>();
  const changed = useAccountsChanged();
  const check = api.useMutation("post", "/orgs/{orgId}/resources/accounts/{accId}/actions/check", { onError: (error) => void toast.error(error, "The account was refused") });
  const remove = api.useMutation("delete", "/orgs/{orgId}/resources/accounts/{accId}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.id ?? ""} was deleted`);
      setDeleting(undefined);
      await changed();
    },
  });
  const create = (
    <Button kind="primary" small may="accounts:manage" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
      New account
    </Button>
  );
  return (
    <Panel title="Accounts" note="credentials that drivers use" flush actions={(accounts.data?.length ?? 0) > 0 && create}>
      <Loaded query={accounts}>
        {(rows) => (
          <DataTable
            label="accounts"
            rows={rows}
            rowKey={(a) => a.id}
            text={(a) => `${a.id} ${a.name} ${a.type}`}
            empty={
              <EmptyState title="No account yet" icon={<KeyRound size={24} />} actions={create}>
                An account keeps credentials of a cloud, for drivers to make things there. Definitions name it as driver_account.
              </EmptyState>
            }
            columns={[
              { key: "id", title: "Account", cell: (a) => <strong>{a.id}</strong>, sort: (a) => a.id },
              { key: "name", title: "Name", width: "minmax(10rem, 1.5fr)", cell: (a) => a.name, sort: (a) => a.name },
              { key: "type", title: "Type", cell: (a) => a.type, sort: (a) => a.type },
              { key: "used", title: "", cell: (a) => (a.is_used ? <StatusBadge status="in use" tone="ok" pulse={false} /> : <span className="muted">not used</span>) },
              { key: "at", title: "Made", cell: (a) => <Time at={a.created_at} />, sort: (a) => a.created_at },
              {
                key: "do", title: <span className="hidden">Actions</span>, width: "14rem", align: "right",
                cell: (a) => (
                  <>
                    <Button small kind="quiet" may="accounts:manage" disabled={check.isPending} onClick={() => check.mutate({ params: { path: { orgId, accId: a.id } } }, { onSuccess: (result) => setChecked({ account: a, result }) })}>
                      Check
                    </Button>
                    <Button small kind="quiet" may="accounts:manage" onClick={() => setEditing(a)}>
                      Edit
                    </Button>
                    <Button small kind="quiet" may="accounts:manage" onClick={() => setDeleting(a)}>
                      Delete
                    </Button>
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {editing && <Edit orgId={orgId} account={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {checked && (
        <Dialog open onClose={() => setChecked(undefined)} title={`${checked.account.id} works`}>
          <Facts of={checked.result.identity_fields.map((f) => [f.description || f.id, <code key={f.id}>{f.value}</code>])} />
          {checked.result.warnings.map((w) => (
            <Notice key={w} tone="warn">
              {w}
            </Notice>
          ))}
        </Dialog>
      )}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { orgId, accId: deleting.id } } })}
          title={`Delete ${deleting.id}?`}
          action="Delete account"
          losses={["Its credentials, which are kept nowhere else"]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </Panel>
  );
}

function Edit({ orgId, account, onClose }: { orgId: string; account?: Account; onClose: () => void }) {
  const types = api.useQuery("get", "/orgs/{orgId}/resources/account-types", { params: { path: { orgId } } }, { staleTime: 300_000 });
  const [id, setId] = useState("");
  const [name, setName] = useState(account?.name ?? "");
  const [typed, setTyped] = useState(account?.type);
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const [check, setCheck] = useState(true);
  const changed = useAccountsChanged();
  const type = types.data?.find((t) => t.type === typed) ?? types.data?.[0];
  const fields = credentialFields(type?.inputs_schema);
  const keyFile = fields.length > 4; // clouds hand these out as a file
  const [pasted, setPasted] = useState("");
  const [wrong, setWrong] = useState<unknown>();
  const saved = {
    onSuccess: async () => {
      toast.ok("The account was saved");
      onClose();
      await changed();
    },
  };
  const create = api.useMutation("post", "/orgs/{orgId}/resources/accounts", saved);
  const update = api.useMutation("patch", "/orgs/{orgId}/resources/accounts/{accId}", saved);
  const query = check ? { check_credential: true } : {};
  const send = () => {
    setWrong(undefined);
    try {
      const given = keyFile ? readKeyFile(pasted) : readCredentials(fields, credentials);
      if (account) update.mutate({ params: { path: { orgId, accId: account.id }, query }, body: { name, ...(Object.keys(given).length > 0 && { credentials: given }) } });
      else if (type) create.mutate({ params: { path: { orgId }, query }, body: { id: id.trim(), name: name.trim(), type: type.type, credentials: given } });
    } catch (error) {
      setWrong(error);
    }
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={account ? `Edit ${account.id}` : "New account"}
      submit={account ? "Save" : "Create"}
      busy={create.isPending || update.isPending}
      error={wrong ?? create.error ?? update.error}
      disabled={!type || (!account && (id.trim() === "" || name.trim() === ""))}
      onSubmit={send}
    >
      {!account && <TextField label="Id" value={id} onChange={(e) => setId(e.target.value)} autoFocus />}
      <TextField label="Name" value={name} onChange={(e) => setName(e.target.value)} />
      {!account && (
        <SelectField label="Type" value={type?.type ?? ""} onChange={(e) => setTyped(e.target.value)}>
          {types.data?.map((t) => (
            <option key={t.type} value={t.type}>
              {t.name}
            </option>
          ))}
        </SelectField>
      )}
      {keyFile && <TextArea label="Key file" rows={8} autoComplete="off" value={pasted} onChange={(e) => setPasted(e.target.value)} help={account ? "Leave it empty to keep what is there." : `The JSON file that ${type?.name ?? "the cloud"} hands out.`} />}
      {(keyFile ? [] : fields).map((f) => (
        <TextField
          key={f.name}
          label={f.name}
          type="password"
          autoComplete="new-password"
          required={f.required && !account}
          help={account ? "Leave all empty to keep what is there." : f.object ? "As JSON." : f.required ? undefined : "Optional."}
          value={credentials[f.name] ?? ""}
          onChange={(e) => setCredentials({ ...credentials, [f.name]: e.target.value })}
        />
      ))}
      <Checkbox label="Check the credentials first" help="The cloud is asked; what it refuses is not kept." checked={check} onChange={(e) => setCheck(e.target.checked)} />
    </FormDialog>
  );
}
