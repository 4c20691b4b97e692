import { useEffect, useState } from "react";
import { useLocation } from "react-router";

import { Button } from "~/components/Button";
import { CodeEditor } from "~/components/CodeEditor";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";

import { asDelta, useConversion, useReview, type Converted, type EnvPath } from "./draft";
import styles from "./page.module.css";
import { ProblemList } from "./ProblemList";
import { opensImage } from "./score";

/** A Score file, read by the API while it is typed. */
export function ScorePage({ path }: { path: EnvPath }) {
  const given = (useLocation().state as { text?: string } | null)?.text;
  const [text, setText] = useState(given ?? "");
  const [image, setImage] = useState("");
  const [asked, setAsked] = useState(false); // once there was a reason to ask for an image, the field stays
  const conversion = useConversion(path.orgId, text, image.trim());
  const schema = useScoreSchema();
  const { review, busy, error } = useReview(path);
  const open = opensImage(conversion.parsed.spec);
  if (open && !asked) setAsked(true);
  const { converted } = conversion;
  return (
    <div className={styles.split}>
      <Panel title="Score file" note="Paste one, or write it: Ctrl-Space proposes what may stand there." flush>
        <CodeEditor label="Score file" value={text} onChange={setText} problems={conversion.problems} schema={schema} height="calc(100vh - 18rem)" />
      </Panel>
      <Panel title="What it becomes">
        <div className="stack">
          {asked && <TextField label="Image" value={image} onChange={(e) => setImage(e.target.value)} help={'For containers that leave theirs open, with "." or nothing.'} />}
          <ProblemList problems={conversion.problems} />
          {conversion.error != null && <ErrorNotice error={conversion.error} />}
          {text.trim() === "" && <p className="muted small">A workload with its containers, its service and the resources it needs. It is checked as you type.</p>}
          {converted && <Summary converted={converted} />}
          {error != null && <ErrorNotice error={error} />}
          <div>
            <Button kind="primary" may="application:write" disabled={!converted || conversion.busy || conversion.problems.length > 0} busy={busy} onClick={() => converted && review(asDelta(converted), `Score file of ${Object.keys(converted.modules).join(", ")}`)}>
              Review
            </Button>
          </div>
        </div>
      </Panel>
    </div>
  );
}

function useScoreSchema(): object | undefined {
  const [schema, setSchema] = useState<object>();
  useEffect(() => {
    void import("./score-v1b1.json").then((m) => setSchema(m.default));
  }, []);
  return schema;
}

interface Module {
  profile?: string;
  spec?: { containers?: Record<string, { image?: string }> };
  externals?: Record<string, { type?: string; class?: string }>;
}

function Summary({ converted }: { converted: Converted }) {
  const shared = Object.entries(converted.shared) as [string, { type?: string }][];
  return (
    <div className="stack-tight" aria-live="polite">
      {(Object.entries(converted.modules) as [string, Module][]).map(([id, m]) => (
        <section key={id} className="stack-tight" aria-label={`Workload ${id}`}>
          <h3>
            <code>{id}</code> <span className="muted small">{m.profile}</span>
          </h3>
          <ul className={styles.plain}>
            {Object.entries(m.spec?.containers ?? {}).map(([name, c]) => (
              <li key={name}>
                <code>{name}</code> <span className="muted">{c.image}</span>
              </li>
            ))}
            {Object.entries(m.externals ?? {}).map(([name, r]) => (
              <li key={name}>
                <Tag>{r.type}</Tag> <code>{name}</code> <span className="muted">of its own</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {shared.length > 0 && (
        <ul className={styles.plain} aria-label="Shared resources">
          {shared.map(([id, r]) => (
            <li key={id}>
              <Tag>{r.type}</Tag> <code>{id}</code> <span className="muted">shared</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
