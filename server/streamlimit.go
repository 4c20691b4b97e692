package server

import (
	"sync"

	"github.com/slipway-dev/slipway/orchestrator"
)

// streamLimit bounds how many event streams one caller has open.
type streamLimit struct {
	most int // 0 = any number

	mu   sync.Mutex
	open map[string]int // by user
}

func newStreamLimit(most int) *streamLimit { return &streamLimit{most: most, open: map[string]int{}} }

// take opens a stream of a user; the caller closes it by calling what is returned.
func (l *streamLimit) take(user string) (release func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.most > 0 && l.open[user] >= l.most {
		return nil, orchestrator.Errorf(orchestrator.CodeLimited, "you have %d event streams open, which is all that this server allows one user; close some, or have --streams-per-user raised", l.most)
	}
	l.open[user]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.open[user]--; l.open[user] <= 0 {
			delete(l.open, user)
		}
	}, nil
}

// openStream counts an event stream of the caller until what is returned is called.
func (c *Call) openStream() (func(), error) {
	release, err := c.server.streams.take(orchestrator.ActorFrom(c.Context()).UserID)
	if err != nil {
		return nil, err
	}
	c.server.metrics.streams.Inc()
	return func() {
		c.server.metrics.streams.Dec()
		release()
	}, nil
}
