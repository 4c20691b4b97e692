import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button, IconButton } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { SelectField } from "~/components/Field";
import { toast } from "~/components/toast";

import styles from "./page.module.css";
import { moved, stepOf, textOf } from "./path";

interface Props {
  path: { orgId: string; appId: string };
  status: Schemas["ApplicationStatus"];
  now: Schemas["PromotionStation"][];
  onClose: () => void;
}

/** The stations that a release passes, first to last: an environment, or all environments of a type. */
export function PathEditor({ path, status, now, onClose }: Props) {
  const [steps, setSteps] = useState(() => now.map(textOf));
  const queries = useQueryClient();
  const types = api.useQuery("get", "/orgs/{orgId}/env-types", { params: { path: { orgId: path.orgId } } }, { staleTime: 60_000 });
  const set = api.useMutation("put", "/orgs/{orgId}/apps/{appId}/promotion-path", {
    onSuccess: async () => {
      toast.ok("The promotion path was changed");
      onClose();
      await queries.invalidateQueries({ predicate: (q) => /promotion-path|\/status$/.test(String(q.queryKey[1])) });
    },
  });
  const free = [...status.environments.map((e) => `env:${e.id}`), ...(types.data ?? []).map((t) => `type:${t.id}`)].find((t) => !steps.includes(t));
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Promotion path"
      description="What runs at one station can be promoted to the next one."
      submit="Save"
      busy={set.isPending}
      error={set.error}
      onSubmit={() => set.mutate({ params: { path }, body: { steps: steps.map(stepOf) } })}
    >
      <ol className={styles.steps} aria-label="Stations">
        {steps.map((step, i) => (
          <li key={`${i} ${step}`}>
            <SelectField label={`Station ${i + 1}`} hideLabel value={step} onChange={(e) => setSteps(steps.map((s, k) => (k === i ? e.target.value : s)))}>
              <optgroup label="Environment">
                {status.environments.map((e) => (
                  <option key={e.id} value={`env:${e.id}`}>
                    {e.name}
                  </option>
                ))}
              </optgroup>
              <optgroup label="All environments of a type">
                {(types.data ?? []).map((t) => (
                  <option key={t.id} value={`type:${t.id}`}>
                    {t.id}
                  </option>
                ))}
              </optgroup>
            </SelectField>
            <IconButton label={`Station ${i + 1} earlier`} disabled={i === 0} onClick={() => setSteps(moved(steps, i, -1))}>
              <ArrowUp size={14} aria-hidden />
            </IconButton>
            <IconButton label={`Station ${i + 1} later`} disabled={i === steps.length - 1} onClick={() => setSteps(moved(steps, i, 1))}>
              <ArrowDown size={14} aria-hidden />
            </IconButton>
            <IconButton label={`Remove station ${i + 1}`} onClick={() => setSteps(steps.filter((_, k) => k !== i))}>
              <X size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ol>
      <div>
        <Button small icon={<Plus size={12} aria-hidden />} disabled={free === undefined} onClick={() => free && setSteps([...steps, free])}>
          Add station
        </Button>
      </div>
    </FormDialog>
  );
}
