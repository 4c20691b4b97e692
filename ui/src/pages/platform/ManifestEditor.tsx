import { useMemo } from "react";

import { api } from "~/api/client";
import { CodeEditor } from "~/components/CodeEditor";

import { manifestSchema, type Parsed } from "./manifest";

/** The editor of a definition's file: proposes types, drivers and the inputs of the driver. */
export function ManifestEditor({ orgId, text, parsed, onChange, height }: { orgId: string; text: string; parsed: Parsed; onChange: (text: string) => void; height?: string }) {
  const at = { params: { path: { orgId } } };
  const drivers = api.useQuery("get", "/orgs/{orgId}/resources/drivers", at, { staleTime: 60_000 });
  const types = api.useQuery("get", "/orgs/{orgId}/resources/types", at, { staleTime: 60_000 });
  const driver = parsed.body?.driver_type;
  const schema = useMemo(() => manifestSchema(drivers.data ?? [], types.data ?? [], driver), [drivers.data, types.data, driver]);
  return <CodeEditor label="Definition" value={text} onChange={onChange} problems={parsed.problems} schema={schema} height={height ?? "calc(100vh - 20rem)"} />;
}
