package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/workflow"
)

// PushedSignal tells the automation of an environment that images were pushed.
const PushedSignal = "pushed"

// AutomationInput starts the automation of an environment.
type AutomationInput struct {
	Env
	Window time.Duration `json:"window"` // in which pushes are collected, from the first one on
}

// Pushes is what ApplyPushes did.
type Pushes struct {
	DeploymentID string `json:"deployment_id,omitempty"` // "" = nothing had to be deployed
	Held         bool   `json:"held,omitempty"`          // the environment admits no deployment now
	Pushes       int    `json:"pushes"`                  // how many were looked at
}

// AutomationActivities are the steps of automation.
type AutomationActivities interface {
	ApplyPushes(ctx context.Context, in Env) (Pushes, error)
}

// AutomationWorkflowID is the id of the automation of an environment.
func AutomationWorkflowID(env Env) string { return "automation:" + env.String() }

// RunAutomation collects the images that are pushed to one environment for a
// while and has them deployed by one deployment. The pushes themselves are in
// the records; a signal only says that there are some. It ends when none came
// meanwhile, and also when the environment admits no deployment now: what waits
// is found again by the reconciler.
func RunAutomation(ctx workflow.Context, in AutomationInput) error {
	pushed := workflow.GetSignalChannel(ctx, PushedSignal)
	for {
		setStatus(ctx, "collecting pushes for "+in.Window.String())
		if err := workflow.Sleep(ctx, in.Window); err != nil {
			return err
		}
		for pushed.ReceiveAsync(nil) {
			continue
		}
		setStatus(ctx, "applying pushes")
		var result Pushes
		options := step(ctx, time.Minute, "apply pushes to "+in.Env.String())
		if err := workflow.ExecuteActivity(options, PushesActivity, in.Env).Get(ctx, &result); err != nil {
			return err
		}
		if !pushed.ReceiveAsync(nil) {
			setStatus(ctx, "done")
			return nil
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, AutomationType, in)
		}
	}
}
