package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func testDeploymentPlans(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.StoredPlan]{
		place: func(v *orchestrator.StoredPlan) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "first" },
		keep: func(from, to *orchestrator.StoredPlan) {
			changed := *to
			*to = *from
			to.Status, to.Message, to.Content, to.DeploymentID = changed.Status, changed.Message, changed.Content, changed.DeploymentID
			to.CancelRequestedAt, to.HandedOverAt, to.MadeAt, to.ExpiresAt, to.FinishedAt = changed.CancelRequestedAt, changed.HandedOverAt, changed.MadeAt, changed.ExpiresAt, changed.FinishedAt
		},
		create: func(v *orchestrator.StoredPlan) error { return s.CreateDeploymentPlan(ctx, v) },
		read:   func() (*orchestrator.StoredPlan, error) { return s.GetDeploymentPlan(ctx, w.env, "first") },
		update: func(v *orchestrator.StoredPlan) error { return s.UpdateDeploymentPlan(ctx, v) },
	})
	first, err := s.GetDeploymentPlan(ctx, w.env, "first")
	require.NoError(t, err)
	at := epoch
	first.FinishedAt, first.HandedOverAt = nil, nil
	require.NoError(t, s.UpdateDeploymentPlan(ctx, first))
	later := orchestrator.StoredPlan{OrgID: "acme", AppID: "shop", EnvID: "qa", ID: "later", CreatedAt: first.CreatedAt.Add(time.Minute), HandedOverAt: &at}
	require.NoError(t, s.CreateDeploymentPlan(ctx, &later))
	id := func(p orchestrator.StoredPlan) string { return p.ID }
	list, err := s.ListDeploymentPlans(ctx, w.env, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"later"}, names(list, id))
	open, err := s.UnfinishedDeploymentPlans(ctx, later.CreatedAt.Add(1), epoch, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"first"}, names(open, id), "the other one was told")
	open, err = s.UnfinishedDeploymentPlans(ctx, later.CreatedAt.Add(1), epoch.Add(1), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"first", "later"}, names(open, id), "told long ago")
	later.FinishedAt = &at
	require.NoError(t, s.UpdateDeploymentPlan(ctx, &later))
	require.NoError(t, s.DeleteDeploymentPlans(ctx, w.env, epoch.Add(1)))
	list, err = s.ListDeploymentPlans(ctx, w.env, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"first"}, names(list, id), "what is not finished stays")
	require.True(t, orchestrator.IsNotFound(s.CreateDeploymentPlan(ctx, &orchestrator.StoredPlan{OrgID: "acme", AppID: "shop", EnvID: "none", ID: "x"})))
}

func newPlan(t *testing.T, s orchestrator.Store, w *world) orchestrator.StoredPlan {
	t.Helper()
	p := orchestrator.StoredPlan{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "plan", CreatedAt: epoch}
	require.NoError(t, s.CreateDeploymentPlan(ctx, &p))
	return p
}

// missingPlans are calls as an organization that knows the ids of another.
func missingPlans(s orchestrator.Store, p orchestrator.StoredPlan, org string) map[string]func() error {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	p.OrgID = org
	return map[string]func() error{
		"CreateDeploymentPlan": func() error { v := p; v.ID = unique("p"); return s.CreateDeploymentPlan(ctx, &v) },
		"GetDeploymentPlan":    func() error { return drop(s.GetDeploymentPlan(ctx, ref, "plan")) },
		"UpdateDeploymentPlan": func() error { return s.UpdateDeploymentPlan(ctx, &p) },
	}
}

func emptyPlans(s orchestrator.Store, org string) map[string]func() (int, error) {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	return map[string]func() (int, error){
		"ListDeploymentPlans":   count(func() ([]orchestrator.StoredPlan, error) { return s.ListDeploymentPlans(ctx, ref, 0) }),
		"DeleteDeploymentPlans": func() (int, error) { return 0, s.DeleteDeploymentPlans(ctx, ref, time.Now()) },
		"DriverPlans":           count(func() ([]orchestrator.DriverPlan, error) { return s.DriverPlans(ctx, org, []string{"plan"}) }),
		"ForgetDriverPlans":     func() (int, error) { return 0, s.ForgetDriverPlans(ctx, org, []string{"plan"}, []string{"guresid"}) },
	}
}
