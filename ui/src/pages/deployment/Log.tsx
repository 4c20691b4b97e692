import { Loaded } from "~/components/Loading";
import { LogView } from "~/components/LogView";
import { Panel } from "~/components/Page";
import { useDeploymentLog } from "~/lib/deploymentlog";

import type { DeployPath } from "./data";

/** Everything that drivers and steps of the deployment wrote. */
export function Log({ path, live }: { path: DeployPath; live: boolean }) {
  const log = useDeploymentLog(path, undefined, live);
  return (
    <Panel flush>
      <Loaded query={log}>
        {(lines) => <LogView label="log of the deployment" height="calc(100vh - 16rem)" lines={lines.map((l) => ({ key: l.seq, at: l.at, level: l.level, source: l.node, text: l.text }))} />}
      </Loaded>
    </Panel>
  );
}
