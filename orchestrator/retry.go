package orchestrator

import (
	"context"
	"errors"
)

// staleError marks a conflict that comes from losing a race between a read and
// a write, as opposed to one that the caller has to know of.
type staleError struct{ err error }

func (e *staleError) Error() string { return e.err.Error() }
func (e *staleError) Unwrap() error { return e.err }

// stale marks a conflict of an update as a lost race.
func stale(err error) error {
	if IsConflict(err) {
		return &staleError{err}
	}
	return err
}

const raceAttempts = 30

// inTxAgain runs fn in a transaction and repeats it from its reads when it lost
// a race, so that callers who do not send a version never see one.
func (s *Service) inTxAgain(ctx context.Context, fn func(ctx context.Context) error) error {
	var err error
	for range raceAttempts {
		err = s.store.InTx(ctx, fn)
		var lost *staleError
		if !errors.As(err, &lost) || ctx.Err() != nil {
			return err
		}
	}
	return err
}
