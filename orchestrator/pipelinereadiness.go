package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// Times of wait-for-readiness.
const (
	readinessPatience = 10 * time.Minute // unless the step says otherwise
	readinessEvery    = 10 * time.Second // between two readings, at most
)

// readinessAction waits until the workloads of an environment are ready: its
// newest deployment has succeeded, and then the cluster says of everything that
// was delivered that it runs. Where no cluster can be asked, and the deployment
// did not go to a repository, the success of the deployment is all there is.
func readinessAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	ref, err := c.env("env_id")
	if err != nil {
		return nil, err
	}
	if err := c.s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	left, patience := c.readinessLeft()
	d, err := c.newestDeployment(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !d.Status.Terminal() {
		if left <= 0 {
			return nil, Conflictf("environment %q was not ready within %s: deployment %s is not over", ref.EnvID, patience, d.ID)
		}
		return &pipelineWait{For: "application.environment.deployment(" + d.ID + ")", Most: min(time.Minute, left)}, nil
	}
	switch {
	case d.Outcome != OutcomeSucceeded:
		return nil, Conflictf("deployment %s, the last one of environment %q, %s", d.ID, ref.EnvID, d.Outcome)
	case d.TargetKind == "git":
		return nil, Conflictf("environment %q is delivered to a Git repository; whether its workloads became ready is known to whoever applies "+
			"that repository, and cannot be seen from here", ref.EnvID)
	}
	at, why, err := c.s.runtimeAt(ctx, ref)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	if at == nil {
		c.log("WARN", "no cluster can be asked (%s); deployment %s was watched until its workloads were ready", why, d.ID)
		return nil, nil
	}
	found, err := c.s.readRuntime(ctx, ref)
	if err != nil {
		return nil, err
	}
	if found.Paused {
		return nil, Conflictf("environment %q is paused, so its workloads do not become ready; resume it first", ref.EnvID)
	}
	health := judge(found)
	if health.ok {
		c.log("INFO", "all workloads of environment %s are ready", ref.EnvID)
		return nil, nil
	}
	if left <= 0 {
		return nil, Conflictf("environment %q was not ready within %s: %s", ref.EnvID, patience, health.message)
	}
	c.notYet(health.message)
	return &pipelineWait{For: "application.environment(" + ref.EnvID + ")", Most: min(readinessEvery, left)}, nil
}

// newestDeployment is the deployment whose workloads are to be ready.
func (c *pipelineCall) newestDeployment(ctx context.Context, ref EnvRef) (*Deployment, error) {
	env, err := c.s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	if env.LastDeployID == "" {
		return nil, Conflictf("environment %q has no deployment, and so no workloads that could be ready", ref.EnvID)
	}
	c.related("deployment_id", env.LastDeployID)
	return c.s.store.GetDeployment(ctx, ref, env.LastDeployID)
}

// readinessLeft is how long the step may go on waiting, and how long it may wait in all.
func (c *pipelineCall) readinessLeft() (left, patience time.Duration) {
	patience = readinessPatience
	if minutes, given := c.with["timeout_minutes"].(float64); given && minutes > 0 {
		patience = time.Duration(min(minutes, pipeline.MaxTimeoutMinutes) * float64(time.Minute))
	}
	return c.step.CreatedAt.Add(patience).Sub(c.s.now()), patience
}

// notYet writes to the log why the workloads are not ready, once for each reason.
func (c *pipelineCall) notYet(why string) {
	if c.state("not_yet") == why {
		return
	}
	c.log("INFO", "not ready yet: %s", why)
	state := map[string]string{"not_yet": why}
	for name, value := range c.step.State {
		if name != "not_yet" {
			state[name] = value
		}
	}
	c.step.State = state
}
