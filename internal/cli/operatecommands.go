package cli

import "github.com/spf13/cobra"

// operateCommands are the commands of what changes a running environment without a deployment.
func (a *app) operateCommands() []*cobra.Command { return nil }
