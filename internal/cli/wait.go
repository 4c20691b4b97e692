package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// waitFlags say whether and how long to wait for a deployment.
type waitFlags struct {
	wait    bool
	timeout time.Duration
}

func (w *waitFlags) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&w.wait, "wait", false, "follow the deployment until it is over; the exit code says how it ended")
	cmd.Flags().DurationVar(&w.timeout, "timeout", 0, "wait that long at most, such as 10m; the deployment goes on afterwards (implies --wait)")
}

// answerGrace is how long an answer is waited for after an interrupt.
const answerGrace = 5 * time.Second

// outliving ends later than ctx. What was asked for may be accepted already when
// somebody interrupts: then they have to be told its id.
func outliving(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		late := time.AfterFunc(grace, cancel)
		context.AfterFunc(out, func() { late.Stop() })
	})
	return out, func() { stop(); cancel() }
}

// startDeployment asks for a deployment, and follows it when that is wanted.
func (a *app) startDeployment(ctx context.Context, c *client.Client, s client.Scope, in api.CreateDeploymentRequest, wait waitFlags) error {
	if wait.timeout < 0 {
		return usagef("--timeout must not be negative")
	}
	asking, answered := outliving(ctx, answerGrace)
	defer answered()
	d, err := c.CreateDeployment(asking, s, in)
	if err != nil {
		return fmt.Errorf("deploy to environment %s: %w", s.Env, err)
	}
	a.say("deployment %s to %s/%s %s", d.ID, s.App, s.Env, d.Status)
	if d.Pipeline != nil {
		a.say("pipeline %s carries it out; look with: slipway pipelines status %s %s --app %s", d.Pipeline.ID, d.Pipeline.ID, d.Pipeline.RunID, s.App)
	}
	if !wait.wait && wait.timeout == 0 {
		return a.showObject(d, func() error {
			a.say("follow it with: slipway logs %s --follow --app %s --env %s", d.ID, s.App, s.Env)
			return nil
		})
	}
	return a.waitFor(ctx, c, s, d, wait.timeout)
}

// waitFor follows a deployment to its end, shows what happens and how it ended, and returns an error with the exit code.
func (a *app) waitFor(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment, timeout time.Duration) error {
	follow := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		follow, cancel = context.WithTimeoutCause(ctx, timeout, errWaitedEnough)
		defer cancel()
	}
	done, err := a.watch(follow, c, s, d)
	if err != nil {
		return a.detached(s, d, timeout, err)
	}
	if !a.structured() {
		a.summary(ctx, c, s, done)
	}
	if err := a.showObject(done, func() error { return nil }); err != nil {
		return err
	}
	return outcomeError(done)
}

// watch shows the progress: a live tree on a terminal, lines otherwise.
func (a *app) watch(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) (api.Deployment, error) {
	if !a.structured() && isTerminal(a.out) && isTerminal(a.in) && a.getenv("TERM") != "dumb" {
		return a.watchLive(ctx, c, s, d)
	}
	progress := newProgress()
	return c.FollowDeployment(ctx, s, d.ID, 0, func(e api.DeploymentEvent) error {
		if line := progress.line(e); line != "" {
			a.say("%s  %s", clock(e.At.Time), line)
		}
		return nil
	})
}

// detached explains that the wait ended before the deployment did.
func (a *app) detached(s client.Scope, d api.Deployment, timeout time.Duration, cause error) error {
	where := fmt.Sprintf("--app %s --env %s", s.App, s.Env)
	goesOn := fmt.Sprintf("deployment %s goes on; look with: slipway describe deploy %s %s; stop it with: slipway cancel %s %s",
		d.ID, d.ID, where, d.ID, where)
	return a.waitEnded(goesOn, timeout, cause)
}

// outcomeError gives the exit code of a deployment that is over. What is wrong has been shown.
func outcomeError(d api.Deployment) error {
	code := exitFailed
	switch outcomeOf(d) {
	case "succeeded":
		return nil
	case "cancelled", "superseded":
		code = exitCancelled
	case "timed_out":
		code = exitTimeout
	}
	return &codedError{code, fmt.Errorf("deployment %s: %s", d.ID, outcomeOf(d)), true}
}
