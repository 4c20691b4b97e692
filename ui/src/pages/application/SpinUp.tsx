import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { api, type Schemas } from "~/api/client";
import { FormDialog } from "~/components/Dialog";
import { SelectField, TextField } from "~/components/Field";
import { toast } from "~/components/toast";
import { useMay } from "~/lib/may";
import { to } from "~/lib/paths";

const ends = [
  ["", "Until somebody deletes it"],
  ["8h", "8 hours"],
  ["1d", "1 day"],
  ["3d", "3 days"],
  ["2w", "2 weeks"],
] as const;

interface Props {
  path: { orgId: string; appId: string };
  environments: Schemas["EnvironmentStatus"][];
  open: boolean;
  onClose: () => void;
}

/** Makes an environment in three fields: its name, what it starts from, how long it lives. What it starts from is deployed at once. */
export function SpinUp({ path, environments, open, onClose }: Props) {
  const deployed = environments.filter((e) => e.running && e.status === "active");
  const [id, setId] = useState("");
  const [from, setFrom] = useState<string | null>(null); // null: the first one
  const [ttl, setTtl] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const may = useMay(path);
  const source = from ?? deployed[0]?.id ?? "";
  const create = api.useMutation("post", "/orgs/{orgId}/apps/{appId}/env-requests", {
    onSuccess: async (request) => {
      toast.ok(`${request.env_id} is being made`);
      onClose();
      setId("");
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps"] });
      await navigate(request.deployment_id ? to.deployment(path.orgId, path.appId, request.env_id, request.deployment_id) : to.env(path.orgId, path.appId, request.env_id));
    },
  });
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title="Spin up an environment"
      description="It gets resources of its own, and the values that what it starts from overrides."
      submit="Spin up"
      busy={create.isPending}
      error={create.error}
      may={may("environments:manage", environments.find((e) => e.id === source)?.type)}
      disabled={id.trim() === ""}
      onSubmit={() =>
        create.mutate({
          params: { path },
          body: { id: id.trim(), on_failure: "keep", ...(source ? { from_env: source, copy_values: true, deploy: true } : {}), ...(ttl ? { ttl } : {}) },
        })
      }
    >
      <TextField label="Name" value={id} onChange={(e) => setId(e.target.value)} autoFocus help="2 to 50 lower-case letters, digits and single dashes." />
      <SelectField label="Starts from" value={source} onChange={(e) => setFrom(e.target.value)} help={source ? "What runs there is deployed to it at once." : "Nothing is deployed yet."}>
        {deployed.map((e) => (
          <option key={e.id} value={e.id}>
            {e.name}
          </option>
        ))}
        <option value="">Nothing</option>
      </SelectField>
      <SelectField label="Lives" value={ttl} onChange={(e) => setTtl(e.target.value)}>
        {ends.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
