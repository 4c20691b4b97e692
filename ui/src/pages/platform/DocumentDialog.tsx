import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { CodeEditor } from "~/components/CodeEditor";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Notice";

import { parseObject } from "./manifest";

interface Props {
  title: string;
  description?: React.ReactNode;
  submit: string;
  /** What the editor begins with, as YAML. */
  text: string;
  schema?: object;
  save: (body: Record<string, unknown>) => Promise<unknown>;
  onSaved: () => void | Promise<void>;
  onClose: () => void;
  children?: React.ReactNode;
}

/** A dialog that takes an object of the API as YAML. */
export function DocumentDialog({ title, description, submit, text, schema, save, onSaved, onClose, children }: Props) {
  const [typed, setTyped] = useState<string>();
  const value = typed ?? text;
  const parsed = useMemo(() => parseObject(value), [value]);
  const saving = useMutation({ mutationFn: async () => parsed.body && (await save(parsed.body)), onSuccess: onSaved });
  return (
    <FormDialog open onClose={onClose} wide title={title} description={description} submit={submit} busy={saving.isPending} error={saving.error} disabled={!parsed.body} onSubmit={() => saving.mutate()}>
      {children}
      <CodeEditor label={title} value={value} onChange={setTyped} problems={parsed.problems} schema={schema} height="22rem" />
      {parsed.problems.map((p) => (
        <Notice key={`${p.line} ${p.message}`} tone="warn">
          Line {p.line}: {p.message}
        </Notice>
      ))}
    </FormDialog>
  );
}
