import type { Schemas } from "~/api/client";

/** What criteria are compared with. */
export interface Context {
  type: string;
  class: string;
  res: string;
  app: string;
  env: string;
  envType: string;
}

/** A criterion in words: "app shop, type production"; "everything" where it is empty. */
export function criterionText(c: Omit<Schemas["MatchingCriteria"], "id">): string {
  const parts = [
    c.res_id && `resource ${c.res_id}`,
    c.env_id && `env ${c.env_id}`,
    c.app_id && `app ${c.app_id}`,
    c.env_type && `env type ${c.env_type}`,
    c.class && c.class !== "default" && `class ${c.class}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "everything";
}

const name = /^[a-z0-9][a-z0-9-]*$/;

/**
 * A set with just one resource, so that the API can be asked which definition it would get: a shared one, one of a
 * workload, or under a name of its own where no id was given. null: the id is none that a set can hold.
 */
export function setWith(c: Context): Record<string, unknown> | null {
  const resource = { type: c.type, class: c.class || "default" };
  if (c.res === "") return { modules: {}, shared: { "any-resource": resource } };
  const [first, second, third, fourth, ...more] = c.res.split(".");
  if (first === "shared" && second && third === undefined) return { modules: {}, shared: { [second]: resource } };
  if (first === "modules" && second && third === "externals" && fourth && more.length === 0 && name.test(second)) {
    return { modules: { [second]: { externals: { [fourth]: resource } } }, shared: {} };
  }
  return null;
}
