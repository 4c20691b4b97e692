package cli

import "github.com/spf13/cobra"

// driftCommands are the commands of drift and differences.
func (a *app) driftCommands() []*cobra.Command { return nil }
