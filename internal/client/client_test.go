package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// newClient makes a client for a fake server.
func newClient(t *testing.T, handler http.HandlerFunc) *client.Client {
	t.Helper()
	fake := httptest.NewServer(handler)
	t.Cleanup(fake.Close)
	return clientOf(t, fake.URL)
}

func clientOf(t *testing.T, url string) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{URL: url + "/", Token: "secret", UserAgent: "test/1", RetryPause: time.Millisecond})
	require.NoError(t, err)
	return c
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]client.Options{
		"no scheme":         {URL: "localhost:8080"},
		"other scheme":      {URL: "ftp://example.com"},
		"no host":           {URL: "http://"},
		"credentials":       {URL: "https://u:p@example.com"},
		"query":             {URL: "https://example.com?x=1"},
		"token with breaks": {URL: "https://example.com", Token: "a\nb"},
		"unreadable":        {URL: "http://[::1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client.New(o)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "u:p")
		})
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "Bearer secret", r.Header.Get("Authorization"))
		require.Equal(t, "test/1", r.Header.Get("User-Agent"))
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		require.Equal(t, "/orgs/my%2Forg/apps", r.URL.EscapedPath())
		var in map[string]string
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		require.Equal(t, "<${resources.db}>", in["id"])
		fmt.Fprint(w, `{"id":"shop"}`)
	})
	got, err := client.Do[api.Application](t.Context(), c, "POST", client.Scope{Org: "my/org"}.OrgPath("apps"), map[string]string{"id": "<${resources.db}>"})
	require.NoError(t, err)
	require.Equal(t, "shop", got.ID)
}

func TestErrorForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status  int
		body    string
		code    string
		message string
	}{
		"standard":       {400, `{"error":"RES-101","message":"no driver","details":{"a":1}}`, "RES-101", "no driver"},
		"bare string":    {404, `"delta x is not known"`, "HTTP-404", "delta x is not known"},
		"only the error": {409, `{"error":"taken"}`, "taken", "taken"},
		"conflicts":      {409, `[{"app_id":"shop","env_id":"dev","to_def":null}]`, "HTTP-409", "1 of what exists would be affected:\n  app_id shop, env_id dev"},
		"empty":          {401, ``, "HTTP-401", "the server answered 401 Unauthorized"},
		"page":           {404, `<html>nginx</html>`, "HTTP-404", "the server answered 404 Not Found"},
		"text":           {413, "too\nlarge", "HTTP-413", "the server answered 413 Request Entity Too Large: too large"},
		"other JSON":     {400, `7`, "HTTP-400", "the server answered 400 Bad Request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			_, err := cl.Environment(t.Context(), client.Scope{Org: "o", App: "a", Env: "e"})
			var failure *client.Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, c.status, failure.Status)
			require.Equal(t, c.code, failure.Code)
			require.Equal(t, c.message, failure.Error())
			require.True(t, client.IsStatus(fmt.Errorf("more: %w", err), c.status))
		})
	}
}

func TestRepetition(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method     string
		status     int
		retryAfter string
		want       int32 // requests
	}{
		"GET that met a proxy's error":    {"GET", 502, "", 4},
		"GET that is refused":             {"GET", 503, "", 4},
		"GET that fails":                  {"GET", 500, "", 1},
		"POST that met a proxy's error":   {"POST", 502, "", 1},
		"POST that may have done things":  {"POST", 503, "", 1},
		"POST that is told to come back":  {"POST", 503, "0", 4},
		"POST that is told when, in text": {"POST", 503, "soon", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			cl := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("Retry-After", c.retryAfter)
				w.WriteHeader(c.status)
			})
			_, err := cl.Send(t.Context(), c.method, "/x", nil)
			require.True(t, client.IsStatus(err, c.status))
			require.Equal(t, c.want, requests.Load())
		})
	}
}

func TestConnectionErrorIsOneLine(t *testing.T) {
	t.Parallel()
	const url = "http://127.0.0.1:1" // nobody listens there
	_, err := clientOf(t, url).Organizations(t.Context())
	require.EqualError(t, err, "cannot reach "+url+": connection refused")
}

func TestAnswerThatIsNoneOfOurs(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })
	_, err := c.Organizations(t.Context())
	require.ErrorContains(t, err, "is "+c.URL()+" a Slipway server?")
}

func TestCallerEndsRetries(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.Header().Set("Retry-After", "10")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := c.Send(ctx, "GET", "/x", nil)
	require.ErrorIs(t, err, context.Canceled)
}
