package cli

import (
	"encoding/json"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// receiverCommand are the commands of receivers of GitHub and GitLab.
func (a *app) receiverCommand() *cobra.Command {
	return group("receivers", "Have previews come and go with pull requests of GitHub and GitLab",
		a.receiversList(), a.receiversAdd(), a.receiversDelete(), a.receiversDeliveries())
}

func (a *app) receiversList() *cobra.Command {
	var all bool
	cmd := &cobra.Command{Use: "list", Short: "List the receivers of the Application", Args: noArgs}
	cmd.Flags().BoolVar(&all, "all", false, "those of all Applications that you may read")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		need := needApp
		if all {
			need = needOrg
		}
		c, s, err := a.within(need...)
		if err != nil {
			return err
		}
		path := s.AppPath("receivers")
		if all {
			path = s.OrgPath("receivers")
		}
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		return a.showTable(raw, columns([]string{"ID", "APPLICATION", "VENDOR", "RULE", "REPOSITORY", "PATH", "CREATED"}, func(r api.Receiver) []string {
			return []string{r.ID, r.AppID, r.Vendor, r.RuleID, r.Repository, r.Path, ago(r.CreatedAt)}
		}))
	}
	return cmd
}

func (a *app) receiversAdd() *cobra.Command {
	var in api.CreateReceiverRequest
	cmd := &cobra.Command{Use: "add VENDOR RULE", Short: "Have the previews of a rule come and go with pull requests", Args: args("VENDOR", "RULE"),
		Long: "Makes the address and the secret that GitHub or GitLab is given. The secret is shown once.\n\n" +
			"  slipway receivers add github 0123456789abcdef --repository acme/shop --app shop"}
	cmd.Flags().StringVar(&in.Repository, "repository", "", "listen to this repository only, such as acme/shop")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		in.Vendor, in.RuleID = given[0], given[1]
		r, err := client.Do[api.Receiver](cmd.Context(), c, http.MethodPost, s.AppPath("receivers"), in)
		if err != nil {
			return err
		}
		return a.showObject(r, func() error {
			a.say("receiver %s made", r.ID)
			a.say("URL     <address of the API>%s", r.Path)
			a.say("secret  %s", r.Secret)
			a.say("The secret is not shown again.")
			return nil
		})
	}
	return cmd
}

func (a *app) receiversDelete() *cobra.Command {
	return &cobra.Command{Use: "delete RECEIVER", Short: "Delete a receiver; Environments stay until their end", Args: args("RECEIVER"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			if _, err := c.Delete(cmd.Context(), s.AppPath("receivers", ids[0])); err != nil {
				return err
			}
			a.say("receiver %s deleted", ids[0])
			return nil
		}}
}

func (a *app) receiversDeliveries() *cobra.Command {
	return &cobra.Command{Use: "deliveries RECEIVER", Short: "List what was received, newest first", Args: args("RECEIVER"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.AppPath("receivers", ids[0], "deliveries"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "EVENT", "BRANCH", "STATUS", "ENVIRONMENT", "CAME", "REASON"}, func(d api.ReceiverDelivery) []string {
				return []string{d.ID, d.Event, d.Branch, d.Status, d.EnvID, ago(d.CreatedAt), d.Reason}
			}))
		}}
}
