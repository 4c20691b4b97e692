// Package migrated gives tests databases that have the newest schema already. It is for tests of what stands on the
// database; those of the migrations themselves call store.Migrate.
package migrated

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-dev/slipway/internal/store"
)

// Database brings the empty database at the DSN (of PostgreSQL, or a path of SQLite) to the newest schema. For SQLite it
// copies one that was migrated once in this process: two dozen migrations take longer than many a test.
func Database(t testing.TB, dsn string) {
	t.Helper()
	if err := prepare(dsn); err != nil {
		t.Fatalf("prepare a database for the test: %v", err)
	}
}

func prepare(dsn string) error {
	if strings.HasPrefix(dsn, "postgres") {
		return store.Migrate(context.Background(), dsn, slog.New(slog.DiscardHandler))
	}
	content, err := template()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(strings.TrimPrefix(dsn, "sqlite:"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// template is the content of a migrated SQLite file.
var template = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "slipway-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "slipway.db")
	if err := store.Migrate(context.Background(), file, slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	if _, err := os.Stat(file + "-wal"); err == nil {
		return nil, fmt.Errorf("%s-wal is left: the file alone is not the whole database", file)
	}
	return os.ReadFile(file)
})
