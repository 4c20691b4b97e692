import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

import type { EditorProblem } from "../CodeEditor";
import { explain, propose } from "./schema";

export interface Made {
  setText(text: string): void;
  setSchema(schema: object | undefined): void;
  setProblems(problems: EditorProblem[]): void;
  destroy(): void;
}

const colours = HighlightStyle.define([
  { tag: [t.propertyName, t.definition(t.propertyName), t.keyword], color: "var(--accent)" },
  { tag: [t.string, t.special(t.string)], color: "var(--ok)" },
  { tag: [t.number, t.bool, t.null, t.atom], color: "var(--warn)" },
  { tag: t.comment, color: "var(--text-3)", fontStyle: "italic" },
  { tag: [t.punctuation, t.separator, t.squareBracket, t.brace], color: "var(--text-2)" },
]);

const looks = EditorView.theme({
  "&": { height: "100%", fontSize: "0.8125rem", color: "var(--text)", backgroundColor: "var(--surface)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "var(--surface-2)", color: "var(--text-3)", border: "none", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--accent) 25%, transparent) !important" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: "6px", boxShadow: "var(--shadow-high)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-fill)", color: "var(--on-accent)" },
  ".cm-tooltip .explained": { padding: "0.5rem 0.75rem", maxWidth: "28rem", fontFamily: "var(--font)" },
  ".cm-panels": { backgroundColor: "var(--surface-2)", color: "var(--text)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)" },
  ".cm-diagnostic": { fontFamily: "var(--font)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1px", textUnderlineOffset: "3px" },
  ".cm-lint-marker": { content: '""', width: "0.6em", height: "0.6em", borderRadius: "50%", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warn)" },
});

/**
 * Typing over a selection is carried out here. Chromium would edit the document itself first, and keep the look of what it
 * replaces in an inline style, which the policy forbids and reports.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { main, ranges } = state.selection;
    if (event.inputType !== "insertText" || event.data === null || event.isComposing || view.composing || state.readOnly || main.empty || ranges.length > 1) return false;
    const text = event.data;
    const typed = () => state.update(state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    if (!state.facet(EditorView.inputHandler).some((handle) => handle(view, main.from, main.to, text, typed))) view.dispatch(typed());
    return true;
  },
});

interface Options {
  label: string;
  doc: string;
  language: "yaml" | "json" | "text";
  readOnly: boolean;
  onChange: (text: string) => void;
}

/** Puts an editor into an element, inside a shadow root. */
export function makeEditor(host: HTMLElement, o: Options): Made {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let schema: object | undefined;
  let silent = false; // while the text is set from outside
  const extensions: Extension[] = [
    lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
    highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }), lintGutter(), indentUnit.of("  "),
    syntaxHighlighting(colours), looks, EditorView.lineWrapping, typedOver,
    EditorView.contentAttributes.of({ "aria-label": o.label, tabindex: "0" }),
    EditorState.readOnly.of(o.readOnly), EditorView.editable.of(!o.readOnly),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap, indentWithTab]),
    EditorView.updateListener.of((u) => {
      if (u.docChanged && !silent) o.onChange(u.state.doc.toString());
    }),
  ];
  if (o.language === "yaml") {
    extensions.push(
      yaml(),
      autocompletion({ override: [(context) => propose(context, schema)] }),
      hoverTooltip((view, pos) => explain(view, pos, schema)),
    );
  }
  if (o.language === "json") extensions.push(json(), autocompletion());
  const view = new EditorView({ parent: root, root, state: EditorState.create({ doc: o.doc, extensions }) });
  return {
    setText(text) {
      if (view.state.doc.toString() === text) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    setSchema(next) {
      schema = next;
    },
    setProblems(problems) {
      view.dispatch(setDiagnostics(view.state, problems.map((p) => diagnostic(view.state, p))));
    },
    destroy() {
      view.destroy();
    },
  };
}

function diagnostic(state: EditorState, p: EditorProblem): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(p.line, 1), state.doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  return { from: line.from + indent, to: line.to, severity: p.severity ?? "error", message: p.message };
}
