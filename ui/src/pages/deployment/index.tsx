import { useState } from "react";
import { Link, Navigate, Route, Routes, useSearchParams } from "react-router";

import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Loaded } from "~/components/Loading";
import { Page, Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { Time } from "~/components/Time";
import { to } from "~/lib/paths";
import { useDeploy } from "~/lib/scope";
import { deploymentStatus, isOver } from "~/lib/status";
import { duration } from "~/lib/time";
import { plural } from "~/lib/words";

import { Actions, type Asked } from "./Actions";
import { useDeployment, useTick } from "./data";
import { GraphDiff, ObjectsDiff, SetDiff } from "./Diffs";
import { Approvals } from "./Approvals";
import { Changes } from "./Changes";
import { Errors } from "./Errors";
import { Log } from "./Log";
import { NodePanel } from "./NodePanel";
import styles from "./page.module.css";
import { Phases } from "./Phases";
import { Questions, useQuestions } from "./Questions";
import { Timeline } from "./Timeline";
import { mostAtOnce, phasesOf } from "./timeline";

export function Component() {
  const path = useDeploy();
  return <DeploymentPage key={path.deployId} path={path} />;
}

function DeploymentPage({ path }: { path: ReturnType<typeof useDeploy> }) {
  const { orgId, appId, envId, deployId } = path;
  const live = useDeployment(path);
  const { deployment, errors, events, over, stream } = live;
  const [asked, setAsked] = useState<Asked>();
  const d = deployment.data;
  const now = useTick(d !== undefined && !over);
  const questions = useQuestions(path, d !== undefined && (!over || d.status === "failed"), live.poll);
  const asking = new Set(questions.flatMap((q) => [q.node, q.node.slice(q.node.indexOf("#") + 1)]));
  const own = (rest = "") => to.deployment(orgId, appId, envId, deployId, rest);
  const [, setSearch] = useSearchParams();
  const select = (key: string) => setSearch({ node: key }, { replace: true });
  const ran = d?.started_at && duration((d.finished_at ? Date.parse(d.finished_at) : now) - Date.parse(d.started_at));
  return (
    <Page
      title={d?.comment || `Deployment ${deployId}`}
      badges={
        d && (
          <>
            <StatusBadge status={deploymentStatus(d)} />
            {!over && stream.state !== "live" && <span className="muted small">looking every few seconds</span>}
          </>
        )
      }
      crumbs={[
        { label: "Applications", to: to.apps(orgId) },
        { label: appId, to: to.app(orgId, appId) },
        { label: envId, to: to.env(orgId, appId, envId) },
      ]}
      facts={
        d && (
          <>
            <code>{d.id}</code>
            <span>
              asked for <Time at={d.created_at} />
            </span>
            {ran && <span>{over ? "took" : "runs for"} {ran}</span>}
            {d.from_id && (
              <span>
                from <Link to={to.deployment(orgId, appId, envId, d.from_id)}>{d.from_id}</Link>
              </span>
            )}
            {d.pipeline && <span>by a pipeline</span>}
            {d.target && <span>to {d.target.kind === "git" ? `${d.target.url ?? "git"} ${d.target.revision?.slice(0, 10) ?? ""}` : (d.target.url ?? "Kubernetes")}</span>}
          </>
        )
      }
      actions={d && <Actions path={path} deployment={d} asked={asked} onAsk={setAsked} />}
      tabs={[
        { label: "Timeline", to: own(), end: true },
        { label: "Log", to: own("log") },
        { label: "Set", to: own("set") },
        { label: "Graph", to: own("graph") },
        { label: "Terraform", to: own("changes") },
        { label: "Manifests", to: own("manifests") },
      ]}
    >
      <Loaded query={deployment} lines={8}>
        {(d) => (
          <>
            {errors.error != null && <ErrorNotice error={errors.error} />}
            {errors.data && errors.data.length > 0 && <Errors path={path} errors={errors.data} nodes={live.nodes.data ?? []} asking={asking} onSelect={select} onRetry={() => setAsked("retry")} />}
            <Approvals path={path} poll={live.poll} />
            {questions.length > 0 && <Questions path={path} questions={questions} onLast={() => isOver(d) && setAsked("retry")} />}
            <Routes>
              <Route
                index
                element={
                  <>
                    <Phases phases={phasesOf(d, events)} now={now} />
                    <Lanes path={path} live={live} now={now} />
                  </>
                }
              />
              <Route path="log" element={<Log path={path} live={!over} />} />
              <Route path="set" element={<SetDiff path={path} deployment={d} />} />
              <Route path="graph" element={<GraphDiff path={path} deployment={d} />} />
              <Route path="changes" element={<Changes path={path} over={over} poll={live.poll} />} />
              <Route path="manifests" element={<ObjectsDiff path={path} deployment={d} />} />
              <Route path="*" element={<Navigate to={own()} replace />} />
            </Routes>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Lanes({ path, live, now }: { path: ReturnType<typeof useDeploy>; live: ReturnType<typeof useDeployment>; now: number }) {
  const [search, setSearch] = useSearchParams();
  const key = search.get("node") ?? undefined;
  const select = (next: string | undefined) => setSearch(next === undefined || next === key ? {} : { node: next }, { replace: true });
  return (
    <Loaded query={live.nodes} lines={6}>
      {(nodes) => {
        const chosen = nodes.find((n) => n.key === key);
        const most = mostAtOnce(nodes, now);
        const done = nodes.filter((n) => n.status === "succeeded").length;
        return (
          <div className={chosen ? styles.split : undefined}>
            <Panel title="Resources" note={nodes.length > 0 ? `${done} of ${nodes.length} done${most > 1 ? `, up to ${most} at once` : ""}` : undefined} flush>
              {nodes.length > 0 ? (
                <Timeline nodes={nodes} now={now} selected={key} onSelect={select} />
              ) : (
                <EmptyState title={live.over ? "No resource was provisioned" : "Not planned yet"}>
                  {live.over ? "It ended before there was a resource graph." : `Resources are here as soon as the deployment is planned${live.deployment.data?.status === "pending" ? "; it waits for its turn" : ""}.`}
                </EmptyState>
              )}
            </Panel>
            {chosen && <NodePanel key={chosen.key} path={path} node={chosen} nodes={nodes} live={!live.over} onSelect={select} onClose={() => select(undefined)} />}
            {key !== undefined && !chosen && nodes.length > 0 && <p className="muted small">This deployment has no resource {key} among its {plural(nodes.length, "resource")}.</p>}
          </div>
        );
      }}
    </Loaded>
  );
}
