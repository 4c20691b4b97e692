package cli

import "github.com/spf13/cobra"

// lifecycleCommands are the commands of how environments come and go.
func (a *app) lifecycleCommands() []*cobra.Command { return nil }
