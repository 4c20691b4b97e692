import { useState } from "react";

import { api } from "~/api/client";
import { DataTable } from "~/components/DataTable";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { TextDiff } from "~/components/TextDiff";
import { Time } from "~/components/Time";
import { usePeople } from "~/lib/people";

import { usePipelineText, type PipelinePath } from "./data";

/** A pipeline's versions; the chosen one against the one before it. */
export function Versions({ path, current }: { path: PipelinePath; current: string }) {
  const versions = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/pipelines/{pipelineId}/versions", { params: { path, query: { per_page: 100 } } });
  const person = usePeople(path.orgId);
  const [chosen, setChosen] = useState<string>();
  return (
    <Loaded query={versions}>
      {(all) => {
        const index = Math.max(all.findIndex((v) => v.id === chosen), 0);
        const after = all[index];
        const before = all[index + 1];
        return (
          <>
            <Panel title="Versions" flush>
              <DataTable
                label="versions"
                rows={all}
                rowKey={(v) => v.id}
                onRow={(v) => setChosen(v.id)}
                selected={(v) => v.id === after?.id}
                maxHeight="18rem"
                columns={[
                  { key: "id", title: "Version", width: "minmax(8rem, 1fr)", cell: (v) => <code title={v.id}>{v.id.slice(0, 8)}</code> },
                  { key: "state", title: "", cell: (v) => v.id === current && <StatusBadge status="newest" tone="ok" pulse={false} /> },
                  { key: "by", title: "By", cell: (v) => (v.created_by === "UNKNOWN" ? "Slipway" : person(v.created_by)) },
                  { key: "at", title: "Made", cell: (v) => <Time at={v.created_at} /> },
                ]}
              />
            </Panel>
            {after && (
              <Panel title={before ? "What it changed" : "The first version"} note={before && `${before.id.slice(0, 8)} to ${after.id.slice(0, 8)}`}>
                <Difference path={path} before={before?.id} after={after.id} />
              </Panel>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Difference({ path, before, after }: { path: PipelinePath; before: string | undefined; after: string }) {
  const newer = usePipelineText(path, after);
  const older = usePipelineText(path, before ?? after);
  return <Loaded query={older}>{(o) => <Loaded query={newer}>{(n) => <TextDiff label="What it changed" before={before ? o : ""} after={n} height="28rem" />}</Loaded>}</Loaded>;
}
