import type { Schemas } from "~/api/client";
import { isOver } from "~/lib/status";

const envPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}";
const deployPath = `${envPath}/deploys/{deployId}`;

const [nodes, errors, changes, approvals, diff] = ["nodes", "errors", "changes", "approvals", "diff"].map((part) => `${deployPath}/${part}`) as [string, string, string, string, string];
const questions = `${envPath}/questions`;
const all = [deployPath, nodes, errors, changes, approvals, diff, questions];

/** What has to be asked for anew after an event of the deployment, by the paths of the API; all of it after one that is not known. */
export function staleAfter(e: Pick<Schemas["DeploymentEvent"], "type" | "status">): string[] {
  switch (e.type) {
    case "node.status":
      return e.status === "failed" ? [nodes, questions] : [nodes]; // a run that stopped for a person fails its resource
    case "node.changes":
      return [changes];
    case "node.question":
      return [questions];
    case "deployment.gate":
      return [deployPath, approvals, errors];
    case "deployment.errors":
      return [errors];
    case "deployment.phase":
      return [deployPath, nodes, diff];
    case "deployment.delivered":
      return [deployPath, diff];
    case "deployment.cancel":
    case "deployment.base":
      return [deployPath];
    case "deployment.status":
      return isOver({ status: e.status ?? "" }) ? all : [deployPath];
    default:
      return all;
  }
}
