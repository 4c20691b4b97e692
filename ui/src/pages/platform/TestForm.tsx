import { useState } from "react";

import { Button } from "~/components/Button";
import { CodeEditor, type EditorProblem } from "~/components/CodeEditor";
import { Checkbox, TextField } from "~/components/Field";
import { Notice } from "~/components/Notice";

import { parseObject, yamlOf, type DefinitionBody } from "./manifest";
import styles from "./page.module.css";
import { inputsAsYaml, inputsFromYaml, leafNames, secretNames, valueAt, withValue, type TestInputs } from "./testinputs";

interface Props {
  body: DefinitionBody | undefined;
  inputs: TestInputs;
  onChange: (inputs: TestInputs) => void;
  /** Placeholders that have a value or need one. */
  placeholders: string[];
}

/** The inputs of a test, by form or as YAML of the same thing. */
export function TestForm({ body, inputs, onChange, placeholders }: Props) {
  const [yaml, setYaml] = useState<string>();
  return (
    <div className="stack">
      <div className="row">
        <Button small kind={yaml === undefined ? "plain" : "quiet"} aria-pressed={yaml === undefined} onClick={() => setYaml(undefined)}>
          Form
        </Button>
        <Button small kind={yaml === undefined ? "quiet" : "plain"} aria-pressed={yaml !== undefined} onClick={() => setYaml(inputsAsYaml(inputs))}>
          YAML
        </Button>
      </div>
      {yaml === undefined ? <Form body={body} inputs={inputs} onChange={onChange} placeholders={placeholders} /> : <AsYaml text={yaml} onText={setYaml} onChange={onChange} />}
    </div>
  );
}

function AsYaml({ text, onText, onChange }: { text: string; onText: (text: string) => void; onChange: (inputs: TestInputs) => void }) {
  const { problems } = inputsFromYaml(text);
  return (
    <>
      <CodeEditor
        label="Inputs of the test"
        value={text}
        problems={problems}
        height="26rem"
        onChange={(next) => {
          onText(next);
          const { inputs } = inputsFromYaml(next);
          if (inputs) onChange(inputs);
        }}
      />
      <Problems of={problems} />
    </>
  );
}

function Problems({ of }: { of: EditorProblem[] }) {
  return of.map((p) => (
    <Notice key={`${p.line} ${p.message}`} tone="warn">
      Line {p.line}: {p.message}
    </Notice>
  ));
}

function Form({ body, inputs, onChange, placeholders }: Props) {
  const context = (key: keyof TestInputs["context"]) => ({
    value: inputs.context[key] ?? "",
    onChange: (e: { target: { value: string } }) => onChange({ ...inputs, context: withValue(inputs.context, [key], e.target.value.trim()) }),
  });
  const secrets = [...new Set([...secretNames(body), ...leafNames(inputs.secrets)])];
  return (
    <>
      <div className={styles.context}>
        <TextField label="Application" placeholder="test" {...context("app_id")} />
        <TextField label="Environment" placeholder="test" {...context("env_id")} />
        <TextField label="Environment type" placeholder="test" {...context("env_type")} />
        <TextField label="Resource id" placeholder="modules.test.externals.test" {...context("res_id")} />
        <TextField label="Class" placeholder="default" {...context("class")} />
      </div>
      <section className="stack-tight" aria-label="Placeholders">
        <h3>Placeholders</h3>
        {placeholders.length === 0 && <p className="muted small">All have a value.</p>}
        {placeholders.map((name) => (
          <TextField
            key={name}
            label={<code>{`\${${name}}`}</code>}
            value={valueAt(inputs.placeholders, [name])}
            onChange={(e) => onChange({ ...inputs, placeholders: withValue(inputs.placeholders, [name], e.target.value) })}
          />
        ))}
        <Checkbox
          label="Give test to all others"
          help="Otherwise each placeholder without a value is a problem."
          checked={inputs.default !== undefined}
          onChange={(e) => onChange({ ...inputs, default: e.target.checked ? "test" : undefined })}
        />
      </section>
      {secrets.length > 0 && (
        <section className="stack-tight" aria-label="Secrets">
          <h3>Secrets</h3>
          {secrets.map((name) => (
            <TextField
              key={name}
              label={name}
              type="password"
              autoComplete="new-password"
              value={valueAt(inputs.secrets, name.split("."))}
              onChange={(e) => onChange({ ...inputs, secrets: withValue(inputs.secrets, name.split("."), e.target.value) })}
            />
          ))}
          <p className="muted small">Those of the definition are not read. Without a value here the driver does not get them.</p>
        </section>
      )}
      <Tree label="What the workload asks for" value={inputs.resource} onChange={(resource) => onChange({ ...inputs, resource: resource ?? {} })} />
      <Tree label="What it remembered (cookie)" value={inputs.cookie} onChange={(cookie) => onChange({ ...inputs, cookie })} />
    </>
  );
}

/** An object as a few lines of YAML. */
function Tree({ label, value, onChange }: { label: string; value: unknown; onChange: (v: Record<string, unknown> | undefined) => void }) {
  const empty = value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const [text, setText] = useState(empty ? "" : yamlOf(value));
  const problems = text.trim() === "" ? [] : parseObject(text).problems;
  return (
    <section className="stack-tight" aria-label={label}>
      <h3>{label}</h3>
      <CodeEditor
        label={label}
        value={text}
        problems={problems}
        height="6rem"
        onChange={(next) => {
          setText(next);
          if (next.trim() === "") onChange(undefined);
          else {
            const { body } = parseObject(next);
            if (body) onChange(body);
          }
        }}
      />
      <Problems of={problems} />
    </section>
  );
}
