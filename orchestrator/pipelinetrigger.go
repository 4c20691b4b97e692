package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// pipelineToRun finds the version of a pipeline that a run is to be of.
func (s *Service) pipelineToRun(_ context.Context, req runRequest) (version, text string, err error) {
	return "", "", NotFoundf("pipeline %q does not exist", req.pipelineID)
}

// requirePipeline answers CodeNotFound unless the pipeline exists.
func (s *Service) requirePipeline(_ context.Context, _, _, id string) error {
	return NotFoundf("pipeline %q does not exist", id)
}

// pipelineFor is the pipeline whose criteria match a deployment request best.
func (s *Service) pipelineFor(_ context.Context, env *Environment, kind string) (string, error) {
	return "", NotFoundf("no criteria of a pipeline match a %s to environment %q; create criteria for it", kind, env.ID)
}

// checkRunInputs checks the inputs of a run against what its trigger declares,
// and fills in defaults.
func checkRunInputs(def *pipeline.Document, req runRequest) (map[string]any, error) {
	if req.trigger != triggerCall {
		return orEmpty(req.inputs), nil
	}
	out, err := def.On.PipelineCall.CallInputs(req.inputs)
	if err != nil {
		return nil, Invalidf("inputs: %v", err)
	}
	return out, nil
}

// groupOf evaluates the concurrency group of a run.
func (s *Service) groupOf(ctx context.Context, run *PipelineRun, def *pipeline.Document) error {
	if def.ConcurrencyGroup == "" {
		return nil
	}
	scope, err := s.newPipelineScope(ctx, run, def, nil)
	if err != nil {
		return err
	}
	group, err := scope.value(def.ConcurrencyGroup)
	if err != nil {
		return Invalidf("concurrency.group: %s", messageOf(err))
	}
	run.ConcurrencyGroup = shorten(scope.hide().String(textOf(orText(group))))
	return nil
}
