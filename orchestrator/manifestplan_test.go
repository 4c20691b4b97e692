package orchestrator_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// TestPlanShowsObjectsAsFarAsTheyAreKnown: what is not known is named, secrets are only said to differ, and the rest is compared.
func TestPlanShowsObjectsAsFarAsTheyAreKnown(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	value := func(text string) {
		t.Helper()
		_, err := p.service.PatchValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, "TOKEN", orchestrator.ValueUpdate{Value: &text})
		require.NoError(t, err)
	}
	first := "canary-first"
	_, err := p.service.CreateValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, orchestrator.NewValue{Key: "TOKEN", Value: &first, IsSecret: true})
	require.NoError(t, err)
	set := func(color string) map[string]m {
		return map[string]m{
			"web":  module(nil, m{"COLOR": color, "TOKEN": "${values.TOKEN}"}),
			"tell": module(nil, m{"DEPLOY": "${context.deploy.id}"}),
			"same": module(nil, m{"HOST": "${shared.db.host}"}),
		}
	}
	shared := m{"db": m{"type": "postgres"}}
	p.deploySet(p.env, p.set(set("red"), shared)).ok()
	value("canary-second")
	id, err := p.store.PutSet(p.ctx, p.env.OrgID, p.env.AppID, p.set(set("blue"), shared))
	require.NoError(t, err)
	made, err := p.service.CreatePlan(p.ctx, p.env, orchestrator.DeploymentRequest{SetID: id})
	require.NoError(t, err)
	_, err = p.service.MakePlan(orchestrator.WithActor(p.ctx, orchestrator.SystemActor), made.Key(), p.deployer)
	require.NoError(t, err)
	made, err = p.service.GetPlan(p.ctx, p.env, made.ID)
	require.NoError(t, err)
	require.Equal(t, orchestrator.PlanReady, made.Status, made.Message)
	require.NotContains(t, string(made.Content), "canary")
	require.NotContains(t, string(made.Content), "known-later")
	content, err := made.Shown()
	require.NoError(t, err)
	require.Empty(t, content.Plan.Problems)
	require.Empty(t, content.Manifests.Notes)

	changed := map[string]string{} // what becomes of a field, by object and path
	unknown := map[string]bool{}
	for _, o := range content.Manifests.Objects {
		require.Equal(t, orchestrator.ObjectChanged, o.State)
		for _, c := range o.Changes {
			changed[o.Kind+" "+o.Name+" "+c.Path] = c.Before + " -> " + c.After
			if c.Secret {
				changed[o.Kind+" "+o.Name+" "+c.Path] = "secret"
			}
		}
		for _, path := range o.Unknown {
			unknown[o.Kind+" "+o.Name+" "+path] = true
		}
	}
	text := func(part string) (found []string) {
		for key, what := range changed {
			if strings.Contains(what, part) {
				found = append(found, key)
			}
		}
		return found
	}
	require.NotEmpty(t, text(`"blue"`), "%v", changed)
	require.NotEmpty(t, text("secret"), "%v", changed)
	require.NotEmpty(t, unknown, "the id of the deployment, and what is derived from it: %v", changed)
	for key := range unknown {
		require.Contains(t, key, "tell", "only of that workload")
		require.NotContains(t, changed[key], "-> \"", "a value that is not known is not shown")
	}
	require.Positive(t, content.Manifests.Same)
}
