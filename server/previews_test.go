package server_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestPreviewsOfBranches(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.deployImages(app, map[string]string{"api": "registry.test/api:1", "web": "registry.test/web:1"})
	rules := app + "/preview-rules"
	for body, part := range map[string]string{
		`{"base_env":"none","match_ref":"x","ttl":"1d"}`:                            "base_env",
		`{"base_env":"development","match_ref":"x"}`:                                "end",
		`{"base_env":"development","match_ref":"(","ttl":"1d"}`:                     "match_ref",
		`{"base_env":"development","ttl":"1d"}`:                                     "match_ref",
		`{"base_env":"development","match_ref":"x","ttl":"1d","type":"none"}`:       "type",
		`{"base_env":"development","match_ref":"x","ttl":"1d","on_failure":"none"}`: "on_failure",
	} {
		h.do("POST", rules, body).fails(400, part)
	}
	var rule api.PreviewRule
	h.do("POST", rules, `{"base_env":"development","match_ref":"^refs/heads/feature/","ttl":"7d","on_failure":"teardown"}`).must(201, &rule)
	require.Equal(t, []string{"development", "168h0m0s"}, []string{rule.Type, rule.TTL})

	previews := func() (ids []string) {
		var all []api.EnvironmentRequest
		h.do("GET", app+"/env-requests", "").must(200, &all)
		for _, r := range all {
			require.Equal(t, "preview", r.Kind)
			ids = append(ids, r.EnvID)
		}
		return ids
	}
	h.push(`{"type":"container","name":"registry.test/api","version":"2","ref":"refs/heads/main"}`)
	h.push(`{"type":"container","name":"registry.test/api","version":"2","ref":"refs/tags/feature/x"}`)
	h.push(`{"type":"container","name":"registry.test/other","version":"2","ref":"refs/heads/feature/x"}`)
	require.Empty(t, previews(), "other branches, no branch, an image that does not run")

	_, ci := h.user("service", map[string]string{orchestrator.OrgObject(org): "artefactContributor"})
	const branch = "feature/Straße & more"
	h.as(ci, "POST", versionsPath, `{"type":"container","name":"registry.test/api","version":"2","ref":"refs/heads/`+branch+`"}`).must(200, nil)
	require.Len(t, previews(), 1)
	id := previews()[0]
	require.Regexp(t, `^pr-feature-stra-e-more-[0-9a-f]{8}$`, id)
	var env api.Environment
	h.do("GET", app+"/envs/"+id, "").must(200, &env)
	require.Equal(t, branch, env.Name)
	require.Equal(t, "pending", env.LastDeploy.Status)
	require.Contains(t, h.workflows.items(orchestrator.QueueDeployment), env.LastDeploy.ID)
	var set api.Set
	h.do("GET", app+"/sets/"+env.LastDeploy.SetID, "").must(200, &set)
	image := func(module string) any {
		return set.Modules[module]["spec"].(map[string]any)["containers"].(map[string]any)["a/b"].(map[string]any)["image"]
	}
	require.Equal(t, []any{"registry.test/api:2", "registry.test/web:1"}, []any{image("api"), image("web")})
	var l api.EnvironmentLifetime
	h.do("GET", app+"/envs/"+id+"/lifetime", "").must(200, &l)
	require.NotNil(t, l.EndsAt)

	h.push(`{"type":"container","name":"registry.test/web","version":"9","ref":"refs/heads/` + branch + `"}`)
	require.Len(t, previews(), 1, "later pushes follow")
	var pushes []api.Push
	h.do("GET", app+"/envs/"+id+"/pushes", "").must(200, &pushes)
	require.Len(t, pushes, 1)
	h.push(`{"type":"container","name":"registry.test/api","version":"1","ref":"refs/heads/feature/same"}`)
	require.Len(t, previews(), 2, "also when the base runs the image already")

	h.do("POST", "/orgs/"+org+"/env-types/development/freeze-windows", `{"cron":"0 0 1 * *","duration":"27d"}`).must(201, nil)
	h.do("POST", "/orgs/"+org+"/env-types/development/freeze-windows", `{"cron":"0 0 27 * *","duration":"5d"}`).must(201, nil)
	h.push(`{"type":"container","name":"registry.test/api","version":"3","ref":"refs/heads/feature/frozen"}`)
	frozen := previews()[0]
	env = api.Environment{}
	h.do("GET", app+"/envs/"+frozen, "").must(200, &env)
	require.Nil(t, env.LastDeploy, "it waits for the end of the freeze")
	h.do("GET", app+"/envs/"+frozen+"/pushes", "").must(200, &pushes)
	require.Equal(t, "pending", pushes[0].Status)

	item := rules + "/" + rule.ID
	h.do("DELETE", item+"/previews?branch=none", "").fails(404, "none")
	h.do("DELETE", rules+"/none/previews?branch=none", "").fails(404)
	h.do("PATCH", app+"/envs/"+id+"/lifetime", `{"protected":true}`).must(200, nil)
	h.do("DELETE", item+"/previews?branch="+url.QueryEscape(branch), "").fails(409, "protected")
	h.do("PATCH", app+"/envs/"+id+"/lifetime", `{"protected":false}`).must(200, nil)
	h.do("DELETE", item+"/previews?branch="+url.QueryEscape(branch), "").must(202, nil)
	require.Len(t, h.workflows.items(orchestrator.QueueTeardown), 1)
	h.do("DELETE", item, "").must(204, nil)
	var all []api.PreviewRule
	h.do("GET", rules, "").must(200, &all)
	require.Empty(t, all)
}
