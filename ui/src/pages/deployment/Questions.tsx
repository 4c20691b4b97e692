import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { stringify } from "yaml";

import { api, type Schemas } from "~/api/client";
import { every } from "~/app/query";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";
import { Panel } from "~/components/Page";
import { toast } from "~/components/toast";

import type { DeployPath, Poll } from "./data";
import styles from "./page.module.css";

type Question = Schemas["Question"];
const questionsPath = "/orgs/{orgId}/apps/{appId}/envs/{envId}/questions";

/** What resources of this deployment wait for a person to answer. One that is over tells nobody that somebody else has answered. */
export function useQuestions({ orgId, appId, envId, deployId }: DeployPath, wanted: boolean, poll: Poll): Question[] {
  const mine = (all: Question[] | undefined) => all?.filter((q) => q.deployment_id === deployId) ?? [];
  const asked = api.useQuery(
    "get",
    questionsPath,
    { params: { path: { orgId, appId, envId } } },
    { enabled: wanted, refetchInterval: (q) => poll(every.calm) || (mine(q.state.data).length > 0 ? every.calm : false) },
  );
  return mine(asked.data);
}

/** The questions, each with its possible answers. After a run's last one the resource can be deployed again. */
export function Questions({ path, questions, onLast }: { path: DeployPath; questions: Question[]; onLast: () => void }) {
  return (
    <div id="questions">
      <Panel title="Waiting for a person" note="Nobody can tell whether these objects exist. Look at the provider, then answer.">
        <ul className={styles.questions}>
          {questions.map((q) => (
            <Asked key={`${q.run_id} ${q.address}`} path={path} question={q} onLast={onLast} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

const answers: { answer: Schemas["Answer"]["answer"]; label: string; help: string }[] = [
  { answer: "import", label: "It exists", help: "It is taken over under the id by which its provider knows it." },
  { answer: "retry", label: "It does not exist", help: "The next deployment makes it." },
  { answer: "accept", label: "The state is right as it is", help: "Nothing is done about it." },
];

function Asked({ path: { orgId, appId, envId }, question: q, onLast }: { path: DeployPath; question: Question; onLast: () => void }) {
  const [answer, setAnswer] = useState<Schemas["Answer"]["answer"]>();
  const [id, setId] = useState("");
  const queries = useQueryClient();
  const send = api.useMutation("post", `${questionsPath}/{runId}`, {
    onSuccess: ({ last }) => {
      toast.ok("Answered", last ? "That was its last question: deploy again." : undefined);
      void queries.invalidateQueries({ queryKey: ["get", questionsPath] });
      if (last) onLast();
    },
  });
  const incomplete = answer === undefined || (answer === "import" && id.trim() === "");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (answer === undefined || incomplete) return;
    send.mutate({ params: { path: { orgId, appId, envId, runId: q.run_id } }, body: { address: q.address, answer, ...(answer === "import" ? { id: id.trim() } : {}) } });
  };
  return (
    <li>
      <form onSubmit={submit} className="stack-tight" aria-label={`Question about ${q.address}`}>
        <div className="row">
          <code>{q.address}</code>
          <span className="muted small">
            of <code>{q.node}</code>, to {q.action}
          </span>
        </div>
        <p>{q.why}</p>
        {q.inputs && Object.keys(q.inputs).length > 0 && (
          <details className={styles.cause}>
            <summary>What the provider was asked for</summary>
            <pre className="code" tabIndex={0}>{stringify(q.inputs)}</pre>
          </details>
        )}
        <fieldset className={styles.answers}>
          <legend className="hidden">Answer</legend>
          {answers.map((a) => (
            <label key={a.answer} className="check">
              <input type="radio" name={`${q.run_id} ${q.address}`} checked={answer === a.answer} onChange={() => setAnswer(a.answer)} />
              <span>
                {a.label}
                <span className="field-help" style={{ display: "block" }}>
                  {a.help}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        {answer === "import" && <TextField label="Its id at the provider" value={id} onChange={(e) => setId(e.target.value)} />}
        {send.error != null && <ErrorNotice error={send.error} />}
        <div>
          <Button type="submit" kind="primary" small may="deployments:create" disabled={incomplete} busy={send.isPending}>
            Answer
          </Button>
        </div>
      </form>
    </li>
  );
}
