import type { Schemas } from "~/api/client";

export type Value = Schemas["Value"];
export type Version = Schemas["ValueSetVersion"];

/** A key as an environment sees it. */
export interface Row {
  key: string;
  value: Value;
  /** What the application has, where the environment overrides it. */
  app?: Value;
  state: "app" | "inherited" | "overridden";
}

/** The values of a level; those of an environment with what the application has below an override. */
export function rowsOf(values: Value[], appValues: Value[] | undefined): Row[] {
  if (!appValues) return values.map((value) => ({ key: value.key, value, state: "app" }));
  const app = new Map(appValues.map((v) => [v.key, v]));
  return values.map((value) => (value.source === "env" ? { key: value.key, value, app: app.get(value.key), state: "overridden" } : { key: value.key, value, state: "inherited" }));
}

/** Whether two values have the same content; of secrets, whether they are the same version of the same entry. */
export function sameContent(a: Value, b: Value): boolean {
  if (a.is_secret !== b.is_secret) return false;
  if (a.is_secret) return a.secret_store_id === b.secret_store_id && a.secret_key === b.secret_key && a.secret_version === b.secret_version;
  return a.value === b.value;
}

const did: [RegExp, string][] = [
  [/_value_create$/, "set"],
  [/_value_update$/, "changed"],
  [/_value_delete$/, "deleted"],
  [/_values_delete$/, "deleted all"],
  [/_restore$/, "restored"],
  [/_purge$/, "purged a former value"],
];

/** What made a version, in a word or three. */
export const whatMade = (v: Pick<Version, "result_of">) => did.find(([of]) => of.test(v.result_of))?.[1] ?? v.result_of.replaceAll("_", " ");

/** The keys that a version changed. */
export const changedKeys = (v: Pick<Version, "change">) => [...new Set(v.change.map((c) => c.path.replace(/^\//, "").replaceAll("~1", "/").replaceAll("~0", "~")))];

export interface Effect {
  key: string;
  kind: "set" | "change" | "delete" | "inherit";
}

/** What restoring a version would do to the values that are set on the level itself; the other level's stay as they are. */
export function effectOf(then: Version["values"], now: Value[], level: "app" | "env"): Effect[] {
  const own = new Map(now.filter((v) => v.source === level).map((v) => [v.key, v]));
  const effects: Effect[] = [];
  for (const v of Object.values(then)) {
    if (v.source !== level) continue;
    const current = own.get(v.key);
    if (!current) effects.push({ key: v.key, kind: "set" });
    else if (!sameContent(current, v) || current.description !== v.description) effects.push({ key: v.key, kind: "change" });
  }
  for (const key of own.keys()) if (then[key]?.source !== level) effects.push({ key, kind: level === "env" ? "inherit" : "delete" });
  return effects.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** In how many versions a key has this very content. */
export const versionsWith = (versions: Version[], value: Value) => versions.filter((v) => v.values[value.key] && sameContent(v.values[value.key] as Value, value)).length;

const form = /^[A-Za-z0-9._-]{1,256}$/;

/** What is wrong with a new key; undefined when nothing is. */
export function keyProblem(key: string, taken: ReadonlySet<string>): string | undefined {
  if (key === "") return undefined;
  if (!form.test(key)) return "Letters, digits, dots, dashes and underscores, at most 256.";
  if (taken.has(key)) return "There is a value with this key.";
  return undefined;
}
