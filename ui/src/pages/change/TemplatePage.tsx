import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type FormEvent } from "react";
import { useNavigate, useParams } from "react-router";

import { api, client, type Schemas } from "~/api/client";
import { Button, ButtonLink } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { SelectField, TextArea, TextField } from "~/components/Field";
import { Loaded } from "~/components/Loading";
import { Panel } from "~/components/Page";
import { to } from "~/lib/paths";

import { asDelta, useConversion, useReview, type EnvPath } from "./draft";
import { fieldsOf, parametersOf, type FieldSpec } from "./fields";
import styles from "./page.module.css";
import { ProblemList } from "./ProblemList";

type Template = Schemas["WorkloadTemplate"];

export function TemplatePage({ path }: { path: EnvPath }) {
  const { orgId } = path;
  const templateId = useParams().template ?? "";
  const template = api.useQuery("get", "/orgs/{orgId}/workload-templates/{templateId}", { params: { path: { orgId, templateId } } });
  return <Loaded query={template}>{(t) => <Fill key={t.id} path={path} template={t} />}</Loaded>;
}

/** The text of a Score file with its extension file. */
export const joined = (made: Schemas["InstantiatedTemplate"]) => (made.extensions ? `${made.score.trimEnd()}\n---\n${made.extensions}` : made.score);

function Fill({ path, template: t }: { path: EnvPath; template: Template }) {
  const { orgId, appId, envId } = path;
  const fields = fieldsOf(t.parameters);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  const textOf = (f: FieldSpec) => texts[f.name] ?? f.initial;
  const complete = fields.every((f) => f.problem(textOf(f)) === undefined);
  const parameters = complete ? parametersOf(fields, texts) : undefined;
  const wanted = useDeferredValue(parameters && JSON.stringify(parameters));
  const made = useQuery({
    queryKey: ["instantiate", orgId, t.id, wanted],
    enabled: wanted !== undefined,
    staleTime: Infinity,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const { data } = await client.POST("/orgs/{orgId}/workload-templates/{templateId}/actions/instantiate", {
        params: { path: { orgId, templateId: t.id } },
        body: { parameters: JSON.parse(wanted ?? "{}") as Record<string, unknown> },
        signal,
      });
      return data as Schemas["InstantiatedTemplate"];
    },
  });
  const text = complete && made.data ? joined(made.data) : "";
  const conversion = useConversion(orgId, text, "");
  const { review, busy, error } = useReview(path);
  const ready = conversion.converted !== undefined && !conversion.busy && !made.isFetching;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (ready && conversion.converted) review(asDelta(conversion.converted), `${t.name} ${Object.keys(conversion.converted.modules).join(", ")}`);
  };
  return (
    <div className={styles.split}>
      <Panel title={t.name} note={t.description}>
        <form className="stack" onSubmit={submit}>
          {fields.map((f) => (
            <Field key={f.name} spec={f} text={textOf(f)} shown={touched.has(f.name)} onText={(value) => setTexts({ ...texts, [f.name]: value })} onTouch={() => setTouched(new Set([...touched, f.name]))} />
          ))}
          {error != null && <ErrorNotice error={error} />}
          <div className="row">
            <Button type="submit" kind="primary" may="application:write" disabled={!ready} busy={busy}>
              Review
            </Button>
            <Button disabled={text === ""} onClick={() => void navigate(to.change(orgId, appId, envId, "score"), { state: { text } })}>
              Edit the Score file
            </Button>
            <ButtonLink kind="quiet" to={to.change(orgId, appId, envId)}>
              Another template
            </ButtonLink>
          </div>
        </form>
      </Panel>
      <Panel title="The Score file it makes">
        <div className="stack">
          {made.error != null && <ErrorNotice error={made.error} />}
          {conversion.error != null && <ErrorNotice error={conversion.error} />}
          {text !== "" && <ProblemList problems={conversion.problems} />}
          {text === "" ? <p className="muted small">Fill in what is required to see it.</p> : <pre className={styles.preview} tabIndex={0} aria-label="Score file">{text}</pre>}
        </div>
      </Panel>
    </div>
  );
}

function Field({ spec: f, text, shown, onText, onTouch }: { spec: FieldSpec; text: string; shown: boolean; onText: (text: string) => void; onTouch: () => void }) {
  const around = { label: f.required ? f.label : `${f.label} (optional)`, help: f.help, error: shown ? f.problem(text) : undefined, value: text, onBlur: onTouch };
  if (f.kind === "choice" || f.kind === "yes-no") {
    const choices = f.kind === "choice" ? (f.choices ?? []) : ["true", "false"];
    return (
      <SelectField {...around} onChange={(e) => onText(e.target.value)}>
        {!choices.includes(text) && <option value="" />}
        {choices.map((c) => (
          <option key={c} value={c}>
            {f.kind === "yes-no" ? (c === "true" ? "yes" : "no") : c}
          </option>
        ))}
      </SelectField>
    );
  }
  if (f.kind === "list" || f.kind === "json") return <TextArea {...around} rows={2} onChange={(e) => onText(e.target.value)} />;
  return <TextField {...around} inputMode={f.kind === "number" ? "numeric" : undefined} onChange={(e) => onText(e.target.value)} />;
}
