import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";

export interface LogEntry {
  key: string | number;
  at?: string;
  /** Who wrote it. */
  source?: string;
  level?: string;
  text: string;
}

const clock = (at: string | undefined) => (at ? new Date(at).toISOString().slice(11, 23) : "");

/** Lines of a log, any number of them. Follows the end until somebody scrolls up. */
export function LogView({ lines, label, height = "24rem", empty = "Nothing was written yet." }: { lines: LogEntry[]; label: string; height?: string; empty?: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it must
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 20, overscan: 20, getItemKey: (i) => lines[i]?.key ?? i, initialRect: { width: 800, height: 800 } });
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtual]);
  return (
    <div
      ref={scroller}
      className="log"
      style={{ height }}
      tabIndex={0}
      role="log"
      aria-label={label}
      onScroll={(e) => {
        const el = e.currentTarget;
        setFollow(el.scrollHeight - el.scrollTop - el.clientHeight < 24);
      }}
    >
      {lines.length === 0 && <div className="muted log-none">{empty}</div>}
      <div className="log-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={`log-line log-${line.level?.toLowerCase() ?? "info"}`} style={{ transform: `translateY(${item.start}px)` }}>
              {line.at && <span className="log-at">{clock(line.at)}</span>}
              {line.source && <span className="log-source">{line.source}</span>}
              <span className="log-text">{line.text}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
