/** An image in short: the last part of its name, and its tag or the beginning of its digest. */
export function shortImage(image: string): { name: string; version: string } {
  const [rest = "", digest] = image.split("@");
  const slash = rest.lastIndexOf("/");
  const colon = rest.indexOf(":", slash + 1);
  const name = rest.slice(slash + 1, colon < 0 ? undefined : colon);
  if (colon >= 0) return { name, version: rest.slice(colon + 1) };
  if (digest) return { name, version: digest.replace(/^sha256:/, "").slice(0, 12) };
  return { name, version: "latest" };
}
