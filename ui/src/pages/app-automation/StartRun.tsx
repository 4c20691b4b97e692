import { useState } from "react";
import { useNavigate } from "react-router";

import { api } from "~/api/client";
import { FormDialog } from "~/components/Dialog";
import { SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { to } from "~/lib/paths";

import { usePipelineDocument, useRunsChanged, type PipelinePath } from "./data";
import { inputsOf, readInputs, type Input } from "./pipeline";

/** Starts a run with the inputs that the pipeline declares. */
export function StartRun({ path, onClose }: { path: PipelinePath; onClose: () => void }) {
  const document = usePipelineDocument(path);
  return <Loaded query={document}>{(d) => <Form path={path} inputs={inputsOf(d) ?? []} onClose={onClose} />}</Loaded>;
}

function Form({ path, inputs, onClose }: { path: PipelinePath; inputs: [string, Input][]; onClose: () => void }) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<unknown>();
  const navigate = useNavigate();
  const changed = useRunsChanged();
  const start = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/runs", {
    onSuccess: async (run) => {
      onClose();
      await changed();
      await navigate(to.appAutomation(path.orgId, path.appId, `pipelines/${path.pipelineId}/runs/${run.id}`));
    },
  });
  const send = () => {
    setWrong(undefined);
    try {
      start.mutate({ params: { path }, body: { inputs: readInputs(inputs, typed) } });
    } catch (error) {
      setWrong(error);
    }
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Run ${path.pipelineId}`}
      description={inputs.length === 0 ? "It takes no inputs." : undefined}
      submit="Run"
      busy={start.isPending}
      error={wrong ?? start.error}
      disabled={inputs.some(([name, of]) => of.required && of.default === undefined && !typed[name])}
      onSubmit={send}
    >
      {inputs.map(([name, of], i) => {
        const help = [of.description, of.default === undefined ? !of.required && "optional" : `${JSON.stringify(of.default)} when left empty`].filter(Boolean).join("; ");
        const field = { label: name, help: help || undefined, value: typed[name] ?? "", autoFocus: i === 0 };
        const set = (value: string) => setTyped({ ...typed, [name]: value });
        return of.type === "boolean" ? (
          <SelectField key={name} {...field} onChange={(e) => set(e.target.value)}>
            <option value=""></option>
            <option>true</option>
            <option>false</option>
          </SelectField>
        ) : (
          <TextField key={name} {...field} placeholder={of.type && of.type !== "string" ? of.type : undefined} onChange={(e) => set(e.target.value)} />
        );
      })}
    </FormDialog>
  );
}
