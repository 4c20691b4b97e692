export interface CredentialField {
  name: string;
  required: boolean;
  /** Whether it may only be an object, which is typed as JSON. */
  object: boolean;
}

/** The credentials that a type of accounts asks for, from its schema; what is required comes first. */
export function credentialFields(schema: Record<string, unknown> | undefined): CredentialField[] {
  const properties = (schema?.properties ?? {}) as Record<string, { type?: string | string[] }>;
  const required = (schema?.required ?? []) as string[];
  return Object.entries(properties)
    .map(([name, of]) => ({ name, required: required.includes(name), object: of.type === "object" }))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

/** What was typed as what the API takes; fields of other types and empty ones are left out. Throws where JSON is broken. */
export function readCredentials(fields: CredentialField[], typed: Record<string, string>): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const f of fields) {
    const text = typed[f.name] ?? "";
    if (text === "") continue;
    try {
      given[f.name] = f.object ? (JSON.parse(text) as unknown) : text;
    } catch {
      throw new Error(`${f.name} is no JSON`); // never with what was typed: it is a secret
    }
  }
  return given;
}

/** A key file of a cloud, which holds many credentials and lines of its own, as it was pasted. Throws where it is no JSON object. */
export function readKeyFile(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) throw new Error("The key file is no JSON object");
  return read as Record<string, unknown>;
}
