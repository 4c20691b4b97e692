import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { Checkbox, SelectField, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";
import { useMayHere } from "~/lib/may";

import type { EnvPath } from ".";

const policies: Record<Schemas["QueuePolicy"]["policy"], string> = {
  queue: "Wait in line",
  supersede: "Replace those that wait",
  reject: "Refuse while another one is unfinished",
  freeze: "Accept nothing",
};

/** When the environment ends, and what happens to deployments that meet another one. */
export function Lifetime({ path }: { path: EnvPath }) {
  const [changing, setChanging] = useState(false);
  const queries = useQueryClient();
  const lifetime = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime", { params: { path } });
  const policy = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue/policy", { params: { path } });
  const may = useMayHere("deployments:create");
  const set = api.useMutation("put", "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue/policy", {
    onSuccess: () => toast.ok("The queue policy was changed"),
    onError: (error) => void toast.error(error),
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/queue/policy"] }),
  });
  return (
    <div className="grid-2">
      <Panel title="Lifetime" actions={<Button small may="deployments:create" onClick={() => setChanging(true)}>Change</Button>}>
        <Loaded query={lifetime}>
          {(l) => (
            <>
              <Facts
                inline
                of={[
                  ["Ends", l.protected ? "never by itself" : l.ends_at ? <Time key="e" at={l.ends_at} /> : "when somebody deletes it"],
                  ["Because", l.reason === "idle" ? "nothing was deployed to it" : l.reason === "expired" ? "its time is over" : undefined],
                  ["Time to live until", l.expires_at && <Time key="x" at={l.expires_at} />],
                  ["Idle for", l.idle_after !== "0s" && l.idle_after],
                  ["Warns before", l.warn_before !== "0s" && l.warn_before],
                ]}
              />
              {changing && <Change path={path} now={l} onClose={() => setChanging(false)} />}
            </>
          )}
        </Loaded>
      </Panel>
      <Panel title="Queue policy">
        <Loaded query={policy} lines={1}>
          {(p) => (
            <SelectField
              label="A deployment that meets another one"
              value={p.policy}
              disabled={set.isPending || !may.ok}
              help={may.why}
              onChange={(e) => set.mutate({ params: { path }, body: { policy: e.target.value as Schemas["QueuePolicy"]["policy"] } })}
            >
              {Object.entries(policies).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </SelectField>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}

function Change({ path, now, onClose }: { path: EnvPath; now: Schemas["EnvironmentLifetime"]; onClose: () => void }) {
  const [ttl, setTtl] = useState("");
  const [idle, setIdle] = useState(now.idle_after);
  const [keep, setKeep] = useState(now.protected);
  const queries = useQueryClient();
  const change = api.useMutation("patch", "/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime", {
    onSuccess: async () => {
      toast.ok("The lifetime was changed");
      onClose();
      await queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/lifetime"] });
    },
  });
  const body: Schemas["EnvironmentLifetimeChange"] = { ...(ttl.trim() ? { ttl: ttl.trim() } : {}), ...(idle !== now.idle_after ? { idle_after: idle.trim() } : {}), ...(keep !== now.protected ? { protected: keep } : {}) };
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Lifetime"
      submit="Change"
      busy={change.isPending}
      error={change.error}
      disabled={Object.keys(body).length === 0}
      onSubmit={() => change.mutate({ params: { path }, body })}
    >
      <TextField label="Time to live from now on" value={ttl} onChange={(e) => setTtl(e.target.value)} placeholder="3d" help="Such as 90m, 8h, 3d or 2w; 0s is no end by time." autoFocus />
      <TextField label="Ends when nothing was deployed for" value={idle} onChange={(e) => setIdle(e.target.value)} help="0s is never." />
      <Checkbox label="Protected" help="Never removed by itself, whatever else is set." checked={keep} onChange={(e) => setKeep(e.target.checked)} />
    </FormDialog>
  );
}
