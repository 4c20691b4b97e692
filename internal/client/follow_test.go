package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

var place = client.Scope{Org: "o", App: "a", Env: "e"}

// fakeStream serves a deployment with ten events; each connection breaks off after a few.
type fakeStream struct {
	perConnection int
	connections   atomic.Int32
	told          atomic.Int64
}

const lastEvent = 10

func (f *fakeStream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/events") {
		status := api.StatusInProgress
		if f.told.Load() >= lastEvent {
			status = api.StatusSucceeded
		}
		fmt.Fprintf(w, `{"id":"d","status":%q}`, status)
		return
	}
	if r.Header.Get("Accept") == "application/json" {
		fmt.Fprint(w, "[]")
		return
	}
	after, _ := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	f.connections.Add(1)
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": hello\n\n")
	// The first event is one the client knows: streams may repeat themselves.
	for seq := max(after, 1); seq <= lastEvent && seq <= after+int64(f.perConnection); seq++ {
		kind, status := api.EventNodeStatus, "running"
		if seq == lastEvent {
			kind, status = api.EventDeploymentStatus, api.StatusSucceeded
		}
		fmt.Fprintf(w, "id: %d\nevent: %s\ndata: {\"seq\":%d,\ndata: \"type\":%q,\"status\":%q}\n\n", seq, kind, seq, kind, status)
		f.told.Store(seq)
	}
	fmt.Fprint(w, "data: {\"seq\":99") // cut off in the middle of an event
}

func TestFollowResumes(t *testing.T) {
	t.Parallel()
	fake := &fakeStream{perConnection: 3}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	var got []int64
	d, err := clientOf(t, server.URL).FollowDeployment(t.Context(), place, "d", 0, func(e api.DeploymentEvent) error {
		got = append(got, e.Seq)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, api.StatusSucceeded, d.Status)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, got)
	require.Equal(t, int32(4), fake.connections.Load())
}

func TestFollowSurvivesARestart(t *testing.T) {
	t.Parallel()
	fake := &fakeStream{perConnection: 4}
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := requests.Add(1); n > 1 && n < 12 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	last := int64(0)
	_, err := clientOf(t, server.URL).FollowDeployment(t.Context(), place, "d", 0, func(e api.DeploymentEvent) error {
		require.Equal(t, last+1, e.Seq)
		last = e.Seq
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, int64(lastEvent), last)
}

func TestFollowEnds(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		fn      func(context.CancelFunc) error
		check   func(*testing.T, error)
	}{
		"the caller stops": {
			handler: (&fakeStream{perConnection: 10}).ServeHTTP,
			fn:      func(context.CancelFunc) error { return enough },
			check:   func(t *testing.T, err error) { require.ErrorIs(t, err, enough) },
		},
		"the context ends": {
			handler: (&fakeStream{perConnection: 1}).ServeHTTP,
			fn:      func(cancel context.CancelFunc) error { cancel(); return nil },
			check:   func(t *testing.T, err error) { require.ErrorIs(t, err, context.Canceled) },
		},
		"there is no such deployment": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNotFound)
				fmt.Fprint(w, `{"error":"HTTP-404","message":"deployment d does not exist"}`)
			},
			check: func(t *testing.T, err error) { require.EqualError(t, err, "deployment d does not exist") },
		},
		"the stream is none": {
			handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: nonsense\n\n") },
			check:   func(t *testing.T, err error) { require.ErrorContains(t, err, "an event cannot be read") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, err := newClient(t, c.handler).FollowDeployment(ctx, place, "d", 0, func(api.DeploymentEvent) error { return c.fn(cancel) })
			c.check(t, err)
		})
	}
}
