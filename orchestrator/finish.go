package orchestrator

import (
	"context"
	"log/slog"
)

// FinishInput says how a deployment's workflow ended.
type FinishInput struct {
	Outcome Outcome
	// Failure is the cause for people when no step recorded one.
	Failure string
}

// Finish gives the deployment its one terminal status, and after a success it
// orders the destruction of the resources that were replaced. Called again it does
// nothing; a deployment that was cancelled stays cancelled.
func (d *Deployer) Finish(ctx context.Context, key DeploymentKey, in FinishInput) (Outcome, error) {
	recorded, err := d.recordedErrors(ctx, key)
	if err != nil {
		return "", err
	}
	var outcome Outcome
	var ended *Deployment
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, key.EnvRef); err != nil {
			return err
		}
		dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
		if err != nil {
			return err
		}
		ended = dep
		if dep.Status.Terminal() {
			outcome = dep.Outcome
			return nil
		}
		outcome = in.Outcome
		dep.Phase = "done"
		if err := d.closer.skipOpenNodes(ctx, key); err != nil {
			return err
		}
		if outcome == OutcomeSucceeded {
			if err := d.scheduleRetired(ctx, key); err != nil {
				return err
			}
		}
		err = d.closer.close(ctx, dep, outcome, finalErrors(in, recorded))
		outcome = dep.Outcome
		return err
	})
	if err != nil {
		return "", err
	}
	d.outbox.flush(ctx, key.OrgID, key.AppID)
	wakeAfterDeployment(ctx, d.pipelines, d.log, ended)
	d.observe("deployment", string(outcome))
	d.log.InfoContext(ctx, "deployment finished", slog.String("deployment", key.ID), slog.String("environment", key.EnvRef.String()),
		slog.String("outcome", string(outcome)))
	return outcome, nil
}

// recordedErrors are the causes that steps and nodes have stored.
func (d *Deployer) recordedErrors(ctx context.Context, key DeploymentKey) ([]DeploymentError, error) {
	errs, err := d.store.ListDeploymentErrors(ctx, key.OrgID, key.ID)
	if err != nil || len(errs) > 0 {
		return errs, err
	}
	nodes, err := d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		if n.Status == NodeFailed && n.Error != nil {
			errs = append(errs, *n.Error)
		}
	}
	return errs, nil
}

// finalErrors decides which causes a deployment shows.
func finalErrors(in FinishInput, recorded []DeploymentError) []DeploymentError {
	switch in.Outcome {
	case OutcomeSucceeded:
		return nil
	case OutcomeCancelled:
		return append([]DeploymentError{cancelledError()}, recorded...)
	case OutcomeTimedOut:
		return append([]DeploymentError{{
			Scope: "deployment", Code: "DEP-TIMEOUT", ErrorType: "timeout",
			Summary: "the deployment did not finish in time", Message: in.Failure,
		}}, recorded...)
	}
	if len(recorded) > 0 {
		return recorded
	}
	return []DeploymentError{{
		Scope: "deployment", Code: "DEP-FAILED", ErrorType: "internal", Summary: firstLine(in.Failure), Message: in.Failure,
	}}
}
