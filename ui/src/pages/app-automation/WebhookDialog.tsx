import { useMemo, useState } from "react";
import { parseDocument, stringify } from "yaml";

import { api, type Schemas } from "~/api/client";
import { FormDialog } from "~/components/Dialog";
import { Checkbox, TextArea, TextField } from "~/components/Field";
import { toast } from "~/components/toast";

import type { AppPath } from "./data";
import styles from "./page.module.css";
import { useWebhooksChanged, type Webhook } from "./Webhooks";

const keyOf = (t: { scope: string; type: string }) => `${t.scope}.${t.type}`;

/** An object written as YAML or JSON; null where it is empty, undefined where it is none. */
export function readObject(text: string): Record<string, unknown> | null | undefined {
  if (text.trim() === "") return null;
  const doc = parseDocument(text);
  const value: unknown = doc.errors.length > 0 ? undefined : doc.toJS();
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

const written = (of: Record<string, unknown> | null | undefined) => (of ? stringify(of) : "");

/** Makes a webhook, or changes one. */
export function WebhookDialog({ path, webhook, onClose }: { path: AppPath; webhook?: Webhook; onClose: () => void }) {
  const events = api.useQuery("get", "/orgs/{orgId}/events", { params: { path: { orgId: path.orgId } } }, { staleTime: Infinity });
  const [id, setId] = useState("");
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [secret, setSecret] = useState("");
  const [headers, setHeaders] = useState(written(webhook?.headers));
  const [payload, setPayload] = useState(written(webhook?.payload));
  const [on, setOn] = useState(() => new Set(webhook?.triggers.map(keyOf) ?? ["deployment.finished"]));
  const changed = useWebhooksChanged();
  const saved = {
    onSuccess: async () => {
      toast.ok("The webhook was saved");
      onClose();
      await changed();
    },
  };
  const create = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/webhooks", saved);
  const update = api.useMutation("patch", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}", saved);
  const read = useMemo(() => ({ headers: readObject(headers), payload: readObject(payload) }), [headers, payload]);
  const chosen = events.data?.filter((e) => on.has(keyOf(e))) ?? [];
  const variables = chosen.length > 0 ? (chosen[0]?.properties.filter((p) => chosen.every((e) => e.properties.includes(p))) ?? []) : [];
  const body = {
    url: url.trim(),
    triggers: chosen.map(({ scope, type }) => ({ scope, type })),
    headers: read.headers,
    payload: read.payload,
    ...(secret && { secret }),
  } as Schemas["WebhookRequest"];
  const toggle = (key: string) => {
    const next = new Set(on);
    if (!next.delete(key)) next.add(key);
    setOn(next);
  };
  const none = "Write an object: name: value.";
  return (
    <FormDialog
      open
      onClose={onClose}
      wide
      title={webhook ? `Edit ${webhook.id}` : "New webhook"}
      submit={webhook ? "Save" : "Create"}
      busy={create.isPending || update.isPending}
      error={create.error ?? update.error}
      disabled={url.trim() === "" || (!webhook && id.trim() === "") || read.headers === undefined || read.payload === undefined}
      onSubmit={() => (webhook ? update.mutate({ params: { path: { ...path, jobId: webhook.id } }, body }) : create.mutate({ params: { path }, body: { ...body, id: id.trim() } }))}
    >
      <div className="grid-2">
        {!webhook && <TextField label="Id" value={id} onChange={(e) => setId(e.target.value)} autoFocus />}
        <TextField label="Address" value={url} onChange={(e) => setUrl(e.target.value)} placeholder="https://chat.example.com/hooks/slipway" />
        <TextField
          label="Secret"
          type="password"
          autoComplete="new-password"
          value={secret}
          onChange={(e) => setSecret(e.target.value)}
          help={webhook?.signed ? "There is one; leave it empty to keep it." : "Optional: deliveries are signed with it."}
        />
      </div>
      <fieldset className={styles.events}>
        <legend>Sent for</legend>
        {events.data?.map((e) => <Checkbox key={keyOf(e)} label={`${e.scope} ${e.type}`} checked={on.has(keyOf(e))} onChange={() => toggle(keyOf(e))} />)}
      </fieldset>
      <div className="grid-2">
        <TextArea label="Headers" value={headers} onChange={(e) => setHeaders(e.target.value)} rows={4} help="Optional, one a line: Authorization: Bearer …" error={read.headers === undefined && none} />
        <TextArea
          label="Payload"
          value={payload}
          onChange={(e) => setPayload(e.target.value)}
          rows={4}
          placeholder={"text: ${app_id}/${env_id}: ${event}"}
          help={variables.length > 0 ? `Optional; these may stand in it as \${name}: ${variables.join(", ")}.` : "Optional."}
          error={read.payload === undefined && none}
        />
      </div>
    </FormDialog>
  );
}
