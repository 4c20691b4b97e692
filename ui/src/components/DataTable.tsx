import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, Search } from "lucide-react";
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "react-router";

export interface Column<T> {
  key: string;
  title: ReactNode;
  cell: (row: T) => ReactNode;
  /** By what the column sorts; without it, it does not. */
  sort?: (row: T) => string | number;
  /** As in grid-template-columns; default minmax(6rem, 1fr). */
  width?: string;
  align?: "right";
}

interface Props<T> {
  /** What the table is of, for those who listen. */
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  /** Where a row leads: the first cell is the link, and a click anywhere in the row follows it. */
  rowLink?: (row: T) => string;
  onRow?: (row: T) => void;
  selected?: (row: T) => boolean;
  /** What the search looks at; with it, there is a search. */
  text?: (row: T) => string;
  /** Beside the search: more filters. */
  filters?: ReactNode;
  /** Instead of rows when there are none at all. */
  empty?: ReactNode;
  /** How much of it is seen at once; default 32rem. Shorter tables are as high as their rows. */
  maxHeight?: string;
  initialSort?: { key: string; descending?: boolean };
}

const rowHeight = 36;

/** A table that stays smooth with 10,000 rows: only those that are seen are there. Sorted by a click on a column, searched as you type. */
export function DataTable<T>(props: Props<T>) {
  const { label, rows, columns, rowKey, text, filters, empty, maxHeight = "32rem" } = props;
  const [query, setQuery] = useState("");
  const [order, setOrder] = useState(props.initialSort);
  const shown = useShown(rows, columns, text, query, order);
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it must
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, initialRect: { width: 800, height: 800 } });
  const template = columns.map((c) => c.width ?? "minmax(6rem, 1fr)").join(" ");

  if (rows.length === 0 && empty !== undefined && query === "") return <>{empty}</>;
  return (
    <div className="table-frame">
      {(text || filters) && (
        <div className="table-tools">
          {text && (
            <label className="search">
              <Search size={14} aria-hidden />
              <span className="hidden">Search {label}</span>
              <input type="search" placeholder="Search" value={query} onChange={(e) => setQuery(e.target.value)} spellCheck={false} />
            </label>
          )}
          {filters}
          <span className="muted small table-count" role="status">
            {shown.length === rows.length ? rows.length.toLocaleString("en") : `${shown.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`}
          </span>
        </div>
      )}
      <div ref={scroller} className="table-scroll" style={{ maxHeight }} tabIndex={0} role="region" aria-label={label}>
        <div role="table" aria-label={label} aria-rowcount={shown.length + 1} aria-colcount={columns.length} className="table">
          <div role="rowgroup" className="table-head">
            <div role="row" className="table-row" style={{ gridTemplateColumns: template }} aria-rowindex={1}>
              {columns.map((c) => (
                <Head key={c.key} column={c} order={order} onSort={setOrder} />
              ))}
            </div>
          </div>
          <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = shown[item.index] as T;
              return <Row key={rowKey(row)} row={row} index={item.index} start={item.start} template={template} {...props} />;
            })}
          </div>
        </div>
        {shown.length === 0 && <div className="table-none muted">{rows.length === 0 ? "None." : "Nothing matches."}</div>}
      </div>
    </div>
  );
}

function Head<T>({ column, order, onSort }: { column: Column<T>; order: Props<T>["initialSort"]; onSort: (o: Props<T>["initialSort"]) => void }) {
  const mine = order?.key === column.key;
  const className = column.align === "right" ? "cell cell-right" : "cell";
  if (!column.sort) {
    return (
      <div role="columnheader" className={className}>
        {column.title}
      </div>
    );
  }
  return (
    <div role="columnheader" className={className} aria-sort={mine ? (order.descending ? "descending" : "ascending") : "none"}>
      <button type="button" className="table-sort" onClick={() => onSort({ key: column.key, descending: mine ? !order.descending : false })}>
        {column.title}
        {mine && (order.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
      </button>
    </div>
  );
}

function Row<T>({ row, index, start, template, columns, rowLink, onRow, selected }: Props<T> & { row: T; index: number; start: number; template: string }) {
  const chosen = selected?.(row) ?? false;
  const pressed = (e: KeyboardEvent) => {
    if (onRow && e.target === e.currentTarget && (e.key === "Enter" || e.key === " ")) {
      e.preventDefault();
      onRow(row);
    }
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ? chosen : undefined}
      tabIndex={onRow ? 0 : undefined}
      className={["table-row", (rowLink ?? onRow) && "table-row-link", chosen && "table-row-chosen"].filter(Boolean).join(" ")}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)`, height: rowHeight }}
      onClick={onRow && (() => onRow(row))}
      onKeyDown={pressed}
    >
      {columns.map((c, i) => (
        <div key={c.key} role="cell" className={c.align === "right" ? "cell cell-right" : "cell"}>
          {i === 0 && rowLink ? (
            <Link to={rowLink(row)} className="table-link">
              {c.cell(row)}
            </Link>
          ) : (
            c.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}

function useShown<T>(rows: T[], columns: Column<T>[], text: Props<T>["text"], query: string, order: Props<T>["initialSort"]): T[] {
  const wanted = query.trim().toLowerCase();
  const found = useMemo(() => (text && wanted ? rows.filter((r) => wanted.split(/\s+/).every((w) => text(r).toLowerCase().includes(w))) : rows), [rows, text, wanted]);
  const by = columns.find((c) => c.key === order?.key)?.sort;
  const descending = order?.descending ?? false;
  return useMemo(() => {
    if (!by) return found;
    const keyed = found.map((row) => ({ row, key: by(row) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * (descending ? -1 : 1));
    return keyed.map((k) => k.row);
  }, [found, by, descending]);
}
