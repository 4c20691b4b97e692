import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from "yaml";

import type { EditorProblem } from "~/components/CodeEditor";

export interface ParsedScore {
  /** The Score file as JSON; undefined where there is none, or where it cannot be read. */
  spec?: Record<string, unknown>;
  /** What follows after ---: apiVersion humanitec.org/v1b1. */
  extensions?: Record<string, unknown>;
  problems: EditorProblem[];
  /** The line of a place such as containers.main.files["/etc/app.conf"].mode; of what holds it where it is not there itself. */
  lineOf: (path: string) => number;
}

/** Takes a place apart: a.b["c.d"][0] into a, b, c.d, 0. */
export function tokensOf(path: string): string[] {
  const tokens: string[] = [];
  for (const m of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (m[1] !== undefined) tokens.push(JSON.parse(`"${m[1]}"`) as string);
    else tokens.push(m[2] ?? m[3] ?? "");
  }
  return tokens;
}

function lineIn(document: Document | undefined, lines: LineCounter, path: string): number {
  let node: unknown = document?.contents;
  let offset = document?.contents?.range?.[0] ?? 0;
  for (const token of tokensOf(path)) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === token);
      if (!pair) break;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(token)];
      if (item === undefined) break;
      const range = (item as { range?: [number, number, number] | null }).range;
      if (range) offset = range[0];
      node = item;
    } else break;
  }
  return lines.linePos(offset).line;
}

/** Reads a Score file and perhaps an extension file after it. */
export function parseScore(text: string): ParsedScore {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })] as Document[];
  const problems: EditorProblem[] = documents.flatMap((d) => d.errors.map((e) => ({ line: lines.linePos(e.pos[0]).line, message: e.message })));
  const lineOf = (path: string) => lineIn(documents[0], lines, path);
  if (problems.length > 0 || text.trim() === "") return { problems, lineOf };
  const values = documents.map((d) => d.toJS() as unknown);
  const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
  const [spec, extensions] = values;
  if (!isObject(spec)) return { problems: [{ line: 1, message: "A Score file is a mapping; it begins with apiVersion: score.dev/v1b1." }], lineOf };
  if (documents.length > 2) return { spec, problems: [{ line: lineIn(documents[2], lines, ""), message: "After the Score file there may be one extension file, no more." }], lineOf };
  if (extensions !== undefined && extensions !== null && !isObject(extensions)) return { spec, problems: [{ line: lineIn(documents[1], lines, ""), message: "An extension file is a mapping." }], lineOf };
  return { spec, extensions: isObject(extensions) ? extensions : undefined, problems, lineOf };
}

/** The problems that the API lists in an error, each at its line. */
export function problemsOf(details: Record<string, unknown> | undefined, lineOf: ParsedScore["lineOf"]): EditorProblem[] {
  const listed = details?.problems;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((p: unknown) => {
    const { path, message } = p as { path?: unknown; message?: unknown };
    if (typeof message !== "string") return [];
    return typeof path === "string" && path !== "" ? [{ line: lineOf(path), message: `${path}: ${message}` }] : [{ line: 1, message }];
  });
}

/** What the images of containers are that leave theirs open. */
export function opensImage(spec: Record<string, unknown> | undefined): boolean {
  const containers = spec?.containers;
  if (typeof containers !== "object" || containers === null) return false;
  return Object.values(containers).some((c: unknown) => {
    const image = (c as { image?: unknown } | null)?.image;
    return image === undefined || image === "" || image === ".";
  });
}
