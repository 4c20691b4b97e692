const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** "5 min. ago", "in 3 days"; "now" within five seconds. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) < 5) return "now";
  const [unit, length] = units.find(([, l]) => Math.abs(seconds) >= l) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / length), unit);
}

export const absoluteTime = (at: Date) => absolute.format(at);

/** "1m 12s", "2h 5m", "850ms": how long something took. */
export function duration(ms: number): string {
  if (ms < 0) return "0s";
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const s = Math.floor(ms / 1000);
  if (s < 10) return `${(ms / 1000).toFixed(1)}s`;
  if (s < 60) return `${s}s`;
  const m = Math.floor(s / 60);
  if (m < 60) return s % 60 ? `${m}m ${s % 60}s` : `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 48) return m % 60 ? `${h}h ${m % 60}m` : `${h}h`;
  return `${Math.floor(h / 24)}d ${h % 24}h`;
}

/** How long from begin to end; to now where it has not ended; "" where it has not begun. */
export function took(begin: string | undefined, end: string | undefined): string {
  if (!begin) return "";
  return duration((end ? new Date(end) : new Date()).getTime() - new Date(begin).getTime());
}

/** A length of time as one says it: "72h" for 72h0m0s. */
export const shortDuration = (d: string): string => d.replace(/(?<=[hm])0[ms]/g, "");
