import { useCallback, useSyncExternalStore } from "react";

import { client, type Schemas } from "~/api/client";
import { session } from "~/api/session";

import { useMay } from "./may";

/** Who an id stands for; null = nobody that this organization knows, or it is not for you to know. */
type Person = Schemas["PersonName"] | null;

// Names are asked for together, once each, and kept: people rarely change them.
const atOnce = 100;
const later = 60_000; // ms after which what failed is asked again, where somebody still wants to know
const known = new Map<string, Person>(); // by organization and id
const asking = new Set<string>();
const wanted = new Map<string, Set<string>>(); // ids by organization
const listeners = new Set<() => void>();
let version = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const keyOf = (orgId: string, id: string) => `${orgId} ${id}`;

function want(orgId: string, id: string) {
  if (asking.has(keyOf(orgId, id))) return;
  asking.add(keyOf(orgId, id));
  wanted.set(orgId, (wanted.get(orgId) ?? new Set()).add(id));
  timer ??= setTimeout(() => {
    timer = undefined;
    const all = [...wanted];
    wanted.clear();
    for (const [org, ids] of all) void ask(org, [...ids]);
  }, 10);
}

async function ask(orgId: string, ids: string[]) {
  for (let i = 0; i < ids.length; i += atOnce) {
    const some = ids.slice(i, i + atOnce);
    const found = await client
      .GET("/orgs/{orgId}/people", { params: { path: { orgId }, query: { id: some as never } } })
      .then(({ data }) => data ?? [])
      .catch(() => undefined); // an id says enough where a name cannot be had
    for (const id of some) {
      const key = keyOf(orgId, id);
      known.set(key, found?.find((p) => p.id === id) ?? null);
      asking.delete(key);
      if (!found) setTimeout(() => known.delete(key), later);
    }
  }
  version++;
  listeners.forEach((l) => l());
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

// Somebody else may see other people.
session.subscribe(() => known.clear());

/** Who an id stands for: undefined while it is being asked. */
function lookUp(orgId: string, id: string): Person | undefined {
  const person = known.get(keyOf(orgId, id));
  if (person === undefined) want(orgId, id);
  return person;
}

const short = (id: string) => (id.length > 20 ? `${id.slice(0, 8)}…` : id);

/** A name, or what there is instead; and all that is known. */
export function textOf(id: string | undefined, person: Person | undefined): { text: string; title: string } {
  if (!id) return { text: "", title: "" };
  if (id === "UNKNOWN") return { text: "Slipway", title: "Slipway itself" };
  if (!person) return { text: short(id), title: id };
  const name = person.name || person.email || short(id);
  const what = [person.email, person.type === "service" && "service user", person.former && "no longer in the organization", id].filter(Boolean).join(", ");
  return { text: person.former ? `${name} (left)` : name, title: what };
}

/** Names of users, for the ids that the API answers; the ids themselves where one may not see users. In JSX, <Person> says more. */
export function usePeople(orgId: string): (id: string | undefined) => string {
  const now = useSyncExternalStore(subscribe, () => version);
  const may = useMay({ orgId })("users:read").ok;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- anew when names arrive
  return useCallback((id) => textOf(id, may && id && id !== "UNKNOWN" ? lookUp(orgId, id) : null).text, [orgId, may, now]);
}

/** As usePeople, for one, with all that is known. */
export function usePerson(orgId: string, id: string | undefined): { text: string; title: string } {
  useSyncExternalStore(subscribe, () => version);
  const may = useMay({ orgId })("users:read").ok;
  return textOf(id, may && id && id !== "UNKNOWN" ? lookUp(orgId, id) : null);
}
