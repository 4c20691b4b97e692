import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";

import { client } from "~/api/client";
import { Button } from "~/components/Button";
import { Page, Panel } from "~/components/Page";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";

import { DefinitionTest, foundByTest, useDefinitionTest } from "./DefinitionTest";
import { newManifest, parseManifest } from "./manifest";
import { ManifestEditor } from "./ManifestEditor";
import { SaveDialog } from "./SaveDialog";

/** Makes a definition from its file. */
export function NewDefinition({ orgId }: { orgId: string }) {
  const [text, setText] = useState(newManifest);
  const [saving, setSaving] = useState(false);
  const parsed = useMemo(() => parseManifest(text), [text]);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { body } = parsed;
  const test = useDefinitionTest(orgId);
  const [testing, setTesting] = useState(false);
  const marked = { ...parsed, problems: [...parsed.problems, ...foundByTest(test, text)] };
  return (
    <Page
      title="New definition"
      crumbs={[{ label: "Platform", to: to.platform(orgId) }]}
      actions={
        <>
          <Button may="platform:write" aria-expanded={testing} disabled={!body && !testing} onClick={() => setTesting(!testing)}>
            {testing ? "Hide the test" : "Test"}
          </Button>
          <Button kind="primary" may="platform:write" disabled={!body} onClick={() => setSaving(true)}>
            Review and create
          </Button>
        </>
      }
    >
      <Panel title="Definition" note="the file that slipway apply takes; Ctrl Space proposes" flush>
        <ManifestEditor orgId={orgId} text={text} parsed={marked} onChange={setText} height={testing ? "22rem" : undefined} />
      </Panel>
      {testing && <DefinitionTest test={test} text={text} body={body} />}
      {saving && body && (
        <SaveDialog
          orgId={orgId}
          title={`Create ${body.id}`}
          action="Create"
          change={{ definition: body }}
          save={() => client.POST("/orgs/{orgId}/resources/defs", { params: { path: { orgId } }, body })}
          onSaved={async () => {
            toast.ok(`${body.id} was made`);
            await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/resources/defs"] });
            await navigate(to.platform(orgId, `definitions/${body.id}`));
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </Page>
  );
}
