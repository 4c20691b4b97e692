import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { client, type Schemas } from "~/api/client";
import { useEvents } from "~/api/stream";

const deployPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}";
type DeployPath = { orgId: string; appId: string; envId: string; deployId: string };
type Line = Schemas["LogLine"];

const page = 1000;
const breath = 100; // ms in which lines are collected before they are shown

/** What was written in a deployment, or about one of its resources: read at first, then heard of as it is written while `live`. */
export function useDeploymentLog(path: DeployPath, node: string | undefined, live: boolean) {
  const queries = useQueryClient();
  const queryKey = ["deployment-log", path, node ?? ""];
  const { orgId, appId, envId, deployId } = path;
  const known = () => queries.getQueryData<Line[]>(queryKey) ?? [];
  const heard = useRef<Line[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = () => {
    timer.current = undefined;
    const lines = known();
    const last = lines.at(-1)?.seq ?? 0;
    const more = heard.current.filter((l) => l.seq > last);
    heard.current = [];
    if (more.length > 0) queries.setQueryData(queryKey, [...lines, ...more]);
  };
  const begun = queries.getQueryState(queryKey)?.status === "success";
  const { state } = useEvents(
    live && begun ? `/orgs/${orgId}/apps/${appId}/envs/${envId}/deploys/${deployId}/logs${node === undefined ? "" : `?node=${encodeURIComponent(node)}`}` : null,
    (e) => {
      if (e.type !== "line") return;
      heard.current.push(e.data as Line);
      timer.current ??= setTimeout(show, breath);
    },
    { isLast: (e) => e.type === "end", from: () => String(known().at(-1)?.seq ?? "") },
  );
  const log = useQuery({
    queryKey,
    structuralSharing: false,
    refetchInterval: live && begun && state !== "live" && state !== "over" ? 1500 : false,
    queryFn: async ({ signal }) => {
      const lines = [...known()];
      for (;;) {
        const { data: answer } = await client.GET(`${deployPath}/logs`, { params: { path, query: { after: lines.at(-1)?.seq ?? 0, limit: page, node } }, signal });
        const data = (answer ?? []) as Line[];
        lines.push(...data);
        if (data.length < page) return lines;
      }
    },
  });
  // What was written last may have come after the last look.
  const { refetch } = log;
  const was = useRef(live);
  useEffect(() => {
    if (was.current && !live) void refetch();
    was.current = live;
  }, [live, refetch]);
  return log;
}
