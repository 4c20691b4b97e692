import { isMap, isScalar, LineCounter, parseDocument, stringify, type Document } from "yaml";

import type { Schemas } from "~/api/client";
import type { EditorProblem } from "~/components/CodeEditor";

export type Definition = Schemas["ResourceDefinition"];
export type Version = Schemas["ResourceDefinitionVersion"];
export type DefinitionBody = Schemas["CreateDefinitionRequest"];

const apiVersion = "entity.humanitec.io/v1b1";
const keys = ["name", "type", "driver_type", "driver_account", "driver_inputs", "provision", "in_place_driver_change", "criteria"] as const;

const write = (of: unknown) => stringify(of, { lineWidth: 0, aliasDuplicateObjects: false });

const filled = (v: unknown) => v !== undefined && v !== null && v !== "" && v !== false && !(typeof v === "object" && Object.keys(v).length === 0);

/** A definition as the file that `slipway apply` takes, without its criteria, which change on their own. */
export function manifestOf(d: Definition | Version): string {
  const { name, type, driver_type, driver_account, driver_inputs, provision, in_place_driver_change } = d;
  const entity = Object.entries({ name, type, driver_type, driver_account, driver_inputs, provision, in_place_driver_change }).filter(([, v]) => filled(v));
  const id = "def_id" in d ? d.def_id : d.id;
  return write({ apiVersion, kind: "Definition", metadata: { id }, entity: Object.fromEntries(entity) });
}

/** What a new definition begins with. */
export const newManifest = write({
  apiVersion, kind: "Definition", metadata: { id: "my-postgres" },
  entity: {
    name: "my-postgres", type: "postgres", driver_type: "humanitec/echo",
    driver_inputs: { values: { host: "db.example.com", port: 5432, name: "shop" }, secret_refs: { username: { value: "shop" }, password: { value: "change-me" } } },
    criteria: [{ app_id: "shop", env_type: "production" }],
  },
});

export interface Parsed {
  body?: DefinitionBody;
  problems: EditorProblem[];
}

/** Reads a definition's file; what is wrong with it comes with its line. */
export function parseManifest(text: string): Parsed {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: EditorProblem[] = [...doc.errors, ...doc.warnings].map((e) => ({ line: lines.linePos(e.pos[0]).line, message: e.message }));
  if (problems.length > 0) return { problems };
  const bad = (path: string[], message: string) => void problems.push({ line: lineOf(doc, lines, path), message });
  const whole = doc.toJS() as { kind?: unknown; metadata?: { id?: unknown }; entity?: Record<string, unknown> } | null;
  if (whole === null || typeof whole !== "object") return { problems: [{ line: 1, message: "Write apiVersion, kind: Definition, metadata and entity." }] };
  if (whole.kind !== "Definition") bad(["kind"], "kind must be Definition.");
  const id = whole.metadata?.id;
  if (typeof id !== "string" || id === "") bad(["metadata"], "metadata.id is missing: the id of the definition.");
  const entity = whole.entity;
  if (typeof entity !== "object" || entity === null) {
    bad(["entity"], "entity is missing: name, type, driver_type, driver_inputs.");
    return { problems };
  }
  for (const key of ["name", "type", "driver_type"]) if (typeof entity[key] !== "string" || entity[key] === "") bad(["entity"], `entity.${key} is missing.`);
  for (const key of Object.keys(entity)) if (!(keys as readonly string[]).includes(key)) bad(["entity", key], `There is no such key here; there are ${keys.join(", ")}.`);
  return problems.length > 0 ? { problems } : { body: { ...entity, id } as DefinitionBody, problems };
}

/** The line of a key, or of the nearest one above it that is there. */
function lineOf(doc: Document.Parsed, lines: LineCounter, path: string[]): number {
  let at: unknown = doc.contents;
  let line = 1;
  for (const key of path) {
    if (!isMap(at)) break;
    const pair = at.items.find((p) => isScalar(p.key) && p.key.value === key);
    if (!pair) break;
    const range = isScalar(pair.key) ? pair.key.range : undefined;
    if (range) line = lines.linePos(range[0]).line;
    at = pair.value;
  }
  return line;
}

/** A JSON Schema of a definition's file, for what the editor proposes; with the inputs of its driver. */
export function manifestSchema(drivers: Schemas["Driver"][], types: Schemas["ResourceType"][], driverType: string | undefined) {
  const driver = drivers.find((d) => `${d.org_id}/${d.id}` === driverType);
  const text = (description: string) => ({ type: "string", description });
  return {
    type: "object",
    properties: {
      apiVersion: { const: apiVersion },
      kind: { const: "Definition" },
      metadata: { type: "object", properties: { id: text("Id of the definition; it cannot change.") } },
      entity: {
        type: "object",
        required: ["name", "type", "driver_type"],
        properties: {
          name: text("Display name"),
          type: { enum: types.map((t) => t.type), description: "Resource type that it provisions" },
          driver_type: { enum: drivers.map((d) => `${d.org_id}/${d.id}`), description: "Driver that does the work" },
          driver_account: text("Resource account that the driver uses"),
          driver_inputs: driver?.inputs_schema ?? { type: "object", properties: { values: { type: "object" }, secret_refs: { type: "object" } } },
          provision: { type: "object", description: "Resources that are provisioned along, by type[.class][#id]" },
          in_place_driver_change: { type: "boolean", description: "Hand existing resources to a new driver instead of making new ones" },
          criteria: {
            type: "array", description: "When it is used",
            items: { type: "object", properties: { app_id: text("Application"), env_id: text("Environment"), env_type: text("Environment type"), res_id: text("Resource id"), class: text("Resource class; default when absent") } },
          },
        },
      },
    },
  };
}

/** Any object of the API as YAML, for dialogs that take one. */
export const yamlOf = (of: unknown) => write(of);

/** Reads an object of the API; problems with their lines. */
export function parseObject(text: string): { body?: Record<string, unknown>; problems: EditorProblem[] } {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = doc.errors.map((e) => ({ line: lines.linePos(e.pos[0]).line, message: e.message }));
  const body: unknown = problems.length > 0 ? undefined : doc.toJS();
  if (problems.length === 0 && (typeof body !== "object" || body === null || Array.isArray(body))) problems.push({ line: 1, message: "An object is expected: key: value." });
  return problems.length > 0 ? { problems } : { body: body as Record<string, unknown>, problems };
}
