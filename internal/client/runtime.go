package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
)

// Runtime looks at what runs of an Environment.
func (c *Client) Runtime(ctx context.Context, s Scope) (json.RawMessage, error) {
	req, err := c.request(ctx, http.MethodGet, s.EnvPath("runtime"), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/v2+json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.streamError(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, c.streamError(ctx, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, errorOf(res.StatusCode, body)
	}
	return body, nil
}

// ContainerLogQuery narrows the logs of containers.
type ContainerLogQuery struct {
	Workload, Container, Pod, Contains string
	Previous                           bool
	From                               time.Time
	Limit                              int // 0 = the server's
}

func (q ContainerLogQuery) encode() string {
	out := url.Values{}
	for name, value := range map[string]string{"workload_id": q.Workload, "container_id": q.Container, "pod_id": q.Pod, "contains": q.Contains} {
		if value != "" {
			out.Set(name, value)
		}
	}
	if q.Previous {
		out.Set("previous", "true")
	}
	if !q.From.IsZero() {
		out.Set("timestamp_from", q.From.UTC().Format(time.RFC3339Nano))
	}
	if q.Limit > 0 {
		out.Set("limit", strconv.Itoa(q.Limit))
	}
	return "?" + out.Encode()
}

// ContainerLogs reads the newest lines, oldest first.
func (c *Client) ContainerLogs(ctx context.Context, s Scope, q ContainerLogQuery) (json.RawMessage, error) {
	return c.Get(ctx, s.EnvPath("logs")+q.encode()+"&invert=true")
}

// FollowContainerLogs calls fn with each line as it is written until ctx ends, fn fails or the server says that there is nothing to
// follow. When the connection breaks it connects again and goes on with what is newer, and gives up when the server is out of reach
// for two minutes.
func (c *Client) FollowContainerLogs(ctx context.Context, s Scope, q ContainerLogQuery, fn func(api.ContainerLogEntry) error) error {
	lost, pause := time.Time{}, c.pause
	told := resumption{last: map[string]time.Time{}}
	for {
		got, err := c.streamLines(ctx, s, told.query(q), func(l api.ContainerLogEntry) error {
			if told.again(l) {
				return nil
			}
			return fn(l)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !transient(err) {
			return err
		}
		if got || err == nil {
			lost, pause = time.Time{}, c.pause
		}
		if err != nil && lost.IsZero() {
			lost = time.Now()
			c.notify(fmt.Sprintf("%v; connecting again", err))
		}
		if err != nil && time.Since(lost) > lostLimit {
			return fmt.Errorf("lost the server for %s while following logs: %w", lostLimit, err)
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, maxPause)
	}
}

// resumption remembers up to where each container was told.
type resumption struct {
	last   map[string]time.Time // by pod and container
	before map[string]time.Time // as it was when the connection was made: what is not newer comes again
	to     time.Time
}

func (r *resumption) query(q ContainerLogQuery) ContainerLogQuery {
	r.before = maps.Clone(r.last)
	if !r.to.IsZero() {
		// Containers are not told in one order, so some of what is older was not told yet.
		q.From, q.Limit = r.to.Add(-time.Minute), 1000
	}
	return q
}

// again tells whether a line was told before, and remembers it.
func (r *resumption) again(l api.ContainerLogEntry) bool {
	at, err := time.Parse(time.RFC3339Nano, l.Timestamp)
	if err != nil {
		return false
	}
	key := l.PodID + "/" + l.ContainerID
	if before, known := r.before[key]; known && !at.After(before) {
		return true
	}
	r.last[key] = at
	if at.After(r.to) {
		r.to = at
	}
	return false
}

// streamLines reads one connection's worth of lines; got says that there was one.
func (c *Client) streamLines(ctx context.Context, s Scope, q ContainerLogQuery, fn func(api.ContainerLogEntry) error) (got bool, err error) {
	position := "" // lines have times, and no ids
	err = c.frames(ctx, s.EnvPath("logs")+q.encode(), &position, func(f Frame) error {
		var line struct {
			api.ContainerLogEntry
			api.Error
		}
		if err := json.Unmarshal(f.Data, &line); err != nil {
			return err
		}
		if line.Code != "" {
			return fmt.Errorf("following ended: %s", line.Message)
		}
		got = true
		return fn(line.ContainerLogEntry)
	})
	return got, err
}
