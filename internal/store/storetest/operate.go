package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// operated are the records of operations and drift in a world.
type operated struct {
	operation orchestrator.Operation
	pause     orchestrator.Pause
	scan      orchestrator.DriftScan
	settings  orchestrator.DriftSettings
	ignores   orchestrator.DriftIgnores
	token     orchestrator.PullSecretToken
}

func newOperated(t *testing.T, s orchestrator.Store, w *world) *operated {
	t.Helper()
	o := &operated{
		operation: orchestrator.Operation{
			OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "op", Kind: orchestrator.OperationRestart, Status: orchestrator.OperationPending,
			CreatedAt: epoch, StatusChangedAt: epoch,
		},
		pause:    orchestrator.Pause{OrgID: w.org, AppID: "shop", EnvID: "qa", OperationID: "op", CreatedAt: epoch},
		scan:     orchestrator.DriftScan{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "scan", Status: orchestrator.DriftRunning, CreatedAt: epoch},
		settings: orchestrator.DriftSettings{OrgID: w.org, AppID: "shop", EnvID: "qa", Every: time.Hour, UpdatedAt: epoch},
	}
	o.ignores = orchestrator.DriftIgnores{OrgID: w.org, AppID: "shop", Ignore: []orchestrator.IgnoredField{{Kind: "Secret"}}, UpdatedAt: epoch}
	o.token = orchestrator.PullSecretToken{OrgID: w.org, AppID: "shop", EnvID: "qa", RegistryID: "images", ExpiresAt: epoch, UpdatedAt: epoch}
	require.NoError(t, s.PutDriftIgnores(ctx, &o.ignores))
	require.NoError(t, s.PutPullSecretToken(ctx, &o.token))
	require.NoError(t, s.CreateOperation(ctx, &o.operation))
	require.NoError(t, s.CreatePause(ctx, &o.pause))
	require.NoError(t, s.CreateDriftScan(ctx, &o.scan))
	require.NoError(t, s.PutDriftSettings(ctx, &o.settings))
	return o
}

func testOperations(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.Operation]{
		place: func(v *orchestrator.Operation) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "o1" },
		keep: func(from, to *orchestrator.Operation) {
			changed := *to
			*to = *from
			to.Status, to.Message, to.StatusChangedAt = changed.Status, changed.Message, changed.StatusChangedAt
			to.StartedAt, to.FinishedAt, to.CancelRequestedAt = changed.StartedAt, changed.FinishedAt, changed.CancelRequestedAt
		},
		create: func(v *orchestrator.Operation) error { return s.CreateOperation(ctx, v) },
		read:   func() (*orchestrator.Operation, error) { return s.GetOperation(ctx, w.env, "o1") },
		update: func(v *orchestrator.Operation) error { return s.UpdateOperation(ctx, v) },
	})
	check(t, aggregate[orchestrator.Pause]{
		place: func(v *orchestrator.Pause) { v.OrgID, v.AppID, v.EnvID = "acme", "shop", "qa" },
		keep: func(from, to *orchestrator.Pause) {
			to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(v *orchestrator.Pause) error { return s.CreatePause(ctx, v) },
		read:   func() (*orchestrator.Pause, error) { return s.GetPause(ctx, w.env) },
		update: func(v *orchestrator.Pause) error { return s.UpdatePause(ctx, v) },
	})
	require.NoError(t, s.DeletePause(ctx, w.env))
	require.True(t, orchestrator.IsNotFound(s.DeletePause(ctx, w.env)))

	made := func(id string, at time.Duration, status orchestrator.OperationStatus) {
		require.NoError(t, s.CreateOperation(ctx, &orchestrator.Operation{
			OrgID: "acme", AppID: "shop", EnvID: "qa", ID: id, Status: status, CreatedAt: epoch.Add(at), StatusChangedAt: epoch.Add(at),
		}))
	}
	first, err := s.GetOperation(ctx, w.env, "o1")
	require.NoError(t, err)
	first.Status = orchestrator.OperationFailed
	require.NoError(t, s.UpdateOperation(ctx, first))
	made("o2", time.Hour, orchestrator.OperationPending)
	made("o3", 2*time.Hour, orchestrator.OperationInProgress)
	made("o4", 3*time.Hour, orchestrator.OperationSucceeded)
	id := func(o orchestrator.Operation) string { return o.ID }
	open, err := s.UnfinishedOperations(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []string{"o2", "o3"}, names(open, id))
	open, err = s.AllUnfinishedOperations(ctx, epoch.Add(90*time.Minute), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"o2"}, names(open, id))
	newest, err := s.ListOperations(ctx, w.env, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"o4", "o3"}, names(newest, id))
	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	all, err := s.ListOperations(ctx, w.env, 0)
	require.NoError(t, err)
	require.Empty(t, all, "operations go with their environment")
}

func testDrift(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.DriftScan]{
		place: func(v *orchestrator.DriftScan) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "s1" },
		keep: func(from, to *orchestrator.DriftScan) {
			to.Cause, to.CreatedAt, to.CreatedBy, to.Version = from.Cause, from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(v *orchestrator.DriftScan) error { return s.CreateDriftScan(ctx, v) },
		read:   func() (*orchestrator.DriftScan, error) { return s.GetDriftScan(ctx, w.env, "s1") },
		update: func(v *orchestrator.DriftScan) error { return s.UpdateDriftScan(ctx, v) },
	})
	require.NoError(t, s.CreateDriftScan(ctx, &orchestrator.DriftScan{OrgID: "acme", AppID: "shop", EnvID: "qa", ID: "s2", CreatedAt: epoch.Add(time.Hour)}))
	id := func(d orchestrator.DriftScan) string { return d.ID }
	scans, err := s.ListDriftScans(ctx, w.env, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"s2", "s1"}, names(scans, id))
	require.NoError(t, s.DeleteDriftScans(ctx, w.env, epoch.Add(time.Minute)))
	scans, err = s.ListDriftScans(ctx, w.env, 5)
	require.NoError(t, err)
	require.Equal(t, []string{"s2"}, names(scans, id))

	var settings orchestrator.DriftSettings
	fill(&settings, 1)
	settings.OrgID, settings.AppID, settings.EnvID, settings.Version = "acme", "shop", "qa", 0
	require.NoError(t, s.PutDriftSettings(ctx, &settings))
	got, err := s.GetDriftSettings(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, &settings, got)
	again := settings
	again.Version = 0
	require.True(t, orchestrator.IsConflict(s.PutDriftSettings(ctx, &again)), "somebody else was first")
	settings.Ignore, settings.Enabled, settings.Every = nil, false, 0
	require.NoError(t, s.PutDriftSettings(ctx, &settings))
	all, err := s.ListDriftSettings(ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.DriftSettings{settings}, all)
}

func testDriftIgnores(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	for _, app := range []string{"", "shop"} {
		var ignores orchestrator.DriftIgnores
		fill(&ignores, 1)
		ignores.OrgID, ignores.AppID, ignores.Version = "acme", app, 0
		require.True(t, orchestrator.IsNotFound(drop(s.GetDriftIgnores(ctx, "acme", app))))
		require.NoError(t, s.PutDriftIgnores(ctx, &ignores))
		got, err := s.GetDriftIgnores(ctx, "acme", app)
		require.NoError(t, err)
		require.Equal(t, &ignores, got)
		again := ignores
		again.Version = 0
		require.True(t, orchestrator.IsConflict(s.PutDriftIgnores(ctx, &again)), "somebody else was first")
		ignores.Ignore = nil
		require.NoError(t, s.PutDriftIgnores(ctx, &ignores))
		got, err = s.GetDriftIgnores(ctx, "acme", app)
		require.NoError(t, err)
		require.Equal(t, &ignores, got)
	}
	require.NoError(t, s.DeleteApplication(ctx, "acme", "shop"))
	require.True(t, orchestrator.IsNotFound(drop(s.GetDriftIgnores(ctx, "acme", "shop"))), "they go with their application")
	require.NoError(t, drop(s.GetDriftIgnores(ctx, "acme", "")))
}

func testPullSecrets(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	put := func(registry string, ends time.Duration) {
		require.NoError(t, s.PutPullSecretToken(ctx, &orchestrator.PullSecretToken{
			OrgID: "acme", AppID: "shop", EnvID: "qa", RegistryID: registry, ExpiresAt: epoch.Add(ends), UpdatedAt: epoch,
		}))
	}
	due := func() []string {
		list, err := s.DuePullSecretTokens(ctx, epoch.Add(2*time.Hour), 10)
		require.NoError(t, err)
		return names(list, func(v orchestrator.PullSecretToken) string { return v.RegistryID })
	}
	put("a", time.Hour)
	put("b", time.Minute)
	put("c", 3*time.Hour)
	require.Equal(t, []string{"b", "a"}, due())
	put("b", 4*time.Hour)
	require.Equal(t, []string{"a"}, due())
	require.NoError(t, s.DeletePullSecretToken(ctx, w.env, "a"))
	require.NoError(t, s.DeletePullSecretToken(ctx, w.env, "a"))
	require.Empty(t, due())
	put("a", time.Hour)
	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	require.Empty(t, due(), "they go with their environment")
}

// missingOperated are calls as an organization that knows the ids of another.
func missingOperated(s orchestrator.Store, o *operated, org string) map[string]func() error {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	operation, pause, scan, settings, ignores, token := o.operation, o.pause, o.scan, o.settings, o.ignores, o.token
	ignores.OrgID, token.OrgID = org, org
	operation.OrgID, pause.OrgID, scan.OrgID, settings.OrgID = org, org, org, org
	return map[string]func() error{
		"CreateOperation":    func() error { v := operation; v.ID = unique("o"); return s.CreateOperation(ctx, &v) },
		"GetOperation":       func() error { return drop(s.GetOperation(ctx, ref, "op")) },
		"UpdateOperation":    func() error { return s.UpdateOperation(ctx, &operation) },
		"CreatePause":        func() error { return s.CreatePause(ctx, &pause) },
		"GetPause":           func() error { return drop(s.GetPause(ctx, ref)) },
		"UpdatePause":        func() error { return s.UpdatePause(ctx, &pause) },
		"DeletePause":        func() error { return s.DeletePause(ctx, ref) },
		"CreateDriftScan":    func() error { v := scan; v.ID = unique("s"); return s.CreateDriftScan(ctx, &v) },
		"GetDriftScan":       func() error { return drop(s.GetDriftScan(ctx, ref, "scan")) },
		"UpdateDriftScan":    func() error { return s.UpdateDriftScan(ctx, &scan) },
		"PutDriftSettings":   func() error { return s.PutDriftSettings(ctx, &settings) },
		"GetDriftSettings":   func() error { return drop(s.GetDriftSettings(ctx, ref)) },
		"PutDriftIgnores":    func() error { return s.PutDriftIgnores(ctx, &ignores) },
		"GetDriftIgnores":    func() error { return drop(s.GetDriftIgnores(ctx, org, "shop")) },
		"PutPullSecretToken": func() error { return s.PutPullSecretToken(ctx, &token) },
	}
}

func emptyOperated(s orchestrator.Store, org string) map[string]func() (int, error) {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	return map[string]func() (int, error){
		"ListOperations":        count(func() ([]orchestrator.Operation, error) { return s.ListOperations(ctx, ref, 0) }),
		"UnfinishedOperations":  count(func() ([]orchestrator.Operation, error) { return s.UnfinishedOperations(ctx, ref) }),
		"ListDriftScans":        count(func() ([]orchestrator.DriftScan, error) { return s.ListDriftScans(ctx, ref, 0) }),
		"DeletePullSecretToken": func() (int, error) { return 0, s.DeletePullSecretToken(ctx, ref, "images") },
		"DeleteDriftScans":      func() (int, error) { return 0, s.DeleteDriftScans(ctx, ref, time.Now()) },
		"ListDriftSettings":     count(func() ([]orchestrator.DriftSettings, error) { return s.ListDriftSettings(ctx, org) }),
	}
}

// operatedOf reads everything of an organization.
func operatedOf(s orchestrator.Store, w *world) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListOperations(ctx, w.env, 0) },
		func() (any, error) { return s.GetPause(ctx, w.env) },
		func() (any, error) { return s.ListDriftScans(ctx, w.env, 0) },
		func() (any, error) { return s.ListDeploymentPlans(ctx, w.env, 0) },
		func() (any, error) { return s.GetDriftSettings(ctx, w.env) },
		func() (any, error) { return s.GetDriftIgnores(ctx, w.org, "shop") },
		func() (any, error) {
			all, err := s.DuePullSecretTokens(ctx, epoch.Add(time.Hour), 10)
			return slices.DeleteFunc(all, func(v orchestrator.PullSecretToken) bool { return v.OrgID != w.org }), err
		},
	}
}
