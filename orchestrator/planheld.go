package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/graph"
)

// refuseStale refuses a deployment whose plan is no longer true, in the
// transaction that would accept it. With others unfinished nobody can tell what it
// would do, so it is refused as well.
func (s *Service) refuseStale(ctx context.Context, env *Environment, waiting []Deployment, req DeploymentRequest) error {
	if len(waiting) > 0 {
		return staleConflict([]string{"deployment " + waiting[0].ID + " of the environment was accepted, and has not ended"})
	}
	view, err := s.lookAhead(ctx, env, req)
	if err != nil {
		return err
	}
	if view.graph == nil || len(view.problems) > 0 {
		return staleConflict([]string{"it has become impossible: " + view.problems[0]})
	}
	if moved := view.world().moved(req.Plan); len(moved) > 0 {
		return staleConflict(moved)
	}
	return nil
}

func staleConflict(moved []string) error {
	err := Conflictf("%s", staleText(moved))
	err.Reason, err.Details = ReasonPlanStale, map[string]any{"moved": moved}
	return err
}

// planStaleError ends the transaction that would store another plan than the one
// that was agreed to.
type planStaleError struct{ moved []string }

// Error says what has moved.
func (e *planStaleError) Error() string { return staleText(e.moved) }

func (e *planStaleError) errors() []DeploymentError {
	return []DeploymentError{{
		Scope: "deployment", Code: ReasonPlanStale, ErrorType: "plan", Summary: "the plan is void", Message: e.Error(),
	}}
}

// holdsToPlan compares what a deployment is about to be planned from with the plan
// that it was accepted with. It runs in the transaction that stores its nodes and
// holds the environment, on the very graph that is stored.
func (d *Deployer) holdsToPlan(ctx context.Context, key DeploymentKey, g *graph.Graph, values *ValueSetVersion) error {
	dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
	if err != nil || dep.PlanFingerprint == "" {
		return err
	}
	resources, err := everything(ctx, d.store, key.EnvRef)
	if err != nil {
		return err
	}
	if moved := worldOf(dep.FromID, dep.SetID, values, g, resources).moved(dep.PlanFingerprint); len(moved) > 0 {
		return &planStaleError{moved}
	}
	return nil
}
