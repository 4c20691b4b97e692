import { useNow } from "~/lib/now";
import { absoluteTime, relativeTime } from "~/lib/time";

/** A point in time as a distance from now; the exact time when pointed at. Nothing where it is undefined. */
export function Time({ at, className }: { at: string | undefined | null; className?: string }) {
  const now = useNow();
  if (!at) return null;
  const date = new Date(at);
  return (
    <time dateTime={at} title={absoluteTime(date)} className={["nowrap", className].filter(Boolean).join(" ")}>
      {relativeTime(date, new Date(now))}
    </time>
  );
}
