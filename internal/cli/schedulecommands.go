package cli

import "github.com/spf13/cobra"

// scheduleCommands are the commands of schedules.
func (a *app) scheduleCommands() []*cobra.Command { return nil }
