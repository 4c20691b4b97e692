import { GitPullRequest } from "lucide-react";

import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";

const vendors = { github: "GitHub", gitlab: "GitLab" };

/** Who tells of pull requests, in all applications. */
export function Receivers({ orgId }: { orgId: string }) {
  const receivers = api.useQuery("get", "/orgs/{orgId}/receivers", { params: { path: { orgId } } });
  const person = usePeople(orgId);
  return (
    <Panel title="Receivers" note="where GitHub and GitLab tell of pull requests; they belong to preview rules of applications" flush>
      <Loaded query={receivers}>
        {(rows) => (
          <DataTable
            label="receivers"
            rows={rows}
            rowKey={(r) => r.id}
            rowLink={(r) => to.app(orgId, r.app_id, "previews")}
            text={(r) => `${r.app_id} ${r.vendor} ${r.repository ?? ""} ${r.id}`}
            empty={
              <EmptyState title="Nobody tells of pull requests" icon={<GitPullRequest size={24} />}>
                A receiver has environments come and go with pull requests. Make one on the page Previews of an application, for one of its preview rules.
              </EmptyState>
            }
            columns={[
              { key: "app", title: "Application", cell: (r) => r.app_id, sort: (r) => r.app_id },
              { key: "vendor", title: "From", width: "6rem", cell: (r) => <Tag>{vendors[r.vendor]}</Tag>, sort: (r) => r.vendor },
              { key: "repository", title: "Repository", width: "minmax(9rem, 1.4fr)", cell: (r) => r.repository ?? <span className="muted">any</span>, sort: (r) => r.repository ?? "" },
              { key: "path", title: "Address", width: "minmax(14rem, 1.6fr)", cell: (r) => <code>{r.path}</code> },
              { key: "by", title: "By", cell: (r) => person(r.created_by) },
              { key: "at", title: "Made", width: "7rem", cell: (r) => <Time at={r.created_at} />, sort: (r) => r.created_at },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
