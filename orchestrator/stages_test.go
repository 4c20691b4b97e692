package orchestrator_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// watching is a target that can tell when objects are ready. It records what it is given.
type watching struct {
	*capture
	delivered, watched []orchestrator.DeliveryRequest
}

func (w *watching) Deliver(_ context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	w.delivered = append(w.delivered, r)
	return orchestrator.DeliveryResult{URL: "test", Watch: true}, nil
}

func (w *watching) Watch(_ context.Context, r orchestrator.DeliveryRequest) error {
	w.watched = append(w.watched, r)
	return nil
}

// brought names the Deployments and Jobs that a request brings anew.
func brought(r orchestrator.DeliveryRequest) []string {
	out := []string{}
	for _, o := range r.Objects {
		if (o.Kind() == "Deployment" || o.Kind() == "Job") && !o.Kept {
			out = append(out, o.Name())
		}
	}
	return out
}

func TestDeliveryInStages(t *testing.T) {
	t.Parallel()
	deploy := func(condition m) m {
		out := module(nil, nil)
		if condition != nil {
			out["deploy"] = condition
		}
		return out
	}
	type stage struct {
		brought, watched []string
		result           orchestrator.DeliverResult
	}
	cases := map[string]struct {
		modules map[string]m
		stages  []stage
	}{
		"without conditions": {
			modules: map[string]m{"api": deploy(nil)},
			stages:  []stage{{[]string{"api"}, []string{"api"}, orchestrator.DeliverResult{Watch: true}}},
		},
		"three stages": {
			modules: map[string]m{
				"first": deploy(m{"when": "before", "timeout": 7200.0}), "api": deploy(nil), "last": deploy(m{"when": "after", "success": "deploy"})},
			stages: []stage{
				{[]string{"first"}, []string{"first"}, orchestrator.DeliverResult{Watch: true, More: true, Limit: 7200e9}},
				{[]string{"api"}, []string{"api"}, orchestrator.DeliverResult{Watch: true, More: true}},
				{[]string{"last"}, []string{}, orchestrator.DeliverResult{Watch: true}}, // what resources bring is watched at the end
			},
		},
		"delivered is enough before the others": {
			modules: map[string]m{"first": deploy(m{"when": "before", "success": "deploy"}), "api": deploy(nil)},
			stages: []stage{
				{[]string{"first"}, []string{}, orchestrator.DeliverResult{More: true}},
				{[]string{"api"}, []string{"api"}, orchestrator.DeliverResult{Watch: true}},
			},
		},
		"a stage that nobody is in is left out": {
			modules: map[string]m{"api": deploy(m{"when": "after"})},
			stages:  []stage{{[]string{"api"}, []string{"api"}, orchestrator.DeliverResult{Watch: true}}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := &watching{}
			p := newPlatformWith(t, func(_ *orchestrator.Options, d *orchestrator.DeployerOptions) {
				d.Targets["git"] = target
			})
			target.capture = p.target
			p.define("settings", "config", "", m{})
			out := p.deploy(c.modules, nil).ok() // all at once, as runs of earlier builds do
			require.Len(t, target.delivered, 1)
			require.Len(t, brought(target.delivered[0]), len(c.modules))
			require.False(t, target.delivered[0].Partial)
			target.delivered = nil
			key := orchestrator.DeploymentKey{EnvRef: p.env, ID: out.id}
			for n, want := range c.stages {
				result, err := p.deployer.DeliverStage(p.ctx, key, n)
				require.NoError(t, err)
				require.Equal(t, want.result, result)
				require.Equal(t, want.brought, brought(target.delivered[n]))
				require.Equal(t, result.More, target.delivered[n].Partial)
				require.Len(t, target.delivered[n].Objects, len(target.delivered[0].Objects), "what belongs to others is kept, not forgotten")
				require.NoError(t, p.deployer.RolloutStage(p.ctx, key, orchestrator.StageAt{N: n}))
				require.Equal(t, want.watched, brought(target.watched[n]))
			}
			_, err := p.deployer.DeliverStage(p.ctx, key, len(c.stages))
			require.ErrorContains(t, err, "there is no stage")
		})
	}
}

func TestDeployConditionThatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		condition any
		says      string
	}{
		"when":          {m{"when": "later"}, `deploy.when: expected one of [before deploy after], got "later"`},
		"success":       {m{"success": "ready"}, "deploy.success: expected one of [deploy available complete]"},
		"timeout":       {m{"timeout": -1.0}, "deploy.timeout: expected a whole number of seconds from 0 to 86400"},
		"unknown field": {m{"unless": "before"}, "deploy.unless: unknown field"},
		"no object":     {"before", "deploy: expected object, got string"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := manifest.ParseDeployCondition("api", c.condition)
			require.ErrorContains(t, err, c.says)
		})
	}
}
