package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	garbage := filepath.Join(folder, "garbage.db")
	require.NoError(t, os.WriteFile(garbage, bytes.Repeat([]byte("not a database "), 500), 0o600))
	empty := filepath.Join(folder, "empty.db")
	closed := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))

	for name, c := range map[string]struct{ dsn, want string }{
		"nothing":          {"", "no database given"},
		"another database": {"mysql://root:hunter2@x/y", `database scheme "mysql" is not supported`},
		"in memory":        {":memory:", "in memory is not supported"},
		"parameters":       {"file:x.db?mode=ro", "takes no parameters"},
		"no folder":        {filepath.Join(folder, "none", "x.db"), "does not exist"},
		"a folder":         {folder, "unable to open database file"},
		"garbage":          {garbage, "is damaged or no SQLite database"},
		"not migrated":     {empty, "has schema version 0, this slipway needs"},
		"bad address":      {"postgres://user:hunter2@host:port/db", "postgres"},
		"nobody listens":   {"postgres://user:hunter2@" + closed + "/db?sslmode=disable", "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(ctx, store.Options{DSN: c.dsn, Log: quiet})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "hunter2")
			require.NotContains(t, err.Error(), "\n", "one line")
		})
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name+" several at once", func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			errs := make([]error, 4)
			var running sync.WaitGroup
			for i := range errs {
				running.Go(func() { errs[i] = store.Migrate(ctx, dsn, quiet) })
			}
			running.Wait()
			for _, err := range errs {
				require.NoError(t, err)
			}
			s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		})
		t.Run(name+" newer than the binary", func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			require.NoError(t, store.Migrate(ctx, dsn, quiet))
			raw := openRaw(t, dsn)
			_, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
			require.NoError(t, err)
			require.ErrorContains(t, store.Migrate(ctx, dsn, quiet), "has schema version 999, newer than")
			_, err = store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
			require.ErrorContains(t, err, "has schema version 999, newer than")
		})
	}
}

var databases = map[string]func(testing.TB) string{"sqlite": sqliteDSN, "postgres": testenv.Postgres}

// openRaw opens the database beside the store.
func openRaw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, address := "pgx", dsn
	if path, found := strings.CutPrefix(dsn, "sqlite:"); found {
		driver, address = "sqlite", path
	}
	db, err := sql.Open(driver, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	openNew(t, dsn)
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(strings.TrimPrefix(dsn, "sqlite:") + suffix)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			require.NoError(t, store.Migrate(ctx, dsn, quiet))
			s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
			require.NoError(t, err)
			require.NoError(t, s.Ping(ctx))
			require.NoError(t, s.Close())
			_, readErr := s.GetOrganization(ctx, "x")
			for what, err := range map[string]error{
				"Ping": s.Ping(ctx), "read": readErr,
				"write": s.CreateOrganization(ctx, &orchestrator.Organization{ID: "x"}),
				"InTx":  s.InTx(ctx, func(context.Context) error { return nil }),
			} {
				require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%s: %v", what, err)
			}
		})
	}
}

// TestPostgresGoesAway shuts the way to the server while the store is open, and
// opens it again.
func TestPostgresGoesAway(t *testing.T) {
	t.Parallel()
	dsn := testenv.Postgres(t)
	s := openNew(t, dsn)
	raw := openRaw(t, dsn)
	require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}))
	err := s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.GetOrganization(ctx, "acme"); err != nil {
			return err
		}
		_, err := raw.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		require.NoError(t, err)
		_, err = s.GetOrganization(ctx, "acme")
		return err
	})
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
	_, err = s.GetOrganization(ctx, "acme")
	require.NoError(t, err, "the store connects again by itself")
}

// TestSerializationFailureIsRepeated fails twice the way PostgreSQL does.
func TestSerializationFailureIsRepeated(t *testing.T) {
	t.Parallel()
	s := openNew(t, sqliteDSN(t))
	attempts := 0
	err := s.InTx(ctx, func(ctx context.Context) error {
		attempts++
		if err := s.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}); err != nil {
			return err
		}
		if attempts < 3 {
			return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: "40001"})
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 3, attempts)
	err = s.InTx(ctx, func(context.Context) error { attempts++; return &pgconn.PgError{Code: "40P01"} })
	require.Error(t, err)
	require.Equal(t, 8, attempts, "a few times, not for ever")
}

// TestSlowQueryLogHidesParameters makes every statement slow.
func TestSlowQueryLogHidesParameters(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			require.NoError(t, store.Migrate(ctx, dsn, quiet))
			var log bytes.Buffer
			s, err := store.Open(ctx, store.Options{DSN: dsn, Log: slog.New(slog.NewTextHandler(&log, nil)), SlowQuery: time.Nanosecond})
			require.NoError(t, err)
			require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: "hunter2", Name: "hunter2"}))
			_, err = s.GetOrganization(ctx, "hunter2")
			require.NoError(t, err)
			require.True(t, orchestrator.IsNotFound(s.CreateToken(ctx, &orchestrator.Token{UserID: "hunter2", Hash: "hunter2"})))
			require.NoError(t, s.Close())
			require.Contains(t, log.String(), "INSERT INTO")
			require.NotContains(t, log.String(), "hunter2")
		})
	}
}

// TestWatchAcrossProcesses uses two stores on one database, which know no more
// of each other than two processes do.
func TestWatchAcrossProcesses(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := database(t)
			server, worker := openNew(t, dsn), openNew(t, dsn)
			require.NoError(t, server.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}))
			watching, stop := context.WithCancel(ctx)
			defer stop()
			signal := server.Watch(watching, "d1")
			for range 3 {
				require.NoError(t, worker.AppendLog(ctx, &orchestrator.LogLine{OrgID: "acme", DeploymentID: "d1", Text: "x"}))
				select {
				case <-signal:
				case <-time.After(time.Minute):
					t.Fatal("the append of the other store was not signalled")
				}
			}
		})
	}
}

// TestNoGoroutineIsLeft is not parallel: it counts.
func TestNoGoroutineIsLeft(t *testing.T) {
	dsn := sqliteDSN(t)
	require.NoError(t, store.Migrate(ctx, dsn, quiet))
	before := runtime.NumGoroutine()
	for range 5 {
		s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
		require.NoError(t, err)
		watching, stop := context.WithCancel(ctx)
		for i := range 50 {
			s.Watch(watching, fmt.Sprint(i))
		}
		s.Watch(ctx, "for ever")
		stop()
		require.NoError(t, s.Close())
	}
	deadline := time.Now().Add(time.Minute)
	for runtime.NumGoroutine() > before {
		require.True(t, time.Now().Before(deadline), "%d goroutines, there were %d", runtime.NumGoroutine(), before)
		runtime.Gosched()
	}
}

// TestKilledProcessLosesNothing kills a process with SIGKILL while it writes:
// everything it had reported as committed is there.
func TestKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	require.NoError(t, store.Migrate(ctx, dsn, quiet))
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriterThatIsKilled$")
	cmd.Env = append(os.Environ(), "STORE_TEST_WRITER="+dsn)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var reported []string
	for len(reported) < 40 {
		var id string
		_, err := fmt.Fscanln(out, &id)
		require.NoError(t, err)
		reported = append(reported, id)
	}
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for _, id := range reported {
		_, err := s.GetOrganization(ctx, id)
		require.NoError(t, err, id)
	}
}

// TestWriterThatIsKilled is the other process of TestKilledProcessLosesNothing.
func TestWriterThatIsKilled(t *testing.T) {
	dsn := os.Getenv("STORE_TEST_WRITER")
	if dsn == "" {
		t.Skip("runs only as the child of TestKilledProcessLosesNothing")
	}
	s, err := store.Open(ctx, store.Options{DSN: dsn, Log: quiet})
	require.NoError(t, err)
	for i := 0; ; i++ {
		id := fmt.Sprintf("org-%d", i)
		require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: id}))
		fmt.Println(id)
	}
}

// TestReadersDoNotWaitForTheWriter holds a transaction open that has written.
func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	t.Parallel()
	s := openNew(t, sqliteDSN(t))
	require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme"}))
	require.NoError(t, s.InTx(ctx, func(inside context.Context) error {
		if err := s.CreateOrganization(inside, &orchestrator.Organization{ID: "new"}); err != nil {
			return err
		}
		hurry, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		all, err := s.AllOrganizations(hurry)
		require.NoError(t, err)
		require.Len(t, all, 1, "what is not committed is not seen")
		return nil
	}))
}
