import type { EditorProblem } from "~/components/CodeEditor";

/** What is wrong with a text, line by line. Nothing where nothing is. */
export function ProblemList({ problems }: { problems: EditorProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="notice notice-bad" role="alert">
      <ul className="grow" aria-label="Problems" style={{ listStyle: "none", padding: 0 }}>
        {problems.map((p, i) => (
          <li key={i}>
            <span className="muted">line {p.line}</span> {p.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
