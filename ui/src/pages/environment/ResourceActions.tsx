import { useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pin, Trash2, Unlink } from "lucide-react";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { IconButton } from "~/components/Button";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { SelectField } from "~/components/Field";
import { Menu } from "~/components/Menu";
import { toast } from "~/components/toast";

import type { EnvPath } from ".";

type Resource = Schemas["ActiveResource"];
const listPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources";

/** Pin a resource to a version of its definition, delete it, or only forget it. */
export function ResourceActions({ path, of: r }: { path: EnvPath; of: Resource }) {
  const [doing, setDoing] = useState<"pin" | "delete" | "forget" | null>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`Actions of ${r.type} ${r.res_id}`}>
            <Ellipsis size={14} aria-hidden />
          </IconButton>
        }
        items={[
          { label: r.target_def_version_id ? "Change the pin" : "Pin to a version", icon: <Pin size={14} />, onSelect: () => setDoing("pin"), may: "deployments:create" },
          { label: "Forget", icon: <Unlink size={14} />, onSelect: () => setDoing("forget"), separate: true, may: "deployments:create" },
          { label: "Delete", icon: <Trash2 size={14} />, onSelect: () => setDoing("delete"), danger: true, may: "deployments:create" },
        ]}
      />
      {doing === "pin" && <PinTo path={path} of={r} onClose={close} />}
      {(doing === "delete" || doing === "forget") && <Remove path={path} of={r} detach={doing === "forget"} onClose={close} />}
    </>
  );
}

function PinTo({ path, of: r, onClose }: { path: EnvPath; of: Resource; onClose: () => void }) {
  const [version, setVersion] = useState(r.target_def_version_id ?? r.def_version_id);
  const queries = useQueryClient();
  const versions = api.useQuery("get", "/orgs/{orgId}/resources/defs/{defId}/versions", { params: { path: { orgId: path.orgId, defId: r.def_id } } });
  const pin = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/{type}/{resId}/actions/pin", {
    onSuccess: async () => {
      toast.ok(version === "" ? "It follows its definition again" : "It is pinned");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", listPath] });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Pin ${r.type} ${r.res_id}`}
      description="The next deployments make it by this version, whatever the definition says by then."
      submit={version === "" ? "Unpin" : "Pin"}
      busy={pin.isPending}
      error={pin.error ?? versions.error}
      disabled={version === (r.target_def_version_id ?? "")}
      onSubmit={() => pin.mutate({ params: { path: { ...path, type: `${r.type}.${r.class}`, resId: r.res_id } }, body: { target_def_version_id: version === "" ? null : version } })}
    >
      <SelectField label={`Version of ${r.def_id}`} value={version} onChange={(e) => setVersion(e.target.value)}>
        <option value="">The one that is current (no pin)</option>
        {!versions.data?.some((v) => v.id === r.def_version_id) && <option value={r.def_version_id}>{r.def_version_id.slice(0, 12)} (made it)</option>}
        {versions.data?.map((v) => (
          <option key={v.id} value={v.id}>
            {v.id.slice(0, 12)} {v.id === r.def_version_id ? "(made it)" : ""}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

/** What goes with a resource, by the names of its outputs. */
export function lossesOf(r: Pick<Resource, "type" | "res_id" | "driver_type" | "resource" | "secret_refs">, detach: boolean): string[] {
  const outputs = [...new Set([...Object.keys(r.resource), ...Object.keys(r.secret_refs)])].sort();
  const named = outputs.length > 0 ? `Its outputs: ${outputs.join(", ")}` : null;
  const real = detach
    ? "Slipway's record of it. What it made stays where it is, and nothing of Slipway looks after it any more"
    : `The ${r.type} ${r.res_id} itself, made by ${r.driver_type}, with the data in it`;
  return [real, ...(named ? [named] : [])];
}

function Remove({ path, of: r, detach, onClose }: { path: EnvPath; of: Resource; detach: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/{type}/{resId}", {
    onSuccess: async () => {
      toast.ok(detach ? "It is forgotten" : "It is being deleted");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", listPath] });
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`${detach ? "Forget" : "Delete"} ${r.type} ${r.res_id}?`}
      action={detach ? "Forget resource" : "Delete resource"}
      losses={lossesOf(r, detach)}
      typeToConfirm={r.res_id}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { ...path, type: `${r.type}.${r.class}`, resId: r.res_id }, query: detach ? { detach: true } : {} } })}
    >
      Workloads that use it lose it at once. The next deployment that needs one makes a new one.
    </ConfirmDialog>
  );
}
