package cli

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// queuePolicies are what an Environment can do with a deployment while another one is unfinished.
var queuePolicies = []string{"queue", "supersede", "reject", "freeze"}

func (a *app) queueCommand() *cobra.Command {
	show := &cobra.Command{
		Use: "show", Short: "Show what runs and waits", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath("queue"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, queueTable)
		},
	}
	policy := &cobra.Command{
		Use: "policy [POLICY]", Short: "Show or set what happens to a deployment while another one is unfinished", Args: args("[POLICY]"),
		Long: "queue: it waits in line. supersede: it replaces those that wait. reject: it is refused. freeze: every deployment is refused.",
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) == 1 && !slices.Contains(queuePolicies, given[0]) {
				return usagef("the policy is one of %s, got %q", strings.Join(queuePolicies, ", "), given[0])
			}
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			if len(given) == 0 {
				queue, err := c.Queue(cmd.Context(), s)
				if err != nil {
					return err
				}
				return a.showObject(api.QueuePolicy{Policy: queue.Policy}, func() error {
					a.say("%s", queue.Policy)
					return nil
				})
			}
			if err := c.SetQueuePolicy(cmd.Context(), s, given[0]); err != nil {
				return err
			}
			a.say("the queue policy of environment %s is now %s", s.Env, given[0])
			return nil
		},
	}
	return group("queue", "See and steer the queue of an Environment", show, policy)
}
