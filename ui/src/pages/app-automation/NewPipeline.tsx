import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Page, Panel } from "~/components/Page";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";
import { useApp } from "~/lib/scope";

import { createPipeline, useChecked, usePipelinesChanged } from "./data";
import { CheckState, PipelineEditor } from "./PipelineEditor";
import { useAutomationCrumbs } from ".";

const example = `id: release
name: Release
on:
  pipeline_call:
    inputs:
      from: {type: string, required: true, description: Environment to take it from}
      to: {type: string, required: true, description: Environment to bring it to}
jobs:
  ask:
    steps:
    - uses: actions/humanitec/approve@v1
      with:
        env_id: \${{ inputs.to }}
        message: Bring what runs in \${{ inputs.from }} to \${{ inputs.to }}?
  deploy:
    needs: [ask]
    steps:
    - id: copy
      uses: actions/humanitec/clone@v1
      with:
        from_env_id: \${{ inputs.from }}
        to_env_id: \${{ inputs.to }}
    - uses: actions/humanitec/deploy@v1
      with:
        env_id: \${{ inputs.to }}
        set_id: \${{ steps.copy.outputs.set_id }}
    - uses: actions/humanitec/wait-for-readiness@v1
      with:
        env_id: \${{ inputs.to }}
`;

/** Makes a pipeline from its document. */
export function NewPipeline() {
  const path = useApp();
  const crumbs = useAutomationCrumbs();
  const [text, setText] = useState(example);
  const checked = useChecked(`new ${path.appId}`, text, (t) => createPipeline(path, t, true));
  const navigate = useNavigate();
  const changed = usePipelinesChanged();
  const create = useMutation({
    mutationFn: async () => (await createPipeline(path, text)).data,
    onSuccess: async (made) => {
      toast.ok(`${made?.name ?? "The pipeline"} was made`);
      await changed();
      await navigate(to.appAutomation(path.orgId, path.appId, made ? `pipelines/${made.id}` : ""));
    },
  });
  return (
    <Page
      title="New pipeline"
      crumbs={crumbs}
      actions={
        <Button kind="primary" may="pipelines:write" busy={create.isPending} disabled={checked.busy || checked.problems.length > 0 || checked.error != null} onClick={() => create.mutate()}>
          Create
        </Button>
      }
    >
      {create.error && <ErrorNotice error={create.error} />}
      <Panel title="Document" note="Ctrl Space proposes keys and actions" flush actions={<CheckState checked={checked} />}>
        <PipelineEditor orgId={path.orgId} text={text} checked={checked} onChange={setText} />
      </Panel>
    </Page>
  );
}
