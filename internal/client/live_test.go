package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/client"
)

// TestFollowGoesOnWhereItWas: connections that break off and servers that are away for a moment lose nothing.
func TestFollowGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	var positions []string
	answers := []string{
		": hello\n\nid: a\nevent: run\ndata: 1\n\nid: b\nevent: line\ndata: {\"x\":\ndata: 2}\n\nid: c\nevent: li",
		"503",
		"id: c\nevent: line\ndata: 3\n\n",
		"id: c\nevent: end\ndata: {\"reason\":\"ended\"}\n\nid: d\nevent: line\ndata: 4\n\n",
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		positions = append(positions, r.Header.Get("Last-Event-ID"))
		answer := answers[0]
		answers = answers[1:]
		if answer == "503" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, answer)
	}))
	defer s.Close()
	c, err := client.New(client.Options{URL: s.URL, RetryPause: time.Millisecond})
	require.NoError(t, err)
	var heard []string
	require.NoError(t, c.Follow(t.Context(), "/events", func(f client.Frame) error {
		heard = append(heard, f.Type+" "+string(f.Data))
		return nil
	}))
	require.Equal(t, []string{"run 1", "line {\"x\":\n2}", "line 3", `end {"reason":"ended"}`}, heard, "each once, and nothing behind the end")
	require.Equal(t, []string{"", "b", "b", "c"}, positions)
}

func TestStreamsOfFactsEnd(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/none" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "id: a\nevent: run\ndata: 1\n\n")
	}))
	defer s.Close()
	c, err := client.New(client.Options{URL: s.URL, RetryPause: time.Millisecond})
	require.NoError(t, err)
	enough := errors.New("enough")
	require.ErrorIs(t, c.Follow(t.Context(), "/events", func(client.Frame) error { return enough }), enough)
	require.True(t, client.IsStatus(c.Follow(t.Context(), "/none", func(client.Frame) error { return nil }), http.StatusNotFound))
}
