package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// gated are the records of policies and approvals in a world.
type gated struct {
	policy   orchestrator.Policy
	gate     orchestrator.Gate
	approval orchestrator.GateApproval
}

func newGated(t *testing.T, s orchestrator.Store, w *world) *gated {
	t.Helper()
	g := &gated{
		policy: orchestrator.Policy{OrgID: w.org, ID: "rule", When: "true", Effect: "deny", CreatedAt: epoch, UpdatedAt: epoch},
		gate: orchestrator.Gate{OrgID: w.org, AppID: "shop", EnvID: "qa", DeploymentID: w.deployment.ID, State: orchestrator.GateWaiting,
			CreatedAt: epoch, Until: &w.deployment.CreatedAt},
		approval: orchestrator.GateApproval{OrgID: w.org, DeploymentID: w.deployment.ID, ID: "said", Decision: orchestrator.DecisionApprove, By: "ann", CreatedAt: epoch},
	}
	require.NoError(t, s.CreatePolicy(ctx, &g.policy))
	require.NoError(t, s.CreateGate(ctx, &g.gate))
	require.NoError(t, s.CreateGateApproval(ctx, &g.approval))
	return g
}

func testGates(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	check(t, aggregate[orchestrator.Policy]{
		place: func(v *orchestrator.Policy) { v.OrgID, v.ID = "acme", "other" },
		keep: func(from, to *orchestrator.Policy) {
			to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(v *orchestrator.Policy) error { return s.CreatePolicy(ctx, v) },
		read:   func() (*orchestrator.Policy, error) { return s.GetPolicy(ctx, "acme", "other") },
		update: func(v *orchestrator.Policy) error { return s.UpdatePolicy(ctx, v) },
	})
	policies, err := s.ListPolicies(ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, []string{"other", "rule"}, names(policies, func(p orchestrator.Policy) string { return p.ID }))
	require.NoError(t, s.DeletePolicy(ctx, "acme", "other"))
	require.True(t, orchestrator.IsNotFound(s.DeletePolicy(ctx, "acme", "other")))
	require.True(t, orchestrator.IsNotFound(s.CreatePolicy(ctx, &orchestrator.Policy{OrgID: "none", ID: "x"})))

	id := w.deployment.ID
	check(t, aggregate[orchestrator.Gate]{
		place: func(v *orchestrator.Gate) {
			v.OrgID, v.AppID, v.EnvID, v.DeploymentID, v.Node = "acme", "shop", "qa", id, "postgres.default#shared.db"
		},
		keep:   func(from, to *orchestrator.Gate) { to.CreatedAt, to.Version = from.CreatedAt, from.Version },
		create: func(v *orchestrator.Gate) error { return s.CreateGate(ctx, v) },
		read:   func() (*orchestrator.Gate, error) { return s.GetGate(ctx, "acme", id, "postgres.default#shared.db") },
		update: func(v *orchestrator.Gate) error { return s.UpdateGate(ctx, v) },
	})
	node := func(g orchestrator.Gate) string { return g.Node }
	gates, err := s.ListGates(ctx, "acme", id)
	require.NoError(t, err)
	require.Equal(t, []string{"", "postgres.default#shared.db"}, names(gates, node))
	for _, place := range [][2]string{{"", ""}, {"shop", ""}, {"shop", "qa"}} {
		waiting, err := s.WaitingGates(ctx, "acme", place[0], place[1])
		require.NoError(t, err)
		require.Equal(t, []string{""}, names(waiting, node), "the other one is in another state")
	}
	waiting, err := s.WaitingGates(ctx, "acme", "shop", "other")
	require.NoError(t, err)
	require.Empty(t, waiting)
	n, err := s.CountWaitingGates(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.True(t, orchestrator.IsNotFound(s.CreateGate(ctx, &orchestrator.Gate{OrgID: "acme", DeploymentID: "none"})))

	later := orchestrator.GateApproval{OrgID: "acme", DeploymentID: id, ID: "later", Node: "x", Decision: "reject", By: "ben", Roles: []string{"owner"},
		Comment: "no", Fingerprint: "f", CreatedAt: epoch.Add(time.Minute)}
	require.NoError(t, s.CreateGateApproval(ctx, &later))
	later.Void = "because"
	require.NoError(t, s.UpdateGateApproval(ctx, &later))
	said, err := s.ListGateApprovals(ctx, "acme", id)
	require.NoError(t, err)
	require.Len(t, said, 2)
	require.Equal(t, later, said[1])
	require.True(t, orchestrator.IsNotFound(s.CreateGateApproval(ctx, &orchestrator.GateApproval{OrgID: "acme", DeploymentID: "none", ID: "x"})))
	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	gates, err = s.ListGates(ctx, "acme", id)
	require.NoError(t, err)
	require.Empty(t, gates, "they go with their deployment")
}

func missingGated(s orchestrator.Store, g *gated, org string) map[string]func() error {
	return map[string]func() error{
		"CreatePolicy":       func() error { return s.CreatePolicy(ctx, as("none", g.policy)) },
		"GetPolicy":          func() error { return drop(s.GetPolicy(ctx, org, "rule")) },
		"UpdatePolicy":       func() error { return s.UpdatePolicy(ctx, as(org, g.policy)) },
		"DeletePolicy":       func() error { return s.DeletePolicy(ctx, org, "rule") },
		"CreateGate":         func() error { return s.CreateGate(ctx, as(org, g.gate)) },
		"GetGate":            func() error { return drop(s.GetGate(ctx, org, g.gate.DeploymentID, "")) },
		"UpdateGate":         func() error { return s.UpdateGate(ctx, as(org, g.gate)) },
		"CreateGateApproval": func() error { return s.CreateGateApproval(ctx, as(org, g.approval)) },
		"UpdateGateApproval": func() error { return s.UpdateGateApproval(ctx, as(org, g.approval)) },
	}
}

func emptyGated(s orchestrator.Store, g *gated, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListPolicies":      count(func() ([]orchestrator.Policy, error) { return s.ListPolicies(ctx, org) }),
		"ListGates":         count(func() ([]orchestrator.Gate, error) { return s.ListGates(ctx, org, g.gate.DeploymentID) }),
		"WaitingGates":      count(func() ([]orchestrator.Gate, error) { return s.WaitingGates(ctx, org, "", "") }),
		"ListGateApprovals": count(func() ([]orchestrator.GateApproval, error) { return s.ListGateApprovals(ctx, org, g.gate.DeploymentID) }),
	}
}
