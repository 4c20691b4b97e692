package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/slipway-dev/slipway/migrations"
)

// Migrate brings the schema of the database up to date. Several processes may
// call it at once. A database that is newer than this binary is refused.
func Migrate(ctx context.Context, dsn string, log *slog.Logger) error {
	if log == nil {
		log = slog.Default()
	}
	where, err := parseDSN(dsn)
	if err != nil {
		return err
	}
	pool, err := openForMigration(where)
	if err != nil {
		return openError(where, err)
	}
	defer func() { _ = pool.Close() }()
	provider, err := newProvider(where, pool, true)
	if err != nil {
		return err
	}
	current, target, err := versions(ctx, where, provider)
	if err != nil {
		return err
	}
	if current > target {
		return newerThanBinary(where, current, target)
	}
	if current == target {
		return nil
	}
	results, err := up(ctx, where, provider, target)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", where, err)
	}
	for _, r := range results {
		log.InfoContext(ctx, "database migrated", "migration", r.Source.Path, "took", r.Duration)
	}
	return nil
}

// up applies what is pending. PostgreSQL serializes processes by an advisory
// lock; on SQLite one of two that start together may find the work of the
// other in its way, and then looks again.
func up(ctx context.Context, where location, p *goose.Provider, target int64) ([]*goose.MigrationResult, error) {
	for attempt := 1; ; attempt++ {
		results, err := p.Up(ctx)
		if err == nil || where.postgres || attempt == maxAttempts {
			return results, err
		}
		if current, verr := p.GetDBVersion(ctx); verr == nil && current == target {
			return nil, nil
		}
		if perr := pause(ctx, attempt); perr != nil {
			return nil, perr
		}
	}
}

func openForMigration(where location) (*sql.DB, error) {
	if where.postgres {
		return openPostgresPool(where, 2)
	}
	return openSQLiteFile(where, writerPragmas(), 1)
}

func newProvider(where location, pool *sql.DB, locked bool) (*goose.Provider, error) {
	folder, dialect := "sqlite", goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler))}
	if where.postgres {
		folder, dialect = "postgres", goose.DialectPostgres
	}
	if where.postgres && locked {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("prepare the migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations.FS, folder)
	if err != nil {
		return nil, fmt.Errorf("read the embedded migrations: %w", err)
	}
	return goose.NewProvider(dialect, pool, files, options...)
}

// versions returns that of the database and that of this binary.
func versions(ctx context.Context, where location, p *goose.Provider) (current, target int64, err error) {
	sources := p.ListSources()
	target = sources[len(sources)-1].Version
	current, err = p.GetDBVersion(ctx)
	if err != nil {
		return 0, 0, openError(where, err)
	}
	return current, target, nil
}

// checkSchema refuses a database that this binary was not built for.
func checkSchema(ctx context.Context, where location, pool *sql.DB) error {
	provider, err := newProvider(where, pool, false)
	if err != nil {
		return err
	}
	current, target, err := versions(ctx, where, provider)
	if err != nil {
		return err
	}
	if current > target {
		return newerThanBinary(where, current, target)
	}
	if current < target {
		return fmt.Errorf("%s has schema version %d, this slipway needs %d: run slipway migrate first", where, current, target)
	}
	return nil
}

func newerThanBinary(where location, current, target int64) error {
	return fmt.Errorf("%s has schema version %d, newer than the %d this slipway knows: use the newer slipway, or restore a backup made before the upgrade",
		where, current, target)
}
