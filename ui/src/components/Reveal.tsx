import { Copy } from "./Copy";
import { Notice } from "./Notice";

/** Something that is shown this once, such as a new token, with a button that copies it. */
export function Reveal({ label, secret, children }: { label: string; secret: string; children: React.ReactNode }) {
  return (
    <div className="stack-tight">
      <Notice tone="warn">{children}</Notice>
      <div className="reveal" role="group" aria-label={label}>
        <code>{secret}</code>
        <Copy text={secret} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
