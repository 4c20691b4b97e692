package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// TestRequestRate: each user has a share of its own, and so have those who show
// no token that is known; what they are refused is said clearly.
func TestRequestRate(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.server = server.New(server.Options{Service: h.service, RequestRate: 0.5}) // five at once
	for range 5 {
		h.do("GET", "/current-user", "").must(http.StatusOK, nil)
	}
	refused := h.do("GET", "/current-user", "")
	refused.fails(http.StatusTooManyRequests, "more requests than this server allows")
	require.Equal(t, "1", refused.Header.Get("Retry-After"))
	h.as(h.rival, "GET", "/current-user", "").must(http.StatusOK, nil)

	h.as(orchestrator.NewTokenValue(), "GET", "/current-user", "").must(http.StatusUnauthorized, nil)
	h.as(orchestrator.NewTokenValue(), "GET", "/current-user", "").fails(http.StatusTooManyRequests, "your address sends")
	h.as("", "POST", "/auth/invitations/accept", `{"token":"none"}`).fails(http.StatusTooManyRequests)
	h.as(h.rival, "GET", "/current-user", "").must(http.StatusOK, nil)
	got, _ := h.raw("", "GET", "/healthz", "")
	require.Equal(t, http.StatusOK, got.Status, "probes are never refused")
}

func TestNoRequestRate(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range 200 {
		h.as("sw_unknown", "GET", "/current-user", "").must(http.StatusUnauthorized, nil)
	}
}
