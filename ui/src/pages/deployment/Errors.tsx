import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

import type { Schemas } from "~/api/client";
import { Button, ButtonLink } from "~/components/Button";
import { Tag } from "~/components/StatusBadge";
import { to } from "~/lib/paths";

import type { DeployPath } from "./data";
import { nextStep, splitMessage, type NextStep } from "./nextstep";
import styles from "./page.module.css";

interface Props {
  path: DeployPath;
  errors: Schemas["DeploymentError"][];
  nodes: Schemas["Node"][];
  /** Keys and ids of resources that wait for a person. */
  asking: ReadonlySet<string>;
  onSelect: (key: string) => void;
  onRetry: () => void;
}

/** Why a deployment failed, and what to do about it. */
export function Errors({ path, errors, nodes, asking, onSelect, onRetry }: Props) {
  return (
    <ul className={styles.errors} aria-label="Errors">
      {errors.map((e, i) => {
        const { cause, tries } = splitMessage(e);
        const node = e.scope === "resource" ? nodes.find((n) => n.key === e.object_id || n.id === e.object_id) : undefined;
        return (
          <li key={i}>
            <div className="notice notice-bad" role="alert">
              <CircleAlert size={16} aria-hidden />
              <div className="grow stack-tight">
                <div className="row">
                  <Tag>{e.scope}</Tag>
                  {node ? (
                    <button type="button" className={styles.link} onClick={() => onSelect(node.key)}>
                      {node.key}
                    </button>
                  ) : (
                    e.object_id && <code>{e.object_id}</code>
                  )}
                  <code className={styles.code}>{e.code}</code>
                </div>
                <strong className="notice-message">{e.summary}</strong>
                {cause && (
                  <details className={styles.cause}>
                    <summary>The whole cause</summary>
                    <div className="notice-message">{cause}</div>
                  </details>
                )}
                {tries && (
                  <div className="notice-message">
                    <strong>Try: </strong>
                    {tries}
                  </div>
                )}
              </div>
              <Action step={nextStep(e, asking)} path={path} onRetry={onRetry} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Action({ step, path, onRetry }: { step: NextStep; path: DeployPath; onRetry: () => void }): ReactNode {
  const { orgId, appId, envId } = path;
  switch (step) {
    case "values":
      return <ButtonLink small to={to.envValues(orgId, appId, envId)}>Values of {envId}</ButtonLink>;
    case "change":
      return <ButtonLink small to={to.change(orgId, appId, envId)}>Change it</ButtonLink>;
    case "cluster":
      return <ButtonLink small to={to.env(orgId, appId, envId)}>See what runs</ButtonLink>;
    case "questions":
      return <ButtonLink small to="#questions">Answer its questions</ButtonLink>;
    case "retry":
      return <Button small onClick={onRetry}>Deploy again</Button>;
    default:
      return null;
  }
}
