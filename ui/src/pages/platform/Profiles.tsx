import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { Button } from "~/components/Button";
import { DataTable } from "~/components/DataTable";
import { ConfirmDialog } from "~/components/Dialog";
import { Loaded } from "~/components/Loading";
import { Facts, Panel } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { toast } from "~/components/toast";

import { Details, Shown, Split } from "./Details";
import { DocumentDialog } from "./DocumentDialog";
import { yamlOf } from "./manifest";

type Profile = Schemas["WorkloadProfile"];

const keyOf = (p: Profile) => `${p.org_id}/${p.id}`;

/** What a workload may say, and the chart that runs it. */
export function Profiles({ orgId }: { orgId: string }) {
  const profiles = api.useQuery("get", "/orgs/{orgId}/workload-profiles", { params: { path: { orgId }, query: { per_page: 100 } } });
  const [params, setParams] = useSearchParams();
  const [editing, setEditing] = useState<Profile | "new">();
  const [deleting, setDeleting] = useState<Profile>();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["get", "/orgs/{orgId}/workload-profiles"] });
  const chosen = profiles.data?.find((p) => keyOf(p) === params.get("profile"));
  const choose = (profile?: string) => setParams(profile ? { profile } : {}, { replace: true });
  const remove = api.useMutation("delete", "/orgs/{orgId}/workload-profiles/{profileQid}", {
    onSuccess: async () => {
      toast.ok(`${deleting?.id ?? ""} was deleted`);
      setDeleting(undefined);
      choose();
      await changed();
    },
  });
  const list = (
    <Panel
      title="Workload profiles"
      note="what a workload may say"
      flush
      actions={
        <Button kind="primary" small may="platform:write" icon={<Plus size={14} aria-hidden />} onClick={() => setEditing("new")}>
          New profile
        </Button>
      }
    >
      <Loaded query={profiles}>
        {(rows) => (
          <DataTable
            label="workload profiles"
            rows={rows}
            rowKey={keyOf}
            onRow={(p) => choose(keyOf(p))}
            selected={(p) => p === chosen}
            text={(p) => `${keyOf(p)} ${p.description}`}
            initialSort={{ key: "id" }}
            columns={[
              { key: "id", title: "Profile", width: "minmax(12rem, 1.6fr)", cell: (p) => <strong>{keyOf(p)}</strong>, sort: keyOf },
              { key: "version", title: "Version", width: "5rem", cell: (p) => p.version },
              { key: "description", title: "What for", width: "minmax(6rem, 1fr)", cell: (p) => <span title={p.description}>{p.description}</span> },
              { key: "state", title: "", width: "5rem", cell: (p) => p.deprecation_message && <Tag title={p.deprecation_message}>deprecated</Tag> },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
  return (
    <>
      <Split
        list={list}
        details={
          chosen && (
            <ProfileDetails
              orgId={orgId}
              profile={chosen}
              onClose={() => choose()}
              actions={
                chosen.org_id === orgId && (
                  <>
                    <Button small may="platform:write" onClick={() => setEditing(chosen)}>
                      New version
                    </Button>
                    <Button small kind="danger" may="platform:write" onClick={() => setDeleting(chosen)}>
                      Delete
                    </Button>
                  </>
                )
              }
            />
          )
        }
      />
      {editing && (
        <DocumentDialog
          title={editing === "new" ? "New workload profile" : `New version of ${editing.id}`}
          submit={editing === "new" ? "Create" : "Save"}
          text={
            editing === "new"
              ? yamlOf({ id: "my-profile", description: "", spec_definition: { properties: { containers: { type: "feature", feature_name: "humanitec/containers", version: "0.1" } } }, workload_profile_chart: { id: "default-module", version: "0.1" } })
              : yamlOf({ description: editing.description, spec_definition: editing.spec_definition, workload_profile_chart: editing.workload_profile_chart, deprecation_message: editing.deprecation_message })
          }
          save={(body) =>
            editing === "new"
              ? client.POST("/orgs/{orgId}/workload-profiles", { params: { path: { orgId } }, body: body as never })
              : client.PUT("/orgs/{orgId}/workload-profiles/{profileQid}", { params: { path: { orgId, profileQid: keyOf(editing) } }, body: body as never })
          }
          onSaved={async () => {
            setEditing(undefined);
            await changed();
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          open
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutate({ params: { path: { orgId, profileQid: keyOf(deleting) } } })}
          title={`Delete ${keyOf(deleting)}?`}
          action="Delete profile"
          losses={["The profile with all its versions: workloads that have it cannot be deployed any more"]}
          busy={remove.isPending}
          error={remove.error}
        />
      )}
    </>
  );
}

function ProfileDetails({ orgId, profile, actions, onClose }: { orgId: string; profile: Profile; actions: React.ReactNode; onClose: () => void }) {
  const versions = api.useQuery("get", "/orgs/{orgId}/workload-profiles/{profileQid}/versions", { params: { path: { orgId, profileQid: keyOf(profile) }, query: { per_page: 50 } } });
  return (
    <Details title={profile.id} onClose={onClose} actions={actions}>
      <Facts
        of={[
          ["Chart", `${profile.workload_profile_chart.id} ${profile.workload_profile_chart.version}`],
          ["Changed", <Time key="t" at={profile.updated_at} />],
          ["Versions", versions.data?.map((v) => v.version).join(", ")],
          ["Deprecated", profile.deprecation_message],
        ]}
      />
      <p className="small">{profile.description}</p>
      <Shown key={keyOf(profile)} title="What a workload may say" of={profile.spec_definition} />
    </Details>
  );
}
