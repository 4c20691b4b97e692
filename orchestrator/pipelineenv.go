package orchestrator

import (
	"context"
)

// setValueAction sets a Shared Value of the application or of an environment.
func setValueAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	key, err := c.needed("key")
	if err != nil {
		return nil, err
	}
	level := EnvRef{OrgID: c.run.OrgID, AppID: c.run.AppID, EnvID: c.text("env_id")}
	if level.EnvID != "" {
		c.related("env_id", level.EnvID)
	}
	value := textOf(orText(c.with["value"]))
	secret := c.text("secret") == "true"
	made, err := c.s.PatchValue(ctx, level, key, ValueUpdate{Value: &value})
	if IsNotFound(err) {
		made, err = c.s.CreateValue(ctx, level, NewValue{Key: key, Value: &value, IsSecret: secret, Description: c.text("description")})
	}
	if err != nil {
		return nil, err
	}
	if secret && !made.IsSecret {
		return nil, Conflictf("shared value %q exists and is no secret; delete it first", key)
	}
	c.output("key", key)
	c.log("INFO", "shared value %s is set", key)
	return nil, nil
}

// createEnvironmentAction creates an environment; one that an earlier attempt of
// the step has created is it.
func createEnvironmentAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	if c.state("creating") == "" {
		if _, err := c.s.store.GetEnvironment(ctx, ref); err == nil {
			return nil, Conflictf("environment %q exists already", ref.EnvID)
		}
		if err := c.remember(ctx, "creating", ref.EnvID); err != nil {
			return nil, err
		}
	}
	from := c.text("from_deployment_id")
	if other := c.text("from_env_id"); from == "" && other != "" {
		env, err := c.s.GetEnvironment(ctx, EnvRef{ref.OrgID, ref.AppID, other})
		if err != nil {
			return nil, asInvalid(err, "with.from_env_id")
		}
		from = env.FromDeployID
	}
	_, err = c.s.CreateEnvironment(ctx, ref.OrgID, ref.AppID, EnvironmentRequest{
		ID: ref.EnvID, Name: c.textOr(ref.EnvID, "name"), TypeID: c.text("type"), FromDeployID: from,
	})
	if err != nil && !IsConflict(err) {
		return nil, err
	}
	if _, err := c.s.GetEnvironment(ctx, ref); err != nil {
		return nil, err
	}
	c.output("env_id", ref.EnvID)
	c.log("INFO", "environment %s is there", ref.EnvID)
	return nil, nil
}

// deleteEnvironmentAction deletes an environment and waits until it is gone.
func deleteEnvironmentAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	env, err := c.s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) && c.state("deleting") != "" {
		c.log("INFO", "environment %s is gone", ref.EnvID)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if env.Status == StatusDeleting && c.state("deleting") != "" {
		return &pipelineWait{For: "application.environment(" + ref.EnvID + ")"}, nil
	}
	if err := c.remember(ctx, "deleting", ref.EnvID); err != nil {
		return nil, err
	}
	going, err := c.s.DeleteEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	c.log("INFO", "environment %s is being deleted", ref.EnvID)
	if going {
		return &pipelineWait{For: "application.environment(" + ref.EnvID + ")"}, nil
	}
	return nil, nil
}

// maxCalls bounds how deep runs of pipelines may call each other.
const maxCalls = 5

// callAction starts a run of another pipeline of the application and waits for its end.
func callAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	pipelineID, err := c.needed("pipeline_id")
	if err != nil {
		return nil, err
	}
	id := c.id("run")
	child, err := c.s.store.GetPipelineRun(ctx, c.run.OrgID, id)
	if IsNotFound(err) {
		child, err = c.call(ctx, pipelineID, id)
	}
	if err != nil {
		return nil, err
	}
	c.output("run_id", child.ID)
	c.output("status", child.Status)
	c.related("pipeline_id", pipelineID)
	c.related("pipeline_run_id", child.ID)
	switch child.Status {
	case PipelineSucceeded:
		return nil, nil
	case PipelineFailed, PipelineCancelled:
		return nil, Conflictf("run %s of pipeline %s %s: %s", child.ID, pipelineID, child.Status, child.StatusMessage)
	}
	return &pipelineWait{For: "application.pipeline.run(" + child.ID + ")"}, nil
}

// call starts the run that the step waits for.
func (c *pipelineCall) call(ctx context.Context, pipelineID, id string) (*PipelineRun, error) {
	inputs, err := c.object("inputs")
	if err != nil {
		return nil, err
	}
	for depth, parent := 1, c.run; parent.ParentRun != ""; depth++ {
		if depth >= maxCalls {
			return nil, Conflictf("runs of pipelines call each other more than %d deep", maxCalls)
		}
		if parent, err = c.s.store.GetPipelineRun(ctx, c.run.OrgID, parent.ParentRun); err != nil {
			return nil, err
		}
	}
	// What the inputs hold is recorded with the run.
	hidden, _ := hideIn(c.hide, inputs).(map[string]any)
	child, err := c.s.startRun(ctx, runRequest{
		org: c.run.OrgID, app: c.run.AppID, pipelineID: pipelineID, id: id, trigger: triggerCall, inputs: hidden, parent: c.run,
	})
	if err == nil {
		c.log("INFO", "run %s of pipeline %s", child.ID, pipelineID)
	}
	return child, err
}

// stopCall cancels the run that the step waits for.
func stopCall(ctx context.Context, c *pipelineCall) error {
	child, err := c.s.store.GetPipelineRun(ctx, c.run.OrgID, c.id("run"))
	if IsNotFound(err) || err == nil && PipelineEnded(child.Status) {
		return nil
	}
	if err != nil {
		return err
	}
	c.log("WARN", "cancelling run %s of pipeline %s", child.ID, child.PipelineID)
	if err := c.s.CancelPipelineRun(WithActor(ctx, SystemActor), child.Key(), ""); err != nil && !IsConflict(err) {
		return err
	}
	return nil
}
