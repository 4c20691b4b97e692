package orchestrator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	// livePause is how long at least lies between two looks at an object that
	// somebody follows, however many do; longer where a look takes long (see pauseAfter).
	livePause = time.Second
	// liveRenew is how often rights are looked at again while something is followed.
	liveRenew = 15 * time.Second
	// livePage bounds the log lines of one read, and of one step of a follower.
	livePage = 1000
	// liveShared bounds how many pages of logs are kept for others who are about to read them.
	liveShared = 32
)

// live shares what is read of an object among all who follow it: one looks, at
// most once in livePause, and tells the others when something is different. An
// object that nobody follows any more is not looked at.
type live struct {
	log *slog.Logger

	mu     sync.Mutex
	topics map[string]*liveTopic
}

func newLive(log *slog.Logger) *live { return &live{log: log, topics: map[string]*liveTopic{}} }

// liveFact is one thing that is so about an object.
type liveFact struct {
	name string // what it is about: environment, deployment/ID
	kind string // the type of the event that tells it
	data any
	mark string // differs when the fact does
}

// liveState is all that is so about an object.
type liveState struct {
	facts []liveFact       // in the order in which they are told
	heads map[string]int64 // the newest line of each of its logs
	over  string           // why nothing comes any more; "" = something may
}

// same reports whether there is nothing new in s.
func (s *liveState) same(before *liveState) bool {
	if before == nil || s.over != before.over || len(s.facts) != len(before.facts) || len(s.heads) != len(before.heads) {
		return false
	}
	for i, f := range s.facts {
		if b := before.facts[i]; f.name != b.name || f.mark != b.mark {
			return false
		}
	}
	for name, head := range s.heads {
		if at, known := before.heads[name]; !known || at != head {
			return false
		}
	}
	return true
}

// liveSource is how an object is looked at.
type liveSource struct {
	// look reads all that is so; CodeNotFound says that the object is gone.
	look func(ctx context.Context) (*liveState, error)
	// wake tells that there is something to look for; nil = look after each pause.
	wake func(ctx context.Context) <-chan struct{}
	// beside runs while the object is followed, for what takes longer; nil = nothing does.
	beside func(ctx context.Context)
}

// liveTopic is an object that is followed.
type liveTopic struct {
	stop context.CancelFunc

	mu      sync.Mutex
	readers map[chan struct{}]struct{}
	state   *liveState // nil until it was looked at
	pages   map[string][]liveLine

	reading chan struct{} // held by who reads a page
}

// join follows an object until ctx ends. The channel has a value whenever the
// topic's state is new.
func (l *live) join(ctx context.Context, key string, source func() liveSource) (*liveTopic, <-chan struct{}) {
	wake := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.topics[key]
	if t == nil {
		t = &liveTopic{readers: map[chan struct{}]struct{}{}, pages: map[string][]liveLine{}, reading: make(chan struct{}, 1)}
		var running context.Context
		running, t.stop = context.WithCancel(context.Background())
		l.topics[key] = t
		go l.run(running, key, t, source())
	}
	t.mu.Lock()
	t.readers[wake] = struct{}{}
	if t.state != nil {
		wake <- struct{}{}
	}
	t.mu.Unlock()
	context.AfterFunc(ctx, func() { l.leave(key, t, wake) })
	return t, wake
}

func (l *live) leave(key string, t *liveTopic, wake chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.readers, wake)
	if len(t.readers) > 0 {
		return
	}
	t.stop()
	if l.topics[key] == t {
		delete(l.topics, key)
	}
}

// run looks at an object until nobody follows it any more, or it is over.
func (l *live) run(ctx context.Context, key string, t *liveTopic, source liveSource) {
	if source.beside != nil {
		go source.beside(ctx)
	}
	var wake <-chan struct{}
	if source.wake != nil {
		wake = source.wake(ctx)
	}
	failing := false
	for {
		began := time.Now()
		state, err := source.look(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case IsNotFound(err):
			state, err = &liveState{over: liveGone}, nil
		case err != nil && !failing:
			l.log.WarnContext(ctx, "what is followed cannot be looked at; will keep trying", "object", key, "error", err)
		}
		failing = err != nil
		if err == nil {
			t.publish(state)
			if state.over != "" {
				l.close(key, t)
				return
			}
		}
		if !waitForLook(ctx, wake, failing, pauseAfter(time.Since(began))) {
			return
		}
	}
}

// close has whoever comes from now on look anew; those who follow have all there is.
func (l *live) close(key string, t *liveTopic) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.topics[key] == t {
		delete(l.topics, key)
	}
	t.stop()
}

// pauseAfter keeps looks to a fifth of the time, however much there is to look at.
func pauseAfter(took time.Duration) time.Duration {
	return min(max(livePause, 4*took), liveRenew)
}

// waitForLook waits until it is time for the next look, and reports false when there is none.
func waitForLook(ctx context.Context, wake <-chan struct{}, failing bool, breath time.Duration) bool {
	pause := time.NewTimer(breath)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-pause.C:
	}
	if wake == nil || failing {
		return true
	}
	pause.Reset(liveRenew) // finds what no signal told
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-pause.C:
	}
	return true
}

func (t *liveTopic) publish(state *liveState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if state.same(t.state) {
		return
	}
	t.state = state
	clear(t.pages)
	for wake := range t.readers {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

func (t *liveTopic) now() *liveState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// page reads the lines of a log behind one, at most livePage. Those who are at
// the same line share one read.
func (t *liveTopic) page(ctx context.Context, log string, after int64, read liveReader) ([]liveLine, error) {
	select {
	case t.reading <- struct{}{}:
		defer func() { <-t.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	key := fmt.Sprintf("%d %s", after, log)
	t.mu.Lock()
	lines, known := t.pages[key]
	t.mu.Unlock()
	if known {
		return lines, nil
	}
	lines, err := read(ctx, log, after, livePage)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pages) >= liveShared {
		clear(t.pages)
	}
	t.pages[key] = lines
	return lines, nil
}

// liveLine is a line of a log with its number there.
type liveLine struct {
	number int64
	data   any
}

// liveReader reads the lines of a log behind one, oldest first, at most limit.
type liveReader func(ctx context.Context, log string, after int64, limit int) ([]liveLine, error)

// liveFacts marks facts. A mark is keyed, because a client sees it and data may
// be of what it does not see.
type liveFacts struct {
	keeper Keeper
	facts  []liveFact
	err    error
}

func (f *liveFacts) add(name, kind string, data any) {
	f.facts = append(f.facts, liveFact{name: name, kind: kind, data: data, mark: f.mark(name, data)})
}

func (f *liveFacts) mark(name string, data any) string {
	raw, err := json.Marshal(data)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("mark %s: %w", name, err)
	}
	mac := f.keeper.MAC("followed fact", raw)
	return base64.RawURLEncoding.EncodeToString(mac[:min(6, len(mac))])
}
