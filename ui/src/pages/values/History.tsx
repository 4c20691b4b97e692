import { useState } from "react";
import { useSearchParams } from "react-router";

import { Button, ButtonLink } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { usePeople } from "~/lib/people";
import { absoluteTime } from "~/lib/time";
import { plural } from "~/lib/words";

import { usePurge, useRestore, useVersions, type Level } from "./data";
import styles from "./page.module.css";
import { changedKeys, effectOf, sameContent, versionsWith, whatMade, type Value, type Version } from "./values";
import { Shown } from "./ValueTable";

/** The versions of a level's values, and what each one had. */
export function History({ level, values }: { level: Level; values: Value[] }) {
  const [search, setSearch] = useSearchParams();
  const key = search.get("key") ?? undefined;
  const versions = useVersions(level, key);
  const chosenId = search.get("version");
  const who = usePeople(level.orgId);
  const choose = (id: string) => setSearch({ ...(key ? { key } : {}), version: id }, { replace: true });
  return (
    <Loaded query={versions}>
      {(all) => {
        const chosen = all.find((v) => v.id === chosenId) ?? all[0];
        return (
          <div className={styles.split}>
            <Panel
              title="Versions"
              note={
                key ? (
                  <>
                    that changed <code>{key}</code>
                  </>
                ) : undefined
              }
              actions={
                key && (
                  <ButtonLink small to={{ search: "" }}>
                    All versions
                  </ButtonLink>
                )
              }
              flush
            >
              <DataTable
                label="versions"
                rows={all}
                rowKey={(v) => v.id}
                onRow={(v) => choose(v.id)}
                selected={(v) => v.id === chosen?.id}
                maxHeight="calc(100vh - 18rem)"
                empty={<EmptyState title="No versions yet">Every change of a value makes one, from which it can be restored.</EmptyState>}
                columns={[
                  { key: "at", title: "When", cell: (v) => <Time at={v.created_at} />, width: "6.5rem" },
                  {
                    key: "what",
                    title: "What",
                    cell: (v) => (
                      <>
                        {whatMade(v)} <code>{changedKeys(v).join(", ")}</code>
                      </>
                    ),
                    width: "minmax(10rem, 2fr)",
                  },
                  { key: "who", title: "Who", cell: (v) => who(v.created_by), width: "minmax(5rem, 1fr)" },
                  { key: "comment", title: "Comment", cell: (v) => <span className="muted">{v.comment}</span>, width: "minmax(5rem, 1fr)" },
                ]}
              />
            </Panel>
            {chosen && <VersionPanel key={chosen.id} level={level} version={chosen} newest={chosen.id === all[0]?.id && key === undefined} now={values} />}
          </div>
        );
      }}
    </Loaded>
  );
}

type Asked = { what: "restore"; key?: string } | { what: "purge"; key: string };

function VersionPanel({ level, version, newest, now }: { level: Level; version: Version; newest: boolean; now: Value[] }) {
  const [asked, setAsked] = useState<Asked>();
  const then = Object.values(version.values).sort((a, b) => (a.key < b.key ? -1 : 1));
  const own = level.envId === undefined ? "app" : "env";
  const current = new Map(now.map((v) => [v.key, v]));
  const effect = effectOf(version.values, now, own);
  const close = () => setAsked(undefined);
  const gone = now.filter((v) => !version.values[v.key]);
  return (
    <Panel
      title={newest ? "The values as they are" : `As of ${absoluteTime(new Date(version.created_at))}`}
      actions={
        !newest && (
          <Button small may="values:write" disabled={effect.length === 0} title={effect.length === 0 ? "Nothing would change" : undefined} onClick={() => setAsked({ what: "restore" })}>
            Restore all…
          </Button>
        )
      }
      flush
    >
      <ul className={styles.then}>
        {then.map((v) => {
          const today = current.get(v.key);
          const same = today !== undefined && sameContent(today, v) && today.source === v.source;
          return (
            <li key={v.key}>
              <div className={styles.thenKey}>
                <code>{v.key}</code> {level.envId !== undefined && v.source === "env" && <Tag>override</Tag>}
              </div>
              <div className={styles.thenValue}>
                <Shown value={v} />
                {!same && <div className={styles.today}>today {today ? <Shown value={today} /> : "deleted"}</div>}
              </div>
              {!same && v.source === own && (
                <div className="row">
                  <Button small kind="quiet" may="values:write" aria-label={`Restore ${v.key}`} onClick={() => setAsked({ what: "restore", key: v.key })}>
                    Restore
                  </Button>
                  <Button small kind="quiet" may="values:write" aria-label={`Purge ${v.key}`} onClick={() => setAsked({ what: "purge", key: v.key })}>
                    Purge…
                  </Button>
                </div>
              )}
            </li>
          );
        })}
        {gone.map((v) => (
          <li key={v.key}>
            <div className={styles.thenKey}>
              <code>{v.key}</code>
            </div>
            <div className="muted small">not there then, today it is</div>
          </li>
        ))}
        {then.length === 0 && gone.length === 0 && <li className="muted small">No values.</li>}
      </ul>
      {asked?.what === "restore" && <Restore level={level} version={version} only={asked.key} effect={asked.key === undefined ? effect : effect.filter((e) => e.key === asked.key)} onClose={close} />}
      {asked?.what === "purge" && version.values[asked.key] && <Purge level={level} version={version} value={version.values[asked.key] as Value} onClose={close} />}
    </Panel>
  );
}

const words = { set: "is set again", change: "gets the value of then", delete: "is deleted", inherit: "is the application's again" };

function Restore({ level, version, only, effect, onClose }: { level: Level; version: Version; only: string | undefined; effect: { key: string; kind: keyof typeof words }[]; onClose: () => void }) {
  const [comment, setComment] = useState("");
  const restore = useRestore(level, version.id, only, () => {
    toast.ok("Restored", "It is in effect after the next deployment.");
    onClose();
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={only === undefined ? `Restore all values of ${absoluteTime(new Date(version.created_at))}?` : `Restore ${only}?`}
      description={level.envId !== undefined && only === undefined ? "Only the overrides of this environment are restored." : "This makes a new version; history only grows."}
      submit="Restore"
      busy={restore.isPending}
      error={restore.error}
      onSubmit={() => restore.mutate(comment)}
    >
      <ul className={styles.effect}>
        {effect.map((e) => (
          <li key={e.key}>
            <code>{e.key}</code> {words[e.kind]}
          </li>
        ))}
      </ul>
      <TextField label="Comment" value={comment} onChange={(e) => setComment(e.target.value)} />
    </FormDialog>
  );
}

function Purge({ level, version, value, onClose }: { level: Level; version: Version; value: Value; onClose: () => void }) {
  const all = useVersions(level);
  const holders = versionsWith(all.data ?? [version], value);
  const purge = usePurge(level, version.id, value.key, () => {
    toast.ok("Purged", `That value of ${value.key} can no longer be read, restored or deployed.`);
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Purge this value of ${value.key}?`}
      action="Purge for good"
      typeToConfirm={value.key}
      busy={purge.isPending}
      error={purge.error}
      losses={[
        value.is_secret ? `version ${value.secret_version ?? ""} of the secret ${value.key}, also from its store` : `the value “${value.value}” of ${value.key}`,
        `its place in ${plural(holders, "version")} of the history`,
        "the possibility to restore it, or to deploy with a version that had it",
      ]}
      onConfirm={() => purge.mutate(`purged ${value.key}`)}
    >
      Nothing brings it back. The value in use stays as it is.
    </ConfirmDialog>
  );
}
