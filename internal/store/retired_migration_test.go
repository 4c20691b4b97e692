package store

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestRetiredResourcesMigration brings resources of a release before there were
// retired ones up to date, and back.
func TestRetiredResourcesMigration(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRetiredMigration(t, dsn(t))
		})
	}
}

func checkRetiredMigration(t *testing.T, dsn string) {
	ctx := context.Background()
	const before = 2
	where, err := parseDSN(dsn)
	require.NoError(t, err)
	pool, err := openForMigration(where)
	require.NoError(t, err)
	defer func() { _ = pool.Close() }()
	provider, err := newProvider(where, pool, false)
	require.NoError(t, err)
	_, err = provider.UpTo(ctx, before)
	require.NoError(t, err)

	exec(t, pool, `INSERT INTO organizations (id, name, created_at, created_by) VALUES ('acme', 'Acme', 1, '')`)
	exec(t, pool, `INSERT INTO applications (org_id, id, name, status, status_message, status_changed_at, created_at, created_by, version)
		VALUES ('acme', 'shop', 'shop', 'active', '', 1, 1, '', 1)`)
	exec(t, pool, `INSERT INTO environment_types (org_id, id, description) VALUES ('acme', 'test', '')`)
	exec(t, pool, `INSERT INTO environments (org_id, app_id, id, name, type_id, from_deploy_id, last_deploy_id, queue_policy, status, status_message, status_changed_at, created_at, created_by, version)
		VALUES ('acme', 'shop', 'qa', 'qa', 'test', '', '', '', 'active', '', 1, 1, '', 1)`)
	const insert = `INSERT INTO active_resources (org_id, app_id, env_id, res_type, class, res_id, env_type, guresid, def_id, def_version_id,
		target_def_version_id, criteria_id, driver_type, driver_account, status, status_message, attempted, deploy_id, scheduled_deletion, created_at, updated_at, version)
		VALUES ('acme', 'shop', 'qa', 's3', 'default', `
	exec(t, pool, insert+`'kept', 'test', 'g-kept', 'def', 'v', '', '', 'humanitec/echo', '', 'active', '', true, 'd', false, 1, 2, 7)`)
	exec(t, pool, insert+`'leaving', 'test', 'g-leaving', 'def', 'v', '', '', 'humanitec/echo', '', 'deleting', 'stuck', true, 'd', true, 1, 2, 7)`)

	require.NoError(t, Migrate(ctx, dsn, slog.New(slog.DiscardHandler)))
	s, err := Open(ctx, Options{DSN: dsn})
	require.NoError(t, err)
	ref := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "qa"}
	all, err := s.ListActiveResources(ctx, ref)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []any{"g-kept", 0, false}, []any{all[0].GUResID, all[0].Deletions, all[0].Retired})
	require.Equal(t, []any{"g-leaving", 1, time.Unix(0, 2).UTC()}, []any{all[1].GUResID, all[1].Deletions, all[1].DeletionAt})
	require.NoError(t, s.AddRetiredResource(ctx, &orchestrator.ActiveResource{
		OrgID: "acme", AppID: "shop", EnvID: "qa", Key: resource.Key{Type: "s3", Class: "default", ID: "kept"}, GUResID: "g-next",
	}))
	require.NoError(t, s.Close())

	_, err = provider.DownTo(ctx, before)
	require.NoError(t, err)
	var left int
	require.NoError(t, pool.QueryRowContext(ctx, `SELECT count(*) FROM active_resources`).Scan(&left))
	require.Equal(t, 2, left)
}

func exec(t *testing.T, pool *sql.DB, statement string) {
	t.Helper()
	_, err := pool.ExecContext(context.Background(), statement)
	require.NoError(t, err, statement)
}
