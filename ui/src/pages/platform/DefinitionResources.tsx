import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Boxes, Pin, PinOff } from "lucide-react";
import { useState } from "react";

import { api, client, type Schemas } from "~/api/client";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/EmptyState";
import { SelectField } from "~/components/Field";
import { IconButton } from "~/components/Button";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { toast } from "~/components/toast";
import { usePermitted, verdict } from "~/lib/may";

import type { Definition } from "./manifest";
import { ResourceTable } from "./ResourceTable";
import { shortVersion } from "./Versions";

type Resource = Schemas["ActiveResource"];

/** What was made with a definition, in all applications; each may be pinned to a version. */
export function DefinitionResources({ orgId, definition }: { orgId: string; definition: Definition }) {
  const resources = api.useQuery("get", "/orgs/{orgId}/resources/defs/{defId}/resources", { params: { path: { orgId, defId: definition.id } } });
  const [pinning, setPinning] = useState<Resource>();
  const permitted = usePermitted(orgId);
  return (
    <Panel title="Active resources" note="made with this definition" flush>
      <Loaded query={resources}>
        {(rows) => (
          <ResourceTable
            orgId={orgId}
            rows={rows}
            empty={
              <EmptyState title="Nothing was made with it" icon={<Boxes size={24} />}>
                Something is, once a workload needs its type and one of its criteria is the best match.
              </EmptyState>
            }
            versions={new Map([[definition.id, definition.active_version_id]])}
            action={(r) => (
              <IconButton may={permitted.data && verdict(permitted.data.objects, { orgId, appId: r.app_id }, "deployments:create", r.env_type)} label={`Pin ${r.res_id} of ${r.app_id}/${r.env_id} to a version`} onClick={() => setPinning(r)}>
                {r.target_def_version_id ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
              </IconButton>
            )}
          />
        )}
      </Loaded>
      {pinning && <PinDialog orgId={orgId} definition={definition} resource={pinning} onClose={() => setPinning(undefined)} />}
    </Panel>
  );
}

function PinDialog({ orgId, definition, resource, onClose }: { orgId: string; definition: Definition; resource: Resource; onClose: () => void }) {
  const versions = api.useQuery("get", "/orgs/{orgId}/resources/defs/{defId}/versions", { params: { path: { orgId, defId: definition.id }, query: { per_page: 100 } } });
  const [version, setVersion] = useState(resource.target_def_version_id ?? "");
  const queries = useQueryClient();
  const pin = useMutation({
    mutationFn: () =>
      client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/resources/{type}/{resId}/actions/pin", {
        params: { path: { orgId, appId: resource.app_id, envId: resource.env_id, type: resource.type, resId: resource.res_id }, query: { class: resource.class } as never },
        body: { target_def_version_id: version === "" ? null : version },
      }),
    onSuccess: async () => {
      toast.ok(version === "" ? "It follows the version in use" : `Pinned to ${shortVersion(version)}`, "From the next deployment of the environment on.");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/resources/defs/{defId}/resources"] });
    },
  });
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Version of ${resource.type} ${resource.res_id}`}
      description={`In ${resource.app_id}/${resource.env_id}. A pinned resource stays at its version, whichever is in use.`}
      submit={version === "" ? "Follow the version in use" : "Pin"}
      busy={pin.isPending}
      error={pin.error}
      disabled={version === (resource.target_def_version_id ?? "")}
      onSubmit={() => pin.mutate()}
    >
      <SelectField label="Version" value={version} onChange={(e) => setVersion(e.target.value)}>
        <option value="">The one in use</option>
        {versions.data
          ?.filter((v) => !v.archived)
          .map((v) => (
            <option key={v.id} value={v.id}>
              {shortVersion(v.id)}
              {v.active ? " (in use)" : v.proposed ? " (proposed)" : ""}
            </option>
          ))}
      </SelectField>
    </FormDialog>
  );
}
