import { X } from "lucide-react";

import { CodeEditor } from "~/components/CodeEditor";
import { IconButton } from "~/components/Button";
import { Panel } from "~/components/Page";

import styles from "./page.module.css";

/** A list, and beside it what was chosen in it. */
export function Split({ list, details }: { list: React.ReactNode; details: React.ReactNode }) {
  // The list stays where it is in the tree, so that it keeps what was searched in it.
  return (
    <div className={details ? styles.split : undefined}>
      {list}
      {details}
    </div>
  );
}

/** What was chosen. */
export function Details({ title, actions, onClose, children }: { title: string; actions?: React.ReactNode; onClose: () => void; children: React.ReactNode }) {
  return (
    <Panel
      title={title}
      actions={
        <>
          {actions}
          <IconButton label="Close details" onClick={onClose}>
            <X size={14} aria-hidden />
          </IconButton>
        </>
      }
    >
      <div className="stack">{children}</div>
    </Panel>
  );
}

/** A JSON Schema, or any other object, to be read. */
export function Shown({ title, of }: { title: string; of: unknown }) {
  return (
    <div className="stack-tight">
      <h3>{title}</h3>
      <CodeEditor label={title} readOnly language="json" height="16rem" value={JSON.stringify(of, null, 2)} />
    </div>
  );
}
