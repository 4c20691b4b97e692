package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
)

func (a *app) createAgent() *cobra.Command {
	var key, description string
	cmd := &cobra.Command{
		Use: "agent ID --key FILE", Short: "Register an agent with its public key", Args: args("ID"),
		Long: "Keeps an agent and its key, for clients that ask for them. Slipway runs no tunnels: nothing is reached through an agent.",
	}
	cmd.Flags().StringVar(&key, "key", "", "file with the RSA public key of at least 4096 bits, PEM; - is standard input")
	cmd.Flags().StringVar(&description, "description", "", "what it is for")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		text, err := a.keyFile(cmd, key)
		if err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.OrgPath("agents"), api.CreateAgentRequest{ID: ids[0], PublicKey: text, Description: description}, "agent "+ids[0]+" registered")
	}
	return cmd
}

func (a *app) keyFile(cmd *cobra.Command, file string) (string, error) {
	if file == "" {
		return "", usagef("%s needs a file with the public key: --key", cmd.CommandPath())
	}
	raw, err := a.readFile(file)
	return string(raw), err
}

func (a *app) createAgentKey() *cobra.Command {
	var key string
	cmd := &cobra.Command{Use: "agent-key AGENT --key FILE", Short: "Add a public key to an agent", Args: args("AGENT")}
	cmd.Flags().StringVar(&key, "key", "", "file with the RSA public key of at least 4096 bits, PEM; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		text, err := a.keyFile(cmd, key)
		if err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.post(cmd, c, s.OrgPath("agents", ids[0], "keys"), api.CreateAgentKeyRequest{PublicKey: text}, "key added to agent "+ids[0])
	}
	return cmd
}

func (a *app) createPublicKey() *cobra.Command {
	return &cobra.Command{
		Use: "public-key FILE", Short: "Add a public key to the Organization; FILE - is standard input", Args: args("FILE"),
		RunE: func(cmd *cobra.Command, files []string) error {
			raw, err := a.readFile(files[0])
			if err != nil {
				return err
			}
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			return a.post(cmd, c, s.OrgPath("keys"), string(raw), "public key added")
		},
	}
}

// createChart uploads what `helm package` made.
func (a *app) createChart() *cobra.Command {
	return &cobra.Command{
		Use: "chart FILE", Aliases: []string{"workload-profile-chart"}, Short: "Upload a packaged Helm chart for Workload Profiles", Args: args("FILE"),
		Long: "FILE is what `helm package` makes. Name and version are those in its Chart.yaml; a version is uploaded once.",
		RunE: func(cmd *cobra.Command, files []string) error {
			raw, err := a.readFile(files[0])
			if err != nil {
				return err
			}
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			answer, err := c.Upload(cmd.Context(), s.OrgPath("workload-profile-chart-versions"), filepath.Base(files[0]), raw)
			if err != nil {
				return err
			}
			return a.show(answer, func() error {
				var chart api.WorkloadProfileChartVersion
				if err := json.Unmarshal(answer, &chart); err != nil {
					return fmt.Errorf("the answer is not what the API documents: %w", err)
				}
				a.say("chart %s %s uploaded", chart.ID, chart.Version)
				return nil
			})
		},
	}
}
