package store

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Options say which database to open and how.
type Options struct {
	// DSN is postgres://… (or postgresql://…) for PostgreSQL, and a file's path,
	// optionally with the prefix "sqlite:", for SQLite.
	DSN string
	// Log receives warnings and slow queries; default slog.Default().
	Log *slog.Logger
	// MaxOpen bounds the connections (SQLite: those that read; one more
	// writes). Default 20 for PostgreSQL, 8 for SQLite.
	MaxOpen int
	// SlowQuery is the duration from which a statement is logged, without its
	// parameters; 0 = never.
	SlowQuery time.Duration
}

// Store keeps the records. It is safe for concurrent use.
type Store struct {
	read     *gorm.DB // the same as write on PostgreSQL
	write    *gorm.DB
	pools    []*sql.DB // in the order in which they are closed
	postgres bool
	log      *slog.Logger
	feed     *feed
}

var _ orchestrator.Store = (*Store)(nil)

// Open opens the database and checks that its schema is the one this binary
// was built for; Migrate brings an older one up to date. The error is one line
// that says what is wrong with the database.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	where, err := parseDSN(o.DSN)
	if err != nil {
		return nil, err
	}
	s, err := open(where, o)
	if err != nil {
		return nil, openError(where, err)
	}
	if err := checkSchema(ctx, where, s.pools[len(s.pools)-1]); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func open(where location, o Options) (*Store, error) {
	s := &Store{postgres: where.postgres, log: o.Log}
	var err error
	if where.postgres {
		err = s.openPostgres(where, o)
	}
	if !where.postgres {
		err = s.openSQLite(where, o)
	}
	if err != nil {
		_ = s.closePools()
		return nil, err
	}
	s.feed = newFeed(s.newestSeqs, o.Log)
	return s, nil
}

// Close ends the store; later calls answer CodeUnavailable.
func (s *Store) Close() error {
	s.feed.close()
	return s.closePools()
}

func (s *Store) closePools() error {
	var first error
	for _, pool := range s.pools {
		if err := pool.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	err := s.pools[0].QueryRowContext(ctx, "SELECT 1").Scan(&one)
	return s.fail(ctx, err, "ask the database for a sign of life")
}

// newGORM wraps a pool: no hidden transactions, no writes through structs
// without a condition, and the guard against queries across organizations.
func newGORM(dialector gorm.Dialector, o Options) (*gorm.DB, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 &queryLog{log: o.Log, slow: o.SlowQuery},
		NowFunc:                func() time.Time { return time.Now().UTC() },
	})
	if err != nil {
		return nil, err
	}
	return db, db.Use(organizationGuard{})
}
