package store

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// pollInterval is how often appends of other processes are looked for, while
// anybody watches.
const pollInterval = 500 * time.Millisecond

// feed tells watchers of deployments that something was appended: at once when
// this process did it, by polling when another one did. Polling needs no
// connection of its own and survives lost connections and poolers alike.
type feed struct {
	newest func(ctx context.Context, deployments []string) (map[string]position, error)
	log    *slog.Logger

	mu       sync.Mutex
	watchers map[string]map[chan struct{}]struct{} // by deployment
	seen     map[string]position                   // what the last poll found
	stop     context.CancelFunc                    // ends the poller; nil = none runs
	polling  sync.WaitGroup
	closed   bool
}

// position is the newest event and log line of a deployment.
type position struct{ event, line int64 }

func newFeed(newest func(context.Context, []string) (map[string]position, error), log *slog.Logger) *feed {
	return &feed{newest: newest, log: log, watchers: map[string]map[chan struct{}]struct{}{}, seen: map[string]position{}}
}

// watch registers a channel until ctx ends. The poller runs while there is one.
func (f *feed) watch(ctx context.Context, deployment string) <-chan struct{} {
	ch := make(chan struct{}, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || ctx.Err() != nil {
		return ch
	}
	if f.watchers[deployment] == nil {
		f.watchers[deployment] = map[chan struct{}]struct{}{}
	}
	f.watchers[deployment][ch] = struct{}{}
	if f.stop == nil {
		var polls context.Context
		polls, f.stop = context.WithCancel(context.Background())
		f.polling.Go(func() { f.poll(polls) })
	}
	context.AfterFunc(ctx, func() { f.forget(deployment, ch) })
	return ch
}

func (f *feed) forget(deployment string, ch chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers[deployment], ch)
	if len(f.watchers[deployment]) == 0 {
		delete(f.watchers, deployment)
		delete(f.seen, deployment)
	}
	if len(f.watchers) == 0 && f.stop != nil {
		f.stop()
		f.stop = nil
	}
}

// signal wakes the watchers; one that is awake already needs no second call.
func (f *feed) signal(deployments ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wake(deployments...)
}

func (f *feed) wake(deployments ...string) {
	for _, d := range deployments {
		for ch := range f.watchers[d] {
			select {
			case ch <- struct{}{}:
			default:
			}
		}
	}
}

func (f *feed) poll(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := f.look(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			f.log.WarnContext(ctx, "cannot look for new events; will keep trying", "error", err)
		}
		failing = err != nil
	}
}

// look compares what is stored with what it found before. A deployment that is
// new to it is signalled as well: something may have been appended between the
// watcher's first read and this look.
func (f *feed) look(ctx context.Context) error {
	f.mu.Lock()
	watched := make([]string, 0, len(f.watchers))
	for d := range f.watchers {
		watched = append(watched, d)
	}
	f.mu.Unlock()
	found, err := f.newest(ctx, watched)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for d, at := range found {
		before, known := f.seen[d]
		if _, watched := f.watchers[d]; watched && (!known || at != before) {
			f.seen[d] = at
			f.wake(d)
		}
	}
	return nil
}

// close ends the poller and waits for it; channels stay silent from then on.
func (f *feed) close() {
	f.mu.Lock()
	f.closed = true
	f.watchers = map[string]map[chan struct{}]struct{}{}
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
	f.mu.Unlock()
	f.polling.Wait()
}
