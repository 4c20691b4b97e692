import { toneOf, type Tone } from "~/lib/status";

/** A status in one word, coloured by what it means; the word alone says it, too. `tone` where the word is not enough. */
export function StatusBadge({ status, tone, title, pulse }: { status: string; tone?: Tone; title?: string; pulse?: boolean }) {
  const as = tone ?? toneOf(status);
  return (
    <span className={`badge badge-${as}`} title={title}>
      <span className={pulse ?? as === "busy" ? "badge-dot badge-dot-pulse" : "badge-dot"} aria-hidden />
      {status}
    </span>
  );
}

/** A short fact that is no status: a type, a count, a version. */
export function Tag({ children, title }: { children: React.ReactNode; title?: string }) {
  return (
    <span className="tag" title={title}>
      {children}
    </span>
  );
}
