package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// plan tells what deploying a set would do.
func (p *platform) plan(set deployset.Set) (*orchestrator.DeploymentPlan, orchestrator.DeploymentRequest) {
	p.t.Helper()
	id, err := p.store.PutSet(p.ctx, p.env.OrgID, p.env.AppID, set)
	require.NoError(p.t, err)
	req := orchestrator.DeploymentRequest{SetID: id}
	got, err := p.service.PlanDeployment(p.ctx, p.env, req)
	require.NoError(p.t, err)
	req.Plan = got.Fingerprint
	return got, req
}

// planned gives "action key" of what is not kept, leaving out what every environment has.
func planned(plan *orchestrator.DeploymentPlan) []string {
	out := []string{}
	for _, r := range plan.Resources {
		if r.Action != orchestrator.PlanKeep && r.Key.Type != "k8s-cluster" && r.Key.Type != "k8s-namespace" {
			out = append(out, r.Action+" "+r.Key.String())
		}
	}
	return out
}

func (p *platform) setValue(key, value string) {
	p.t.Helper()
	level := orchestrator.EnvRef{OrgID: p.env.OrgID, AppID: p.env.AppID}
	_, err := p.service.CreateValue(p.ctx, level, orchestrator.NewValue{Key: key, Value: &value})
	require.NoError(p.t, err)
}

// TestPlanOfADeployment goes through what can become of resources.
func TestPlanOfADeployment(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	p.define("mysql-def", "mysql", "", nil)
	same := m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}
	cases := map[string]struct {
		shared m
		want   []string
		reason string
	}{
		"the same again":   {same, []string{}, ""},
		"one more":         {m{"db": same["db"], "cache": same["cache"], "conf": m{"type": "mysql"}}, []string{"create mysql.default#shared.conf"}, "shared"},
		"one less":         {m{"db": m{"type": "postgres"}}, []string{"remove redis.default#shared.cache"}, "nothing asks for it any more"},
		"other parameters": {m{"db": m{"type": "postgres", "params": m{"size": 2}}, "cache": same["cache"]}, []string{"update " + shopDB}, "its params change: size"},
		"dependants of what changes": {m{"db": m{"type": "postgres", "params": m{"host": "${shared.cache.outputs.host}"}}, "cache": m{"type": "redis", "params": m{"x": 1}}},
			[]string{"update redis.default#shared.cache", "update " + shopDB}, "its params change: x"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, _ := p.plan(p.set(nil, tc.shared))
			require.Empty(t, got.Problems)
			require.NotEmpty(t, got.Fingerprint)
			require.Equal(t, tc.want, planned(got))
			if tc.reason == "" {
				require.True(t, got.Changes.IsEmpty())
				return
			}
			require.False(t, got.Changes.IsEmpty())
			for _, r := range got.Resources {
				if r.Action+" "+r.Key.String() == tc.want[0] {
					require.Contains(t, r.Reason, tc.reason)
				}
			}
		})
	}
	deployments, err := p.store.ListDeployments(p.ctx, p.env, 0)
	require.NoError(t, err)
	require.Len(t, deployments, 1, "a plan deploys nothing")
}

// TestPlanOfAReplacementComesTrue names what is destroyed, and deploys it.
func TestPlanOfAReplacementComesTrue(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	p.create(more(resource.Criteria{AppID: "shop"}))
	set := p.set(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}})
	got, req := p.plan(set)
	require.Equal(t, []string{"replace " + shopDB}, planned(got))
	for _, r := range got.Resources {
		if r.Action != orchestrator.ImpactReplace {
			require.Empty(t, r.Destroys)
			continue
		}
		require.Equal(t, "definition pg-new instead of pg-def; a new one is made, the old one is destroyed after the deployment succeeded", r.Reason)
		require.Equal(t, []orchestrator.DestroyedResource{{GUResID: r.GUResID, By: r.From}}, r.Destroys)
		require.Equal(t, "pg-def", r.From.DefID)
		require.Equal(t, "pg-new", r.To.DefID)
	}
	out := p.run(req).ok()
	require.Equal(t, "pg-new", out.node(shopDB).DefID)
	again, _ := p.plan(set)
	require.Empty(t, planned(again))
}

func TestPlanOfWhatWouldFail(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	got, _ := p.plan(p.set(nil, m{"db": m{"type": "gcs"}, "cache": m{"type": "redis", "params": m{"x": "${values.NOPE}"}}}))
	require.Empty(t, got.Fingerprint)
	require.Empty(t, got.Resources)
	require.Len(t, got.Problems, 2)
	require.Contains(t, got.Problems[0], "NOPE")
	require.Contains(t, got.Problems[1], `no definition of type "gcs" matches`)
}

// TestPlanTellsWhoUsesAValueThatChanges does not look at values that nobody uses.
func TestPlanTellsWhoUsesAValueThatChanges(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	p.setValue("SIZE", "1")
	set := p.set(nil, m{"db": m{"type": "postgres", "params": m{"size": "${values.SIZE}"}}})
	p.deploySet(p.env, set).ok()
	p.setValue("OTHER", "1")
	got, _ := p.plan(set)
	require.Equal(t, []string{"OTHER"}, got.Values)
	require.Empty(t, planned(got))
	two := "2"
	_, err := p.service.PatchValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, "SIZE", orchestrator.ValueUpdate{Value: &two})
	require.NoError(t, err)
	got, _ = p.plan(set)
	require.Equal(t, []string{"OTHER", "SIZE"}, got.Values)
	require.Equal(t, []string{"update " + shopDB}, planned(got))
}

// TestAPlanIsVoidWhenTheWorldMoved moves each part of it.
func TestAPlanIsVoidWhenTheWorldMoved(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		move func(p *platform)
		says string
	}{
		"definition": {func(p *platform) {
			_, err := p.service.PatchDefinition(p.ctx, "acme", "pg-def", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"host": "other"}}})
			require.NoError(p.t, err)
		}, "definitions, their matching"},
		"matching": {func(p *platform) { p.create(more(resource.Criteria{AppID: "shop"})) }, "definitions, their matching"},
		"values":   {func(p *platform) { p.setValue("X", "1") }, "shared values have changed"},
		"another deployment": {func(p *platform) {
			p.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).ok()
		}, "the base of the deployment is another one, and resources of the environment have changed"},
		"a deployment that has not ended": {func(p *platform) {
			_, err := p.service.CreateDeployment(p.ctx, p.env, orchestrator.DeploymentRequest{})
			require.NoError(p.t, err)
		}, "has not ended"},
		"it became impossible": {func(p *platform) {
			require.NoError(p.t, p.service.DeleteDefinition(p.ctx, "acme", "mysql-def", true))
		}, "it has become impossible: "},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := withDB(t)
			p.define("mysql-def", "mysql", "", nil)
			_, req := p.plan(p.set(nil, m{"db": m{"type": "postgres"}, "conf": m{"type": "mysql"}}))
			tc.move(p)
			before, err := p.store.ListDeployments(p.ctx, p.env, 0)
			require.NoError(t, err)
			_, err = p.service.CreateDeployment(p.ctx, p.env, req)
			require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err))
			require.ErrorContains(t, err, "the plan is void, and nothing was done: since it was made, ")
			require.ErrorContains(t, err, tc.says)
			after, err := p.store.ListDeployments(p.ctx, p.env, 0)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
	t.Run("another set", func(t *testing.T) {
		t.Parallel()
		p := withDB(t)
		_, req := p.plan(p.set(nil, m{"db": m{"type": "postgres"}}))
		other, _ := p.plan(p.set(nil, m{"cache": m{"type": "redis"}}))
		req.SetID = other.SetID
		_, err := p.service.CreateDeployment(p.ctx, p.env, req)
		require.ErrorContains(t, err, "the deployment set is another one")
	})
	t.Run("no fingerprint", func(t *testing.T) {
		t.Parallel()
		p := withDB(t)
		_, err := p.service.CreateDeployment(p.ctx, p.env, orchestrator.DeploymentRequest{Plan: "yes"})
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
		require.ErrorContains(t, err, `plan: "yes" is not the fingerprint of a plan`)
	})
}

// TestAPlanThatBecomesVoidBeforeItStarts: between the acceptance and the worker.
func TestAPlanThatBecomesVoidBeforeItStarts(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	env, err := p.store.GetEnvironment(p.ctx, p.env)
	require.NoError(t, err)
	base := env.FromDeployID
	_, req := p.plan(p.set(nil, m{"db": m{"type": "postgres", "params": m{"size": 2}}}))
	d, err := p.service.CreateDeployment(p.ctx, p.env, req)
	require.NoError(t, err)
	require.Equal(t, req.Plan, d.PlanFingerprint)
	p.create(more(resource.Criteria{AppID: "shop"}))
	p.follow(d).fails("the plan is void, and nothing was done", "definitions, their matching")
	nodes, err := p.store.ListNodes(p.ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Empty(t, nodes)
	env, err = p.store.GetEnvironment(p.ctx, p.env)
	require.NoError(t, err)
	require.Equal(t, base, env.FromDeployID, "what nobody agreed to is no base of the next deployment")
}

// TestPlanSaysWhatHoldsADeploymentUp although the plan itself can be looked at.
func TestPlanSaysWhatHoldsADeploymentUp(t *testing.T) {
	t.Parallel()
	p := withDB(t)
	err := p.service.SetQueuePolicy(p.ctx, p.env, orchestrator.QueuePolicyFreeze)
	require.NoError(t, err)
	require.NoError(t, p.store.CreatePause(p.ctx, &orchestrator.Pause{OrgID: "acme", AppID: "shop", EnvID: p.env.EnvID}))
	got, _ := p.plan(p.set(nil, m{"db": m{"type": "postgres"}}))
	require.Empty(t, got.Problems)
	require.NotEmpty(t, got.Fingerprint)
	require.Contains(t, got.Warnings, `environment "development" is paused; resume it first`)
	require.Contains(t, got.Warnings, `environment "development" is frozen by its queue policy`)
}
