import { useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { CodeEditor } from "~/components/CodeEditor";
import { DataTable } from "~/components/DataTable";
import { Dialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";

import type { AppPath } from "./data";
import type { Webhook } from "./Webhooks";

type Delivery = Schemas["WebhookDelivery"];

/** What a webhook sent, and what came back. */
export function Deliveries({ path, webhook }: { path: AppPath; webhook: Webhook }) {
  const at = { ...path, jobId: webhook.id };
  const deliveries = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries", { params: { path: at, query: { limit: 100 } } }, { refetchInterval: (q) => (q.state.data?.some((d) => d.status === "pending") ? every.busy : every.calm) });
  const [shown, setShown] = useState<Delivery>();
  const queries = useQueryClient();
  const resend = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries/{deliveryId}/resend", {
    onSuccess: async () => {
      toast.ok("It is sent again");
      setShown(undefined);
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/webhooks/{jobId}/deliveries"] });
    },
    onError: (error) => void toast.error(error),
  });
  return (
    <Panel title={`Deliveries of ${webhook.id}`} note="the newest 100" flush>
      <Loaded query={deliveries}>
        {(rows) => (
          <DataTable
            label="deliveries"
            rows={rows}
            rowKey={(d) => d.id}
            onRow={setShown}
            selected={(d) => d.id === shown?.id}
            maxHeight="24rem"
            empty={<EmptyState title="Nothing was sent yet" icon={<Send size={24} />}>Deliveries are listed here from the next event on that it is sent for.</EmptyState>}
            columns={[
              { key: "at", title: "When", width: "7rem", cell: (d) => <Time at={d.created_at} />, sort: (d) => d.created_at },
              { key: "event", title: "Event", width: "minmax(10rem, 1.5fr)", cell: (d) => <strong>{d.event}</strong>, sort: (d) => d.event },
              { key: "env", title: "Environment", cell: (d) => d.env_id, sort: (d) => d.env_id },
              { key: "status", title: "Status", width: "7rem", cell: (d) => <StatusBadge status={d.status} />, sort: (d) => d.status },
              { key: "code", title: "Answer", width: "4.5rem", align: "right", cell: (d) => d.response_code },
              { key: "attempts", title: "Attempts", width: "5rem", align: "right", cell: (d) => d.attempts },
              { key: "error", title: "Why it failed", width: "minmax(10rem, 2fr)", cell: (d) => <span title={d.error}>{d.error}</span> },
            ]}
          />
        )}
      </Loaded>
      {shown && (
        <Dialog open onClose={() => setShown(undefined)} wide title={shown.event}>
          <Facts
            of={[
              ["Status", <StatusBadge key="s" status={shown.status} />],
              ["Answer", shown.response_code],
              ["Attempts", shown.attempts],
              ["Last attempt", shown.attempted_at && <Time at={shown.attempted_at} />],
              ["Deployment", shown.deployment_id && <Link to={to.deployment(path.orgId, path.appId, shown.env_id, shown.deployment_id)}>{shown.deployment_id}</Link>],
              ["Id of the delivery", <code key="i">{shown.id}</code>],
              ["Why it failed", shown.error],
            ]}
          />
          <CodeEditor label="Variables of the event" readOnly language="json" height="14rem" value={JSON.stringify(shown.variables, null, 2)} />
          <div className="dialog-foot">
            <Button may="webhooks:write" disabled={shown.status === "pending"} busy={resend.isPending} onClick={() => resend.mutate({ params: { path: { ...at, deliveryId: shown.id } } })}>
              Send again
            </Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
