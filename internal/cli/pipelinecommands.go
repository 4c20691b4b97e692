package cli

import "github.com/spf13/cobra"

// pipelineCommands are the commands of pipelines, their versions and criteria.
func (a *app) pipelineCommands() []*cobra.Command { return nil }
