package cli

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// promoteFlags are the flags of a promotion.
type promoteFlags struct {
	in                      api.CreatePromotionRequest
	soak, deadline, timeout time.Duration
	wait                    bool
}

func (f *promoteFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.in.FromEnv, "from", "", "Environment whose newest succeeded deployment is promoted")
	flags.StringVar(&f.in.FromDeployID, "from-deploy", "", "deployment that is promoted, instead of --from; it must have succeeded")
	flags.StringVar(&f.in.ToEnv, "to", "", "Environment that it is promoted to")
	flags.StringArrayVar(&f.in.Workloads, "workload", nil, "promote this workload only; repeat it for more. One that the source lacks is removed from the target")
	flags.DurationVar(&f.soak, "soak", 0, "how long the target has to stay healthy before the promotion counts, such as 10m; 168h at most")
	flags.BoolVar(&f.in.RollBackOnFailure, "roll-back", false, "deploy what ran before when it fails or is cancelled")
	flags.DurationVar(&f.deadline, "deadline", 0, "within what time its deployment must be over, waiting included; 24h when absent")
	flags.StringVarP(&f.in.Comment, "message", "m", "", "why; kept as the comment of the deployment")
	flags.StringVar(&f.in.FreezeOverride, "override-freeze", "", "why it is to be deployed during a freeze window; kept in the audit log")
	flags.BoolVar(&f.in.DryRun, "dry-run", false, "only show what would change in the target")
	flags.BoolVar(&f.wait, "wait", false, "follow the promotion until it is over; the exit code says how it ended")
	flags.DurationVar(&f.timeout, "timeout", 0, "wait that long at most; the promotion goes on afterwards (implies --wait)")
}

// request completes what is sent.
func (f *promoteFlags) request() (api.CreatePromotionRequest, error) {
	if f.in.ToEnv == "" {
		return f.in, usagef("--to: name the Environment to promote to")
	}
	if (f.in.FromEnv == "") == (f.in.FromDeployID == "") {
		return f.in, usagef("give exactly one of --from and --from-deploy")
	}
	for name, d := range map[string]time.Duration{"soak": f.soak, "deadline": f.deadline} {
		if d < 0 || d%time.Second != 0 {
			return f.in, usagef("--%s: expected whole seconds, got %s", name, d)
		}
	}
	if f.timeout < 0 {
		return f.in, usagef("--timeout must not be negative")
	}
	f.in.SoakSeconds, f.in.DeadlineSeconds = int64(f.soak/time.Second), int64(f.deadline/time.Second)
	return f.in, nil
}

func (a *app) promoteEnvCommand() *cobra.Command {
	var f promoteFlags
	cmd := &cobra.Command{Use: "promote", Short: "Promote what one Environment runs to another one, as one durable process", Args: noArgs,
		Long: "Compares source and target, deploys the difference through the target's queue, watches that it stays healthy for the soak time,\n" +
			"and brings back what ran before when it does not (--roll-back). It goes on when this program ends. Resources are never copied:\n" +
			"the target keeps its own. Look at promotions with slipway promotions list.\n\n" +
			"  slipway promote --from staging --to production --soak 10m --roll-back --wait"}
	f.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		in, err := f.request()
		if err != nil {
			return err
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		p, err := client.Do[api.Promotion](cmd.Context(), c, http.MethodPost, s.AppPath("promotions"), in)
		if err != nil {
			return err
		}
		a.sayChanges(p)
		if in.DryRun {
			return a.showObject(p, func() error { return nil })
		}
		a.say("promotion %s to %s: deployment %s", p.ID, p.ToEnv, p.DeploymentID)
		if !f.wait && f.timeout == 0 {
			return a.showObject(p, func() error { return nil })
		}
		return a.followPromotion(cmd.Context(), c, s, p, f.timeout)
	}
	return cmd
}

// sayChanges says what a promotion changes in its target.
func (a *app) sayChanges(p api.Promotion) {
	if p.Diff == nil || p.Diff.IsEmpty() {
		a.say("%s has all of deployment %s already", p.ToEnv, p.FromDeployID)
		return
	}
	for _, id := range slices.Sorted(maps.Keys(p.Diff.Modules.Add)) {
		a.say("+ workload %s", id)
	}
	for _, id := range p.Diff.Modules.Remove {
		a.say("- workload %s", id)
	}
	for _, id := range slices.Sorted(maps.Keys(p.Diff.Modules.Update)) {
		a.say("~ workload %s", id)
		a.sayOps(p.Diff.Modules.Update[id])
	}
	if len(p.Diff.Shared) > 0 {
		a.say("~ shared resources")
		a.sayOps(p.Diff.Shared)
	}
}

func (a *app) sayOps(ops []deployset.Op) {
	for _, op := range ops {
		a.say("    %s %s", op.Op, op.Path)
	}
}

// followPromotion says what happens to a promotion until it is over, and returns an error with the exit code.
func (a *app) followPromotion(ctx context.Context, c *client.Client, s client.Scope, p api.Promotion, timeout time.Duration) error {
	seen := int64(0)
	p, err := await(ctx, a, p, awaited[api.Promotion]{
		read: func(ctx context.Context) (api.Promotion, error) {
			return client.Do[api.Promotion](ctx, c, http.MethodGet, s.AppPath("promotions", p.ID), nil)
		},
		over: func(p api.Promotion) bool { return p.FinishedAt != nil },
		each: func(p api.Promotion) {
			for _, e := range p.Events {
				if e.Seq > seen {
					seen = e.Seq
					a.say("%s  %s", clock(e.At.Time), e.Message)
				}
			}
		},
		every: requestPoll, limit: timeout,
		goesOn: fmt.Sprintf("promotion %s goes on; look with: slipway promotions get %s --app %s; stop it with: slipway promotions cancel %s --app %s",
			p.ID, p.ID, s.App, p.ID, s.App),
	})
	if err != nil {
		return err
	}
	if err := a.showObject(p, func() error { return nil }); err != nil {
		return err
	}
	switch p.Status {
	case "succeeded":
		return nil
	case "cancelled":
		return &codedError{exitCancelled, fmt.Errorf("promotion %s: cancelled", p.ID), true}
	}
	return &codedError{exitFailed, fmt.Errorf("promotion %s: %s", p.ID, p.Message), true}
}

var promotionTable = columns([]string{"ID", "FROM", "TO", "WORKLOADS", "STATUS", "PHASE", "DEPLOYMENT", "CREATED", "WHY"}, func(p api.Promotion) []string {
	from, workloads := or(p.FromEnv, p.FromDeployID), "all"
	if len(p.Workloads) > 0 {
		workloads = strings.Join(p.Workloads, " ")
	}
	return []string{p.ID, from, p.ToEnv, workloads, p.Status, p.Phase, p.DeploymentID, ago(p.CreatedAt), p.Message}
})

func (a *app) promotionsListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the promotions of an Application, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.AppPath("promotions"))
			if err != nil {
				return err
			}
			return a.showTable(raw, promotionTable)
		}}
}

func (a *app) promotionsGetCommand() *cobra.Command {
	return &cobra.Command{Use: "get PROMOTION", Short: "Show a promotion and what happened to it", Args: args("PROMOTION"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			p, err := client.Do[api.Promotion](cmd.Context(), c, http.MethodGet, s.AppPath("promotions", ids[0]), nil)
			if err != nil {
				return err
			}
			return a.showObject(p, func() error {
				a.say("promotion of deployment %s to %s: %s (%s)", p.FromDeployID, p.ToEnv, p.Status, p.Phase)
				for _, e := range p.Events {
					a.say("%s  %s", clock(e.At.Time), e.Message)
				}
				return nil
			})
		}}
}

func (a *app) promotionsCancelCommand() *cobra.Command {
	return &cobra.Command{Use: "cancel PROMOTION", Short: "Ask for the end of a promotion", Args: args("PROMOTION"),
		Long: "Its deployment is cancelled, or its soak time ends. What ran before is deployed again when the promotion was asked for with\n" +
			"--roll-back. To stop a roll-back, cancel its deployment.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			p, err := client.Do[api.Promotion](cmd.Context(), c, http.MethodPost, s.AppPath("promotions", ids[0], "cancel"), nil)
			if err != nil {
				return err
			}
			return a.showObject(p, func() error {
				a.say("the end of promotion %s to %s was asked for", p.ID, p.ToEnv)
				return nil
			})
		}}
}
