package storetest

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// testOptimisticLocking changes every versioned record behind the back of a
// reader, and then with versions that never were.
func testOptimisticLocking(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	user, err := s.GetUser(ctx, w.user)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		version *int64
		update  func() error
	}{
		"user":              {&user.Version, func() error { return s.UpdateUser(ctx, user) }},
		"application":       {&w.app.Version, func() error { return s.UpdateApplication(ctx, &w.app) }},
		"environment":       {&w.environ.Version, func() error { return s.UpdateEnvironment(ctx, &w.environ) }},
		"delta":             {&w.delta.Version, func() error { return s.UpdateDelta(ctx, &w.delta) }},
		"deployment":        {&w.deployment.Version, func() error { return s.UpdateDeployment(ctx, &w.deployment) }},
		"node":              {&w.node.Version, func() error { return s.UpdateNode(ctx, &w.node) }},
		"resource type":     {&w.resType.Version, func() error { return s.UpdateResourceType(ctx, &w.resType) }},
		"driver":            {&w.driver.Version, func() error { return s.UpdateDriver(ctx, &w.driver) }},
		"definition":        {&w.definition.Version, func() error { return s.UpdateDefinition(ctx, &w.definition) }},
		"active resource":   {&w.active.Version, func() error { return s.UpdateActiveResource(ctx, &w.active) }},
		"value set version": {&w.version.Version, func() error { return s.UpdateValueSetVersion(ctx, &w.version) }},
	} {
		read := *c.version
		require.NoError(t, c.update(), name)
		require.Greater(t, *c.version, read, name)
		require.NoError(t, c.update(), "%s: with the new version", name)
		for _, wrong := range []int64{read, 0, *c.version + 1} {
			latest := *c.version
			*c.version = wrong
			err := c.update()
			require.True(t, orchestrator.IsConflict(err), "%s: %v", name, err)
			require.Equal(t, wrong, *c.version, "%s: a refused update leaves its argument alone", name)
			*c.version = latest
		}
	}
	errs := atOnce(8, func(int) error {
		app := w.app
		return s.UpdateApplication(ctx, &app)
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.True(t, orchestrator.IsConflict(err), "%v", err)
	}
	require.Equal(t, 1, won, "of those who read the same version one wins")
}

func testTransactions(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	boom := errors.New("boom")
	create := func(ctx context.Context, id string) error {
		return s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: id})
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		require.NoError(t, create(ctx, "one"))
		_, err := s.GetApplication(ctx, "acme", "one")
		require.NoError(t, err, "a transaction sees what it wrote")
		return boom
	})
	require.ErrorIs(t, err, boom)
	_, err = s.GetApplication(ctx, "acme", "one")
	require.True(t, orchestrator.IsNotFound(err), "rolled back")

	err = s.InTx(ctx, func(ctx context.Context) error {
		if err := s.InTx(ctx, func(ctx context.Context) error { return create(ctx, "two") }); err != nil {
			return err
		}
		return boom
	})
	require.ErrorIs(t, err, boom)
	_, err = s.GetApplication(ctx, "acme", "two")
	require.True(t, orchestrator.IsNotFound(err), "a nested call joins the outer transaction")

	require.NoError(t, s.InTx(ctx, func(ctx context.Context) error { return create(ctx, "three") }))
	_, err = s.GetApplication(ctx, "acme", "three")
	require.NoError(t, err)
	require.Panics(t, func() {
		_ = s.InTx(ctx, func(ctx context.Context) error {
			_ = create(ctx, "four")
			panic("four")
		})
	})
	_, err = s.GetApplication(ctx, "acme", "four")
	require.True(t, orchestrator.IsNotFound(err), "a panic rolls back")
	require.NoError(t, s.Ping(ctx))
}

// testConflictInsideTx goes on after a refused Create, as a use case does that
// creates what may exist: the transaction must survive.
func testConflictInsideTx(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	require.NoError(t, s.InTx(ctx, func(ctx context.Context) error {
		for name, err := range map[string]error{
			"organization":  s.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}),
			"application":   s.CreateApplication(ctx, &w.app),
			"environment":   s.CreateEnvironment(ctx, &w.environ),
			"deployment":    s.CreateDeployment(ctx, &w.deployment),
			"definition":    s.CreateDefinition(ctx, &w.definition),
			"resource type": s.CreateResourceType(ctx, &w.resType),
			"criteria":      s.CreateDefinition(ctx, newDefinition("acme", "other", resource.Criteria{ID: "c"})),
		} {
			require.True(t, orchestrator.IsConflict(err), "%s: %v", name, err)
		}
		_, err := s.GetApplication(ctx, "acme", "nothing")
		require.True(t, orchestrator.IsNotFound(err))
		return s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "late"})
	}))
	_, err := s.GetApplication(ctx, "acme", "late")
	require.NoError(t, err)
}

// testLockEnvironment lets several read, think and write: under the lock nobody
// loses an update, and nobody else is inside.
func testLockEnvironment(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	const callers, each = 5, 6
	var inside atomic.Int32
	for _, err := range atOnce(callers, func(int) error {
		for range each {
			err := s.InTx(ctx, func(ctx context.Context) error {
				e, err := s.LockEnvironment(ctx, w.env)
				if err != nil {
					return err
				}
				if inside.Add(1) != 1 {
					return errors.New("two hold the lock")
				}
				defer inside.Add(-1)
				e.Name += "x"
				return s.UpdateEnvironment(ctx, e)
			})
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		require.NoError(t, err)
	}
	e, err := s.LockEnvironment(ctx, w.env)
	require.NoError(t, err, "outside InTx it only reads")
	require.Equal(t, strings.Repeat("x", callers*each), e.Name)
}

func testCancelledContext(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.GetApplication(cancelled, "acme", "shop")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, s.CreateApplication(cancelled, &orchestrator.Application{OrgID: "acme", ID: "x"}), context.Canceled)
	require.ErrorIs(t, s.InTx(cancelled, func(context.Context) error { return nil }), context.Canceled)
	require.Error(t, s.Ping(cancelled))

	// The end of a context in the middle of a transaction rolls back and
	// leaves the store usable.
	halfway, cancel := context.WithCancel(ctx)
	err = s.InTx(halfway, func(ctx context.Context) error {
		if err := s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "half"}); err != nil {
			return err
		}
		cancel()
		_, err := s.GetApplication(ctx, "acme", "half")
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Eventually(t, func() bool {
		_, err := s.GetApplication(ctx, "acme", "half")
		return orchestrator.IsNotFound(err)
	}, soon, 10*time.Millisecond)
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "half"}))
}

// testText stores what is awkward in SQL. Order is by bytes, not by locale.
func testText(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	ids := []string{"", "'; DROP TABLE applications; --", "?", "B", "_", "a", "a b", "a-b", "ab", "shop", "ä", "日本"}
	for i := len(ids) - 1; i >= 0; i-- {
		if ids[i] != "shop" {
			require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: ids[i], Name: ids[i] + "\n\t\\"}))
		}
	}
	got, err := s.ListApplications(ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, ids, names(got, func(a orchestrator.Application) string { return a.ID }))
	require.Equal(t, ids[1]+"\n\t\\", got[1].Name)
}
