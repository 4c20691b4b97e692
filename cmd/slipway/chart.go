package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/charts"
)

// chartCommand is started by servers and workers, never by hand: the process in
// which a Helm chart is rendered.
func chartCommand() *cobra.Command {
	return &cobra.Command{
		Use: charts.Command, Short: "Render a Helm chart (started by servers and workers)", Hidden: true, GroupID: "server", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return charts.Main(os.Stdin, os.Stdout) },
	}
}
