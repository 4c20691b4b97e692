package cli

import "github.com/spf13/cobra"

// pipelineRunCommands are the commands of runs of pipelines.
func (a *app) pipelineRunCommands() []*cobra.Command { return nil }
