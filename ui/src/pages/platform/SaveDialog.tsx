import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { asApiError } from "~/api/error";
import { FormDialog } from "~/components/Dialog";
import { Checkbox } from "~/components/Field";

import { Impact, useImpact, type Change } from "./Impact";

interface Props {
  orgId: string;
  title: string;
  action: string;
  danger?: boolean;
  change: Change;
  /** Whether it can be kept as a version that is not in use yet. */
  proposable?: boolean;
  save: (proposed: boolean) => Promise<unknown>;
  onSaved: () => void | Promise<void>;
  onClose: () => void;
  children?: React.ReactNode;
}

/** Shows what a change of a definition would do before it is made. */
export function SaveDialog({ orgId, title, action, danger, change, proposable, save, onSaved, onClose, children }: Props) {
  const [proposed, setProposed] = useState(false);
  const impact = useImpact(orgId, change);
  const refused = impact.error !== null && asApiError(impact.error).status >= 400 && asApiError(impact.error).status < 500; // so would the change be
  const saving = useMutation({ mutationFn: () => save(proposed), onSuccess: onSaved });
  return (
    <FormDialog open onClose={onClose} wide title={title} submit={proposed ? "Save as a proposal" : action} danger={danger} busy={saving.isPending} disabled={refused} error={saving.error} onSubmit={() => saving.mutate()}>
      {children}
      <Impact impact={impact} />
      {proposable && (
        <Checkbox label="Keep it as a proposal" help="A version that is not in use; promote it later." checked={proposed} onChange={(e) => setProposed(e.target.checked)} />
      )}
    </FormDialog>
  );
}
