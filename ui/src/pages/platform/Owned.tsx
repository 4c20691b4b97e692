import { useMutation, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";

import { Button } from "~/components/Button";
import { DataTable, type Column } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { toast } from "~/components/toast";

import { Details, Split } from "./Details";
import { DocumentDialog } from "./DocumentDialog";

interface Props<T> {
  /** What the list is of: "Drivers"; its search says "Search drivers". */
  title: string;
  note: string;
  query: UseQueryResult<T[], unknown>;
  /** Key of the query, to have it look again after a change. */
  queryPath: string;
  rowKey: (of: T) => string;
  /** In the page's address: which one is chosen. */
  param: string;
  columns: Column<T>[];
  text: (of: T) => string;
  shown?: (rows: T[]) => T[];
  filters?: (rows: T[]) => ReactNode;
  initialSort?: { key: string };
  /** Whether it belongs to the organization, which may change it then. */
  mine: (of: T) => boolean;
  details: (of: T) => ReactNode;
  /** Makes one of YAML. */
  create: { action: string; title: string; submit: string; text: string };
  /** Changes one as YAML. */
  edit: { action: string; title: (of: T) => string; text: (of: T) => string };
  description?: string;
  schema?: object;
  save: (body: Record<string, unknown>, of: T | undefined) => Promise<unknown>;
  remove: { action: string; call: (of: T) => Promise<unknown>; losses: (of: T) => string[] };
}

/** Records of which some are built in and some belong to the organization: a list, the chosen one beside it, made and changed as YAML, deleted. */
export function Owned<T>(props: Props<T>) {
  const { title, note, query, rowKey, param, mine, create, edit, remove } = props;
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<T | "new">();
  const [deleting, setDeleting] = useState<T>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", props.queryPath] });
  const chosen = query.data?.find((r) => rowKey(r) === params.get(param));
  const choose = (key?: string) => setParams(key ? { [param]: key } : {}, { replace: true });
  const deletion = useMutation({
    mutationFn: remove.call,
    onSuccess: async (_, of) => {
      toast.ok(`${rowKey(of)} was deleted`);
      setDeleting(undefined);
      choose();
      await changed();
    },
  });
  const list = (
    <Panel
      title={title}
      note={note}
      flush
      actions={
        <Button kind="primary" small may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
          {create.action}
        </Button>
      }
    >
      <Loaded query={query} lines={8}>
        {(rows) => (
          <DataTable
            label={title.toLowerCase()}
            rows={props.shown ? props.shown(rows) : rows}
            rowKey={rowKey}
            onRow={(r) => choose(rowKey(r))}
            selected={(r) => r === chosen}
            text={props.text}
            filters={props.filters?.(rows)}
            maxHeight="calc(100vh - 17rem)"
            initialSort={props.initialSort}
            columns={props.columns}
          />
        )}
      </Loaded>
    </Panel>
  );
  return (
    <>
      <Split
        list={list}
        details={
          chosen && (
            <Details
              title={rowKey(chosen)}
              onClose={() => choose()}
              actions={
                mine(chosen) && (
                  <>
                    <Button small may="platform:write" onClick={() => setEditing(chosen)}>
                      {edit.action}
                    </Button>
                    <Button small kind="danger" may="platform:write" onClick={() => setDeleting(chosen)}>
                      Delete
                    </Button>
                  </>
                )
              }
            >
              {props.details(chosen)}
            </Details>
          )
        }
      />
      {editing && (
        <DocumentDialog
          title={editing === "new" ? create.title : edit.title(editing)}
          description={props.description}
          submit={editing === "new" ? create.submit : "Save"}
          text={editing === "new" ? create.text : edit.text(editing)}
          schema={props.schema}
          save={(body) => props.save(body, editing === "new" ? undefined : editing)}
          onSaved={async () => {
            setEditing(undefined);
            await changed();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => deletion.mutate(deleting)}
          title={`Delete ${rowKey(deleting)}?`}
          action={remove.action}
          losses={remove.losses(deleting)}
          busy={deletion.isPending}
          error={deletion.error}
        />
      )}
    </>
  );
}
