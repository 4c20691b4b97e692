import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Route, Routes, useNavigate, useParams } from "react-router";

import { api, client } from "~/api/client";
import { NotFound } from "~/app/errors";
import { Button, IconButton } from "~/components/Button";
import type { EditorProblem } from "~/components/CodeEditor";
import { Checkbox } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Notice } from "~/components/Notice";
import { Page, Panel } from "~/components/Page";
import { StatusBadge, Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { usePeople } from "~/lib/people";

import { Criteria } from "./Criteria";
import { DefinitionTest, foundByTest, useDefinitionTest } from "./DefinitionTest";
import { DefinitionResources } from "./DefinitionResources";
import { manifestOf, parseManifest, type Definition, type Parsed } from "./manifest";
import { ManifestEditor } from "./ManifestEditor";
import { SaveDialog } from "./SaveDialog";
import { Versions } from "./Versions";

/** Has everything that shows definitions look again. */
export function useDefinitionsChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith("/orgs/{orgId}/resources/defs") });
}

/** One definition: its file, when it is used, its versions, what was made with it. */
export function DefinitionPage({ orgId }: { orgId: string }) {
  const defId = useParams().def ?? "";
  const definition = api.useQuery("get", "/orgs/{orgId}/resources/defs/{defId}", { params: { path: { orgId, defId }, query: { deleted: true } } });
  const person = usePeople(orgId);
  const part = (rest: string) => to.platform(orgId, rest ? `definitions/${defId}/${rest}` : `definitions/${defId}`);
  const d = definition.data;
  return (
    <Page
      title={defId}
      crumbs={[{ label: "Platform", to: to.platform(orgId) }]}
      badges={
        d && (
          <>
            <Tag title="Resource type">{d.type}</Tag>
            {d.is_default && <Tag title="Used when nothing else matches">supplied</Tag>}
            {d.is_deleted && <StatusBadge status="deleted" tone="warn" />}
          </>
        )
      }
      facts={
        d && (
          <>
            <span>{d.driver_type}</span>
            <span>
              Changed <Time at={d.updated_at ?? d.created_at} /> {(d.updated_by ?? d.created_by) !== "UNKNOWN" && <>by {person(d.updated_by ?? d.created_by)}</>}
            </span>
          </>
        )
      }
      actions={d && !d.is_deleted && <Actions orgId={orgId} definition={d} />}
      tabs={[
        { label: "Definition", to: part(""), end: true },
        { label: "Test", to: part("test") },
        { label: "Criteria", to: part("criteria") },
        { label: "Versions", to: part("versions") },
        { label: "Resources", to: part("resources") },
      ]}
    >
      <Loaded query={definition} lines={8}>
        {(found) => (
          <>
            {found.is_deleted && <Notice tone="warn">It was deleted. What was made with it stays until a deployment gives it another definition, or its environment goes.</Notice>}
            <Parts key={found.active_version_id} orgId={orgId} definition={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Parts({ orgId, definition }: { orgId: string; definition: Definition }) {
  const draft = useDraft(definition);
  const test = useDefinitionTest(orgId);
  return (
    <Routes>
      <Route index element={<Edit orgId={orgId} definition={definition} draft={draft} found={foundByTest(test, draft.text)} />} />
      <Route path="test" element={<Test draft={draft} test={test} />} />
      <Route path="criteria" element={<Criteria orgId={orgId} definition={definition} />} />
      <Route path="versions" element={<Versions orgId={orgId} definition={definition} />} />
      <Route path="resources" element={<DefinitionResources orgId={orgId} definition={definition} />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

type Draft = ReturnType<typeof useDraft>;

/** What is in the editor; it is kept while the parts of the page change. */
function useDraft(definition: Definition) {
  const original = useMemo(() => manifestOf(definition), [definition]);
  const [text, setText] = useState(original);
  const parsed = useMemo((): Parsed => {
    const found = parseManifest(text);
    const { body } = found;
    if (!body) return found;
    const fixed = [
      body.id !== definition.id && "metadata.id cannot change: make another definition.",
      body.type !== definition.type && "The type cannot change: make another definition.",
      body.criteria && "Criteria of a definition that exists change on the page Criteria.",
    ].filter((m) => m !== false && m !== undefined);
    return fixed.length > 0 ? { problems: fixed.map((message) => ({ line: 1, message })) } : found;
  }, [text, definition]);
  return { original, text, setText, parsed };
}

function Test({ draft, test }: { draft: Draft; test: ReturnType<typeof useDefinitionTest> }) {
  const { text, original, parsed } = draft;
  return (
    <>
      {text !== original && <Notice>What is in the editor is tested, which is not saved.</Notice>}
      <DefinitionTest test={test} text={text} body={parsed.body} />
    </>
  );
}

function Edit({ orgId, definition, draft, found }: { orgId: string; definition: Definition; draft: Draft; found: EditorProblem[] }) {
  const { original, text, setText, parsed } = draft;
  const [saving, setSaving] = useState(false);
  const changed = useDefinitionsChanged();
  const { body } = parsed;
  const marked = useMemo(() => ({ ...parsed, problems: [...parsed.problems, ...found] }), [parsed, found]);
  return (
    <>
      <Panel
        title="Definition"
        note={text === original ? "as it is in use" : "changed, not saved"}
        flush
        actions={
          <>
            {text !== original && (
              <Button small onClick={() => setText(original)}>
                Undo
              </Button>
            )}
            <Button small kind="primary" may="platform:write" disabled={!body || text === original || definition.is_deleted} onClick={() => setSaving(true)}>
              Review and save
            </Button>
          </>
        }
      >
        <ManifestEditor orgId={orgId} text={text} parsed={marked} onChange={setText} height="calc(100vh - 21rem)" />
      </Panel>
      {marked.problems.map((p) => (
        <Notice key={`${p.line} ${p.message}`} tone="warn">
          Line {p.line}: {p.message}
        </Notice>
      ))}
      {saving && body && (
        <SaveDialog
          orgId={orgId}
          title={`Save ${definition.id}`}
          action="Save"
          proposable
          change={{ def_id: definition.id, definition: body }}
          save={(proposed) => {
            const { name, driver_type, driver_account, driver_inputs, provision, in_place_driver_change } = body;
            return client.PUT("/orgs/{orgId}/resources/defs/{defId}", {
              params: { path: { orgId, defId: definition.id } },
              body: { name, driver_type, driver_account, driver_inputs, provision, in_place_driver_change, proposed },
            });
          }}
          onSaved={async () => {
            toast.ok(`${definition.id} was saved`, "What is in use takes effect at the next deployment of each environment.");
            setSaving(false);
            await changed();
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  );
}

function Actions({ orgId, definition }: { orgId: string; definition: Definition }) {
  const [deleting, setDeleting] = useState(false);
  const [force, setForce] = useState(false);
  const changed = useDefinitionsChanged();
  const navigate = useNavigate();
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[{ label: "Delete", icon: <Trash2 size={14} />, danger: true, may: "platform:write", onSelect: () => setDeleting(true) }]}
      />
      {deleting && (
        <SaveDialog
          orgId={orgId}
          title={`Delete ${definition.id}?`}
          action="Delete definition"
          danger
          change={{ def_id: definition.id, delete: true }}
          save={() => client.DELETE("/orgs/{orgId}/resources/defs/{defId}", { params: { path: { orgId, defId: definition.id }, query: force ? { force: true } : {} } })}
          onSaved={async () => {
            toast.ok(`${definition.id} was deleted`);
            await navigate(to.platform(orgId));
            await changed();
          }}
          onClose={() => setDeleting(false)}
        >
          <div className="losses">
            <h3>What will be lost</h3>
            <ul>
              <li>The definition with its criteria and versions</li>
              <li>What was made with it is replaced or fails at the next deployment, as below</li>
            </ul>
          </div>
          <Checkbox label="Delete it even though resources of it are active" checked={force} onChange={(e) => setForce(e.target.checked)} />
        </SaveDialog>
      )}
    </>
  );
}
