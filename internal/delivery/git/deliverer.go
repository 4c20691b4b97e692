package git

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

const (
	defaultAttempts = 40
	defaultDepth    = 256

	backoffStep = 25 * time.Millisecond
	backoffMax  = time.Second
	// maxStandstill is how often a push may fail while the branch stays where it is: a ref that is locked for a moment
	// is worth another try, a hook that declines is not.
	maxStandstill = 5
)

// Deliverer brings Environments to Git repositories. It keeps no state of its own, so any number of them, in any number
// of processes, may deliver to one repository at once. The zero value is ready.
type Deliverer struct {
	// Attempts bounds how often a commit is built anew because the branch had moved. Default 40.
	Attempts int
	// HistoryDepth is how many commits are fetched at the first contact with a remote repository, and so how far back a
	// repeated delivery finds itself. Default 256.
	HistoryDepth int
}

// New gives a Deliverer with the defaults.
func New() *Deliverer { return &Deliverer{} }

// errMoved says that the branch is not where the commit was built.
var errMoved = errors.New("the branch has moved")

// Deliver makes the directory of the Environment hold exactly the objects of the request, in one commit. Repeating it
// with the same deployment id gives the commit that is there. See ErrRefused, ErrAuthentication and ErrContended for
// the reasons of a failure; the context bounds the time, network included.
func (d *Deliverer) Deliver(ctx context.Context, r Request) (Result, error) {
	return d.run(ctx, r, actionDeliver)
}

// Remove takes away everything that Deliver wrote for the Environment, in one commit, and keeps what others put there.
// When there is nothing, it makes no commit.
func (d *Deliverer) Remove(ctx context.Context, r Request) (Result, error) {
	r.Objects = nil
	return d.run(ctx, r, actionRemove)
}

func (d *Deliverer) run(ctx context.Context, r Request, act action) (Result, error) {
	loc, err := r.resolve()
	if err != nil {
		return Result{}, location{Target: r.Target}.safe(refused("%s", err))
	}
	r.Target = loc.Target
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	r.Time = r.Time.UTC()
	if err := r.check(act == actionDeliver); err != nil {
		return Result{}, loc.safe(refused("%s", err))
	}
	result, err := d.attempt(ctx, loc, r, act)
	if err != nil {
		return Result{}, loc.safe(err)
	}
	result.Branch, result.URL = loc.Branch, loc.shown
	return result, nil
}

func (d *Deliverer) attempt(ctx context.Context, loc location, r Request, act action) (Result, error) {
	repo, err := d.open(ctx, loc)
	if err != nil {
		return Result{}, err
	}
	defer repo.close()

	attempts := max(d.Attempts, 0)
	if attempts == 0 {
		attempts = defaultAttempts
	}
	var last plumbing.Hash
	standstill := 0
	for n := range attempts {
		if err := pause(ctx, n); err != nil {
			return Result{}, err
		}
		head, result, err := d.once(ctx, repo, r, act)
		if err == nil {
			return result, nil
		}
		// A fetched history that lacks an object is fetched again in full.
		if errors.Is(err, plumbing.ErrObjectNotFound) && repo.renew() {
			continue
		}
		var push *pushError
		if !errors.As(err, &push) {
			return Result{}, err
		}
		if n > 0 && head == last && !errors.Is(err, errMoved) {
			standstill++
		}
		if head != last {
			standstill = 0
		}
		if last = head; standstill >= maxStandstill {
			return Result{}, err
		}
	}
	return Result{}, fmt.Errorf("%w: %d commits in a row were overtaken by others", ErrContended, attempts)
}

// pushError marks failures after which the branch may have moved, so that looking again makes sense.
type pushError struct{ err error }

func (e *pushError) Error() string { return "pushing: " + e.err.Error() }
func (e *pushError) Unwrap() error { return e.err }

// once looks at the branch, builds a commit on it and advances it.
func (d *Deliverer) once(ctx context.Context, repo repository, r Request, act action) (plumbing.Hash, Result, error) {
	head, err := repo.head(ctx)
	if err != nil {
		return head, Result{}, err
	}
	if found, err := findDelivery(repo.objects(), head, r, act); err != nil || !found.IsZero() {
		return head, Result{Commit: found.String(), Repeated: true}, err
	}
	base, err := openState(repo.objects(), head, r.Path)
	if err != nil {
		return head, Result{}, err
	}
	change, err := planChange(base, r, act)
	if err != nil {
		return head, Result{}, err
	}
	if act == actionRemove && change.empty() {
		return head, Result{Commit: shownHash(head), Unchanged: true}, nil
	}
	commit, fresh, err := buildCommit(base, change, r, act)
	if err != nil {
		return head, Result{}, err
	}
	if err := repo.advance(ctx, head, commit, fresh); err != nil {
		if ctx.Err() != nil {
			return head, Result{}, ctx.Err()
		}
		return head, Result{}, &pushError{err}
	}
	return head, Result{
		Commit: commit.String(), Unchanged: change.empty(),
		Written: change.written(r.Path), Removed: change.removed(r.Path),
	}, nil
}

func shownHash(h plumbing.Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

func pause(ctx context.Context, n int) error {
	if n == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(min(time.Duration(n)*backoffStep, backoffMax))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
