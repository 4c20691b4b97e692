import { api } from "~/api/client";
import { CodeEditor } from "~/components/CodeEditor";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Notice } from "~/components/Notice";
import { useMayHere } from "~/lib/may";

import type { Checked } from "./data";
import styles from "./page.module.css";

/** The editor of a pipeline's document, with what the API finds wrong with it. */
export function PipelineEditor({ orgId, text, checked, onChange }: { orgId: string; text: string; checked: Checked & { busy: boolean }; onChange: (text: string) => void }) {
  const schema = api.useQuery("get", "/orgs/{orgId}/pipeline-schemas/latest", { params: { path: { orgId } } }, { staleTime: Infinity });
  const may = useMayHere("pipelines:write");
  return (
    <>
      <CodeEditor label="Pipeline" value={text} onChange={onChange} readOnly={!may.ok} problems={checked.problems} schema={schema.data} height="calc(100vh - 22rem)" />
      {(checked.problems.length > 0 || checked.error != null) && (
        <div className={styles.problems}>
          {checked.error != null && <ErrorNotice error={checked.error} />}
          {checked.problems.map((p) => (
            <Notice key={`${p.line} ${p.message}`} tone="warn">
              Line {p.line}: {p.message}
            </Notice>
          ))}
        </div>
      )}
    </>
  );
}

/** How the check of a document stands, in a word. */
export function CheckState({ checked }: { checked: Checked & { busy: boolean } }) {
  const wrong = checked.problems.length + (checked.error == null ? 0 : 1);
  return (
    <span className="muted small" role="status">
      {checked.busy ? "Checking…" : wrong === 0 ? "Valid" : `${wrong} ${wrong === 1 ? "problem" : "problems"}`}
    </span>
  );
}
