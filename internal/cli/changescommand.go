package cli

import (
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// changesCommand shows what drivers were about to do in a deployment.
func (a *app) changesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "changes [DEPLOYMENT]", Short: "Show what Terraform and other drivers that plan changed in a deployment", Args: args("[DEPLOYMENT]"),
		Long: "Shows for each resource the plan that its driver carried out in a deployment, or tried to: what it created, updated, replaced and\n" +
			"deleted. Attributes are named; values are never shown. Without an id, or with ., it is the newest deployment.",
		Example: "  slipway changes\n  slipway changes 17609cfafa5d5cb8",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
			id, err := q.deploymentID(q.idOr("."))
			if err != nil {
				return err
			}
			all, err := client.Do[[]api.NodeChanges](cmd.Context(), c, http.MethodGet, s.EnvPath("deploys", id, "changes"), nil)
			if err != nil {
				return err
			}
			return a.showObject(all, func() error {
				for _, n := range all {
					a.say("%s  %s: %s", clock(n.At.Time), oneLine(n.Node), oneLine(strings.TrimPrefix(or(n.Summary, countsOf(n.Counts)), "Plan: ")))
					a.sayObjectChanges(n.Changes, n.Counts)
				}
				if len(all) == 0 {
					a.say("no driver that plans has begun in deployment %s", id)
				}
				return nil
			})
		},
	}
}
