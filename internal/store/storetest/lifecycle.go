package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// lifecycle are the records of how environments come and go in a world.
type lifecycle struct {
	lifetime orchestrator.Lifetime
	spinUp   orchestrator.SpinUp
	window   orchestrator.FreezeWindow
	path     orchestrator.PromotionPath
	rule     orchestrator.PreviewRule

	promotion orchestrator.Promotion
}

func newLifecycle(t *testing.T, s orchestrator.Store, w *world) *lifecycle {
	t.Helper()
	l := &lifecycle{
		lifetime: orchestrator.Lifetime{OrgID: w.org, AppID: "shop", EnvID: "qa"},
		spinUp:   orchestrator.SpinUp{OrgID: w.org, AppID: "shop", ID: "up", EnvID: "qa", CreatedAt: epoch},
		window:   orchestrator.FreezeWindow{OrgID: w.org, ID: "win", EnvTypeID: "test", Cron: "0 0 * * *", CreatedAt: epoch},
		path:     orchestrator.PromotionPath{OrgID: w.org, AppID: "shop", Steps: []orchestrator.PromotionStep{{Env: "qa"}}},
	}
	require.NoError(t, s.CreateLifetime(ctx, &l.lifetime))
	require.NoError(t, s.CreateSpinUp(ctx, &l.spinUp))
	require.NoError(t, s.CreateFreezeWindow(ctx, &l.window))
	require.NoError(t, s.PutPromotionPath(ctx, &l.path))
	l.promotion = orchestrator.Promotion{OrgID: w.org, AppID: "shop", ID: "prom", EnvID: "qa", CreatedAt: epoch}
	require.NoError(t, s.CreatePromotion(ctx, &l.promotion))
	l.rule = orchestrator.PreviewRule{OrgID: w.org, AppID: "shop", ID: "rule", BaseEnvID: "qa", CreatedAt: epoch}
	require.NoError(t, s.CreatePreviewRule(ctx, &l.rule))
	return l
}

func testLifecycle(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.Lifetime]{
		place:  func(v *orchestrator.Lifetime) { v.OrgID, v.AppID, v.EnvID = "acme", "shop", "qa" },
		keep:   func(from, to *orchestrator.Lifetime) { to.Version = from.Version },
		create: func(v *orchestrator.Lifetime) error { return s.CreateLifetime(ctx, v) },
		read:   func() (*orchestrator.Lifetime, error) { return s.GetLifetime(ctx, w.env) },
		update: func(v *orchestrator.Lifetime) error { return s.UpdateLifetime(ctx, v) },
	})
	l, err := s.GetLifetime(ctx, w.env)
	require.NoError(t, err)
	due, err := s.DueLifetimes(ctx, epoch.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, due, "nothing is to be looked at")
	at := epoch
	l.NextAt = &at
	require.NoError(t, s.UpdateLifetime(ctx, l))
	due, err = s.DueLifetimes(ctx, epoch, 10)
	require.NoError(t, err)
	require.Empty(t, due)
	due, err = s.DueLifetimes(ctx, epoch.Add(1), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	all, err := s.ListLifetimes(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, due, all)
	require.True(t, orchestrator.IsNotFound(s.CreateLifetime(ctx, &orchestrator.Lifetime{OrgID: "acme", AppID: "shop", EnvID: "none"})))

	check(t, aggregate[orchestrator.SpinUp]{
		place: func(v *orchestrator.SpinUp) { v.OrgID, v.AppID, v.ID = "acme", "shop", "up" },
		keep: func(from, to *orchestrator.SpinUp) {
			changed := *to
			*to = *from
			to.DeploymentID, to.Status, to.Phase, to.Message, to.Events = changed.DeploymentID, changed.Status, changed.Phase, changed.Message, changed.Events
			to.CancelRequestedAt, to.HandedOverAt, to.FinishedAt = changed.CancelRequestedAt, changed.HandedOverAt, changed.FinishedAt
		},
		create: func(v *orchestrator.SpinUp) error { return s.CreateSpinUp(ctx, v) },
		read:   func() (*orchestrator.SpinUp, error) { return s.GetSpinUp(ctx, "acme", "shop", "up") },
		update: func(v *orchestrator.SpinUp) error { return s.UpdateSpinUp(ctx, v) },
	})
	up, err := s.GetSpinUp(ctx, "acme", "shop", "up")
	require.NoError(t, err)
	later := orchestrator.SpinUp{OrgID: "acme", AppID: "shop", ID: "later", CreatedAt: up.CreatedAt.Add(time.Minute), HandedOverAt: &at}
	require.NoError(t, s.CreateSpinUp(ctx, &later))
	list, err := s.ListSpinUps(ctx, "acme", "shop", 1)
	require.NoError(t, err)
	require.Equal(t, "later", list[0].ID)
	id := func(u orchestrator.SpinUp) string { return u.ID }
	open, err := s.UnfinishedSpinUps(ctx, later.CreatedAt.Add(1), epoch, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"up"}, names(open, id), "the other one was told")
	open, err = s.UnfinishedSpinUps(ctx, later.CreatedAt.Add(1), epoch.Add(1), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"up", "later"}, names(open, id), "told long ago")
	later.FinishedAt = &at
	require.NoError(t, s.UpdateSpinUp(ctx, &later))
	require.NoError(t, s.DeleteSpinUps(ctx, "acme", "shop", epoch.Add(1)))
	list, err = s.ListSpinUps(ctx, "acme", "shop", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"up"}, names(list, id), "what is under way stays")
}

func testFreezeAndPath(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.FreezeWindow]{
		place:  func(v *orchestrator.FreezeWindow) { v.OrgID, v.EnvTypeID, v.ID = "acme", "test", "win" },
		create: func(v *orchestrator.FreezeWindow) error { return s.CreateFreezeWindow(ctx, v) },
		read:   func() (*orchestrator.FreezeWindow, error) { return s.GetFreezeWindow(ctx, "acme", "win") },
	})
	require.True(t, orchestrator.IsNotFound(s.CreateFreezeWindow(ctx, &orchestrator.FreezeWindow{OrgID: "acme", ID: "x", EnvTypeID: "none"})))
	for envType, want := range map[string]int{"": 1, "test": 1, "other": 0} {
		list, err := s.ListFreezeWindows(ctx, "acme", envType)
		require.NoError(t, err)
		require.Len(t, list, want)
	}
	require.NoError(t, s.DeleteFreezeWindow(ctx, "acme", "win"))
	require.True(t, orchestrator.IsNotFound(s.DeleteFreezeWindow(ctx, "acme", "win")))

	check(t, aggregate[orchestrator.PreviewRule]{
		place:  func(v *orchestrator.PreviewRule) { v.OrgID, v.AppID, v.ID = "acme", "shop", "rule" },
		create: func(v *orchestrator.PreviewRule) error { return s.CreatePreviewRule(ctx, v) },
		read:   func() (*orchestrator.PreviewRule, error) { return s.GetPreviewRule(ctx, "acme", "shop", "rule") },
	})
	for app, want := range map[string]int{"": 1, "shop": 1, "other": 0} {
		list, err := s.ListPreviewRules(ctx, "acme", app)
		require.NoError(t, err)
		require.Len(t, list, want)
	}
	require.NoError(t, s.DeletePreviewRule(ctx, "acme", "shop", "rule"))
	require.True(t, orchestrator.IsNotFound(s.DeletePreviewRule(ctx, "acme", "shop", "rule")))

	for _, steps := range [][]orchestrator.PromotionStep{{{Env: "qa"}}, {{Type: "test"}, {Env: "qa"}}} {
		path := orchestrator.PromotionPath{OrgID: "acme", AppID: "shop", Steps: steps, UpdatedAt: epoch, UpdatedBy: "ann"}
		require.NoError(t, s.PutPromotionPath(ctx, &path))
		got, err := s.GetPromotionPath(ctx, "acme", "shop")
		require.NoError(t, err)
		require.Equal(t, &path, got)
	}
	require.NoError(t, s.DeletePromotionPath(ctx, "acme", "shop"))
	_, err := s.GetPromotionPath(ctx, "acme", "shop")
	require.True(t, orchestrator.IsNotFound(err))

	for _, outcome := range []orchestrator.Outcome{orchestrator.OutcomeSucceeded, orchestrator.OutcomeSucceeded, orchestrator.OutcomeFailed} {
		d := newDeployment(t, s, w.env)
		d.Outcome = outcome
		require.NoError(t, s.UpdateDeployment(ctx, &d))
	}
	all, err := s.ListDeployments(ctx, w.env, 0)
	require.NoError(t, err)
	last, err := s.LastSucceeded(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Deployment{all[1]}, last)
}

// missingLifecycle are calls as an organization that knows the ids of another.
func missingLifecycle(s orchestrator.Store, l *lifecycle, org string) map[string]func() error {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	return map[string]func() error{
		"CreatePreviewRule":   func() error { return s.CreatePreviewRule(ctx, as(org, l.rule)) },
		"GetPreviewRule":      func() error { return drop(s.GetPreviewRule(ctx, org, "shop", "rule")) },
		"DeletePreviewRule":   func() error { return s.DeletePreviewRule(ctx, org, "shop", "rule") },
		"CreateLifetime":      func() error { return s.CreateLifetime(ctx, as(org, l.lifetime)) },
		"GetLifetime":         func() error { return drop(s.GetLifetime(ctx, ref)) },
		"UpdateLifetime":      func() error { return s.UpdateLifetime(ctx, as(org, l.lifetime)) },
		"CreateSpinUp":        func() error { return s.CreateSpinUp(ctx, as(org, l.spinUp)) },
		"GetSpinUp":           func() error { return drop(s.GetSpinUp(ctx, org, "shop", "up")) },
		"UpdateSpinUp":        func() error { return s.UpdateSpinUp(ctx, as(org, l.spinUp)) },
		"CreatePromotion":     func() error { return s.CreatePromotion(ctx, as(org, l.promotion)) },
		"GetPromotion":        func() error { return drop(s.GetPromotion(ctx, org, "shop", "prom")) },
		"UpdatePromotion":     func() error { return s.UpdatePromotion(ctx, as(org, l.promotion)) },
		"CreateFreezeWindow":  func() error { return s.CreateFreezeWindow(ctx, as(org, l.window)) },
		"GetFreezeWindow":     func() error { return drop(s.GetFreezeWindow(ctx, org, "win")) },
		"DeleteFreezeWindow":  func() error { return s.DeleteFreezeWindow(ctx, org, "win") },
		"GetPromotionPath":    func() error { return drop(s.GetPromotionPath(ctx, org, "shop")) },
		"PutPromotionPath":    func() error { return s.PutPromotionPath(ctx, as(org, l.path)) },
		"DeletePromotionPath": func() error { return s.DeletePromotionPath(ctx, org, "shop") },
	}
}

func emptyLifecycle(s orchestrator.Store, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListLifetimes":    count(func() ([]orchestrator.Lifetime, error) { return s.ListLifetimes(ctx, org, "shop") }),
		"ListPreviewRules": count(func() ([]orchestrator.PreviewRule, error) { return s.ListPreviewRules(ctx, org, "") }),
		"ListSpinUps":      count(func() ([]orchestrator.SpinUp, error) { return s.ListSpinUps(ctx, org, "shop", 0) }),
		"DeleteSpinUps":    func() (int, error) { return 0, s.DeleteSpinUps(ctx, org, "shop", time.Now()) },
		"ListPromotions":   count(func() ([]orchestrator.Promotion, error) { return s.ListPromotions(ctx, org, "shop", 0) }),
		"OpenPromotions": count(func() ([]orchestrator.Promotion, error) {
			return s.OpenPromotions(ctx, orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"})
		}),
		"DeletePromotions":  func() (int, error) { return 0, s.DeletePromotions(ctx, org, "shop", time.Now()) },
		"ListFreezeWindows": count(func() ([]orchestrator.FreezeWindow, error) { return s.ListFreezeWindows(ctx, org, "") }),
		"LastSucceeded":     count(func() ([]orchestrator.Deployment, error) { return s.LastSucceeded(ctx, org, "shop") }),
	}
}

func lifecycleOf(s orchestrator.Store, w *world) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListLifetimes(ctx, w.org, "shop") },
		func() (any, error) { return s.ListPreviewRules(ctx, w.org, "") },
		func() (any, error) { return s.ListSpinUps(ctx, w.org, "shop", 0) },
		func() (any, error) { return s.ListPromotions(ctx, w.org, "shop", 0) },
		func() (any, error) { return s.ListFreezeWindows(ctx, w.org, "") },
		func() (any, error) { return s.GetPromotionPath(ctx, w.org, "shop") },
	}
}
