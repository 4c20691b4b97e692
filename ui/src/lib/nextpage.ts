/** The token of the next page, from the header Link; undefined on the last one. */
export function nextPage(link: string | null): string | undefined {
  const next = link?.split(",").find((l) => /;\s*rel="?next"?/.test(l));
  const target = next === undefined ? undefined : /<([^>]*)>/.exec(next)?.[1];
  if (target === undefined) return undefined;
  return new URL(target, "http://any").searchParams.get("page") ?? undefined;
}
