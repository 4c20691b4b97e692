package kubernetes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// followPoll is how soon a new container joins.
	followPoll = time.Second
	// followLost is how long a cluster may be out of reach before following ends.
	followLost = time.Minute
	// maxFollowed bounds the containers that are followed at a time.
	maxFollowed = 100
	// followAsk bounds one question to the cluster.
	followAsk = 15 * time.Second
)

// FollowLogs tells the lines of all containers that the query names as they are written, each container's in order. The query's
// Limit is how many of the lines that are there already are told of each container, From how old they may be.
func (d *Delivery) FollowLogs(ctx context.Context, t orchestrator.Target, q orchestrator.ContainerLogQuery, f orchestrator.LogFollower) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	redact := redaction.New(append(secretLines(q.Hidden), q.Hidden...)...)
	c, err := d.cluster(ctx, t)
	if err != nil {
		return redacted(err, redact)
	}
	w := &logFollow{
		cluster: c, target: t, query: q, follower: f, hidden: q.Hidden, renewed: time.Now(),
		lines: make(chan orchestrator.ContainerLogLine), streams: map[string]*followed{},
	}
	w.redact.Store(redact)
	defer w.open.Wait() // after cancel
	defer cancel()
	return w.run(ctx)
}

// logFollow follows the containers of one environment.
type logFollow struct {
	*cluster
	target   orchestrator.Target
	query    orchestrator.ContainerLogQuery
	follower orchestrator.LogFollower
	hidden   []string
	renewed  time.Time
	redact   atomic.Pointer[redaction.Redactor]
	lines    chan orchestrator.ContainerLogLine
	open     sync.WaitGroup
	streams  map[string]*followed
}

// followed is one container, over its runs.
type followed struct {
	logStream
	reading atomic.Bool
	last    atomic.Int64 // time of the last line, in nanoseconds
	done    bool         // the run with this many restarts was read to its end
	tail    int          // lines that are there already and are told; -1 = all
}

func (w *logFollow) run(ctx context.Context) error {
	tick := time.NewTicker(followPoll)
	defer tick.Stop()
	lost := time.Time{}
	for first := true; ; first = false {
		err := w.look(ctx, first)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			lost = time.Time{}
		case first || !unreachable(err):
			return w.told(err)
		case lost.IsZero():
			lost = time.Now()
		case time.Since(lost) > followLost:
			return w.told(err)
		}
		if err := w.tell(ctx, tick.C); err != nil {
			return err
		}
	}
}

// told is an error as a caller may see it.
func (w *logFollow) told(err error) error {
	if known := (*orchestrator.Error)(nil); errors.As(err, &known) {
		return err
	}
	return logError(w.cluster, err, w.redact.Load())
}

// tell passes lines on until it is time to look again.
func (w *logFollow) tell(ctx context.Context, again <-chan time.Time) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again:
			return nil
		case line := <-w.lines:
			if err := w.follower.Tell(line); err != nil {
				return err
			}
		}
	}
}

// look finds containers that are new, or run anew, and begins to read them.
func (w *logFollow) look(ctx context.Context, first bool) error {
	if time.Since(w.renewed) >= orchestrator.RenewLogs {
		if err := w.renew(ctx); err != nil {
			return err
		}
	}
	asking, cancel := context.WithTimeout(ctx, followAsk)
	defer cancel()
	found, err := w.logStreams(asking, w.target, w.query)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range found {
		key := s.uid + "/" + s.container
		known[key] = true
		one := w.streams[key]
		if one == nil {
			if len(w.streams) >= maxFollowed {
				continue
			}
			one = &followed{logStream: s, tail: -1}
			if first {
				one.tail = w.query.Limit
			}
			w.streams[key] = one
		} else if one.reading.Load() || one.done && one.restarts == s.restarts {
			continue
		}
		if !first { // it may have been given secrets that are new
			if err := w.renew(ctx); err != nil {
				return err
			}
		}
		one.restarts, one.done = s.restarts, s.ended
		one.reading.Store(true)
		w.open.Go(func() {
			defer one.reading.Store(false)
			w.read(ctx, one)
		})
	}
	for key, one := range w.streams {
		if !known[key] && !one.reading.Load() {
			delete(w.streams, key)
		}
	}
	return nil
}

func (w *logFollow) renew(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, followAsk)
	defer cancel()
	hidden, err := w.follower.Renew(asking)
	if err != nil {
		return err
	}
	w.renewed = time.Now()
	seen := map[string]bool{}
	for _, s := range w.hidden {
		seen[s] = true
	}
	before := len(w.hidden)
	for _, s := range hidden {
		if !seen[s] {
			seen[s] = true
			w.hidden = append(w.hidden, s)
		}
	}
	if len(w.hidden) > before {
		w.redact.Store(redaction.New(append(secretLines(w.hidden), w.hidden...)...))
	}
	return nil
}

// read reads one run of a container until it ends. What goes wrong is tried again at the next look.
func (w *logFollow) read(ctx context.Context, one *followed) {
	request := w.discovery.RESTClient().Get().AbsPath("/api/v1/namespaces", w.target.Namespace, "pods", one.pod, "log").
		Param("container", one.container).Param("timestamps", "true").Param("follow", "true")
	last := one.last.Load()
	switch {
	case last > 0:
		request.Param("sinceTime", time.Unix(0, last).UTC().Format(time.RFC3339))
	case !w.query.From.IsZero():
		request.Param("sinceTime", w.query.From.UTC().Format(time.RFC3339))
	}
	if last == 0 && one.tail >= 0 {
		request.Param("tailLines", fmt.Sprint(one.tail))
	}
	stream, err := request.Stream(ctx)
	if err != nil {
		if apierrors.IsBadRequest(err) {
			one.tail = -1 // it has not begun; all that it will write is new
		}
		return
	}
	defer func() { _ = stream.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = stream.Close() })
	defer stop()
	reader := bufio.NewReaderSize(stream, 64<<10)
	for {
		raw, err := readLine(reader)
		if line, is := parseLine(raw, one.logStream, w.redact.Load()); is {
			// Where reading goes on, the lines of that second come again.
			if at := line.At.UnixNano(); at > last {
				one.last.Store(at)
				if admits(w.query, line) && !w.pass(ctx, line) {
					return
				}
			}
		}
		if err != nil {
			return
		}
	}
}

func (w *logFollow) pass(ctx context.Context, line orchestrator.ContainerLogLine) bool {
	select {
	case w.lines <- line:
		return true
	case <-ctx.Done():
		return false
	}
}

// readLine reads a line of which at most maxLogBytes are kept: secrets are looked for before less is shown, so that none is halved.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := maxLogBytes - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if n := len(line); n > 0 && line[n-1] == '\n' {
			line = line[:n-1]
		}
		return string(line), err
	}
}
