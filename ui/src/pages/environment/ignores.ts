import type { Schemas } from "~/api/client";

type Ignored = Pick<Schemas["IgnoredField"], "kind" | "name" | "path">;

/** One line each: kind, name and path, with * where any is meant. */
export const textOfIgnores = (fields: Ignored[]): string => fields.map((f) => [f.kind, f.name, f.path].map((p) => p || "*").join(" ")).join("\n");

/** What lines of kind, name and path mean; empty lines mean nothing. */
export const ignoresOf = (text: string): Ignored[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [kind, name, ...path] = line.split(/\s+/).map((p) => (p === "*" ? "" : p));
      const rest = path.join(" ");
      return { ...(kind ? { kind } : {}), ...(name ? { name } : {}), ...(rest ? { path: rest } : {}) };
    });
