package orchestrator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/orchestrator"
)

// askAlways asks one other about everything in an environment.
func askAlways(env string) orchestrator.Policy {
	return orchestrator.Policy{ID: "ask-always", When: `env.id == "` + env + `"`, Effect: policy.EffectApprove, ExcludeProposer: true, Message: "please look"}
}

// promoting has a promotion from development to an environment next whose deployment waits.
func promoting(t *testing.T, soak time.Duration) (*guarded, *orchestrator.Promotion, orchestrator.DeploymentKey) {
	t.Helper()
	g := withPolicies(t, askAlways("next"))
	_, err := g.service.CreateEnvironment(g.ctx, "acme", "shop", orchestrator.EnvironmentRequest{ID: "next", Name: "Next", TypeID: "development"})
	require.NoError(t, err)
	plan, err := g.service.CreatePromotion(person(t, "ann", nil), "acme", "shop", orchestrator.PromotionRequest{FromEnvID: "development", ToEnvID: "next", Soak: soak, RollBack: true})
	require.NoError(t, err)
	g.env.EnvID = "next"
	key := orchestrator.DeploymentKey{EnvRef: g.env, ID: plan.Promotion.DeploymentID}
	planned, err := g.deployer.Plan(g.ctx, key)
	require.NoError(t, err)
	require.True(t, planned.Gate)
	require.Equal(t, orchestrator.GateWaiting, g.look(key).State)
	return g, &plan.Promotion, key
}

func (g *guarded) promotion(p *orchestrator.Promotion) *orchestrator.Promotion {
	g.t.Helper()
	now, err := g.service.GetPromotion(g.ctx, p.Key())
	require.NoError(g.t, err)
	return now
}

func (g *guarded) advance(p *orchestrator.Promotion) orchestrator.PromotionNext {
	g.t.Helper()
	next, err := g.service.AdvancePromotion(g.ctx, p.Key())
	require.NoError(g.t, err)
	return next
}

func TestPromotionWaitsForApproval(t *testing.T) {
	t.Parallel()
	g, p, key := promoting(t, time.Minute)
	now := g.promotion(p)
	require.Equal(t, orchestrator.PhaseApproval, now.Phase)
	require.Contains(t, now.Events[len(now.Events)-1].Message, "waiting for 1 approval, not by who asked for it (policy ask-always: please look); until ")
	require.True(t, g.advance(p).Follow, "its workflow follows the deployment")
	require.Equal(t, orchestrator.PhaseApproval, g.promotion(p).Phase)
	_, err := g.service.DecidePromotion(person(t, "ann", nil), p.Key(), orchestrator.DecisionRequest{Decision: "approve"})
	require.ErrorContains(t, err, "would not count")
	g.now = g.now.Add(50 * time.Minute)
	view, err := g.service.DecidePromotion(person(t, "ben", nil), p.Key(), orchestrator.DecisionRequest{Decision: "approve"})
	require.NoError(t, err)
	require.Equal(t, orchestrator.GatePassed, view.State)
	require.Equal(t, orchestrator.PhaseDeploy, g.promotion(p).Phase)
	d, err := g.store.GetDeployment(g.ctx, g.env, key.ID)
	require.NoError(t, err)
	g.follow(d).ok()
	g.advance(p)
	now = g.promotion(p)
	require.Equal(t, orchestrator.PhaseSoak, now.Phase)
	require.Equal(t, g.now.Add(time.Minute), *now.SoakUntil, "it soaks after the approval")
}

func TestPromotionThatIsRejected(t *testing.T) {
	t.Parallel()
	g, p, key := promoting(t, 0)
	_, err := g.service.DecidePromotion(person(t, "ben", nil), p.Key(), orchestrator.DecisionRequest{Decision: "reject", Comment: "not now"})
	require.NoError(t, err)
	g.finish(key, orchestrator.GateRejected)
	require.True(t, g.advance(p).Done)
	now := g.promotion(p)
	require.Equal(t, orchestrator.PromotionFailed, now.Status)
	require.Contains(t, now.Message, "ended as rejected")
	require.Empty(t, now.RollBackID, "nothing was changed")
}

func TestPromotionThatIsCancelledAsItWaits(t *testing.T) {
	t.Parallel()
	g, p, key := promoting(t, 0)
	_, err := g.service.CancelPromotion(g.ctx, p.Key())
	require.NoError(t, err)
	g.finish(key, orchestrator.GateState(orchestrator.OutcomeCancelled))
	require.True(t, g.advance(p).Done)
	require.Equal(t, orchestrator.PromotionCancelled, g.promotion(p).Status)
}

// TestProposerBehindOthers: who may not approve is the person, not what acts for it.
func TestProposerBehindOthers(t *testing.T) {
	t.Parallel()
	g := withPolicies(t)
	require.NoError(t, g.store.CreatePipeline(g.ctx, &orchestrator.Pipeline{OrgID: "acme", AppID: "shop", ID: "p"}))
	require.NoError(t, g.store.CreatePipelineRun(g.ctx, &orchestrator.PipelineRun{OrgID: "acme", AppID: "shop", PipelineID: "p", ID: "run-1", RunAs: "s-pipeline", CreatedBy: "ann"}))
	require.NoError(t, g.store.CreatePromotion(g.ctx, &orchestrator.Promotion{OrgID: "acme", AppID: "shop", ID: "prom", EnvID: "development", RollBackID: "back", CreatedBy: "cy"}))
	system := orchestrator.SystemActor.UserID
	for name, tc := range map[string]struct{ id, createdBy, run, want string }{
		"a person":                      {"d", "ben", "", "ben"},
		"a pipeline that delegates":     {"d", "s-pipeline", "run-1", "ann"},
		"a pipeline that is only named": {"d", "ben", "run-1", "ben"},
		"a pipeline that is not there":  {"d", "ben", "gone", "ben"},
		"Slipway itself":                {"d", system, "", system},
		"a roll-back":                   {"back", system, "", "cy"},
	} {
		d := &orchestrator.Deployment{OrgID: "acme", AppID: "shop", EnvID: "development", ID: tc.id, CreatedBy: tc.createdBy}
		if tc.run != "" {
			d.Pipeline = &orchestrator.PipelineRef{ID: "p", RunID: tc.run}
		}
		got, err := orchestrator.ProposerOf(g.ctx, g.store, d)
		require.NoError(t, err, name)
		require.Equal(t, tc.want, got, name)
	}
}

// TestNothingIsApprovedDuringAFreeze: a window may open while a deployment waits.
func TestNothingIsApprovedDuringAFreeze(t *testing.T) {
	t.Parallel()
	for name, override := range map[string]string{"frozen": "", "overridden": "the fix cannot wait"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := withPolicies(t, askAlways("development"))
			admin := orchestrator.WithActor(t.Context(), orchestrator.Actor{UserID: "ann", Type: orchestrator.UserTypePerson, Roles: map[string]string{orchestrator.OrgObject("acme"): orchestrator.RoleAdministrator}})
			d, err := g.service.CreateDeployment(admin, g.env, orchestrator.DeploymentRequest{FreezeOverride: override})
			require.NoError(t, err)
			key := orchestrator.DeploymentKey{EnvRef: g.env, ID: d.ID}
			_, err = g.deployer.Plan(g.ctx, key)
			require.NoError(t, err)
			g.look(key)
			_, err = g.service.CreateFreezeWindow(g.ctx, "acme", "development", orchestrator.FreezeRequest{Cron: "0 0 * * *", Duration: 23*time.Hour + 59*time.Minute})
			require.NoError(t, err)
			g.now = time.Date(g.now.Year(), g.now.Month(), g.now.Day()+1, 0, 1, 0, 0, time.UTC)
			gate, err := g.store.GetGate(g.ctx, "acme", d.ID, "")
			require.NoError(t, err)
			until := g.now.Add(time.Hour)
			gate.Until, gate.Requirements[0].Until = &until, until
			require.NoError(t, g.store.UpdateGate(g.ctx, gate))
			view, err := g.decide(person(t, "ben", nil), d.ID, "approve")
			if override == "" {
				require.ErrorContains(t, err, "are frozen until")
				return
			}
			require.NoError(t, err)
			require.Equal(t, orchestrator.GatePassed, view.State)
		})
	}
}

// TestRollBacksOfPromotionsWaitForNobody: what ran before comes back at once, unless a policy denies it.
func TestRollBacksOfPromotionsWaitForNobody(t *testing.T) {
	t.Parallel()
	deny := orchestrator.Policy{OrgID: "acme", ID: "never", When: `env.id == "next"`, Effect: policy.EffectDeny, Message: "nothing goes there"}
	for name, tc := range map[string]struct {
		policies []orchestrator.Policy
		state    orchestrator.GateState
		message  string
	}{
		"approval": {nil, orchestrator.GatePassed, "no approval is needed: it takes promotion "},
		"denial":   {[]orchestrator.Policy{deny}, orchestrator.GateDenied, "nothing goes there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, p, key := promoting(t, time.Hour)
			approve := func(p *orchestrator.Promotion) {
				_, err := g.service.DecidePromotion(person(t, "ben", nil), p.Key(), orchestrator.DecisionRequest{Decision: "approve"})
				require.NoError(t, err)
			}
			deployed := func(id string) {
				d, err := g.store.GetDeployment(g.ctx, g.env, id)
				require.NoError(t, err)
				g.follow(d).ok()
			}
			approve(p)
			deployed(key.ID) // what the second promotion comes back to
			g.advance(p)
			g.now = g.now.Add(2 * time.Hour)
			require.True(t, g.advance(p).Done)

			plan, err := g.service.CreatePromotion(person(t, "ann", nil), "acme", "shop", orchestrator.PromotionRequest{FromEnvID: "development", ToEnvID: "next", Soak: time.Hour, RollBack: true})
			require.NoError(t, err)
			p = &plan.Promotion
			key.ID = p.DeploymentID
			_, err = g.deployer.Plan(g.ctx, key)
			require.NoError(t, err)
			require.Equal(t, orchestrator.GateWaiting, g.look(key).State)
			approve(p)
			deployed(key.ID)
			g.advance(p)
			require.Equal(t, orchestrator.PhaseSoak, g.promotion(p).Phase)
			for _, policy := range tc.policies {
				_, err := g.service.PutPolicy(g.ctx, policy)
				require.NoError(t, err)
			}
			_, err = g.service.CancelPromotion(g.ctx, p.Key())
			require.NoError(t, err)
			g.advance(p)
			now := g.promotion(p)
			require.Equal(t, orchestrator.PhaseRollBack, now.Phase, now.Message)
			key.ID = now.RollBackID
			planned, err := g.deployer.Plan(g.ctx, key)
			require.NoError(t, err)
			require.True(t, planned.Gate)
			answer := g.look(key)
			require.Equal(t, tc.state, answer.State)
			require.Contains(t, answer.Message, tc.message)
		})
	}
}
