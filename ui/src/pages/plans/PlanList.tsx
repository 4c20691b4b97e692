import { useQueryClient } from "@tanstack/react-query";
import { ClipboardList } from "lucide-react";
import { Link, useNavigate } from "react-router";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";

import type { EnvPath } from ".";

type StoredPlan = Schemas["StoredPlan"];

export const plansPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans";

/** What a plan was asked for with. */
export const planOf = (p: Pick<StoredPlan, "delta_id" | "set_id">) => (p.delta_id ? `Delta ${p.delta_id.slice(0, 10)}` : p.set_id ? `Set ${p.set_id.slice(0, 10)}` : "What runs there, again");

export function PlanList({ path }: { path: EnvPath }) {
  const { orgId, appId, envId } = path;
  const plans = api.useQuery("get", plansPath, { params: { path } }, { refetchInterval: (q) => (q.state.data?.some((p) => p.status === "planning") ? every.busy : every.calm * 2) });
  const person = usePeople(orgId);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const make = api.useMutation("post", plansPath, {
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["get", plansPath] });
      await navigate(to.env(orgId, appId, envId, `plans/${made.id}`));
    },
  });
  const again = (
    <Button small may="deployments:create" busy={make.isPending} onClick={() => make.mutate({ params: { path }, body: {} })}>
      Plan what runs there, again
    </Button>
  );
  return (
    <>
      {make.error != null && <ErrorNotice error={make.error} />}
      <Panel title="Plans" note="what drivers would do, kept for a day to be deployed as it was shown; the newest 50" flush actions={(plans.data?.length ?? 0) > 0 && again}>
        <Loaded query={plans}>
          {(rows) => (
            <DataTable
              label="plans"
              rows={rows}
              rowKey={(p) => p.id}
              rowLink={(p) => to.env(orgId, appId, envId, `plans/${p.id}`)}
              empty={
                <EmptyState title="Nothing has been planned" icon={<ClipboardList size={24} />} actions={again}>
                  A plan asks the drivers, Terraform for one, what a deployment would do, and is then deployed exactly as it was shown. To plan a change, make it with Change and ask the drivers where it is reviewed.
                </EmptyState>
              }
              columns={[
                { key: "what", title: "What", width: "minmax(10rem, 1.4fr)", cell: planOf },
                { key: "status", title: "Status", width: "8rem", cell: (p) => <StatusBadge status={p.status} title={p.message} /> },
                { key: "by", title: "By", cell: (p) => person(p.created_by) },
                { key: "at", title: "Asked for", width: "7rem", cell: (p) => <Time at={p.created_at} />, sort: (p) => p.created_at },
                { key: "until", title: "Until", width: "7rem", cell: (p) => (p.status === "ready" ? <Time at={p.expires_at} /> : "") },
                {
                  key: "deployment", title: "Deployed as", width: "minmax(10rem, 1fr)",
                  cell: (p) => p.deployment_id && <Link to={to.deployment(orgId, appId, envId, p.deployment_id)}>{p.deployment_id}</Link>,
                },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </>
  );
}
