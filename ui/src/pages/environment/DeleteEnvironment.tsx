import { useNavigate } from "react-router";

import { api } from "~/api/client";
import { ConfirmDialog } from "~/components/Dialog";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";

import type { EnvPath } from ".";

export function DeleteEnvironment({ path, name, open, onClose }: { path: EnvPath; name: string; open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const resources = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/resources", { params: { path } }, { enabled: open });
  const values = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/values", { params: { path } }, { enabled: open });
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}/envs/{envId}", {
    onSuccess: () => {
      toast.ok(`${name} is being deleted`);
      onClose();
      void navigate(to.app(path.orgId, path.appId));
    },
  });
  const own = (values.data ?? []).filter((v) => v.source === "env");
  const kept = (resources.data ?? []).filter((r) => !["base-env", "k8s-cluster", "k8s-namespace", "workload"].includes(r.type));
  return (
    <ConfirmDialog
      may="deployments:create"
      open={open}
      onClose={onClose}
      title={`Delete ${name}?`}
      action="Delete environment"
      losses={[
        "Everything that runs in it",
        ...kept.map((r) => (
          <>
            {r.type} <code>{r.res_id}</code>, with its data
          </>
        )),
        ...(own.length > 0 ? [`The values it overrides: ${own.map((v) => v.key).join(", ")}`] : []),
        "The history of its deployments",
      ]}
      typeToConfirm={path.envId}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path } })}
    />
  );
}
