package store

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestPipelinesMigration gives applications that are there already the pipeline that new ones begin with.
func TestPipelinesMigration(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkPipelinesMigration(t, dsn(t))
		})
	}
}

func checkPipelinesMigration(t *testing.T, dsn string) {
	ctx := context.Background()
	where, err := parseDSN(dsn)
	require.NoError(t, err)
	pool, err := openForMigration(where)
	require.NoError(t, err)
	defer func() { _ = pool.Close() }()
	provider, err := newProvider(where, pool, false)
	require.NoError(t, err)
	_, err = provider.UpTo(ctx, 9)
	require.NoError(t, err)
	exec(t, pool, `INSERT INTO organizations (id, name, created_at, created_by) VALUES ('acme', 'Acme', 1, '')`)
	for _, app := range []string{"shop", "blog"} {
		exec(t, pool, `INSERT INTO applications (org_id, id, name, status, status_message, status_changed_at, created_at, created_by, version)
			VALUES ('acme', '`+app+`', '', 'active', '', 1, 5, 'bob', 1)`)
	}
	require.NoError(t, Migrate(ctx, dsn, slog.New(slog.DiscardHandler)))
	s, err := Open(ctx, Options{DSN: dsn})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()

	versions := map[string]bool{}
	for _, app := range []string{"shop", "blog"} {
		p, err := s.GetPipeline(ctx, "acme", app, pipeline.DefaultID)
		require.NoError(t, err)
		require.Equal(t, []string{pipeline.TriggerDeploymentRequest}, p.TriggerTypes)
		require.Equal(t, "bob", p.CreatedBy)
		v, err := s.GetPipelineVersion(ctx, "acme", app, p.ID, p.VersionID)
		require.NoError(t, err)
		require.Equal(t, pipeline.Default, v.Definition, "as new applications get it")
		require.Equal(t, p.Name, v.Name)
		versions[v.ID] = true
		criteria, err := s.ListPipelineCriteria(ctx, "acme", app)
		require.NoError(t, err)
		require.Len(t, criteria, 1)
		require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, criteria[0].ID)
		twin := criteria[0]
		twin.ID = "twin"
		require.Error(t, s.CreatePipelineCriteria(ctx, &twin), "it conflicts with equal ones")
	}
	require.Len(t, versions, 2)
}
