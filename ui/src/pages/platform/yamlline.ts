import { isMap, isScalar, LineCounter, parseDocument } from "yaml";

/** The line of what a path of keys names in a YAML document, or of the last key that is there; `within` counts from 1 in a text of several lines, 0 is the key's own. */
export function lineAt(text: string, path: string[], within = 0): number {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  let at: unknown = doc.contents;
  let found = 1;
  for (const key of path) {
    if (!isMap(at)) break;
    const pair = at.items.find((p) => isScalar(p.key) && String(p.key.value) === key);
    if (!pair) break;
    if (isScalar(pair.key) && pair.key.range) found = lines.linePos(pair.key.range[0]).line;
    at = pair.value;
  }
  if (within === 0 || !isScalar(at) || !at.range) return found;
  // The text of a block begins on the line after its key; that of any other on the line where it stands.
  const block = at.type === "BLOCK_LITERAL" || at.type === "BLOCK_FOLDED";
  return block ? found + within : lines.linePos(at.range[0]).line;
}
