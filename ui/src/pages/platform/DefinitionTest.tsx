import { useMutation } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";

import { client } from "~/api/client";
import { Button } from "~/components/Button";
import type { EditorProblem } from "~/components/CodeEditor";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";

import type { DefinitionBody } from "./manifest";
import styles from "./page.module.css";
import { TestForm } from "./TestForm";
import { noInputs, problemLine, testRequest, type TestAnswer } from "./testinputs";
import { TestResult } from "./TestResult";

/** The inputs of a test, and what came of the last one; kept while the parts of the page change. */
export function useDefinitionTest(orgId: string) {
  const [inputs, setInputs] = useState(noInputs);
  const [tested, setTested] = useState<{ text: string; answer: TestAnswer }>();
  const run = useMutation({
    mutationFn: async (of: { body: DefinitionBody; text: string }) => (await client.POST("/orgs/{orgId}/resources/defs/test", { params: { path: { orgId } }, body: testRequest(of.body, inputs) })).data,
    onSuccess: (answer, { text }) => answer && setTested({ text, answer }),
  });
  return { inputs, setInputs, tested, run };
}

/** What the last test found wrong, for the editor, as long as the text is the one that was tested. */
export function foundByTest(of: ReturnType<typeof useDefinitionTest>, text: string): EditorProblem[] {
  if (of.tested?.text !== text) return [];
  return of.tested.answer.problems.map((p) => ({ line: problemLine(text, p.path, p.line), message: p.message }));
}

interface Props {
  test: ReturnType<typeof useDefinitionTest>;
  /** The definition's file, and what it says; without a body it cannot be tested. */
  text: string;
  body: DefinitionBody | undefined;
}

/** Tries a definition with inputs; nothing is made, nothing is stored. */
export function DefinitionTest({ test, text, body }: Props) {
  const { inputs, setInputs, tested, run } = test;
  const first = useEffectEvent(() => {
    if (body && !tested) run.mutate({ body, text });
  });
  useEffect(() => first(), []); // shows what there is to fill in
  const missing = [...new Set([...Object.keys(inputs.placeholders), ...(tested?.answer.problems.flatMap((p) => (p.placeholder ? [p.placeholder] : [])) ?? [])])];
  return (
    <form
      className={styles.testing}
      onSubmit={(e) => {
        e.preventDefault();
        if (body) run.mutate({ body, text });
      }}
    >
      <Panel
        title="Inputs"
        note="nothing of it is stored"
        actions={
          <Button small type="submit" kind="primary" may="platform:write" busy={run.isPending} disabled={!body}>
            Run the test
          </Button>
        }
      >
        {!body && <Notice tone="warn">What is in the editor is no definition yet. Put it right first.</Notice>}
        <TestForm body={body} inputs={inputs} onChange={setInputs} placeholders={missing} />
      </Panel>
      <div className="stack">
        {run.error != null && <ErrorNotice error={run.error} />}
        {tested && tested.text !== text && <Notice>The definition has been changed since. Run the test again.</Notice>}
        {tested ? (
          <TestResult answer={tested.answer} text={tested.text} />
        ) : (
          <Panel title="Result">
            <EmptyState title="Not run yet">Drivers that compute, such as templates, are run for real. Of those that reach outside, such as Terraform, it is said what they would run.</EmptyState>
          </Panel>
        )}
      </div>
    </form>
  );
}
