package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
)

func (a *app) rollbackCommand() *cobra.Command {
	var wait waitFlags
	var message string
	cmd := &cobra.Command{
		Use: "rollback [DEPLOYMENT]", Short: "Deploy again what an Environment had before", Args: args("[DEPLOYMENT]"),
		Long: "Deploys the Deployment Set of an earlier deployment with the Shared Values of then. Without an id that is the last\n" +
			"deployment before the current one that succeeded and was any different. It is a deployment like any other: definitions\n" +
			"are those of today, and data in resources is not turned back.",
	}
	wait.bind(cmd)
	cmd.Flags().StringVarP(&message, "message", "m", "", "why; kept as the comment of the deployment")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		var target api.Deployment
		if len(ids) == 1 {
			target, err = c.Deployment(cmd.Context(), s, ids[0])
		} else {
			var all []api.Deployment
			if all, err = c.Deployments(cmd.Context(), s); err == nil {
				target, err = rollbackTarget(all)
			}
		}
		if err != nil {
			return err
		}
		a.say("going back to deployment %s of %s", target.ID, ago(target.CreatedAt))
		return a.startDeployment(cmd.Context(), c, s, api.CreateDeploymentRequest{
			SetID: target.SetID, ValueSetVersionID: target.ValueSetVersionID,
			Comment: or(message, "Back to deployment "+target.ID),
		}, wait)
	}
	return cmd
}

// rollbackTarget finds what to go back to in the deployments of an Environment, newest first.
func rollbackTarget(all []api.Deployment) (api.Deployment, error) {
	if len(all) == 0 {
		return api.Deployment{}, fmt.Errorf("there has been no deployment yet, so there is nothing to go back to")
	}
	current := all[0]
	for _, d := range all[1:] {
		same := d.SetID == current.SetID && deref(d.ValueSetVersionID) == deref(current.ValueSetVersionID)
		if d.Status == api.StatusSucceeded && (!same || current.Status != api.StatusSucceeded) {
			return d, nil
		}
	}
	return api.Deployment{}, fmt.Errorf("no earlier deployment than %s succeeded with anything different; name one: slipway rollback <deployment>", current.ID)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (a *app) cancelCommand() *cobra.Command {
	var wait bool
	cmd := &cobra.Command{
		Use: "cancel DEPLOYMENT", Short: "Cancel a deployment; what exists already is kept", Args: args("DEPLOYMENT"),
		Long: "Asks for the end of a deployment. One that waits ends at once; one that runs starts nothing new, and what is under way is\n" +
			"asked to stop. What exists is kept and recorded.",
	}
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until it is over")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		id, err := deploymentID(cmd.Context(), c, s, ids[0])
		if err != nil {
			return err
		}
		d, err := c.CancelDeployment(cmd.Context(), s, id)
		if err != nil {
			return err
		}
		if wait && !d.Terminal() {
			if d, err = c.FollowDeployment(cmd.Context(), s, id, 0, func(api.DeploymentEvent) error { return nil }); err != nil {
				return err
			}
		}
		return a.showObject(d, func() error {
			if d.Terminal() {
				a.say("deployment %s %s", d.ID, outcomeOf(d))
				return nil
			}
			a.say("deployment %s is being cancelled", d.ID)
			return nil
		})
	}
	return cmd
}
