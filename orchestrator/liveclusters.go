package orchestrator

import (
	"context"
	"sync"
	"time"
)

// liveFirst lies between looks while it is not known yet which clusters to look into.
const liveFirst = 50 * time.Millisecond

// liveRuntimes are how environments run, as their clusters told last: looking
// into a cluster takes longer than a look at the records, and must not hold that up.
type liveRuntimes struct {
	s *Service

	mu      sync.Mutex
	of      []EnvRef // nil = not known yet
	found   map[EnvRef]*EnvRuntime
	failing map[EnvRef]bool
}

func newLiveRuntimes(s *Service, of ...EnvRef) *liveRuntimes {
	return &liveRuntimes{s: s, of: of, found: map[EnvRef]*EnvRuntime{}, failing: map[EnvRef]bool{}}
}

// lookInto says which environments are of interest from now on; of must not be nil.
func (l *liveRuntimes) lookInto(of []EnvRef) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of = of
}

// get is how an environment runs; nil = its cluster has not told yet.
func (l *liveRuntimes) get(ref EnvRef) *EnvRuntime {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found[ref]
}

// watch looks into the clusters until ctx ends, with a pause between two looks.
func (l *liveRuntimes) watch(ctx context.Context, pause time.Duration) {
	for ctx.Err() == nil {
		next := pause
		if !l.read(ctx) {
			next = liveFirst
		}
		select {
		case <-ctx.Done():
		case <-time.After(next):
		}
	}
}

// read looks into all clusters at once. What cannot be read stays as it was.
// False = it is not known yet where to look.
func (l *liveRuntimes) read(ctx context.Context) bool {
	l.mu.Lock()
	of := l.of
	l.mu.Unlock()
	var wg sync.WaitGroup
	for _, ref := range of {
		wg.Go(func() {
			found, err := l.s.readRuntime(ctx, ref)
			l.mu.Lock()
			defer l.mu.Unlock()
			if err != nil && !l.failing[ref] && ctx.Err() == nil && !IsNotFound(err) {
				l.s.log.WarnContext(ctx, "the runtime of an environment that is followed cannot be read; will keep trying", "environment", ref.String(), "error", err)
			}
			if l.failing[ref] = err != nil; err == nil {
				l.found[ref] = found
			}
		})
	}
	wg.Wait()
	return of != nil
}
