package cli

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) previewCommand() *cobra.Command {
	return group("preview", "Environments for branches: rules that make them, and their removal", a.previewRules(), a.previewAdd(), a.previewDrop(), a.previewRemove())
}

var previewTable = columns([]string{"ID", "BASE", "TYPE", "BRANCHES", "TTL", "IDLE AFTER", "ON FAILURE", "CREATED"}, func(r api.PreviewRule) []string {
	return []string{r.ID, r.BaseEnv, r.Type, r.MatchRef, r.TTL, r.IdleAfter, r.OnFailure, ago(r.CreatedAt)}
})

func (a *app) previewRules() *cobra.Command {
	return &cobra.Command{Use: "rules", Short: "List the preview rules of the Application", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.AppPath("preview-rules"))
			if err != nil {
				return err
			}
			return a.showTable(raw, previewTable)
		}}
}

func (a *app) previewAdd() *cobra.Command {
	var in api.CreatePreviewRuleRequest
	var ttl, warn, idle string
	cmd := &cobra.Command{Use: "add BASE", Short: "Have branches get Environments that start from a base Environment", Args: args("BASE"),
		Long: "An image that is pushed for a branch without an Environment makes one from the base and deploys it; later pushes follow.\n\n" +
			"  slipway preview add development --ref '^refs/heads/feature/' --ttl 7d --idle-after 2d --app shop"}
	cmd.Flags().StringVar(&in.MatchRef, "ref", "", "regular expression on refs/heads/<branch>")
	cmd.Flags().StringVar(&in.Type, "type", "", "Environment Type of the previews; that of the base when absent")
	cmd.Flags().StringVar(&ttl, "ttl", "", "their time to live, such as 3d; this or --idle-after is needed")
	cmd.Flags().StringVar(&warn, "warn-before", "", "how long before the end webhooks are told (environment.expiring)")
	cmd.Flags().StringVar(&idle, "idle-after", "", "end them when nothing was deployed to them for so long")
	cmd.Flags().StringVar(&in.OnFailure, "on-failure", "", "keep or teardown: what becomes of one whose first deployment fails")
	cmd.RunE = func(cmd *cobra.Command, base []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		in.BaseEnv, in.TTL, in.WarnBefore, in.IdleAfter = base[0], given(cmd, "ttl", &ttl), given(cmd, "warn-before", &warn), given(cmd, "idle-after", &idle)
		r, err := client.Do[api.PreviewRule](cmd.Context(), c, http.MethodPost, s.AppPath("preview-rules"), in)
		if err != nil {
			return err
		}
		return a.showObject(r, func() error {
			a.say("preview rule %s made", r.ID)
			return nil
		})
	}
	return cmd
}

func (a *app) previewDrop() *cobra.Command {
	return &cobra.Command{Use: "drop RULE", Short: "Remove a preview rule; Environments that it made stay until their end", Args: args("RULE"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			if _, err := c.Delete(cmd.Context(), s.AppPath("preview-rules", ids[0])); err != nil {
				return err
			}
			a.say("preview rule %s removed", ids[0])
			return nil
		}}
}

func (a *app) previewRemove() *cobra.Command {
	return &cobra.Command{Use: "remove RULE BRANCH", Short: "Remove the preview of a branch, as when the branch is gone", Args: args("RULE", "BRANCH"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			going, err := c.Delete(cmd.Context(), s.AppPath("preview-rules", given[0], "previews")+"?branch="+url.QueryEscape(given[1]))
			if err != nil {
				return err
			}
			a.sayDeleted("the preview of "+given[1], going)
			return nil
		}}
}
