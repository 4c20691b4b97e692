import { useNavigate } from "react-router";

import { api, type Schemas } from "~/api/client";
import { ConfirmDialog } from "~/components/Dialog";
import { toast } from "~/components/toast";
import { to } from "~/lib/paths";

interface Props {
  path: { orgId: string; appId: string };
  name: string;
  environments: Schemas["EnvironmentStatus"][];
  open: boolean;
  onClose: () => void;
}

export function DeleteApplication({ path, name, environments, open, onClose }: Props) {
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/orgs/{orgId}/apps/{appId}", {
    onSuccess: () => {
      toast.ok(`${name} is being deleted`);
      onClose();
      void navigate(to.apps(path.orgId));
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete ${name}?`}
      action="Delete application"
      losses={[
        ...environments.map((e) => `The environment ${e.name}: ${e.workloads.length > 0 ? `its workloads ${e.workloads.map((w) => w.id).join(", ")}, and ` : ""}every resource in it, with data`),
        "All values and secrets",
        "Its pipelines, rules and webhooks",
        "The history of its deployments",
      ]}
      typeToConfirm={path.appId}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path } })}
    />
  );
}
