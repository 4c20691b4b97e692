package cli

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// diffLiveCommand compares a deployment with what is in the cluster.
func (a *app) diffLiveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "live [DEPLOYMENT]", Short: "Show what delivering again would change in the cluster", Args: args("[DEPLOYMENT]"),
		Long: "Asks the cluster what delivering a deployment again would change, and changes nothing. Without an id that is the deployment\n" +
			"that was delivered last: what shows was changed by somebody else. With an earlier one it also shows what a rollback would do.\n" +
			"Secrets are only said to differ.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			query := url.Values{}
			if len(ids) == 1 {
				query.Set("deployment", ids[0])
			}
			return a.showDiff(cmd, query, "diff")
		},
	}
}

// diffDeploymentsCommand compares what two deployments rendered.
func (a *app) diffDeploymentsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "deployments FROM TO", Aliases: []string{"deploys", "deployment"}, Short: "Show which objects changed between two deployments", Args: args("FROM", "TO"),
		Long: "Compares the objects that two deployments of an Environment rendered. Secrets are only said to differ.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.showDiff(cmd, url.Values{"from": {ids[0]}}, "deploys", ids[1], "diff")
		},
	}
}

func (a *app) showDiff(cmd *cobra.Command, query url.Values, path ...string) error {
	c, s, err := a.within(needEnv...)
	if err != nil {
		return err
	}
	at := s.EnvPath(path...)
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	diff, err := client.Do[api.DeploymentDiff](cmd.Context(), c, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	return a.showObject(diff, func() error {
		if len(diff.Objects) == 0 {
			a.say("no difference")
		}
		a.sayObjects(diff.Objects)
		return nil
	})
}

// sayObjects spells differences: + for what comes, - for what goes, ~ for what changes.
func (a *app) sayObjects(objects []api.ObjectDiff) {
	marks := map[string]string{"added": "+", "removed": "-", "changed": "~", "missing": "!", "unknown": "?"}
	for _, o := range objects {
		name := o.Kind + " " + o.Name
		if o.Namespace != "" {
			name += " in " + o.Namespace
		}
		line := or(marks[o.State], "~") + " " + name
		if o.From != "" {
			line += " (" + o.From + ")"
		}
		if o.State == "missing" || o.State == "unknown" {
			line += ": " + o.State
		}
		a.say("%s%s", line, after(": ", o.Message))
		for _, c := range o.Changes {
			a.say("    %s", changeLine(c))
		}
	}
}

func changeLine(c api.FieldChange) string {
	by := ""
	if c.By != "" {
		by = " (by " + c.By + ")"
	}
	switch {
	case c.Secret:
		return "~ " + c.Path + ": (secret)" + by
	case c.Before == "" && c.After == "":
		return "~ " + c.Path + by // a driver names what differs, and no values
	case c.Before == "":
		return "+ " + c.Path + ": " + c.After + by
	case c.After == "":
		return "- " + c.Path + ": " + c.Before + by
	}
	return "~ " + c.Path + ": " + c.Before + " -> " + c.After + by
}
