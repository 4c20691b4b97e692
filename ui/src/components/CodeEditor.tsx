import { lazy, Suspense } from "react";

import { Loading } from "./Loading";

export interface EditorProblem {
  /** From 1. */
  line: number;
  message: string;
  severity?: "error" | "warning";
}

export interface CodeEditorProps {
  label: string;
  value: string;
  onChange?: (value: string) => void;
  language?: "yaml" | "json" | "text";
  readOnly?: boolean;
  /** Shown in the text and at its side. */
  problems?: EditorProblem[];
  /** A JSON Schema: keys and values are proposed from it (Ctrl-Space, and while typing) and explained. */
  schema?: object;
  height?: string;
}

const Editor = lazy(() => import("./editor/Editor"));

/** An editor for YAML and JSON. Its code is loaded when one is shown for the first time. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Loading lines={8} label="Loading the editor" />}>
      <Editor {...props} />
    </Suspense>
  );
}
