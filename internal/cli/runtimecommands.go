package cli

import "github.com/spf13/cobra"

// runtimeCommands are the commands of how what is deployed runs.
func (a *app) runtimeCommands() []*cobra.Command {
	return []*cobra.Command{a.statusCommand(), a.eventsCommand(), a.debugCommand()}
}
