package store_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/store/storetest"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

var (
	ctx   = context.Background()
	quiet = slog.New(slog.DiscardHandler)
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) orchestrator.Store { return openNew(t, sqliteDSN(t)) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) orchestrator.Store { return openNew(t, testenv.Postgres(t)) })
}

func sqliteDSN(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "slip way%.db") }

// openNew migrates an empty database and opens it until the test ends.
func openNew(t testing.TB, dsn string) *store.Store {
	t.Helper()
	require.NoError(t, store.Migrate(ctx, dsn, quiet))
	s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet, MaxOpen: 6})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}
