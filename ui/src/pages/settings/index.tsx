import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { useOrg } from "~/lib/scope";

/** Who may do what, tokens, the audit log. */
export function Component() {
  const orgId = useOrg();
  const users = api.useQuery("get", "/orgs/{orgId}/users", { params: { path: { orgId } } });
  return (
    <Page title="Settings">
      <Panel title="Members" flush>
        <Loaded query={users}>
          {(rows) => (
            <DataTable
              label="members"
              rows={rows}
              rowKey={(u) => u.id}
              columns={[
                { key: "name", title: "Name", cell: (u) => u.name },
                { key: "type", title: "Type", cell: (u) => <Tag>{u.type}</Tag> },
                { key: "role", title: "Role", cell: (u) => u.role },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
