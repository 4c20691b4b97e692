import { CodeEditor } from "~/components/CodeEditor";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { plural } from "~/lib/words";

import { yamlOf } from "./manifest";
import styles from "./page.module.css";
import { problemLine, type TestAnswer } from "./testinputs";

const words = { computed: ["computed", "ok"], not_run: ["not run", "warn"], failed: ["failed", "bad"] } as const;

/** What a definition made of the inputs of a test. `text` is the file that was tested. */
export function TestResult({ answer, text }: { answer: TestAnswer; text: string }) {
  const [word, tone] = words[answer.status];
  const shown: [string, unknown][] = [
    ["What it would get", answer.inputs],
    ["Outputs", answer.status === "computed" ? answer.values : undefined],
    ["Secret outputs", answer.secrets],
    ["init", answer.init],
    ["What it remembers (cookie)", answer.cookie],
  ];
  return (
    <Panel title="Result" note={answer.driver} actions={<StatusBadge status={word} tone={tone} />}>
      <div className="stack">
        {answer.problems.length > 0 && (
          <ul className={styles.problems} aria-label="Problems">
            {answer.problems.map((p) => (
              <li key={`${p.path} ${p.message}`} className={styles.problem}>
                <div>{p.message}</div>
                <div className="muted small">
                  {p.path && (
                    <>
                      Line {problemLine(text, p.path, p.line)} of the definition, <code>{p.path}</code>
                      {p.line > 0 && `, line ${p.line} of the template`}
                    </>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
        {answer.not_run && <Notice>{sentence(answer.not_run)}</Notice>}
        {answer.would_run.length > 0 && (
          <section className="stack-tight" aria-label="What would run">
            <h3>What would run</h3>
            <ul className={styles.lines}>
              {answer.would_run.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        )}
        {answer.unstable.length > 0 && (
          <Notice tone="warn">
            Each deployment would change <code>{answer.unstable.join(", ")}</code>: a second run with the cookie of the first gives something else. Let the cookie template keep what is drawn by {answer.random.join(", ") || "chance"}.
          </Notice>
        )}
        {answer.notes.map((note) => (
          <Notice key={note}>{sentence(note)}</Notice>
        ))}
        {answer.placeholders_defaulted.length > 0 && (
          <p className="muted small">
            Filled with the default: <code>{answer.placeholders_defaulted.join(", ")}</code>
          </p>
        )}
        {shown.map(([title, of]) => (isNothing(of) ? null : <Tree key={title} title={title} of={of} />))}
        {Object.keys(answer.manifests).length > 0 && (
          <section className="stack-tight" aria-label="Manifests">
            <h3>{plural(Object.keys(answer.manifests).length, "manifest")}</h3>
            {Object.entries(answer.manifests).map(([name, m]) => (
              <div key={name} className="stack-tight">
                <div className="row">
                  <code>{name}</code> <Tag>{m.location}</Tag>
                </div>
                <CodeEditor label={name} readOnly value={yamlOf(m.data)} height={heightOf(yamlOf(m.data))} />
              </div>
            ))}
          </section>
        )}
      </div>
    </Panel>
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

const isNothing = (of: unknown) => of === undefined || of === null || (typeof of === "object" && Object.keys(of).length === 0);

/** As high as its lines, within reason. */
const heightOf = (text: string) => `${Math.min(Math.max(text.split("\n").length * 1.45 + 0.5, 3), 20)}rem`;

function Tree({ title, of }: { title: string; of: unknown }) {
  const text = yamlOf(of);
  return (
    <section className="stack-tight" aria-label={title}>
      <h3>{title}</h3>
      <CodeEditor label={title} readOnly value={text} height={heightOf(text)} />
    </section>
  );
}
