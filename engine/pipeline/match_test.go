package pipeline_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	all := []pipeline.Criteria{
		{ID: "default"}, {ID: "app", AppID: "shop", DeploymentType: "re-deploy"}, {ID: "type", EnvType: "production"},
		{ID: "type-deploy", EnvType: "production", DeploymentType: "deploy"}, {ID: "env", EnvID: "prod-eu", EnvType: "*"},
		{ID: "both", EnvID: "prod-us", EnvType: "production"}, {ID: "other", AppID: "blog", EnvID: "dev"},
	}
	for name, c := range map[string]struct {
		r    pipeline.Request
		want string
	}{
		"nothing says more":              {pipeline.Request{EnvID: "dev", EnvType: "development", DeploymentType: "deploy"}, "default"},
		"a type of deployment":           {pipeline.Request{EnvID: "dev", EnvType: "development", DeploymentType: "redeploy"}, "app"},
		"a type of environment":          {pipeline.Request{EnvID: "prod", EnvType: "production", DeploymentType: "redeploy"}, "type"},
		"both types":                     {pipeline.Request{EnvID: "prod", EnvType: "production", DeploymentType: "deploy"}, "type-deploy"},
		"an environment before its type": {pipeline.Request{EnvID: "prod-eu", EnvType: "production", DeploymentType: "deploy"}, "env"},
		"environment and type":           {pipeline.Request{EnvID: "prod-us", EnvType: "production", DeploymentType: "deploy"}, "both"},
	} {
		c.r.AppID = "shop"
		got, found := pipeline.Match(all, c.r)
		require.True(t, found, name)
		require.Equal(t, c.want, got.ID, name)
	}
	_, found := pipeline.Match(all[2:], pipeline.Request{AppID: "shop", EnvID: "dev", EnvType: "development", DeploymentType: "deploy"})
	require.False(t, found)
	require.True(t, pipeline.Criteria{DeploymentType: "re-deploy", EnvID: "*"}.Conflicts(pipeline.Criteria{DeploymentType: "redeploy", AppID: "shop"}))
	require.False(t, pipeline.Criteria{}.Conflicts(pipeline.Criteria{DeploymentType: "deploy"}))
}

// TestMatchDoesNotDependOnOrder shuffles criteria.
func TestMatchDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	of := func(values ...string) *rapid.Generator[string] { return rapid.SampledFrom(values) }
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) pipeline.Criteria {
			return pipeline.Criteria{
				ID: of("a", "b", "c", "d", "e", "f").Draw(t, "id"), EnvID: of("", "*", "dev").Draw(t, "env"),
				EnvType: of("", "*", "test").Draw(t, "type"), DeploymentType: of("", "deploy", "redeploy", "re-deploy").Draw(t, "kind"),
			}
		}), 0, 6, func(c pipeline.Criteria) string { return c.ID }).Draw(t, "criteria")
		r := pipeline.Request{EnvID: of("dev", "qa").Draw(t, "r.env"), EnvType: of("test", "x").Draw(t, "r.type"), DeploymentType: of("deploy", "re-deploy").Draw(t, "r.kind")}
		one, found := pipeline.Match(list, r)
		reversed := slices.Clone(list)
		slices.Reverse(reversed)
		other, foundToo := pipeline.Match(reversed, r)
		if found != foundToo || one != other {
			t.Fatalf("%v or %v", one, other)
		}
		if found && !one.Matches(r) {
			t.Fatalf("%v does not match %v", one, r)
		}
	})
}

func TestActionsCheckTheirInputs(t *testing.T) {
	t.Parallel()
	deploy, err := pipeline.ParseUses("actions/humanitec/deploy@v1")
	require.NoError(t, err)
	got, problems := deploy.Check(map[string]any{
		"env_id": "dev", "set_id": "s", "delta_id": nil, "value_set_version_id": "", "message": "", "mode": nil,
	})
	require.Empty(t, problems)
	require.Equal(t, map[string]any{"env_id": "dev", "set_id": "s", "comment": ""}, got)
	_, problems = deploy.Check(map[string]any{"env_id": "dev", "set_id": "s", "delta_id": "d"})
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Message, "only one of")
	_, problems = deploy.Check(map[string]any{"env_id": "", "set_id": ""})
	require.Len(t, problems, 2)
	require.Equal(t, map[string]any{"deployment_id": "d", "deployment": "d"}, deploy.Complete(map[string]any{"deployment_id": "d"}))
	for _, a := range pipeline.Actions() {
		found, ok := pipeline.Lookup(a.Ref)
		require.True(t, ok)
		require.Equal(t, a.Ref, found.Ref)
		require.NotEmpty(t, a.Summary)
		for _, f := range slices.Concat(a.Inputs, a.Outputs) {
			require.NotEmpty(t, f.Description, "%s %s", a.Ref, f.Name)
		}
	}
}
