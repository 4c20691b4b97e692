/** One field of a form, made from a property of a JSON Schema. */
export interface FieldSpec {
  name: string;
  label: string;
  help?: string;
  kind: "text" | "number" | "yes-no" | "choice" | "list" | "json";
  required: boolean;
  choices?: string[];
  /** What is in the field at first, as text. */
  initial: string;
  problem: (text: string) => string | undefined;
}

interface Property {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  items?: { type?: string };
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

interface ObjectSchema {
  properties?: Record<string, Property>;
  required?: string[];
}

function kindOf(p: Property): FieldSpec["kind"] {
  if (p.enum) return "choice";
  if (p.type === "integer" || p.type === "number") return "number";
  if (p.type === "boolean") return "yes-no";
  if (p.type === "array" && p.items?.type === "string") return "list";
  return p.type === "string" || p.type === undefined ? "text" : "json";
}

function initialOf(p: Property, kind: FieldSpec["kind"]): string {
  if (p.default === undefined) return "";
  if (kind === "list") return (p.default as string[]).join("\n");
  return typeof p.default === "string" ? p.default : JSON.stringify(p.default);
}

function problemOf(p: Property, kind: FieldSpec["kind"], required: boolean): FieldSpec["problem"] {
  return (text) => {
    if (text === "") return required ? "This is required." : undefined;
    if (kind === "number") {
      const n = Number(text);
      if (!Number.isFinite(n) || (p.type === "integer" && !Number.isInteger(n))) return p.type === "integer" ? "A whole number." : "A number.";
      if (p.minimum !== undefined && n < p.minimum) return `At least ${p.minimum}.`;
      if (p.maximum !== undefined && n > p.maximum) return `At most ${p.maximum}.`;
    }
    if (kind === "text") {
      if (p.minLength !== undefined && text.length < p.minLength) return `At least ${p.minLength} characters.`;
      if (p.maxLength !== undefined && text.length > p.maxLength) return `At most ${p.maxLength} characters.`;
      if (p.pattern !== undefined && !new RegExp(p.pattern, "u").test(text)) return `It has to look like ${p.pattern}`;
    }
    if (kind === "json") {
      try {
        JSON.parse(text);
      } catch {
        return "JSON is expected.";
      }
    }
    return undefined;
  };
}

/** The fields of a template's parameters: those that are required first, in the order of the schema. */
export function fieldsOf(schema: object): FieldSpec[] {
  const { properties = {}, required = [] } = schema as ObjectSchema;
  const fields = Object.entries(properties).map(([name, p]): FieldSpec => {
    const kind = kindOf(p);
    const needed = required.includes(name);
    return {
      name,
      label: p.title ?? name,
      help: [p.description, p.examples?.length ? `For example ${p.examples.map(String).join(", ")}` : undefined, kind === "list" ? "One per line." : undefined].filter(Boolean).join(" ") || undefined,
      kind,
      required: needed,
      choices: p.enum?.map(String),
      initial: initialOf(p, kind),
      problem: problemOf(p, kind, needed),
    };
  });
  return [...fields.filter((f) => f.required), ...fields.filter((f) => !f.required)];
}

/** Parameters as the API takes them; an empty field is left out, so that its default holds. */
export function parametersOf(fields: FieldSpec[], texts: Record<string, string>): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const f of fields) {
    const text = texts[f.name] ?? f.initial;
    if (text === "") continue;
    if (f.kind === "number") parameters[f.name] = Number(text);
    else if (f.kind === "yes-no") parameters[f.name] = text === "true";
    else if (f.kind === "list") parameters[f.name] = text.split("\n").filter((line) => line !== "");
    else if (f.kind === "json") parameters[f.name] = JSON.parse(text) as unknown;
    else parameters[f.name] = text;
  }
  return parameters;
}
