export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** Lines from 1; undefined on the side where it is not. */
  before?: number;
  after?: number;
}

const most = 4_000_000; // cells of the table below, above which whole blocks are shown as replaced

/** Lines of two texts, with what one has and the other has not: the longest common subsequence of what is between their equal ends. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const out: DiffLine[] = [];
  const same = (i: number, j: number) => out.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: j + 1 });
  for (let i = 0; i < head; i++) same(i, i);
  middle(a, b, head, a.length - tail, b.length - tail, out);
  for (let k = tail; k > 0; k--) same(a.length - k, b.length - k);
  return out;
}

function middle(a: string[], b: string[], from: number, aEnd: number, bEnd: number, out: DiffLine[]) {
  const n = aEnd - from;
  const m = bEnd - from;
  const removed = (i: number) => out.push({ kind: "removed", text: a[i] ?? "", before: i + 1 });
  const added = (j: number) => out.push({ kind: "added", text: b[j] ?? "", after: j + 1 });
  const width = m + 1;
  // common[i][j]: how many lines are common after line i of a and line j of b.
  const common = n * m > most ? undefined : new Uint32Array((n + 1) * width);
  const at = (i: number, j: number) => common?.[i * width + j] ?? 0;
  if (common) {
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) common[i * width + j] = a[from + i] === b[from + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    if (common && i < n && j < m && a[from + i] === b[from + j]) {
      out.push({ kind: "same", text: a[from + i] ?? "", before: from + i + 1, after: from + j + 1 });
      i++;
      j++;
    } else if (i < n && (j >= m || at(i + 1, j) >= at(i, j + 1))) removed(from + i++);
    else added(from + j++);
  }
}

/** The same with only a few lines around what differs; a number stands for so many lines that are left out. */
export function hunks(lines: DiffLine[], around = 3): (DiffLine | number)[] {
  const near = lines.map(() => false);
  lines.forEach((l, i) => {
    if (l.kind !== "same") near.fill(true, Math.max(0, i - around), i + around + 1);
  });
  const out: (DiffLine | number)[] = [];
  lines.forEach((l, i) => {
    const last = out[out.length - 1];
    if (near[i]) out.push(l);
    else if (typeof last === "number") out[out.length - 1] = last + 1;
    else out.push(1);
  });
  return out;
}
