package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) deployCommand() *cobra.Command {
	cmd := group("deploy", "Deploy what is stored: a Delta, a Deployment Set, an earlier deployment, another Environment",
		a.deployKind("delta DELTA", "Apply a stored Delta to the Environment and deploy the result", []string{"DELTA"}, deployDelta),
		a.deployKind("set SET", "Deploy exactly this Deployment Set", []string{"SET"}, deploySet),
		a.deployKind("deploy DEPLOYMENT [ENV]", "Deploy again what an earlier deployment deployed, here or in another Environment", []string{"DEPLOYMENT", "[ENV]"}, deployDeploy),
		a.deployKind("env FROM TO", "Deploy to one Environment what another one has: a promotion", []string{"FROM", "TO"}, deployEnv),
		a.deployKind("again", "Deploy the Environment again as it is, with today's definitions and values", nil, deployAgain),
	)
	cmd.Long = "Deploy what is stored. Resources are never copied: each Environment has its own.\n\n" +
		"With --plan nothing is deployed: what would be done is shown, with a fingerprint of all that it depends on. With --drivers\n" +
		"Terraform plans, too; its plans are kept for a day, under an id. With --planned FINGERPRINT or ID exactly that is done, or\n" +
		"nothing when definitions, values, resources, their states or the base have moved since."
	return cmd
}

// plan is what to deploy, and where.
type plan struct {
	scope   client.Scope
	request api.CreateDeploymentRequest
}

type planner func(ctx context.Context, a *app, c *client.Client, s client.Scope, args []string) (plan, error)

func (a *app) deployKind(use, short string, names []string, makePlan planner) *cobra.Command {
	var wait waitFlags
	var message, override string
	var planned planFlags
	cmd := &cobra.Command{Use: use, Short: short, Args: args(names...)}
	wait.bind(cmd)
	cmd.Flags().StringVarP(&message, "message", "m", "", "why; kept as the comment of the deployment")
	cmd.Flags().StringVar(&override, "override-freeze", "", "why it is to be deployed during a freeze window; kept in the audit log")
	planned.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if err := planned.check(wait); err != nil {
			return err
		}
		need := needEnv
		if len(given) == 2 && cmd.Name() == "env" {
			need = needApp
		}
		c, s, err := a.within(need...)
		if err != nil {
			return err
		}
		p, err := makePlan(cmd.Context(), a, c, s, given)
		if err != nil {
			return err
		}
		if message != "" {
			p.request.Comment = message
		}
		p.request.FreezeOverride, p.request.Plan = override, planned.agreed
		if planned.only {
			return a.showPlan(cmd.Context(), c, p, planned)
		}
		return a.startDeployment(cmd.Context(), c, p.scope, p.request, wait)
	}
	return cmd
}

func deployDelta(_ context.Context, _ *app, _ *client.Client, s client.Scope, args []string) (plan, error) {
	return plan{s, api.CreateDeploymentRequest{DeltaID: args[0]}}, nil
}

func deploySet(ctx context.Context, a *app, c *client.Client, s client.Scope, args []string) (plan, error) {
	id, err := a.setID(ctx, c, s, args[0])
	return plan{s, api.CreateDeploymentRequest{SetID: id}}, err
}

// deployDeploy takes the values that the deployment had with it when it stays in its Environment: another one has its own.
func deployDeploy(ctx context.Context, _ *app, c *client.Client, s client.Scope, args []string) (plan, error) {
	id, err := deploymentID(ctx, c, s, args[0])
	if err != nil {
		return plan{}, err
	}
	d, err := c.Deployment(ctx, s, id)
	if err != nil {
		return plan{}, err
	}
	p := plan{s, api.CreateDeploymentRequest{SetID: d.SetID, ValueSetVersionID: d.ValueSetVersionID,
		Comment: fmt.Sprintf("Deployment %s of %s once more", d.ID, s.Env)}}
	if len(args) == 2 {
		target := args[1][strings.LastIndex(args[1], "/")+1:]
		if target != s.Env {
			p.scope.Env, p.request.ValueSetVersionID = target, nil
		}
	}
	return p, nil
}

// deployEnv deploys the set and nothing else: one request, which either happens or does not.
func deployEnv(ctx context.Context, _ *app, c *client.Client, s client.Scope, args []string) (plan, error) {
	s.Env = args[0]
	d, err := newestDeployment(ctx, c, s)
	if err != nil {
		return plan{}, err
	}
	target := s
	target.Env = args[1]
	return plan{target, api.CreateDeploymentRequest{SetID: d.SetID, Comment: fmt.Sprintf("From %s, deployment %s", args[0], d.ID)}}, nil
}

func deployAgain(_ context.Context, _ *app, _ *client.Client, s client.Scope, _ []string) (plan, error) {
	return plan{s, api.CreateDeploymentRequest{}}, nil
}
