package orchestrator

import (
	"context"
	"maps"
	"strings"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/redaction"
)

// pipelineScope is what the expressions of a job see. Secrets are known to it:
// hide takes them out of whatever leaves the process.
type pipelineScope struct {
	context pipeline.Context
	status  pipeline.Status
	secrets []string
}

// newPipelineScope reads what the expressions of a job see. job nil is the run as a whole.
func (s *Service) newPipelineScope(ctx context.Context, run *PipelineRun, def *pipeline.Document, job *pipeline.Job) (*pipelineScope, error) {
	p := &pipelineScope{}
	values, err := s.valuesForRun(ctx, run, p)
	if err != nil {
		return nil, err
	}
	p.context = pipeline.Context{
		"inputs": orEmpty(run.Inputs),
		"app":    map[string]any{"id": run.AppID, "values": values},
		"pipeline": map[string]any{
			"id": run.PipelineID, "name": def.Name, "version": run.PipelineVersion,
			"app": map[string]any{"id": run.AppID}, "org": map[string]any{"id": run.OrgID},
		},
		"run":   map[string]any{"id": run.ID, "trigger": run.Trigger, "created_by": run.CreatedBy},
		"steps": map[string]any{}, "needs": map[string]any{}, "jobs": map[string]any{}, "env": map[string]any{},
	}
	if err := p.withEnv(def.Env); err != nil {
		return nil, err
	}
	if job == nil {
		return p, nil
	}
	if err := p.withEnv(job.Env); err != nil {
		return nil, err
	}
	jobs, err := s.store.ListPipelineJobs(ctx, run.OrgID, run.ID)
	if err != nil {
		return nil, err
	}
	p.withJobs(def, job, jobs)
	return p, nil
}

// valuesForRun are the shared values of the application. Secrets are read from
// their store only when the definition names them.
func (s *Service) valuesForRun(ctx context.Context, run *PipelineRun, p *pipelineScope) (map[string]any, error) {
	byKey, err := s.valuesByKey(ctx, EnvRef{OrgID: run.OrgID, AppID: run.AppID})
	if err != nil {
		return nil, err
	}
	out := make(map[string]any, len(byKey))
	for key, v := range byKey {
		if !v.IsSecret {
			out[key] = v.Value
			continue
		}
		text := redaction.Redacted
		if strings.Contains(run.Definition, key) {
			if text, err = s.secrets.reveal(ctx, run.OrgID, v.SecretStore, v.SecretKey, v.SecretVer); err != nil {
				return nil, err
			}
			p.secrets = append(p.secrets, text)
		}
		out[key] = placeholder.Secret{Value: text}
	}
	return out, nil
}

// withEnv evaluates values declared with env, over those that are there.
func (p *pipelineScope) withEnv(env map[string]any) error {
	if len(env) == 0 {
		return nil
	}
	filled, err := p.evaluate(env)
	if err != nil {
		return err
	}
	known, _ := p.context["env"].(map[string]any)
	merged := maps.Clone(known)
	if m, ok := filled.(map[string]any); ok {
		maps.Copy(merged, m)
	}
	p.context["env"] = merged
	return nil
}

// withJobs lets expressions see the jobs that have ended, and how those stand
// that this one needs.
func (p *pipelineScope) withJobs(def *pipeline.Document, job *pipeline.Job, jobs []PipelineJob) {
	all, needs, byID := map[string]any{}, map[string]any{}, map[string]*PipelineJob{}
	for i := range jobs {
		j := &jobs[i]
		byID[j.ID] = j
		if PipelineEnded(j.Status) {
			all[j.ID] = map[string]any{"status": j.Status, "outputs": orEmpty(j.Outputs)}
		}
	}
	for _, need := range job.Needs {
		if seen, ok := all[need]; ok {
			needs[need] = seen
		}
	}
	p.context["jobs"], p.context["needs"] = all, needs
	p.status.Failed = failedNeed(def, job, byID) != nil
}

// failedNeed is a needed job that failed, or was not run because one that it
// needs did; nil when there is none.
func failedNeed(def *pipeline.Document, job *pipeline.Job, byID map[string]*PipelineJob) *PipelineJob {
	for _, id := range job.Needs {
		need := byID[id]
		if need == nil {
			continue
		}
		if need.Status == PipelineCancelled || need.Status == PipelineFailed && !need.ContinueOnError {
			return need
		}
		if spec, known := def.Job(id); known && need.Status == PipelineSkipped && failedNeed(def, &spec, byID) != nil {
			return need
		}
	}
	return nil
}

// withSteps lets expressions see the steps of the job so far; how the needed jobs
// stand counts no more.
func (p *pipelineScope) withSteps(spec *pipeline.Job, steps []PipelineStep) {
	seen := map[string]any{}
	p.status = pipeline.Status{}
	for i := range steps {
		step := &steps[i]
		if !PipelineEnded(step.Status) || step.Index >= len(spec.Steps) {
			continue
		}
		def := &spec.Steps[step.Index]
		if def.ID != "" {
			seen[def.ID] = map[string]any{"status": step.Status, "outputs": orEmpty(step.Outputs)}
		}
		p.status.Failed = p.status.Failed || step.Status == PipelineFailed && !def.ContinueOnError
	}
	p.context["steps"] = seen
}

func (p *pipelineScope) hide() *redaction.Redactor { return redaction.New(p.secrets...) }

// evaluate fills the expressions in a value; secrets stay sealed.
func (p *pipelineScope) evaluate(v any) (any, error) {
	out, err := pipeline.Evaluate(v, p.context)
	if err != nil {
		return nil, Invalidf("%s", p.hide().String(err.Error()))
	}
	return out, nil
}

// value fills the expressions in a value, with secrets in plain.
func (p *pipelineScope) value(v any) (any, error) {
	out, err := p.evaluate(v)
	if err != nil {
		return nil, err
	}
	// What an expression makes of a secret is one as well, unless the secret can be seen, and so hidden, in it.
	known := p.hide()
	for _, text := range sealedTexts(out) {
		if text != "" && known.String(text) == text {
			p.secrets = append(p.secrets, text)
		}
	}
	return placeholder.Reveal(out), nil
}

// condition tells whether an if holds.
func (p *pipelineScope) condition(text string) (bool, error) {
	yes, err := pipeline.Condition(text, p.context, p.status)
	if err != nil {
		return false, Invalidf("if: %s", p.hide().String(err.Error()))
	}
	return yes, nil
}
