package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// operateCommands are the commands of what changes a running environment without a deployment.
func (a *app) operateCommands() []*cobra.Command {
	return []*cobra.Command{a.scaleCommand(), a.pauseCommand(), a.resumeCommand(), a.restartCommand(), a.operationsCommand()}
}

// operationPoll is how often an operation is asked for while it is waited for.
const operationPoll = 500 * time.Millisecond

func (a *app) scaleCommand() *cobra.Command {
	var wait operationWait
	cmd := &cobra.Command{
		Use: "scale WORKLOAD=REPLICAS...", Short: "Set how many replicas workloads have", Args: atLeast(1, "WORKLOAD=REPLICAS"),
		Long: "Scales workloads in the cluster, through the queue of the Environment. It changes no Deployment Set: a workload whose module\n" +
			"says how many replicas it has gets those again with the next deployment, one whose module says nothing keeps what was set\n" +
			"here. What a HorizontalPodAutoscaler scales is refused.",
		Example: "  slipway scale api=3 worker=0 --app shop --env staging --wait",
	}
	wait.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		replicas := map[string]int{}
		for _, one := range given {
			workload, text, found := strings.Cut(one, "=")
			n, err := strconv.Atoi(text)
			if !found || workload == "" || err != nil || n < 0 {
				return usagef("expected WORKLOAD=REPLICAS, such as api=3, got %q", one)
			}
			if _, twice := replicas[workload]; twice {
				return usagef("workload %s is named twice", workload)
			}
			replicas[workload] = n
		}
		return a.operate(cmd.Context(), api.OperationRequest{Kind: "scale", Replicas: replicas}, wait)
	}
	return cmd
}

func (a *app) pauseCommand() *cobra.Command {
	var wait operationWait
	cmd := &cobra.Command{
		Use: "pause", Short: "Scale everything in an Environment to nothing, until it is resumed", Args: noArgs,
		Long: "Scales every Deployment and StatefulSet of the Environment to no replicas and remembers how many there were. A paused\n" +
			"Environment can be resumed and deleted; deployments and other operations are refused. Jobs and CronJobs go on.",
	}
	wait.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.operate(cmd.Context(), api.OperationRequest{Kind: "pause"}, wait)
	}
	return cmd
}

func (a *app) resumeCommand() *cobra.Command {
	var wait operationWait
	cmd := &cobra.Command{
		Use: "resume", Short: "Bring back what an Environment had before it was paused", Args: noArgs,
	}
	wait.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.operate(cmd.Context(), api.OperationRequest{Kind: "resume"}, wait)
	}
	return cmd
}

func (a *app) restartCommand() *cobra.Command {
	var wait operationWait
	cmd := &cobra.Command{
		Use: "restart [WORKLOAD...]", Short: "Replace the pods of workloads, a few at a time", Args: atLeast(0, "WORKLOAD"),
		Long:    "Replaces the pods of the named workloads, or of all, as their update strategy says: what serves requests goes on serving them.",
		Example: "  slipway restart api --app shop --env staging --wait",
	}
	wait.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, workloads []string) error {
		return a.operate(cmd.Context(), api.OperationRequest{Kind: "restart", Workloads: workloads}, wait)
	}
	return cmd
}

func (a *app) operationsCommand() *cobra.Command {
	show := &cobra.Command{
		Use: "list", Short: "List the operations of an Environment, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath("operations"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "WHAT", "STATUS", "CREATED", "MESSAGE"}, func(o api.Operation) []string {
				return []string{o.ID, operationText(o), o.Status, ago(o.CreatedAt), o.Message}
			}))
		},
	}
	cancel := &cobra.Command{
		Use: "cancel OPERATION", Short: "Cancel an operation; what it has changed stays", Args: args("OPERATION"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			o, err := client.Do[api.Operation](cmd.Context(), c, http.MethodPost, s.EnvPath("operations", ids[0], "cancel"), nil)
			if err != nil {
				return err
			}
			return a.showObject(o, func() error {
				if o.Terminal() {
					a.say("operation %s %s", o.ID, o.Status)
				} else {
					a.say("operation %s is being cancelled", o.ID)
				}
				return nil
			})
		},
	}
	return group("operations", "See and cancel what scale, pause, resume and restart have ordered", show, cancel)
}

// atLeast wants some arguments that all mean the same.
func atLeast(n int, name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, given []string) error {
		for _, one := range given {
			if one == "" {
				return usagef("%s must not be empty", name)
			}
		}
		if len(given) < n {
			return usagef("expected %s", name)
		}
		return nil
	}
}

// operationWait says whether and how long to wait for an operation.
type operationWait struct {
	wait    bool
	timeout time.Duration
}

func (w *operationWait) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&w.wait, "wait", false, "wait until the operation is over and what it changed is ready; the exit code says how it ended")
	cmd.Flags().DurationVar(&w.timeout, "timeout", 0, "wait that long at most, such as 10m; the operation goes on afterwards (implies --wait)")
}

// operate asks for an operation, and waits for it when that is wanted.
func (a *app) operate(ctx context.Context, in api.OperationRequest, wait operationWait) error {
	if wait.timeout < 0 {
		return usagef("--timeout must not be negative")
	}
	c, s, err := a.within(needEnv...)
	if err != nil {
		return err
	}
	o, err := client.Do[api.Operation](ctx, c, http.MethodPost, s.EnvPath("operations"), in)
	if err != nil {
		return fmt.Errorf("%s in environment %s: %w", in.Kind, s.Env, err)
	}
	a.say("operation %s: %s in %s/%s %s", o.ID, operationText(o), s.App, s.Env, o.Status)
	if wait.wait || wait.timeout > 0 {
		if o, err = a.awaitOperation(ctx, c, s, o, wait.timeout); err != nil {
			return err
		}
	}
	if err := a.showObject(o, func() error {
		if o.Terminal() {
			a.say("operation %s %s%s", o.ID, o.Status, after(": ", o.Message))
		}
		return nil
	}); err != nil {
		return err
	}
	return operationError(o)
}

// awaitOperation returns the operation when it is over.
func (a *app) awaitOperation(ctx context.Context, c *client.Client, s client.Scope, o api.Operation, timeout time.Duration) (api.Operation, error) {
	return await(ctx, a, o, awaited[api.Operation]{
		read: func(ctx context.Context) (api.Operation, error) {
			return client.Do[api.Operation](ctx, c, http.MethodGet, s.EnvPath("operations", o.ID), nil)
		},
		over: api.Operation.Terminal, every: operationPoll, limit: timeout,
		goesOn: fmt.Sprintf("operation %s goes on", o.ID),
	})
}

// operationError gives the exit code of an operation that is over.
func operationError(o api.Operation) error {
	switch o.Status {
	case "failed":
		return &codedError{exitFailed, fmt.Errorf("operation %s: %s", o.ID, o.Status), true}
	case "cancelled":
		return &codedError{exitCancelled, fmt.Errorf("operation %s: %s", o.ID, o.Status), true}
	}
	return nil
}

// operationText says what an operation does.
func operationText(o api.Operation) string {
	var parts []string
	for _, workload := range sortedKeys(o.Replicas) {
		parts = append(parts, fmt.Sprintf("%s to %d", workload, o.Replicas[workload]))
	}
	return o.Kind + after(" ", strings.Join(append(parts, o.Workloads...), ", "))
}

// after puts something before a text that is not empty.
func after(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}
