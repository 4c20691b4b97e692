import { useMemo } from "react";

import { diffLines, hunks } from "~/lib/linediff";

const signs = { same: " ", added: "+", removed: "−" };

/** Two texts, line by line, with what was removed and what was added. */
export function TextDiff({ label, before, after, height = "24rem" }: { label: string; before: string; after: string; height?: string }) {
  const lines = useMemo(() => hunks(diffLines(before, after)), [before, after]);
  if (before === after) return <p className="muted small">No difference.</p>;
  return (
    <div className="diff" role="region" aria-label={label} tabIndex={0} style={{ maxHeight: height }}>
      {lines.map((line, i) =>
        typeof line === "number" ? (
          <div key={i} className="diff-gap">
            {line} {line === 1 ? "line" : "lines"} the same
          </div>
        ) : (
          <div key={i} className={`diff-line diff-${line.kind}`}>
            <span className="diff-number" aria-hidden>
              {line.before}
            </span>
            <span className="diff-number" aria-hidden>
              {line.after}
            </span>
            <span className="diff-sign">{signs[line.kind]}</span>
            <span className="diff-text">{line.text}</span>
          </div>
        ),
      )}
    </div>
  );
}
