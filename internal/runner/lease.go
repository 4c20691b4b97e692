package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// lease keeps a run's lease alive. ctx ends when it is lost: by then another
// runner may start soon, so everything of this one must be dead.
type lease struct {
	ctx    context.Context
	lose   context.CancelCauseFunc
	cancel chan struct{} // closed when the run shall stop
	once   sync.Once
	done   chan struct{}
	until  atomic.Int64 // deadline as Unix nanoseconds

	// finishing says that the outcome is being written, which ends the lease: not to
	// have it any more is no reason to give that up. Writing is fenced itself.
	finishing atomic.Bool
}

// lapsed reports whether the lease has run out by the clock on the wall, which
// goes on while a machine sleeps. It is asked right before something is started
// that nobody else must start.
func (l *lease) lapsed() bool { return time.Now().UnixNano() > l.until.Load() }

var errLeaseLost = errors.New("the lease is lost")

// holdLease renews until released. The deadline is the runner's own: a database
// that does not answer, or a process that was stopped for a while, loses the
// lease without being told.
func holdLease(ctx context.Context, j *job) *lease {
	l := &lease{cancel: make(chan struct{}), done: make(chan struct{})}
	l.ctx, l.lose = context.WithCancelCause(ctx)
	deadline := time.Now().Add(j.settings.Timing.Lease)
	l.until.Store(deadline.UnixNano())
	go func() {
		tick := time.NewTicker(j.settings.Timing.Renew)
		defer tick.Stop()
		soft := j.soft
		for {
			select {
			case <-l.done:
				return
			case <-soft:
				soft = nil
				l.stop()
			case <-tick.C:
				deadline = j.renew(l, deadline)
				l.until.Store(deadline.UnixNano())
			}
			if time.Now().After(deadline) || l.lapsed() {
				l.lose(fmt.Errorf("%w: it could not be renewed in time", errLeaseLost))
			}
			if l.ctx.Err() != nil {
				return
			}
		}
	}()
	return l
}

// renew extends the lease and returns the new deadline, or the old one.
func (j *job) renew(l *lease, deadline time.Time) time.Time {
	now := time.Now()
	if now.After(deadline) || l.lapsed() {
		return deadline
	}
	ctx, stop := context.WithDeadline(l.ctx, deadline)
	defer stop()
	until := now.Add(j.settings.Timing.Lease)
	cancelled, err := j.store.RenewLease(ctx, j.run, now, until)
	if orchestrator.CodeOf(err) == orchestrator.CodePrecondition {
		if l.finishing.Load() {
			return deadline
		}
		l.lose(fmt.Errorf("%w: %w", errLeaseLost, err))
		return deadline
	}
	if err != nil {
		j.log.Warn("the lease could not be renewed", "error", err)
		return deadline
	}
	if cancelled {
		l.stop()
	}
	return until
}

// stop asks the work to end in an orderly way.
func (l *lease) stop() { l.once.Do(func() { close(l.cancel) }) }

// cancelled reports whether stop was called.
func (l *lease) cancelled() bool {
	select {
	case <-l.cancel:
		return true
	default:
		return false
	}
}

func (l *lease) release() { close(l.done) }
