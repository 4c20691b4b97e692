package cli

import (
	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// valuesRefer makes a value of a secret that is kept in a Secret Store.
func (a *app) valuesRefer(level *string) *cobra.Command {
	var version, description string
	cmd := &cobra.Command{
		Use: "refer KEY STORE REF", Short: "Let a value be a secret in a Secret Store, read when a deployment needs it", Args: args("KEY", "STORE", "REF"),
		Long:    "REF is the path of the secret in the store; behind # may stand the key in it, such as team/db#password.",
		Example: "  slipway values refer PAYMENT_KEY main team/payment#key --app shop",
	}
	cmd.Flags().StringVar(&version, "version", "", "version of the secret; the newest when absent")
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.level(*level)
		if err != nil {
			return err
		}
		ref := &api.SecretReference{Store: given[1], Ref: given[2], Version: version}
		have, err := c.Values(cmd.Context(), s)
		if err != nil {
			return err
		}
		for _, v := range have {
			if v.Key != given[0] || v.Source != levelSource(s) {
				continue
			}
			in := api.PatchValueRequest{SecretRef: ref}
			if cmd.Flags().Changed("description") {
				in.Description = &description
			}
			return a.valueDone(s, given[0], "changed")(c.PatchValue(cmd.Context(), s, given[0], in))
		}
		in := api.CreateValueRequest{Key: given[0], Description: &description, SecretRef: ref}
		return a.valueDone(s, given[0], "set")(c.CreateValue(cmd.Context(), s, in))
	}
	return cmd
}

// levelSource is how answers spell the level.
func levelSource(s client.Scope) string {
	if s.Env != "" {
		return "env"
	}
	return "app"
}
