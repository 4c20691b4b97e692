import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { api, client } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { TextDiff } from "~/components/TextDiff";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePeople } from "~/lib/people";
import { absoluteTime } from "~/lib/time";

import { useDefinitionsChanged } from "./DefinitionPage";
import { manifestOf, type Definition, type Version } from "./manifest";
import styles from "./page.module.css";
import { SaveDialog } from "./SaveDialog";

/** A version's id, short enough to be read. */
export const shortVersion = (id: string) => id.slice(0, 8);

const stateOf = (v: Version) => (v.active ? "in use" : v.archived ? "archived" : v.proposed ? "proposed" : "earlier");
const tones = { "in use": "ok", archived: "idle", proposed: "busy", earlier: "idle" } as const;

/** Every version of a definition; two of them compared. */
export function Versions({ orgId, definition }: { orgId: string; definition: Definition }) {
  const versions = api.useQuery("get", "/orgs/{orgId}/resources/defs/{defId}/versions", { params: { path: { orgId, defId: definition.id }, query: { per_page: 100, deleted: true } } });
  const person = usePeople(orgId);
  const [promoting, setPromoting] = useState<Version>();
  const [pair, setPair] = useState<{ before?: string; after?: string }>({});
  const changed = useDefinitionsChanged();
  const archive = useMutation({
    mutationFn: (v: Version) =>
      client.POST("/orgs/{orgId}/resources/defs/{defId}/versions/{defVersionId}/actions/archive", { params: { path: { orgId, defId: definition.id, defVersionId: v.id } }, body: { archived: !v.archived } }),
    onSuccess: changed,
    onError: (error) => void toast.error(error),
  });
  return (
    <Loaded query={versions}>
      {(all) => {
        const byId = new Map(all.map((v) => [v.id, v]));
        const active = all.find((v) => v.active);
        const after = byId.get(pair.after ?? "") ?? all[0];
        const before = byId.get(pair.before ?? "") ?? (after?.active ? all.find((v) => v.id !== after.id && v.created_at < after.created_at) : active) ?? after;
        return (
          <>
            <Panel title="Versions" flush>
              <DataTable
                label="versions"
                rows={all}
                rowKey={(v) => v.id}
                maxHeight="20rem"
                onRow={(v) => setPair({ after: v.id })}
                selected={(v) => v.id === after?.id}
                columns={[
                  { key: "id", title: "Version", cell: (v) => <code title={v.id}>{shortVersion(v.id)}</code> },
                  { key: "state", title: "State", cell: (v) => <StatusBadge status={stateOf(v)} tone={tones[stateOf(v)]} pulse={false} /> },
                  { key: "driver", title: "Driver", width: "minmax(9rem, 1fr)", cell: (v) => v.driver_type },
                  { key: "by", title: "By", cell: (v) => (v.created_by === "UNKNOWN" ? "" : person(v.created_by)) },
                  { key: "at", title: "Made", cell: (v) => <Time at={v.created_at} /> },
                  {
                    key: "do", title: <span className="hidden">Actions</span>, width: "13rem", align: "right",
                    cell: (v) =>
                      v.active || definition.is_deleted ? null : (
                        <>
                          {!v.archived && (
                            <Button small kind="quiet" may="platform:write" onClick={(e) => { e.stopPropagation(); setPromoting(v); }}>
                              Promote
                            </Button>
                          )}
                          <Button small kind="quiet" may="platform:write" disabled={archive.isPending} onClick={(e) => { e.stopPropagation(); archive.mutate(v); }}>
                            {v.archived ? "Bring back" : "Archive"}
                          </Button>
                        </>
                      ),
                  },
                ]}
              />
            </Panel>
            {before && after && all.length > 1 && (
              <Panel
                title="What differs"
                actions={
                  <div className={styles.compare}>
                    <Choose label="From version" versions={all} value={before.id} onChange={(id) => setPair({ before: id, after: after.id })} />
                    <span className="muted">to</span>
                    <Choose label="To version" versions={all} value={after.id} onChange={(id) => setPair({ before: before.id, after: id })} />
                  </div>
                }
              >
                <TextDiff label="What differs" before={manifestOf(before)} after={manifestOf(after)} height="26rem" />
              </Panel>
            )}
            {promoting && (
              <SaveDialog
                orgId={orgId}
                title={`Put version ${shortVersion(promoting.id)} into use?`}
                action="Promote"
                change={{ def_id: definition.id, version_id: promoting.id }}
                save={() => client.POST("/orgs/{orgId}/resources/defs/{defId}/versions/{defVersionId}/actions/promote", { params: { path: { orgId, defId: definition.id, defVersionId: promoting.id } } })}
                onSaved={async () => {
                  toast.ok(`Version ${shortVersion(promoting.id)} is in use`);
                  setPromoting(undefined);
                  await changed();
                }}
                onClose={() => setPromoting(undefined)}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Choose({ label, versions, value, onChange }: { label: string; versions: Version[]; value: string; onChange: (id: string) => void }) {
  return (
    <select className="input" aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      {versions.map((v) => (
        <option key={v.id} value={v.id}>
          {shortVersion(v.id)}, {stateOf(v)}, {absoluteTime(new Date(v.created_at))}
        </option>
      ))}
    </select>
  );
}
