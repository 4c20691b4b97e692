import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { FormDialog } from "~/components/Dialog";
import { Checkbox, SelectField, TextArea, TextField } from "~/components/Field";
import { toast } from "~/components/toast";

import { useCreate, usePatch, type Level } from "./data";
import { keyProblem, type Row } from "./values";

interface Props {
  level: Level;
  /** What is changed or overridden; a new value without it. */
  row?: Row;
  taken: ReadonlySet<string>;
  onClose: () => void;
}

const later = "It is in effect after the next deployment.";

/** Asks for a new value, another text of one, or an override of the application's. */
export function ValueDialog({ level, row, taken, onClose }: Props) {
  const overrides = level.envId !== undefined && row?.state === "inherited";
  const changes = row !== undefined && !overrides;
  const [key, setKey] = useState(row?.key ?? "");
  const [secret, setSecret] = useState(row?.value.is_secret ?? false);
  const [text, setText] = useState(row && !row.value.is_secret ? row.value.value : "");
  const [description, setDescription] = useState(overrides ? "" : (row?.value.description ?? ""));
  const [ref, setRef] = useState<Ref>();
  const done = () => {
    toast.ok(`${key} is ${overrides ? "overridden" : changes ? "changed" : "set"}`, later);
    onClose();
  };
  const create = useCreate(level, done);
  const patch = usePatch(level, key, done);
  const problem = row ? undefined : keyProblem(key, taken);
  const referred = ref && { secret_ref: { store: ref.store, ref: ref.ref, ...(ref.version ? { version: ref.version } : {}) } };
  const given = referred ?? (changes && secret && text === "" ? {} : { value: text });
  const submit = () => {
    if (changes) patch.mutate({ ...given, description });
    else create.mutate({ key, is_secret: secret, description, ...given });
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={overrides ? `Override ${key} in ${level.envId ?? ""}` : changes ? `Change ${key}` : "New value"}
      description={overrides ? `The application's is ${secret ? "a secret" : `“${row.value.value}”`}. Other environments keep it.` : level.envId === undefined && !row ? "Every environment sees it, and may override it." : undefined}
      submit={overrides ? "Override" : changes ? "Change" : "Add"}
      busy={create.isPending || patch.isPending}
      error={create.error ?? patch.error}
      disabled={key === "" || problem !== undefined || (secret && !changes && text === "" && !ref) || (ref && (!ref.store || !ref.ref))}
      onSubmit={submit}
    >
      {!row && <TextField label="Key" value={key} onChange={(e) => setKey(e.target.value)} error={problem} help="As in ${values.KEY}, or an output of a Score resource of type environment." autoFocus />}
      {!row && <Checkbox label="Secret" help="Its text is written once and never shown again. This cannot be changed later." checked={secret} onChange={(e) => setSecret(e.target.checked)} />}
      {secret ? (
        <SecretText orgId={level.orgId} text={text} onText={setText} reference={ref} onReference={setRef} keeps={changes} />
      ) : (
        <TextArea label="Value" value={text} onChange={(e) => setText(e.target.value)} rows={text.includes("\n") ? 8 : 2} autoFocus={row !== undefined} />
      )}
      <TextField label="Description" value={description} onChange={(e) => setDescription(e.target.value)} />
    </FormDialog>
  );
}

interface Ref {
  store: string;
  ref: string;
  version: string;
}

interface SecretProps {
  orgId: string;
  text: string;
  onText: (text: string) => void;
  reference: Ref | undefined;
  onReference: (ref: Ref | undefined) => void;
  keeps: boolean;
}

/** The text of a secret, or where another store keeps it. */
function SecretText({ orgId, text, onText, reference, onReference, keeps }: SecretProps) {
  const [shown, setShown] = useState(false);
  const stores = api.useQuery("get", "/orgs/{orgId}/secretstores", { params: { path: { orgId } } }, { retry: false });
  const others = stores.data?.filter((s: Schemas["SecretStore"]) => s.id !== "humanitec") ?? [];
  const help = keeps ? "Leave it empty to keep the secret as it is." : undefined;
  return (
    <>
      {others.length > 0 && (
        <SelectField label="Kept in" value={reference?.store ?? ""} onChange={(e) => onReference(e.target.value ? { store: e.target.value, ref: reference?.ref ?? "", version: "" } : undefined)}>
          <option value="">Slipway, encrypted</option>
          {others.map((s) => (
            <option key={s.id} value={s.id}>
              {s.id}
            </option>
          ))}
        </SelectField>
      )}
      {reference ? (
        <>
          <TextField label="Reference in the store" value={reference.ref} onChange={(e) => onReference({ ...reference, ref: e.target.value })} />
          <TextField label="Version" help="The latest when empty." value={reference.version} onChange={(e) => onReference({ ...reference, version: e.target.value })} />
        </>
      ) : (
        <>
          {shown ? (
            <TextArea label="Secret" value={text} help={help} rows={6} onChange={(e) => onText(e.target.value)} />
          ) : (
            <TextField label="Secret" type="password" autoComplete="new-password" value={text} help={help} onChange={(e) => onText(e.target.value)} />
          )}
          <Checkbox label="Show what I type, and allow several lines" checked={shown} onChange={(e) => setShown(e.target.checked)} />
        </>
      )}
    </>
  );
}
