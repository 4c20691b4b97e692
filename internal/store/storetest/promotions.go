package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func testPromotions(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.Promotion]{
		place: func(v *orchestrator.Promotion) { v.OrgID, v.AppID, v.ID, v.EnvID = "acme", "shop", "prom", "qa" },
		keep: func(from, to *orchestrator.Promotion) {
			changed := *to
			*to = *from
			to.DeploymentID, to.RollBackID, to.Status, to.Phase, to.Message = changed.DeploymentID, changed.RollBackID, changed.Status, changed.Phase, changed.Message
			to.SoakUntil, to.Failing, to.Events = changed.SoakUntil, changed.Failing, changed.Events
			to.CancelRequestedAt, to.HandedOverAt, to.FinishedAt = changed.CancelRequestedAt, changed.HandedOverAt, changed.FinishedAt
		},
		create: func(v *orchestrator.Promotion) error { return s.CreatePromotion(ctx, v) },
		read:   func() (*orchestrator.Promotion, error) { return s.GetPromotion(ctx, "acme", "shop", "prom") },
		update: func(v *orchestrator.Promotion) error { return s.UpdatePromotion(ctx, v) },
	})
	first, err := s.GetPromotion(ctx, "acme", "shop", "prom")
	require.NoError(t, err)
	at := epoch
	later := orchestrator.Promotion{OrgID: "acme", AppID: "shop", ID: "later", EnvID: "qa", CreatedAt: first.CreatedAt.Add(time.Minute), HandedOverAt: &at}
	require.NoError(t, s.CreatePromotion(ctx, &later))
	list, err := s.ListPromotions(ctx, "acme", "shop", 1)
	require.NoError(t, err)
	require.Equal(t, "later", list[0].ID)
	id := func(p orchestrator.Promotion) string { return p.ID }
	open, err := s.OpenPromotions(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []string{"prom", "later"}, names(open, id))
	open, err = s.UnfinishedPromotions(ctx, later.CreatedAt.Add(1), epoch, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"prom"}, names(open, id), "the other one was told")
	open, err = s.UnfinishedPromotions(ctx, later.CreatedAt.Add(1), epoch.Add(1), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"prom", "later"}, names(open, id), "told long ago")
	later.FinishedAt = &at
	require.NoError(t, s.UpdatePromotion(ctx, &later))
	open, err = s.OpenPromotions(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []string{"prom"}, names(open, id))
	require.NoError(t, s.DeletePromotions(ctx, "acme", "shop", epoch.Add(1)))
	list, err = s.ListPromotions(ctx, "acme", "shop", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"prom"}, names(list, id), "what is under way stays")
	require.True(t, orchestrator.IsNotFound(s.CreatePromotion(ctx, &orchestrator.Promotion{OrgID: "acme", AppID: "none", ID: "x"})))
}
