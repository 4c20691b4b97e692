import { Plus, Scale } from "lucide-react";

import { api } from "~/api/client";
import { ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { plural } from "~/lib/words";

import { FreezeWindows } from "./FreezeWindows";
import type { Policy } from "./policy";

/** What a policy does, in a line. */
export function effectOf(p: Pick<Policy, "effect" | "approvals" | "roles" | "exclude_proposer">): string {
  if (p.effect === "deny") return "denies it";
  const who = p.roles && p.roles.length > 0 ? ` by ${p.roles.join(" or ")}` : "";
  return `asks for ${plural(p.approvals ?? 1, "approval")}${who}${p.exclude_proposer ? ", not of who asked" : ""}`;
}

/** What deployments may do, and when. */
export function Policies({ orgId }: { orgId: string }) {
  const policies = api.useQuery("get", "/orgs/{orgId}/policies", { params: { path: { orgId } } });
  const create = (
    <ButtonLink kind="primary" small may="policies:write" icon={<Plus size={14} aria-hidden />} to={to.platform(orgId, "new-policy")}>
      New policy
    </ButtonLink>
  );
  return (
    <>
      <Panel title="Policies" note="what deployments of the organization may do" flush actions={(policies.data?.length ?? 0) > 0 && create}>
        <Loaded query={policies}>
          {(rows) => (
            <DataTable
              label="policies"
              rows={rows}
              rowKey={(p) => p.id}
              rowLink={(p) => to.platform(orgId, `policies/${p.id}`)}
              text={(p) => `${p.id} ${p.when} ${p.message ?? ""} ${p.effect}`}
              initialSort={{ key: "id" }}
              empty={
                <EmptyState title="Every deployment is let through" icon={<Scale size={24} />} actions={create}>
                  A policy looks at what a deployment would do before anything is done: it lets it through, denies it, or asks people to agree first.
                </EmptyState>
              }
              columns={[
                { key: "id", title: "Policy", width: "minmax(9rem, 1fr)", cell: (p) => p.id, sort: (p) => p.id },
                { key: "effect", title: "Effect", width: "6rem", cell: (p) => <StatusBadge status={p.effect} tone={p.effect === "deny" ? "bad" : "warn"} pulse={false} />, sort: (p) => p.effect },
                { key: "when", title: "When", width: "minmax(14rem, 2fr)", cell: (p) => <code title={p.when}>{p.when.replaceAll(/\s+/g, " ")}</code> },
                { key: "what", title: "What it does", width: "minmax(12rem, 1.4fr)", cell: effectOf },
                { key: "at", title: "Changed", width: "6rem", cell: (p) => <Time at={p.updated_at} />, sort: (p) => p.updated_at },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      <FreezeWindows orgId={orgId} />
    </>
  );
}
