import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { Route, Routes, useNavigate, useParams } from "react-router";

import { api, type Schemas } from "~/api/client";
import { NotFound } from "~/app/errors";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Menu } from "~/components/Menu";
import { Page, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

import { PipelineCriteria } from "./PipelineCriteria";
import { CheckState, PipelineEditor } from "./PipelineEditor";
import { updatePipeline, useChecked, usePipelinesChanged, usePipelineText, type PipelinePath } from "./data";
import { AppRuns } from "./Runs";
import { StartRun } from "./StartRun";
import { Versions } from "./Versions";
import { useAutomationCrumbs } from ".";

/** One pipeline: its document, runs, versions, and which deployment requests it handles. */
export function PipelinePage() {
  const app = useApp();
  const pipelineId = useParams().pipeline ?? "";
  const path = { ...app, pipelineId };
  const pipeline = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}", { params: { path } });
  const crumbs = useAutomationCrumbs();
  const part = (rest: string) => to.appAutomation(app.orgId, app.appId, `pipelines/${pipelineId}${rest && `/${rest}`}`);
  return (
    <Page
      title={pipeline.data?.name ?? pipelineId}
      crumbs={crumbs}
      badges={pipeline.data?.trigger_types.map((t) => (
        <Tag key={t} title="What starts it">
          {t}
        </Tag>
      ))}
      actions={pipeline.data && <Actions path={path} pipeline={pipeline.data} />}
      tabs={[
        { label: "Document", to: part(""), end: true },
        { label: "Runs", to: part("runs") },
        { label: "Versions", to: part("versions") },
        { label: "Criteria", to: part("criteria") },
      ]}
    >
      <Loaded query={pipeline}>
        {(p) => (
          <Routes>
            <Route index element={<Document key={p.version} path={path} pipeline={p} />} />
            <Route path="runs" element={<AppRuns path={app} pipelineId={pipelineId} />} />
            <Route path="versions" element={<Versions path={path} current={p.version} />} />
            <Route path="criteria" element={<PipelineCriteria path={path} triggers={p.trigger_types} />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        )}
      </Loaded>
    </Page>
  );
}

function Document({ path, pipeline }: { path: PipelinePath; pipeline: Schemas["Pipeline"] }) {
  const original = usePipelineText(path, pipeline.version);
  return <Loaded query={original}>{(text) => <Edit path={path} pipeline={pipeline} original={text} />}</Loaded>;
}

function Edit({ path, pipeline, original }: { path: PipelinePath; pipeline: Schemas["Pipeline"]; original: string }) {
  const [text, setText] = useState(original);
  const checked = useChecked(`${path.appId}/${path.pipelineId}`, text, (t) => updatePipeline(path, t, pipeline.etag, true));
  const changed = usePipelinesChanged();
  const save = useMutation({
    mutationFn: () => updatePipeline(path, text, pipeline.etag),
    onSuccess: async () => {
      toast.ok("A new version was saved", "The next run takes it.");
      await changed();
    },
  });
  const same = text === original;
  return (
    <>
      {save.error && <ErrorNotice error={save.error} title="It was not saved" />}
      <Panel
        title="Document"
        note={same ? "the newest version" : "changed, not saved"}
        flush
        actions={
          <>
            {!same && <CheckState checked={checked} />}
            {!same && (
              <Button small onClick={() => setText(original)}>
                Undo
              </Button>
            )}
            <Button small kind="primary" may="pipelines:write" busy={save.isPending} disabled={same || checked.busy || checked.problems.length > 0 || checked.error != null} onClick={() => save.mutate()}>
              Save
            </Button>
          </>
        }
      >
        <PipelineEditor orgId={path.orgId} text={text} checked={checked} onChange={setText} />
      </Panel>
    </>
  );
}

function Actions({ path, pipeline }: { path: PipelinePath; pipeline: Schemas["Pipeline"] }) {
  const [starting, setStarting] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}", {
    onSuccess: async () => {
      toast.ok(`${pipeline.name} was deleted`);
      await navigate(to.appAutomation(path.orgId, path.appId));
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/pipelines"] });
    },
  });
  const callable = pipeline.trigger_types.includes("pipeline_call");
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[{ label: "Delete", icon: <Trash2 size={14} />, danger: true, may: "pipelines:write", onSelect: () => setDeleting(true) }]}
      />
      <Button kind="primary" may="pipelines:run" icon={<Play size={14} aria-hidden />} disabled={!callable} title={callable ? undefined : "Only a pipeline with the trigger pipeline_call is started by hand"} onClick={() => setStarting(true)}>
        Run
      </Button>
      {starting && <StartRun path={path} onClose={() => setStarting(false)} />}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(false)}
          onConfirm={() => remove.mutate({ params: { path } })}
          title={`Delete ${pipeline.name}?`}
          action="Delete pipeline"
          losses={["Its document with all versions", "Its criteria: deployment requests that it handled go to another pipeline, or are refused"]}
          typeToConfirm={pipeline.id}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}
