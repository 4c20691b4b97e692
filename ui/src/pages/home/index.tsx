import { api } from "~/api/client";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";
import { Link } from "react-router";

export function Component() {
  const orgId = useOrg();
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
  return (
    <Page title="Home">
      <Panel title="Applications">
        <Loaded query={apps}>
          {(list) => (
            <ul>
              {list.map((a) => (
                <li key={a.id}>
                  <Link to={to.app(orgId, a.id)}>{a.name}</Link>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
