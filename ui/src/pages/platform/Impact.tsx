import { useQuery } from "@tanstack/react-query";

import { client, type Schemas } from "~/api/client";
import { Loaded } from "~/components/Loading";
import { StatusBadge } from "~/components/StatusBadge";
import type { Tone } from "~/lib/status";

import styles from "./page.module.css";

export type Change = Schemas["DefinitionImpactRequest"];

const words: Record<Schemas["ResourceImpact"]["action"], [string, Tone]> = {
  create: ["made", "ok"],
  update: ["updated", "busy"],
  in_place: ["handed over in place", "busy"],
  replace: ["replaced", "warn"],
  take_back: ["taken back", "warn"],
  remove: ["removed", "warn"],
  unmatched: ["without a definition", "bad"],
  idle: ["idle", "idle"],
};

/** What a change of a definition would do, asked before it is made. */
export function useImpact(orgId: string, change: Change) {
  return useQuery({
    queryKey: ["impact", orgId, change],
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: async () => (await client.POST("/orgs/{orgId}/resources/defs/impact", { params: { path: { orgId } }, body: change })).data,
  });
}

/** Shows what a change would do to each environment at its next deployment. */
export function Impact({ impact }: { impact: ReturnType<typeof useImpact> }) {
  return <Loaded query={impact}>{(i) => <ImpactOf impact={i} />}</Loaded>;
}

function ImpactOf({ impact }: { impact: Schemas["DefinitionImpact"] }) {
  const { environments, examined, hidden } = impact;
  const looked = `${examined} deployed ${examined === 1 ? "environment was" : "environments were"} looked at`;
  if (environments.length === 0 && hidden.environments === 0) return <p className="muted small">Nothing that runs would change: {looked}.</p>;
  return (
    <div className="stack-tight">
      <p className="muted small">
        At the next deployment of each, {environments.length} of {examined} {examined === 1 ? "environment" : "environments"} would change
        {hidden.environments > 0 && `, and ${hidden.environments} that you may not see`}.
      </p>
      <ul className={styles.impact}>
        {environments.map((e) => (
          <li key={`${e.app_id}/${e.env_id}`}>
            <div className="row">
              <strong>
                {e.app_id}/{e.env_id}
              </strong>
              <span className="muted">{e.env_type}</span>
              {e.fails && <StatusBadge status="would fail" tone="bad" />}
              {e.repaired && <StatusBadge status="would be repaired" tone="ok" />}
            </div>
            {e.resources.map((r) => (
              <div key={`${r.type}.${r.class}#${r.id}`} className={styles.impactResource}>
                <div className="row">
                  <StatusBadge status={words[r.action][0]} tone={words[r.action][1]} />
                  <code>
                    {r.type}
                    {r.class === "default" ? "" : `.${r.class}`}#{r.id}
                  </code>
                </div>
                <div className="muted small">{r.reason}</div>
              </div>
            ))}
            {e.problems.map((p) => (
              <div key={p} className={styles.problem}>
                {p}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
