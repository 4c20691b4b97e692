import { Link } from "react-router";

import { api } from "~/api/client";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

export function Component() {
  const path = useApp();
  const app = api.useQuery("get", "/orgs/{orgId}/apps/{appId}", { params: { path } });
  return (
    <Page title={app.data?.name ?? path.appId} crumbs={[{ label: "Applications", to: to.apps(path.orgId) }]}>
      <Panel title="Environments">
        <Loaded query={app}>
          {(a) => (
            <ul>
              {a.envs.map((e) => (
                <li key={e.id}>
                  <Link to={to.env(path.orgId, path.appId, e.id)}>{e.name}</Link>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
