import { Plus, Undo2 } from "lucide-react";
import { useState } from "react";

import { api } from "~/api/client";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { CodeEditor } from "~/components/CodeEditor";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { asSet } from "~/components/plan/base";
import { StatusBadge } from "~/components/StatusBadge";
import { to } from "~/lib/paths";
import { plural } from "~/lib/words";

import { useReview, type EnvPath } from "./draft";
import { asYaml, changesOf, emptyModule, fromYaml, idProblem, type Drafts, type Module } from "./module";
import { ModuleForm } from "./ModuleForm";
import styles from "./page.module.css";

/** The workloads of the environment's set, to be changed by form or as YAML. */
export function Edit({ path }: { path: EnvPath }) {
  const { orgId, appId } = path;
  const env = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}", { params: { path } });
  const setId = env.data?.from_deploy?.set_id;
  const set = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/sets/{setId}", { params: { path: { orgId, appId, setId: setId ?? "" } } }, { enabled: setId !== undefined, staleTime: Infinity });
  return (
    <Loaded query={env}>
      {() => (setId === undefined ? <Editing path={path} before={{}} /> : <Loaded query={set}>{(s) => <Editing key={setId} path={path} before={asSet(s).modules} />}</Loaded>)}
    </Loaded>
  );
}

function Editing({ path, before }: { path: EnvPath; before: Record<string, Module> }) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const [chosen, setChosen] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [broken, setBroken] = useState(false);
  const { review, busy, error } = useReview(path);
  const ids = [...new Set([...Object.keys(before), ...Object.keys(drafts)])].sort();
  const changes = changesOf(before, drafts);
  const count = Object.keys(changes.add).length + changes.remove.length;
  const id = chosen !== undefined && ids.includes(chosen) ? chosen : ids[0];
  const module = id === undefined ? undefined : id in drafts ? drafts[id] : before[id];
  const stateOf = (i: string) => (changes.remove.includes(i) ? "removed" : i in changes.add ? (i in before ? "changed" : "new") : undefined);
  const put = (i: string, m: Module | null) => setDrafts((d) => ({ ...d, [i]: m }));
  const restore = (i: string) => setDrafts((all) => Object.fromEntries(Object.entries(all).filter(([other]) => other !== i)));
  const add = (
    <Button small icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
      Workload
    </Button>
  );
  const name = [...Object.keys(changes.add).map((i) => `${i in before ? "Change" : "Add"} ${i}`), ...changes.remove.map((i) => `Remove ${i}`)].join(", ");
  return (
    <>
      {ids.length === 0 ? (
        <Panel flush>
          <EmptyState title="Nothing is deployed here yet" actions={<><ButtonLink to={to.change(path.orgId, path.appId, path.envId)}>From the catalogue</ButtonLink>{add}</>}>
            Workloads of the environment can be changed here, by form or as YAML. Begin with a template, a Score file or an empty workload.
          </EmptyState>
        </Panel>
      ) : (
        <div className={styles.edit}>
          <Panel title="Workloads" actions={add} flush>
            <ul className={styles.workloads}>
              {ids.map((i) => (
                <li key={i}>
                  <button type="button" className={styles.workload} aria-current={i === id} onClick={() => setChosen(i)} disabled={broken && i !== id}>
                    <code>{i}</code>
                    {stateOf(i) && <StatusBadge status={stateOf(i) ?? ""} tone={stateOf(i) === "removed" ? "bad" : stateOf(i) === "new" ? "ok" : "warn"} pulse={false} />}
                  </button>
                </li>
              ))}
            </ul>
          </Panel>
          {id !== undefined && module === null && (
            <Panel title={id}>
              <EmptyState title={`${id} is removed`} actions={<Button icon={<Undo2 size={14} aria-hidden />} onClick={() => restore(id)}>Keep it</Button>}>
                With the next deployment it stops. Resources that nothing asks for any more stay until they are deleted.
              </EmptyState>
            </Panel>
          )}
          {id !== undefined && module && (
            <Workload
              key={id}
              orgId={path.orgId}
              id={id}
              module={module}
              changed={id in drafts}
              onChange={(m) => put(id, m)}
              onBroken={setBroken}
              onRemove={() => (id in before ? put(id, null) : restore(id))}
              onRestore={() => restore(id)}
            />
          )}
        </div>
      )}
      {error != null && <ErrorNotice error={error} />}
      {count > 0 && (
        <div className={styles.foot}>
          <span>{plural(count, "workload")} changed</span>
          <Button onClick={() => setDrafts({})}>Discard</Button>
          <Button kind="primary" may="application:write" busy={busy} disabled={broken} onClick={() => review({ modules: changes }, name)}>
            Review
          </Button>
        </div>
      )}
      {adding && (
        <NewWorkload
          taken={ids}
          onClose={() => setAdding(false)}
          onAdd={(i) => {
            put(i, emptyModule(i));
            setChosen(i);
            setAdding(false);
          }}
        />
      )}
    </>
  );
}

interface WorkloadProps {
  orgId: string;
  id: string;
  module: Module;
  changed: boolean;
  onChange: (module: Module) => void;
  /** Whether the YAML cannot be read at the moment. */
  onBroken: (broken: boolean) => void;
  onRemove: () => void;
  onRestore: () => void;
}

function Workload({ orgId, id, module, changed, onChange, onBroken, onRemove, onRestore }: WorkloadProps) {
  const [view, setView] = useState<"form" | "yaml">("form");
  const [text, setText] = useState<string>(); // what stands in the editor; undefined: what the module is
  const shown = text ?? asYaml(module);
  const read = fromYaml(shown);
  const schema = useModuleSchema(orgId, module.profile);
  const type = (next: string) => {
    setText(next);
    const { module: typed } = fromYaml(next);
    onBroken(typed === undefined);
    if (typed) onChange(typed);
  };
  const leave = () => {
    setText(undefined);
    onBroken(false);
  };
  const pick = (next: "form" | "yaml") => {
    if (read.module === undefined) return; // first the YAML has to be put right
    leave();
    setView(next);
  };
  return (
    <Panel
      title={id}
      actions={
        <>
          <div role="group" aria-label="Edit as" className={styles.views}>
            {(["form", "yaml"] as const).map((v) => (
              <Button key={v} small kind={view === v ? "plain" : "quiet"} aria-pressed={view === v} disabled={read.module === undefined && v !== view} onClick={() => pick(v)}>
                {v === "form" ? "Form" : "YAML"}
              </Button>
            ))}
          </div>
          {changed && (
            <IconButton
              label={`Undo the changes of ${id}`}
              onClick={() => {
                leave();
                onRestore();
              }}
            >
              <Undo2 size={14} aria-hidden />
            </IconButton>
          )}
          <Button small kind="quiet" onClick={() => { leave(); onRemove(); }}>
            Remove
          </Button>
        </>
      }
    >
      {view === "form" ? <ModuleForm module={module} onChange={onChange} /> : <CodeEditor label={`YAML of ${id}`} value={shown} onChange={type} problems={read.problems} schema={schema} height="calc(100vh - 22rem)" />}
    </Panel>
  );
}

/** What may stand in a module of a profile. */
function useModuleSchema(orgId: string, profile: unknown): object | undefined {
  const profiles = api.useQuery("get", "/orgs/{orgId}/workload-profiles", { params: { path: { orgId } } }, { staleTime: 300_000, retry: false });
  const found = profiles.data?.find((p) => `${p.org_id}/${p.id}` === profile || p.id === profile);
  if (!found) return undefined;
  const resource = { type: "object", properties: { type: { type: "string" }, class: { type: "string" }, id: { type: "string" }, params: { type: "object" } } };
  return { type: "object", required: ["profile", "spec"], properties: { profile: { enum: profiles.data?.map((p) => `${p.org_id}/${p.id}`) }, spec: found.spec_schema, externals: { type: "object", additionalProperties: resource } } };
}

function NewWorkload({ taken, onAdd, onClose }: { taken: string[]; onAdd: (id: string) => void; onClose: () => void }) {
  const [id, setId] = useState("");
  const problem = idProblem(id, taken);
  return (
    <FormDialog open onClose={onClose} title="New workload" submit="Add" disabled={id === "" || problem !== undefined} onSubmit={() => onAdd(id)}>
      <TextField label="Id" value={id} error={problem} help="Other workloads find it under this name." onChange={(e) => setId(e.target.value)} autoFocus />
    </FormDialog>
  );
}
