import { History, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";

import { IconButton } from "~/components/Button";
import { DataTable, type Column } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { Menu } from "~/components/Menu";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

import { useRemove, type Level } from "./data";
import styles from "./page.module.css";
import { ValueDialog } from "./ValueDialog";
import type { Row, Value } from "./values";

/** A value in one line; a secret as what can be said of it. */
export function Shown({ value: v }: { value: Value }) {
  if (v.is_secret) {
    return (
      <span className="muted" title={v.secret_store_id === "humanitec" ? "kept encrypted" : `in the store ${v.secret_store_id ?? ""} as ${v.secret_key ?? ""}`}>
        •••••• <Tag>{v.secret_store_id === "humanitec" ? `secret v${v.secret_version ?? ""}` : (v.secret_store_id ?? "secret")}</Tag>
      </span>
    );
  }
  return v.value === "" ? <span className="muted">empty</span> : <code title={v.value}>{v.value.replaceAll("\n", " ⏎ ")}</code>;
}

interface Props {
  level: Level;
  rows: Row[];
  /** Environments that override a key, for an application's values. */
  overriddenIn: (key: string) => string[];
  historyOf: (key: string) => string;
  empty: React.ReactNode;
}

export function ValueTable({ level, rows, overriddenIn, historyOf, empty }: Props) {
  const [editing, setEditing] = useState<Row>();
  const [deleting, setDeleting] = useState<Row>();
  const navigate = useNavigate();
  const inEnv = level.envId !== undefined;
  const columns: Column<Row>[] = [
    { key: "key", title: "Key", cell: (r) => <code className={styles.key}>{r.key}</code>, sort: (r) => r.key, width: "minmax(9rem, 1.2fr)" },
    { key: "value", title: inEnv ? "Value here" : "Value", cell: (r) => <Shown value={r.value} />, width: "minmax(10rem, 2fr)" },
    ...(inEnv
      ? [
          { key: "state", title: "From", cell: (r: Row) => (r.state === "overridden" ? <StatusBadge status="overridden" tone="busy" pulse={false} /> : <span className="muted">application</span>), sort: (r: Row) => r.state, width: "7.5rem" },
          { key: "app", title: "The application's", cell: (r: Row) => (r.app ? <span className={styles.below}><Shown value={r.app} /></span> : null), width: "minmax(8rem, 1.2fr)" },
        ]
      : [
          {
            key: "overrides",
            title: "Overridden in",
            cell: (r: Row) => (
              <span className="row">
                {overriddenIn(r.key).map((env) => (
                  <Tag key={env}>{env}</Tag>
                ))}
              </span>
            ),
            sort: (r: Row) => overriddenIn(r.key).length,
            width: "minmax(7rem, 1fr)",
          },
        ]),
    { key: "description", title: "Description", cell: (r) => <span className="muted" title={r.value.description}>{r.value.description || r.app?.description}</span>, width: "minmax(8rem, 1.5fr)" },
    { key: "at", title: "Changed", cell: (r) => <Time at={r.value.updated_at} />, sort: (r) => r.value.updated_at, width: "6.5rem" },
    {
      key: "actions",
      title: <span className="hidden">Actions</span>,
      width: "4.5rem",
      align: "right",
      cell: (r) => (
        <span className={styles.actions}>
          <IconButton may="values:write" label={`${r.state === "inherited" ? "Override" : "Change"} ${r.key}`} onClick={() => setEditing(r)}>
            <Pencil size={14} aria-hidden />
          </IconButton>
          <Menu
            trigger={
              <IconButton label={`More about ${r.key}`}>
                <MoreHorizontal size={16} aria-hidden />
              </IconButton>
            }
            items={[
              { label: "History", icon: <History size={14} />, onSelect: () => void navigate(historyOf(r.key)) },
              { label: inEnv ? "Remove the override" : "Delete", icon: <Trash2 size={14} />, danger: true, separate: true, may: "values:write", disabled: r.state === "inherited", onSelect: () => setDeleting(r) },
            ]}
          />
        </span>
      ),
    },
  ];
  return (
    <>
      <DataTable label="values" rows={rows} rowKey={(r) => r.key} text={(r) => `${r.key} ${r.value.description} ${r.value.is_secret ? "secret" : r.value.value}`} columns={columns} empty={empty} maxHeight="calc(100vh - 18rem)" />
      {editing && <ValueDialog level={level} row={editing} taken={new Set()} onClose={() => setEditing(undefined)} />}
      {deleting && <Delete level={level} row={deleting} overriddenIn={overriddenIn(deleting.key)} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function Delete({ level, row, overriddenIn, onClose }: { level: Level; row: Row; overriddenIn: string[]; onClose: () => void }) {
  const remove = useRemove(level, row.key, () => {
    toast.ok(level.envId === undefined ? `${row.key} is deleted` : `${row.key} is the application's again`, "It is in effect after the next deployment.");
    onClose();
  });
  const inEnv = level.envId !== undefined;
  const what = row.value.is_secret ? "the secret" : `the value “${row.value.value}”`;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={inEnv ? `Remove the override of ${row.key}?` : `Delete ${row.key}?`}
      action={inEnv ? "Remove the override" : "Delete the value"}
      busy={remove.isPending}
      error={remove.error}
      losses={[
        <>
          <code>{row.key}</code>: {what} {inEnv ? `of ${level.envId ?? ""}` : `of ${level.appId}`}
        </>,
        ...overriddenIn.map((env) => `its override in ${env}`),
      ]}
      onConfirm={() => remove.mutate(undefined)}
    >
      {inEnv ? "The environment sees the application's value again." : "Workloads that refer to it can no longer be deployed."} Versions in the history keep it until it is purged from them.
    </ConfirmDialog>
  );
}

export function NothingYet({ level, action }: { level: Level; action: React.ReactNode }) {
  return (
    <EmptyState title="No values yet" actions={action}>
      Values are settings and secrets. A Score file declares <code>env: {"{type: environment}"}</code> under <code>resources</code>, and a variable takes the one called KEY with{" "}
      <code>{"${resources.env.KEY}"}</code>. {level.envId === undefined ? "They are made here, and each environment may override them." : "They are made on the application; here they can be overridden."}
    </EmptyState>
  );
}
