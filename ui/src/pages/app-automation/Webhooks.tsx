import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { toast } from "~/components/toast";

import type { AppPath } from "./data";
import { Deliveries } from "./Deliveries";
import { WebhookDialog } from "./WebhookDialog";

export type Webhook = Schemas["Webhook"];

/** Has everything that shows webhooks look again. */
export function useWebhooksChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/webhooks"] });
}

const triggerText = (w: Webhook) => w.triggers.map((t) => `${t.scope} ${t.type}`).join(", ");

/** Whom Slipway tells about what happens, and whether it arrived. */
export function Webhooks({ path }: { path: AppPath }) {
  const webhooks = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/webhooks", { params: { path } });
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Webhook | "new">();
  const [deleting, setDeleting] = useState<Webhook>();
  const changed = useWebhooksChanged();
  const chosen = webhooks.data?.find((w) => w.id === params.get("webhook")) ?? webhooks.data?.[0];
  const choose = (webhook: string) => setParams({ webhook }, { replace: true });
  const turn = api.useMutation("patch", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}", { onSuccess: changed, onError: (error) => void toast.error(error) });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.id ?? ""} was deleted`);
      setDeleting(undefined);
      await changed();
    },
  });
  const create = (
    <Button kind="primary" small may="webhooks:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
      New webhook
    </Button>
  );
  return (
    <>
      <Panel title="Webhooks" note="whom Slipway tells about what happens" flush actions={(webhooks.data?.length ?? 0) > 0 && create}>
        <Loaded query={webhooks}>
          {(rows) => (
            <DataTable
              label="webhooks"
              rows={rows}
              rowKey={(w) => w.id}
              onRow={(w) => choose(w.id)}
              selected={(w) => w.id === chosen?.id}
              maxHeight="16rem"
              empty={
                <EmptyState title="No webhook yet" icon={<WebhookIcon size={24} />} actions={create}>
                  A webhook sends a request to an address of yours when something happens, such as a deployment that ends. What was sent, and what came back, is listed here.
                </EmptyState>
              }
              columns={[
                { key: "id", title: "Webhook", cell: (w) => <strong>{w.id}</strong>, sort: (w) => w.id },
                { key: "url", title: "Address", width: "minmax(12rem, 2fr)", cell: (w) => <code title={w.url ?? ""}>{w.url}</code> },
                { key: "on", title: "Sent for", width: "minmax(10rem, 1.5fr)", cell: (w) => <span title={triggerText(w)}>{triggerText(w) || <span className="muted">nothing</span>}</span> },
                { key: "signed", title: "Signed", width: "4.5rem", cell: (w) => (w.signed ? "yes" : <span className="muted">no</span>) },
                { key: "state", title: "State", width: "6rem", cell: (w) => <StatusBadge status={w.disabled ? "disabled" : "active"} pulse={false} /> },
                {
                  key: "more", title: <span className="hidden">Actions</span>, width: "2.5rem", align: "right",
                  cell: (w) => (
                    <span onClick={(e) => e.stopPropagation()} role="presentation">
                      <Menu
                        trigger={
                          <IconButton label={`Actions for ${w.id}`}>
                            <Ellipsis size={16} aria-hidden />
                          </IconButton>
                        }
                        items={[
                          { label: "Edit", may: "webhooks:write", onSelect: () => setEditing(w) },
                          { label: w.disabled ? "Enable" : "Disable", may: "webhooks:write", onSelect: () => turn.mutate({ params: { path: { ...path, jobId: w.id } }, body: { disabled: !w.disabled } }) },
                          { label: "Delete", danger: true, separate: true, may: "webhooks:write", onSelect: () => setDeleting(w) },
                        ]}
                      />
                    </span>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {chosen && <Deliveries key={chosen.id} path={path} webhook={chosen} />}
      {editing && <WebhookDialog path={path} webhook={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { ...path, jobId: deleting.id } } })}
          title={`Delete ${deleting.id}?`}
          action="Delete webhook"
          losses={["Its address, headers and secret", "The log of its deliveries; those that are still to be sent are not"]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
