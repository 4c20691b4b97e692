package cli

import (
	"encoding/json"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// pipelineKinds are pipelines as documents.
func pipelineKinds() []kind {
	return []kind{
		{
			name: "pipelines", aliases: []string{"pipeline"}, short: "Pipelines of an Application", need: needApp, args: []string{"[PIPELINE]"},
			filters: []filter{{"trigger", "trigger", "only Pipelines with this trigger"}},
			fetch:   func(q query) (json.RawMessage, error) { return q.listOrItem(q.AppPath("pipelines")) },
			table: columns([]string{"ID", "NAME", "TRIGGERS", "VERSION", "CREATED"}, func(p api.Pipeline) []string {
				return []string{p.ID, p.Name, strings.Join(p.TriggerTypes, ", "), p.Version, ago(p.CreatedAt)}
			}),
		},
		{
			name: "pipeline-versions", aliases: []string{"pipeline-version"}, short: "Versions of a Pipeline, newest first", need: needApp, args: []string{"PIPELINE"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.AppPath("pipelines", q.ids[0], "versions")) },
			table: columns([]string{"ID", "CREATED", "BY"}, func(v api.PipelineVersion) []string {
				return []string{v.ID, ago(v.CreatedAt), v.CreatedBy}
			}),
		},
		{
			name: "pipeline-criteria", short: "Criteria that choose the Pipeline of deployment requests", need: needApp,
			filters: []filter{{"pipeline", "pipeline", "only criteria of this Pipeline"}},
			fetch:   func(q query) (json.RawMessage, error) { return q.get(q.AppPath("pipeline-criteria")) },
			table: columns([]string{"ID", "PIPELINE", "ENV TYPE", "ENV", "DEPLOYMENTS"}, func(c api.PipelineCriteria) []string {
				return []string{c.ID, c.PipelineID, or(c.EnvType, "*"), or(c.EnvID, "*"), or(c.DeploymentType, "*")}
			}),
		},
	}
}

// pipelineDeletables are what `delete` takes away of these kinds.
func pipelineDeletables() []deletable {
	return []deletable{
		{name: "pipeline", short: "Delete a Pipeline with its versions and criteria", need: needApp, args: []string{"PIPELINE"}, warning: "its versions and criteria",
			path: func(s client.Scope, ids []string) string { return s.AppPath("pipelines", ids[0]) }},
		{name: "pipeline-criteria", short: "Delete criteria of a Pipeline", need: needApp, args: []string{"PIPELINE", "CRITERIA"},
			path: func(s client.Scope, ids []string) string { return s.AppPath("pipelines", ids[0], "criteria", ids[1]) }},
	}
}
