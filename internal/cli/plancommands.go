package cli

import "github.com/spf13/cobra"

// planCommands are the commands of previews and approvals.
func (a *app) planCommands() []*cobra.Command { return nil }
