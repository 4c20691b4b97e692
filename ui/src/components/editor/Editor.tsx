import { useEffect, useEffectEvent, useRef } from "react";

import type { CodeEditorProps } from "../CodeEditor";
import { makeEditor, type Made } from "./codemirror";

/** The editor itself. It lives in a shadow root, where its styles need no style element, which the policy forbids. */
export default function Editor({ label, value, onChange, language = "yaml", readOnly = false, problems, schema, height = "24rem" }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const made = useRef<Made | null>(null);
  /** What was typed and has not come back as the value yet. */
  const typed = useRef<string[]>([]);
  const changed = useEffectEvent((text: string) => {
    typed.current.push(text);
    onChange?.(text);
  });
  const initial = useEffectEvent(() => value);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const editor = makeEditor(element, { label, doc: initial(), language, readOnly, onChange: (text) => changed(text) });
    made.current = editor;
    return () => {
      editor.destroy();
      made.current = null;
    };
  }, [label, language, readOnly]);
  useEffect(() => {
    // What was typed may come back late, when more has been typed already: set again, it would take that away, and the cursor to the beginning.
    const at = typed.current.lastIndexOf(value);
    typed.current.splice(0, at < 0 ? Infinity : at + 1);
    if (at < 0) made.current?.setText(value);
  }, [value]);
  useEffect(() => made.current?.setSchema(schema), [schema, language, readOnly, label]);
  useEffect(() => made.current?.setProblems(problems ?? []), [problems, value, language, readOnly, label]);
  return <div ref={host} className="editor" style={{ height }} />;
}
