package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
)

// kinds lists everything that `get` shows.
func (a *app) kinds() []kind {
	return slices.Concat(accountKinds(), peopleKinds(), applicationKinds(), deploymentKinds(), valueKinds(), platformKinds(), assetKinds(), keyKinds(), workloadKinds(), resourceKinds(), pipelineKinds(), artefactKinds(), webhookKinds())
}

var (
	needOrg = []string{"org"}
	needApp = []string{"org", "app"}
	needEnv = []string{"org", "app", "env"}
)

func accountKinds() []kind {
	return []kind{
		{
			name: "orgs", aliases: []string{"org", "organizations", "organization"}, short: "Organizations you belong to", args: []string{"[ORG]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem("/orgs") },
			table: columns([]string{"ID", "NAME", "CREATED"}, func(o api.Organization) []string {
				return []string{o.ID, o.Name, agoPtr(o.CreatedAt)}
			}),
		},
		{
			name: "user", aliases: []string{"current-user", "me", "whoami"}, short: "Who you are, and your roles",
			fetch: func(q query) (json.RawMessage, error) { return q.get("/current-user") },
			table: columns([]string{"ID", "NAME", "TYPE", "ROLES"}, func(u api.CurrentUser) []string {
				return []string{u.ID, u.Name, u.Type, pairs(u.Roles)}
			}),
		},
		{
			name: "tokens", aliases: []string{"token"}, short: "Your tokens, without the secret part; of a service user with --user", args: []string{"[TOKEN]"},
			filters: []filter{{"user", tokensOf, "service user whose tokens are shown"}},
			fetch: func(q query) (json.RawMessage, error) {
				user := q.flags.Get(tokensOf)
				q.flags.Del(tokensOf)
				path, err := q.tokensPath(user)
				if err != nil {
					return nil, err
				}
				return q.listOrItem(path)
			},
			table: columns([]string{"ID", "TYPE", "CREATED", "EXPIRES", "LAST USED", "DESCRIPTION"}, func(t api.Token) []string {
				return []string{t.ID, t.Type, ago(t.CreatedAt), agoPtr(t.ExpiresAt), agoPtr(t.LastUsedAt), t.Description}
			}),
		},
	}
}

func applicationKinds() []kind {
	return []kind{
		{
			name: "apps", aliases: []string{"app", "applications", "application"}, short: "Applications", need: needOrg, args: []string{"[APP]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("apps")) },
			table: columns([]string{"ID", "NAME", "STATUS", "ENVIRONMENTS"}, func(a api.Application) []string {
				var envs []string
				for _, e := range a.Envs {
					envs = append(envs, e.ID)
				}
				return []string{a.ID, a.Name, a.Status, strings.Join(envs, ", ")}
			}),
		},
		{
			name: "envs", aliases: []string{"env", "environments", "environment"}, short: "Environments", need: needApp, args: []string{"[ENV]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.AppPath("envs")) },
			table: columns([]string{"ID", "NAME", "TYPE", "STATUS", "LAST DEPLOYMENT", "", "WHEN"}, func(e api.Environment) []string {
				row := []string{e.ID, e.Name, e.Type, e.Status, "", "", ""}
				if d := e.LastDeploy; d != nil {
					row[4], row[5], row[6] = d.ID, outcomeOf(*d), ago(d.CreatedAt)
				}
				return row
			}),
		},
		{
			name: "env-types", aliases: []string{"env-type", "environment-types", "environment-type", "envtypes", "envtype"},
			short: "Environment Types", need: needOrg, args: []string{"[TYPE]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.OrgPath("env-types")) },
			table: columns([]string{"ID", "DESCRIPTION"}, func(t api.EnvironmentType) []string { return []string{t.ID, t.Description} }),
		},
		{
			name: "queue", short: "What runs and waits in an Environment", need: needEnv,
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.EnvPath("queue")) },
			table: queueTable,
		},
	}
}

func queueTable(raw json.RawMessage) (*table, error) {
	var queue api.Queue
	if err := json.Unmarshal(raw, &queue); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	t := newTable("POLICY", "POSITION", "DEPLOYMENT", "STATUS", "PHASE", "CREATED", "COMMENT")
	for i, d := range queue.Deployments {
		t.add(queue.Policy, strconv.Itoa(i+1), d.ID, d.Status, d.Phase, ago(d.CreatedAt), d.Comment)
	}
	if len(queue.Deployments) == 0 {
		t.add(queue.Policy, "", "none", "", "", "", "")
	}
	return t, nil
}

func deploymentKinds() []kind {
	return []kind{
		{
			name: "deploys", aliases: []string{"deploy", "deployments", "deployment"}, short: "Deployments, newest first", need: needEnv, args: []string{"[DEPLOYMENT]"},
			fetch: func(q query) (json.RawMessage, error) {
				if len(q.ids) == 0 {
					return q.get(q.EnvPath("deploys"))
				}
				id, err := q.deploymentID(q.ids[0])
				if err != nil {
					return nil, err
				}
				return q.get(q.EnvPath("deploys", id))
			},
			table: columns([]string{"ID", "STATUS", "PHASE", "CREATED", "TOOK", "SET", "COMMENT"}, func(d api.Deployment) []string {
				return []string{d.ID, outcomeOf(d), d.Phase, ago(d.CreatedAt), durationOf(d), short12(d.SetID), d.Comment}
			}),
		},
		{
			name: "deploy-errors", aliases: []string{"deploy-error", "deployment-errors", "deployment-error", "errors"},
			short: "Why a deployment failed", need: needEnv, args: []string{"[DEPLOYMENT]"},
			fetch: func(q query) (json.RawMessage, error) {
				id, err := q.deploymentID(q.idOr("."))
				if err != nil {
					return nil, err
				}
				return q.get(q.EnvPath("deploys", id, "errors"))
			},
			table: columns([]string{"SCOPE", "OBJECT", "CODE", "MESSAGE"}, func(e api.DeploymentError) []string {
				return []string{e.Scope, e.ObjectID, e.Code, e.Message}
			}),
		},
		{
			name: "sets", aliases: []string{"set", "deployment-sets", "deployment-set"}, short: "Deployment Sets", need: needApp, args: []string{"[SET]"},
			fetch: func(q query) (json.RawMessage, error) {
				if q.idOr("") == "" {
					return q.get(q.AppPath("sets"))
				}
				id, err := q.app.setID(q.ctx, q.c, q.Scope, q.ids[0])
				if err != nil {
					return nil, err
				}
				return q.get(q.AppPath("sets", id))
			},
			table: columns([]string{"ID", "WORKLOADS", "SHARED"}, func(s api.Set) []string {
				return []string{s.ID, keys(s.Modules), keys(s.Shared)}
			}),
		},
		{
			name: "deltas", aliases: []string{"delta", "deployment-deltas", "deployment-delta"}, short: "Deployment Deltas", need: needApp, args: []string{"[DELTA]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.AppPath("deltas")) },
			table: columns([]string{"ID", "NAME", "ENV", "ADD", "UPDATE", "REMOVE", "CREATED"}, func(d api.Delta) []string {
				return []string{d.ID, d.Metadata.Name, d.Metadata.EnvID, keys(d.Modules.Add), keys(d.Modules.Update),
					strings.Join(d.Modules.Remove, ", "), ago(d.Metadata.CreatedAt)}
			}),
		},
	}
}
