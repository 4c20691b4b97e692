import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import { useId, useState } from "react";

import { client, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { Dialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Facts, Panel } from "~/components/Page";
import { TextDiff } from "~/components/TextDiff";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { download } from "~/lib/download";
import { useFilters } from "~/lib/filters";
import { usePeople } from "~/lib/people";
import { absoluteTime } from "~/lib/time";

import { auditFilter, nextPage, type AuditFilter } from "./auditfilter";
import { nameOf, useUsers } from "./data";
import styles from "./page.module.css";

type Entry = Schemas["AuditEntry"];

const actions = ["create", "update", "delete", "deploy", "cancel", "promote", "archive", "pin", "accept", "answer", "scan", "resend", "value_create", "value_update", "value_delete"];

/** Who changed what, newest first. */
export function Audit({ orgId }: { orgId: string }) {
  const [params, change] = useFilters();
  const filter = auditFilter(params);
  const [shown, setShown] = useState<Entry>();
  const person = usePeople(orgId);
  const log = useInfiniteQuery({
    queryKey: ["audit", orgId, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const { data, response } = await client.GET("/orgs/{orgId}/audit-logs", { params: { path: { orgId }, query: { ...filter, per_page: 200, page: pageParam } } });
      return { entries: data ?? [], next: nextPage(response.headers.get("Link")) };
    },
    getNextPageParam: (page) => page.next,
  });
  return (
    <Panel title="Audit log" note="every change, newest first" flush actions={<Export orgId={orgId} filter={filter} />}>
      <Filters orgId={orgId} params={params} onChange={change} />
      <Loaded query={log} lines={8}>
        {({ pages }) => (
          <DataTable
            label="audit log"
            rows={pages.flatMap((p) => p.entries)}
            rowKey={(e) => e.id}
            onRow={setShown}
            selected={(e) => e.id === shown?.id}
            empty={
              log.hasNextPage ? undefined : (
                <EmptyState title={Object.keys(filter).length > 0 ? "Nothing matches" : "Nothing was changed yet"} icon={<ScrollText size={24} />}>
                  Every change through the API, the CLI or this page leaves an entry: who did what, when, from where, and what it was before.
                </EmptyState>
              )
            }
            columns={[
              { key: "at", title: "When", width: "7.5rem", cell: (e) => <Time at={e.at} /> },
              { key: "who", title: "Who", width: "minmax(8rem, 1fr)", cell: (e) => person(e.user_id) },
              { key: "action", title: "Action", width: "6rem", cell: (e) => e.action },
              { key: "type", title: "Kind", width: "minmax(8rem, 0.8fr)", cell: (e) => e.object_type },
              { key: "object", title: "Object", width: "minmax(14rem, 2.4fr)", cell: (e) => <code title={e.object}>{e.object}</code> },
              { key: "status", title: "Answer", width: "4rem", align: "right", cell: (e) => e.response_status },
            ]}
          />
        )}
      </Loaded>
      {log.hasNextPage && (
        <div className={styles.more}>
          <Button small busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show older entries
          </Button>
        </div>
      )}
      {shown && <EntryDialog entry={shown} who={person(shown.user_id)} onClose={() => setShown(undefined)} />}
    </Panel>
  );
}

function Filters({ orgId, params, onChange }: { orgId: string; params: URLSearchParams; onChange: (key: string, value: string) => void }) {
  const users = useUsers(orgId);
  const value = (key: string) => params.get(key) ?? "";
  return (
    <div className={styles.filters}>
      <SelectField label="Who" value={value("user_id")} onChange={(e) => onChange("user_id", e.target.value)}>
        <option value="">Everybody</option>
        {users.data
          ?.filter((u) => u.type !== "group")
          .map((u) => (
            <option key={u.id} value={u.id}>
              {nameOf(u)}
            </option>
          ))}
      </SelectField>
      <Late label="Action" placeholder="update" value={value("action")} onChange={(v) => onChange("action", v)} proposals={actions} />
      <Late label="Kind" placeholder="application" value={value("object_type")} onChange={(v) => onChange("object_type", v)} />
      <Late label="Object" wide placeholder={`/orgs/${orgId}/apps/…`} value={value("object")} onChange={(v) => onChange("object", v)} />
      <TextField label="From" type="datetime-local" value={value("from")} onChange={(e) => onChange("from", e.target.value)} />
      <TextField label="To" type="datetime-local" value={value("to")} onChange={(e) => onChange("to", e.target.value)} />
    </div>
  );
}

interface LateProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (v: string) => void;
  proposals?: string[];
  wide?: boolean;
}

/** A text that counts once it is complete: when the field is left, or at Enter. */
function Late({ label, placeholder, value, onChange, proposals, wide }: LateProps) {
  const [text, setText] = useState(value);
  const list = useId();
  return (
    <div className={wide ? styles.wide : undefined}>
      <TextField
        label={label}
        placeholder={placeholder}
        value={text}
        list={proposals && list}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => onChange(text.trim())}
        onKeyDown={(e) => e.key === "Enter" && onChange(text.trim())}
      />
      {proposals && (
        <datalist id={list}>
          {proposals.map((p) => (
            <option key={p} value={p} />
          ))}
        </datalist>
      )}
    </div>
  );
}

function Export({ orgId, filter }: { orgId: string; filter: AuditFilter }) {
  const save = (format: "csv" | "jsonl") => {
    const query = new URLSearchParams({ ...filter, format });
    download(`/orgs/${encodeURIComponent(orgId)}/audit-logs/export?${query}`, `audit-${orgId}.${format}`).catch((error: unknown) => toast.error(error));
  };
  return (
    <Menu
      trigger={
        <Button small icon={<Download size={14} aria-hidden />}>
          Export
        </Button>
      }
      items={[
        { label: "As CSV", onSelect: () => save("csv") },
        { label: "As JSON lines", onSelect: () => save("jsonl") },
      ]}
    />
  );
}

const pretty = (of: Entry["before"]) => (of === undefined || of === null ? "" : JSON.stringify(of, null, 2));

function EntryDialog({ entry, who, onClose }: { entry: Entry; who: string; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} wide title={`${entry.action} ${entry.object_type}`}>
      <Facts
        of={[
          ["When", absoluteTime(new Date(entry.at))],
          ["Who", who],
          ["Object", <code key="o">{entry.object}</code>],
          ["Request", <code key="r">{`${entry.request_method} ${entry.request_path}`}</code>],
          ["From", [entry.source_ip, entry.user_agent].filter(Boolean).join(" · ")],
          ["Request id", entry.request_id && <code>{entry.request_id}</code>],
        ]}
      />
      {(entry.before ?? entry.after) && (
        <div className="stack-tight">
          <h3>What changed</h3>
          <TextDiff label="What changed" before={pretty(entry.before)} after={pretty(entry.after)} height="20rem" />
        </div>
      )}
    </Dialog>
  );
}
