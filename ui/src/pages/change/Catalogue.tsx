import { Boxes } from "lucide-react";
import { Link } from "react-router";

import { api } from "~/api/client";
import { ButtonLink } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { Loaded } from "~/components/Loading";
import { Tag } from "~/components/StatusBadge";
import { to } from "~/lib/paths";

import type { EnvPath } from "./draft";
import styles from "./page.module.css";

/** The templates that a workload may begin with. */
export function Catalogue({ path: { orgId, appId, envId } }: { path: EnvPath }) {
  const templates = api.useQuery("get", "/orgs/{orgId}/workload-templates", { params: { path: { orgId } } });
  const own = (rest: string) => to.change(orgId, appId, envId, rest);
  return (
    <Loaded query={templates} lines={6}>
      {(all) =>
        all.length === 0 ? (
          <EmptyState title="The catalogue is empty" icon={<Boxes size={24} />} actions={<ButtonLink to={own("score")}>Paste a Score file</ButtonLink>}>
            Templates of workloads that the platform team offers are here.
          </EmptyState>
        ) : (
          <ul className="grid-cards" aria-label="Templates">
            {all.map((t) => (
              <li key={`${t.org_id}/${t.id}`}>
                <Link className={`card ${styles.template}`} to={own(`template/${t.id}`)}>
                  <h2>{t.name}</h2>
                  <p className="muted small">{t.description}</p>
                  <span className="row">
                    {t.resources.length > 0 ? t.resources.map((r) => <Tag key={r.id}>{r.type}</Tag>) : <span className="muted small">no resources</span>}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
