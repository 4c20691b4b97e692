import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import UPNG from "upng-js";

const path = (rest: string) => fileURLToPath(new URL(`../../../${rest}`, import.meta.url));
const update = process.env.UPDATE_DOCS === "1";
/** Whether pictures are wanted: all of them take as long as a dozen tests. */
export const pictures = update || process.env.PICTURES !== "0";
const guide = update ? readFileSync(path("docs/guides/web-ui.md"), "utf8") : "";

/** Keeps a picture among the artefacts, and in docs/ui when those are taken anew and the guide shows it. */
export function keep(name: string, picture: Buffer) {
  write(path(`ui/e2e/screenshots/${name}.png`), picture);
  if (update && guide.includes(`../ui/${name}.png`)) write(path(`docs/ui/${name}.png`), small(picture));
}

/** The same in at most 160 colours: less than half as large, and nobody sees it. */
function small(picture: Buffer): Buffer {
  const image = UPNG.decode(picture);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, 160));
}

function write(to: string, picture: Buffer) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, picture);
}
