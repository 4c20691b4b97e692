// Package activities implements the activities that workflows call: thin
// adapters between Temporal and the orchestrator, with heartbeats and with
// errors sorted into those worth repeating and those that are not.
package activities

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Deployment implements the steps of a deployment.
type Deployment struct {
	Deployer *orchestrator.Deployer
}

var _ workflows.DeploymentActivities = (*Deployment)(nil)

func keyOf(in workflows.Deployment) orchestrator.DeploymentKey {
	return orchestrator.DeploymentKey{EnvRef: refOf(in.Env), ID: in.ID}
}

func refOf(in workflows.Env) orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: in.Org, AppID: in.App, EnvID: in.Env}
}

// Plan builds and stores the resource graph.
func (a *Deployment) Plan(ctx context.Context, in workflows.Deployment) (workflows.PlanResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Deployer.Plan(ctx, keyOf(in))
	return workflows.PlanResult{Over: r.Over, Nodes: r.Nodes, Gate: r.Gate}, classify(ctx, err)
}

// Gate asks whether the plan may be carried out.
func (a *Deployment) Gate(ctx context.Context, in workflows.Deployment) (workflows.GateResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Deployer.Gate(ctx, keyOf(in))
	return workflows.GateResult{State: string(r.State), Wait: r.Wait, Message: r.Message}, classify(ctx, err)
}

// Advance runs the in-process nodes that are ready.
func (a *Deployment) Advance(ctx context.Context, in workflows.Deployment) (workflows.AdvanceResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Deployer.Advance(ctx, keyOf(in))
	return workflows.AdvanceResult{Heavy: r.Heavy, Done: r.Done, Failed: r.Failed}, classify(ctx, err)
}

// ProvisionNode runs one heavy node, unless its plan waits for an approval.
func (a *Deployment) ProvisionNode(ctx context.Context, in workflows.Node) (workflows.NodeResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	wait, err := a.Deployer.ProvisionNode(ctx, keyOf(in.Deployment), in.Ordinal)
	return workflows.NodeResult{Wait: wait}, classify(ctx, err)
}

// Render turns workloads and resource manifests into objects.
func (a *Deployment) Render(ctx context.Context, in workflows.Deployment) error {
	ctx, stop := beating(ctx)
	defer stop()
	_, err := a.Deployer.Render(ctx, keyOf(in))
	return classify(ctx, err)
}

// Deliver brings the objects of a stage to their target.
func (a *Deployment) Deliver(ctx context.Context, in workflows.Stage) (workflows.DeliverResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	deliver := a.Deployer.Deliver
	if in.Staged {
		deliver = func(ctx context.Context, key orchestrator.DeploymentKey) (orchestrator.DeliverResult, error) {
			return a.Deployer.DeliverStage(ctx, key, in.Stage)
		}
	}
	r, err := deliver(ctx, keyOf(in.Deployment))
	return workflows.DeliverResult{Watch: r.Watch, More: r.More, Limit: int64(r.Limit / time.Second)}, classify(ctx, err)
}

// Rollout waits until the target reports the objects of a stage ready.
func (a *Deployment) Rollout(ctx context.Context, in workflows.Stage) error {
	ctx, stop := beating(ctx)
	defer stop()
	if !in.Staged {
		return classify(ctx, a.Deployer.Rollout(ctx, keyOf(in.Deployment)))
	}
	at := orchestrator.StageAt{N: in.Stage}
	if in.Since > 0 {
		at.Since = time.Unix(in.Since, 0)
	}
	return classify(ctx, a.Deployer.RolloutStage(ctx, keyOf(in.Deployment), at))
}

// Finish gives the deployment its terminal status.
func (a *Deployment) Finish(ctx context.Context, in workflows.Finish) (string, error) {
	ctx, stop := beating(ctx)
	defer stop()
	outcome, err := a.Deployer.Finish(ctx, keyOf(in.Deployment), orchestrator.FinishInput{
		Outcome: orchestrator.Outcome(in.Outcome), Failure: in.Failure,
	})
	if orchestrator.IsNotFound(err) {
		return in.Outcome, nil // the environment went away meanwhile, and its records with it
	}
	return string(outcome), classify(ctx, err)
}
