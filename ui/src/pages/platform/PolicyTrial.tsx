import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { api, client, type Schemas } from "~/api/client";
import { CodeEditor } from "~/components/CodeEditor";
import { ErrorNotice } from "~/components/ErrorNotice";
import { SelectField } from "~/components/Field";
import { Notice } from "~/components/Notice";
import { Panel } from "~/components/Page";
import { StatusBadge } from "~/components/StatusBadge";
import { absoluteTime } from "~/lib/time";
import { plural } from "~/lib/words";

import { yamlOf } from "./manifest";
import { firstExample, parseExample, type Draft } from "./policy";

type Where = Schemas["PlanOfPolicies"];

/** A value once it has not changed for a moment. */
function useCalm<T>(value: T, wait = 300): T {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(() => value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return calm;
}

/** Has the API check a draft while it is written, on an example or a stored plan. */
export function usePolicyTrial(orgId: string, draft: Draft | undefined) {
  const [text, setText] = useState(firstExample);
  const [where, setWhere] = useState<Where>(); // undefined: the example
  const parsed = useMemo(() => parseExample(text), [text]);
  const asked = useCalm(useMemo(() => ({ draft, example: parsed.example, where }), [draft, parsed, where]));
  const check = useQuery({
    queryKey: ["policy trial", orgId, asked],
    enabled: asked.draft !== undefined,
    gcTime: 0,
    retry: false,
    placeholderData: (was: { draft: Draft | undefined; answer: Schemas["PolicyCheck"] } | undefined) => was,
    queryFn: async () => {
      const { data } = await client.POST("/orgs/{orgId}/policies/test", {
        params: { path: { orgId } },
        body: { policies: asked.draft && [asked.draft], ...(asked.where ? (asked.where.plan_id ? { plan: asked.where } : {}) : { input: asked.example }) },
      });
      return { draft: asked.draft, answer: data as Schemas["PolicyCheck"] };
    },
  });
  return { check, text, setText, where, setWhere, problems: parsed.problems };
}

/** What the policy says about an example that is made up, or about a stored plan. */
export function PolicyTrial({ orgId, trial }: { orgId: string; trial: ReturnType<typeof usePolicyTrial> }) {
  const { check, text, setText, where, setWhere, problems } = trial;
  const answer = check.data?.answer;
  return (
    <Panel title="Try it" note="nothing is deployed">
      <div className="stack">
        <SelectField label="On" value={where ? "plan" : "example"} onChange={(e) => setWhere(e.target.value === "plan" ? { app_id: "", env_id: "", plan_id: "" } : undefined)}>
          <option value="example">An example</option>
          <option value="plan">A stored plan</option>
        </SelectField>
        {where ? (
          <WhichPlan orgId={orgId} where={where} onChange={setWhere} />
        ) : (
          <>
            <CodeEditor label="Example" value={text} onChange={setText} problems={problems} height="18rem" />
            {problems.map((p) => (
              <Notice key={p.message} tone="warn">
                Line {p.line}: {p.message}
              </Notice>
            ))}
          </>
        )}
        {check.error != null && <ErrorNotice error={check.error} />}
        {answer && answer.problems.length > 0 && <Notice tone="warn">The policy cannot be evaluated: see what is marked in it.</Notice>}
        {answer && answer.problems.length === 0 && answer.input && <Verdict answer={answer} />}
        {where && answer?.input && (
          <section className="stack-tight" aria-label="What it saw">
            <h3>What it saw</h3>
            <CodeEditor label="What it saw" readOnly value={yamlOf(answer.input)} height="14rem" />
          </section>
        )}
      </div>
    </Panel>
  );
}

function Verdict({ answer }: { answer: Schemas["PolicyCheck"] }) {
  const told = [...answer.denials.map((d) => d.message), ...answer.requirements.map((r) => `${plural(r.approvals, "approval")}${r.roles.length > 0 ? ` by ${r.roles.join(" or ")}` : ""}. ${r.message}`)];
  const words = { allowed: ["let through", "ok"], approval: ["people have to agree", "warn"], denied: ["denied", "bad"] } as const;
  const [word, tone] = words[answer.verdict];
  return (
    <div className="stack-tight" role="status" aria-label="Verdict">
      <div className="row">
        <strong>It would be</strong> <StatusBadge status={word} tone={tone} pulse={false} />
      </div>
      {told.map((line) => (
        <p key={line} className="small">
          {line}
        </p>
      ))}
    </div>
  );
}

function WhichPlan({ orgId, where, onChange }: { orgId: string; where: Where; onChange: (w: Where) => void }) {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
  const chosen = where.app_id !== "" && where.env_id !== "";
  const plans = api.useQuery("get", "/orgs/{orgId}/apps/{appId}/envs/{envId}/plans", { params: { path: { orgId, appId: where.app_id, envId: where.env_id } } }, { enabled: chosen, refetchInterval: (q) => (q.state.data?.some((p) => p.status === "planning") ? 1000 : false) });
  const shown = plans.data?.filter((p) => p.made_at !== undefined) ?? [];
  return (
    <>
      <SelectField
        label="Environment"
        value={chosen ? `${where.app_id}/${where.env_id}` : ""}
        onChange={(e) => {
          const [app_id = "", env_id = ""] = e.target.value.split("/");
          onChange({ app_id, env_id, plan_id: "" });
        }}
      >
        <option value="">Choose one</option>
        {apps.data?.flatMap((a) =>
          a.envs.map((e) => (
            <option key={`${a.id}/${e.id}`} value={`${a.id}/${e.id}`}>
              {a.id}/{e.id}
            </option>
          )),
        )}
      </SelectField>
      {plans.error != null && <ErrorNotice error={plans.error} />}
      {chosen && plans.data && shown.length === 0 && <Notice>It has no stored plan. Make one where a change is reviewed, or on the page Plans of the environment.</Notice>}
      {shown.length > 0 && (
        <SelectField label="Plan" value={where.plan_id} onChange={(e) => onChange({ ...where, plan_id: e.target.value })}>
          <option value="">Choose one</option>
          {shown.map((p) => (
            <option key={p.id} value={p.id}>
              {p.id.slice(0, 8)}, {p.status}, {absoluteTime(new Date(p.created_at))}
            </option>
          ))}
        </SelectField>
      )}
    </>
  );
}
