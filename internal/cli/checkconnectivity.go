package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// errNotConnected ends a check that something did not pass; what it was stands in the table.
var errNotConnected = errors.New("the connection is not known to work: see the table")

func (a *app) checkConnectivityCommand() *cobra.Command {
	envType := ""
	cmd := &cobra.Command{
		Use: "check-connectivity", Short: "Check which cluster an Environment has, and whether it answers", Args: noArgs,
		Long: "Says which definitions give the Environment its cluster and whether the cluster answers and takes the credentials. Neither the\n" +
			"Application nor the Environment need exist; then only the definitions are checked. Nothing is provisioned.",
		Example: "  slipway resources check-connectivity --app shop --env development\n  slipway resources check-connectivity --app new --env new --env-type production",
	}
	cmd.Flags().StringVar(&envType, "env-type", "", "Environment Type; that of the Environment when it exists")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		if envType == "" {
			env, err := client.Do[api.Environment](cmd.Context(), c, http.MethodGet, s.EnvPath(), nil)
			if err != nil {
				return fmt.Errorf("the type of the Environment is not known, say it with --env-type: %w", err)
			}
			envType = env.Type
		}
		raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodPost, s.OrgPath("runtime", "actions", "check-connectivity"),
			api.ClusterCheckRequest{AppID: s.App, EnvID: s.Env, EnvType: envType})
		if err != nil {
			return err
		}
		var check api.ClusterCheck
		if err := json.Unmarshal(raw, &check); err != nil {
			return fmt.Errorf("the answer is not what the API documents: %w", err)
		}
		if err := a.show(raw, func() error { return a.printCheck(check) }); err != nil || check.Success {
			return err
		}
		return errNotConnected
	}
	return cmd
}

func (a *app) printCheck(check api.ClusterCheck) error {
	if len(check.Resources) > 0 {
		t := newTable("RESOURCE", "DEFINITION", "DRIVER")
		for _, r := range check.Resources {
			t.add(resourceKey(r.Type, r.Class, r.ResID), r.DefID, r.DriverType)
		}
		if err := a.print(t); err != nil {
			return err
		}
		a.say("")
	}
	t := newTable("CONDITION", "STATUS", "WHY")
	for _, c := range check.Conditions {
		t.add(c.Type, c.Status, c.Message)
	}
	return a.print(t)
}
