import { api, client, type Schemas } from "~/api/client";
import { Facts } from "~/components/Page";
import { Tag } from "~/components/StatusBadge";
import { Time } from "~/components/Time";

import { Shown } from "./Details";
import { yamlOf } from "./manifest";
import { Owned } from "./Owned";

type Profile = Schemas["WorkloadProfile"];

const keyOf = (p: Profile) => `${p.org_id}/${p.id}`;

const proposal = yamlOf({
  id: "my-profile", description: "", spec_definition: { properties: { containers: { type: "feature", feature_name: "humanitec/containers" } } },
  workload_profile_chart: { id: "worker", version: "latest" },
});

/** What a workload may say, and the chart that runs it. */
export function Profiles({ orgId }: { orgId: string }) {
  const profiles = api.useQuery("get", "/orgs/{orgId}/workload-profiles", { params: { path: { orgId }, query: { per_page: 100 } } });
  return (
    <Owned<Profile>
      title="Workload profiles"
      note="what a workload may say"
      query={profiles}
      queryPath="/orgs/{orgId}/workload-profiles"
      rowKey={keyOf}
      param="profile"
      text={(p) => `${keyOf(p)} ${p.description}`}
      initialSort={{ key: "id" }}
      columns={[
        { key: "id", title: "Profile", width: "minmax(12rem, 1.6fr)", cell: (p) => <strong>{keyOf(p)}</strong>, sort: keyOf },
        { key: "version", title: "Version", width: "5rem", cell: (p) => p.version },
        { key: "description", title: "What for", width: "minmax(6rem, 1fr)", cell: (p) => <span title={p.description}>{p.description}</span> },
        { key: "state", title: "", width: "5rem", cell: (p) => p.deprecation_message && <Tag title={p.deprecation_message}>deprecated</Tag> },
      ]}
      mine={(p) => p.org_id === orgId}
      details={(p) => <ProfileFacts orgId={orgId} profile={p} />}
      create={{ action: "New profile", title: "New workload profile", submit: "Create", text: proposal }}
      edit={{
        action: "New version",
        title: (p) => `New version of ${p.id}`,
        text: (p) => yamlOf({ description: p.description, spec_definition: p.spec_definition, workload_profile_chart: p.workload_profile_chart, deprecation_message: p.deprecation_message }),
      }}
      description="It names a chart of the organization, which is uploaded first: slipway create chart worker-1.0.0.tgz"
      save={(body, p) =>
        p
          ? client.PUT("/orgs/{orgId}/workload-profiles/{profileQid}", { params: { path: { orgId, profileQid: keyOf(p) } }, body: body as never })
          : client.POST("/orgs/{orgId}/workload-profiles", { params: { path: { orgId } }, body: body as never })
      }
      remove={{
        action: "Delete profile",
        call: (p) => client.DELETE("/orgs/{orgId}/workload-profiles/{profileQid}", { params: { path: { orgId, profileQid: keyOf(p) } } }),
        losses: () => ["The profile with all its versions: workloads that have it cannot be deployed any more"],
      }}
    />
  );
}

function ProfileFacts({ orgId, profile }: { orgId: string; profile: Profile }) {
  const versions = api.useQuery("get", "/orgs/{orgId}/workload-profiles/{profileQid}/versions", { params: { path: { orgId, profileQid: keyOf(profile) }, query: { per_page: 50 } } });
  return (
    <>
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
    </>
  );
}
