import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";

import { Asked, type May } from "~/lib/may";

import { Button, IconButton } from "./Button";
import { ErrorNotice } from "./ErrorNotice";
import { TextField } from "./Field";
import { Notice } from "./Notice";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** A sentence below the title. */
  description?: ReactNode;
  wide?: boolean;
  children?: ReactNode;
}

/** A dialog in front of the page: focus stays in it, Escape closes it, and where the focus was it returns to. */
export function Dialog({ open, onClose, title, description, wide, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={wide ? "dialog dialog-wide" : "dialog"}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close render={<IconButton label="Close" />}>
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          {description && <Base.Description className="muted">{description}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface FormDialogProps extends DialogProps {
  submit: string;
  onSubmit: () => void;
  busy?: boolean;
  error?: unknown;
  disabled?: boolean;
  danger?: boolean;
  /** Whether one may: a permission, or what `useMay` says; where not, it cannot be sent and says which role is lacking. */
  may?: May;
}

/** A dialog with a form: Enter sends it, `busy` while it is sent, `error` is what the API said. */
export function FormDialog({ submit, onSubmit, busy, error, disabled, danger, may, children, ...rest }: FormDialogProps) {
  const send = (e: FormEvent, ok: boolean) => {
    e.preventDefault();
    if (!busy && !disabled && ok) onSubmit();
  };
  return (
    <Dialog {...rest}>
      <Asked may={may}>
        {(verdict) => (
          <form onSubmit={(e) => send(e, verdict?.ok !== false)} className="stack">
            {children}
            {error != null && <ErrorNotice error={error} />}
            {verdict?.why && <Notice tone="warn">{verdict.why}</Notice>}
            <div className="dialog-foot">
              <Button onClick={rest.onClose}>Cancel</Button>
              <Button type="submit" kind={danger ? "danger" : "primary"} busy={busy} disabled={disabled} may={verdict}>
                {submit}
              </Button>
            </div>
          </form>
        )}
      </Asked>
    </Dialog>
  );
}

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** The button: a verb and its object, such as "Delete environment". */
  action: string;
  /** What happens, in a sentence or two. */
  children?: ReactNode;
  /** What will be lost, one line each. */
  losses?: ReactNode[];
  /** To be typed first, for what nothing brings back. */
  typeToConfirm?: string;
  busy?: boolean;
  error?: unknown;
  may?: May;
}

/** Asks before something destructive, and names what will be lost. */
export function ConfirmDialog({ title, action, children, losses, typeToConfirm, onConfirm, ...rest }: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const close = () => {
    setTyped("");
    rest.onClose();
  };
  return (
    <FormDialog {...rest} onClose={close} title={title} submit={action} onSubmit={onConfirm} danger disabled={typeToConfirm !== undefined && typed !== typeToConfirm}>
      {children && <div>{children}</div>}
      {losses && losses.length > 0 && (
        <div className="losses">
          <h3>What will be lost</h3>
          <ul>
            {losses.map((loss, i) => (
              <li key={i}>{loss}</li>
            ))}
          </ul>
        </div>
      )}
      {typeToConfirm !== undefined && (
        <TextField
          label={
            <>
              Type <code>{typeToConfirm}</code> to confirm
            </>
          }
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      )}
    </FormDialog>
  );
}
