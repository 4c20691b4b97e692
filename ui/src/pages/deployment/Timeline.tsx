import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef } from "react";

import type { Schemas } from "~/api/client";
import { duration } from "~/lib/time";
import { plural } from "~/lib/words";

import styles from "./page.module.css";
import { inOrder, spanOf, ticksOf, waitsFor } from "./timeline";

type Node = Schemas["Node"];

interface Props {
  nodes: Node[];
  now: number;
  selected: string | undefined;
  onSelect: (key: string) => void;
}

const laneHeight = 31; // px: that of a button and the line above it

/** A lane for each resource, from when to when its driver was at work. What ran at once is above each other. */
export function Timeline({ nodes, now, selected, onSelect }: Props) {
  const rows = useMemo(() => inOrder(nodes), [nodes]);
  const span = spanOf(nodes, now);
  const length = span ? span.end - span.begin : 0;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it must
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => laneHeight, overscan: 12, getItemKey: (i) => rows[i]?.key ?? i, initialRect: { width: 800, height: 800 } });
  const place = selected === undefined ? -1 : rows.findIndex((n) => n.key === selected);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: "auto" });
  }, [place, virtual]);
  const needed = useMemo(() => new Set(nodes.find((n) => n.key === selected)?.depends_on), [nodes, selected]);
  const ticks = length > 0 ? ticksOf(length, selected === undefined ? 6 : 3).filter((t) => t / length < (selected === undefined ? 0.92 : 0.78)) : []; // the last one would have no room for its text
  return (
    <div className={styles.lanes} role="group" aria-label="Resources over time">
      <div className={styles.axis} aria-hidden>
        <span>Resource</span>
        <span>Driver</span>
        <span className={styles.right}>Took</span>
        <div className={styles.scale}>
          {ticks.map((t) => (
            <span key={t} style={{ left: `${(t / length) * 100}%` }}>
              {t === 0 ? "0" : duration(t)}
            </span>
          ))}
        </div>
      </div>
      <div ref={scroller} className={styles.rows}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const n = rows[item.index];
            if (!n) return null;
            const begin = n.started_at === undefined ? undefined : Date.parse(n.started_at);
            const end = begin === undefined ? undefined : n.finished_at === undefined ? now : Date.parse(n.finished_at);
            return (
              <Lane
                key={n.key}
                node={n}
                top={item.start}
                place={item.index + 1}
                of={rows.length}
                from={span && begin !== undefined ? (begin - span.begin) / length : undefined}
                to={span && end !== undefined ? (end - span.begin) / length : undefined}
                took={begin === undefined || end === undefined ? "" : duration(end - begin)}
                waiting={waitsFor(n, nodes).length}
                chosen={n.key === selected}
                needed={needed.has(n.ordinal)}
                onSelect={onSelect}
              />
            );
          })}
        </ul>
      </div>
    </div>
  );
}

interface LaneProps {
  node: Node;
  /** px from the first lane. */
  top: number;
  /** Which one it is, from 1, of how many. */
  place: number;
  of: number;
  /** Parts of the whole, 0 to 1. */
  from: number | undefined;
  to: number | undefined;
  took: string;
  waiting: number;
  chosen: boolean;
  needed: boolean;
  onSelect: (key: string) => void;
}

const Lane = memo(function Lane({ node: n, top, place, of, from, to, took, waiting, chosen, needed, onSelect }: LaneProps) {
  return (
    <li className={[styles.lane, chosen && styles.chosen, needed && styles.needed].filter(Boolean).join(" ")} style={{ transform: `translateY(${top}px)` }} aria-posinset={place} aria-setsize={of}>
      <button type="button" className={styles.laneButton} aria-pressed={chosen} onClick={() => onSelect(n.key)}>
        <span className={styles.laneName}>
          <span className={[styles.dot, styles[`dot-${n.status}`]].join(" ")} title={n.status} />
          <span className="hidden">{n.status} </span>
          <code>
            {n.type}
            {n.class === "default" ? "" : `.${n.class}`}
          </code>{" "}
          {n.id !== n.type && <span className={styles.laneId}>{n.id}</span>}
        </span>
        <span className={styles.laneDriver}>{n.driver_type}</span>
        <span className={styles.laneTook}>
          {took}
          {n.attempt > 1 && <span title={`called ${n.attempt} times`}> ×{n.attempt}</span>}
        </span>
        <span className={styles.track}>
          {from !== undefined && to !== undefined ? (
            <span className={[styles.bar, styles[`bar-${n.status}`]].join(" ")} style={{ left: `${from * 100}%`, width: `max(4px, ${(to - from) * 100}%)` }} />
          ) : (
            <span className={styles.idle}>{n.status === "skipped" ? "not begun" : waiting > 0 ? `waits for ${plural(waiting, "resource")}` : "waits"}</span>
          )}
        </span>
      </button>
    </li>
  );
});
