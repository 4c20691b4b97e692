package store

import (
	"context"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"
)

// maxAttempts bounds how often InTx runs its function.
const maxAttempts = 5

// txKey finds the transaction of one store in a context; two stores in one
// process do not see each other's.
type txKey struct{ store *Store }

type transaction struct {
	db *gorm.DB
	// appended names the deployments whose watchers are told after the commit.
	appended []string
}

// InTx runs fn in one transaction: read committed on PostgreSQL, where rows
// that are read to be changed carry a version or are locked, and exclusive
// among writers on SQLite.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if s.transaction(ctx) != nil {
		return fn(ctx)
	}
	for attempt := 1; ; attempt++ {
		err := s.tryTx(ctx, fn)
		if err == nil || attempt == maxAttempts || !repeatable(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (s *Store) tryTx(ctx context.Context, fn func(ctx context.Context) error) error {
	t := &transaction{}
	var failed error
	err := s.write.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		t.db = db
		failed = fn(context.WithValue(ctx, txKey{s}, t))
		return failed
	})
	if failed != nil {
		return failed
	}
	if err != nil {
		return s.fail(ctx, err, "commit")
	}
	s.feed.signal(t.appended...)
	return nil
}

// pause waits a little longer after each attempt, with jitter so that those
// who collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	base := time.Duration(attempt) * 10 * time.Millisecond
	timer := time.NewTimer(base/2 + rand.N(base)) //nolint:gosec // spreads retries, guards nothing
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (s *Store) transaction(ctx context.Context) *transaction {
	t, _ := ctx.Value(txKey{s}).(*transaction)
	return t
}

// reader is the context's transaction, else a connection that reads.
func (s *Store) reader(ctx context.Context) *gorm.DB {
	if t := s.transaction(ctx); t != nil {
		return t.db.WithContext(ctx)
	}
	return s.read.WithContext(ctx)
}

// writer is the context's transaction, else a connection that writes.
func (s *Store) writer(ctx context.Context) *gorm.DB {
	if t := s.transaction(ctx); t != nil {
		return t.db.WithContext(ctx)
	}
	return s.write.WithContext(ctx)
}
