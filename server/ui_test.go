package server_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/server"
	"github.com/slipway-dev/slipway/ui"
)

// uiServer serves a Web UI of a few files; it has no use cases, so only what needs none can be asked.
func uiServer(t *testing.T, o server.UI) *server.Server {
	t.Helper()
	if o.Files == nil {
		script := strings.Repeat("console.log('slipway');\n", 200)
		o.Files = fstest.MapFS{
			"index.html":            {Data: []byte(`<!doctype html><meta name="slipway-settings" content="{}" /><div id="root"></div>`)},
			"favicon.svg":           {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
			"assets/index-Ab12.js":  {Data: []byte(script)},
			"assets/index-Cd34.css": {Data: []byte(strings.Repeat("a{color:red}", 100))},
			".gitkeep":              {},
		}
	}
	return server.New(server.Options{Version: `v1"<2>`, UI: &o})
}

func visit(t *testing.T, s *server.Server, method, path string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

func textOf(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(raw)
}

func TestUIPages(t *testing.T) {
	t.Parallel()
	s := uiServer(t, server.UI{TemporalURL: "http://temporal.test/namespaces/default"})
	for _, path := range []string{"/", "/o/acme", "/o/acme/apps/shop/envs/development?tab=graph", "/o", "/sign-in"} {
		got := visit(t, s, "GET", path, nil)
		require.Equal(t, http.StatusOK, got.StatusCode, path)
		require.Equal(t, "text/html; charset=utf-8", got.Header.Get("Content-Type"), path)
		require.Equal(t, "no-cache", got.Header.Get("Cache-Control"), path)
		page := textOf(t, got)
		require.Contains(t, page, `<div id="root">`, path)
		require.Contains(t, page, `http://temporal.test/namespaces/default`, path)
		require.Contains(t, page, `v1\&#34;\u003c2\u003e`, "settings are escaped")
		require.NotContains(t, page, `content="{}"`)
	}
}

func TestUIPolicy(t *testing.T) {
	t.Parallel()
	s := uiServer(t, server.UI{})
	for _, path := range []string{"/", "/assets/index-Ab12.js", "/favicon.svg"} {
		h := visit(t, s, "GET", path, nil).Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			require.Contains(t, policy, part, path)
		}
		require.NotContains(t, policy, "unsafe", path)
		require.NotContains(t, policy, "http", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "DENY", h.Get("X-Frame-Options"), path)
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"), path)
	}
}

func TestUICaching(t *testing.T) {
	t.Parallel()
	s := uiServer(t, server.UI{})
	script := visit(t, s, "GET", "/assets/index-Ab12.js", nil)
	require.Equal(t, "public, max-age=31536000, immutable", script.Header.Get("Cache-Control"))
	require.Equal(t, "text/javascript; charset=utf-8", script.Header.Get("Content-Type"))
	require.Equal(t, "no-cache", visit(t, s, "GET", "/favicon.svg", nil).Header.Get("Cache-Control"))

	page := visit(t, s, "GET", "/", nil)
	etag := page.Header.Get("ETag")
	require.NotEmpty(t, etag)
	for name, c := range map[string]struct {
		match  string
		status int
	}{
		"the same":      {etag, http.StatusNotModified},
		"weak":          {"W/" + etag, http.StatusNotModified},
		"one of them":   {`"x", ` + etag, http.StatusNotModified},
		"any":           {"*", http.StatusNotModified},
		"another":       {`"x"`, http.StatusOK},
		"that of gzip":  {strings.TrimSuffix(etag, `"`) + `-gzip"`, http.StatusOK},
		"not an answer": {"", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := visit(t, s, "GET", "/o/acme", map[string]string{"If-None-Match": c.match})
			require.Equal(t, c.status, got.StatusCode)
			require.Equal(t, etag, got.Header.Get("ETag"))
			if c.status == http.StatusNotModified {
				require.Empty(t, textOf(t, got))
			}
		})
	}
}

func TestUICompression(t *testing.T) {
	t.Parallel()
	s := uiServer(t, server.UI{})
	plain := textOf(t, visit(t, s, "GET", "/assets/index-Ab12.js", nil))
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.8": true, "*": true, "gzip;q=0": false, "gzip;q=0.000, br": false, "br": false, "GZIP ; q=1": true,
	} {
		got := visit(t, s, "GET", "/assets/index-Ab12.js", map[string]string{"Accept-Encoding": header})
		require.Equal(t, "Accept-Encoding", got.Header.Get("Vary"), header)
		body := textOf(t, got)
		if !want {
			require.Empty(t, got.Header.Get("Content-Encoding"), header)
			require.Equal(t, plain, body, header)
			continue
		}
		require.Equal(t, "gzip", got.Header.Get("Content-Encoding"), header)
		require.Less(t, len(body), len(plain))
		r, err := gzip.NewReader(bytes.NewBufferString(body))
		require.NoError(t, err)
		raw, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, plain, string(raw), header)
	}
	small := visit(t, s, "GET", "/favicon.svg", map[string]string{"Accept-Encoding": "gzip"})
	require.Empty(t, small.Header.Get("Content-Encoding"), "it would be no smaller")
	head := visit(t, s, "HEAD", "/", nil)
	require.Equal(t, http.StatusOK, head.StatusCode)
	require.Empty(t, textOf(t, head))
}

// TestUILeavesTheAPIAlone: what is no page is answered as without a Web UI.
func TestUILeavesTheAPIAlone(t *testing.T) {
	t.Parallel()
	with, without := uiServer(t, server.UI{}), server.New(server.Options{Version: "test"})
	for _, c := range []struct{ method, path string }{
		{"GET", "/nope"}, {"GET", "/orgs"}, {"GET", "/orgs/acme/nope"}, {"GET", "/assets/index-0.js"}, {"GET", "/assets/"}, {"GET", "/.gitkeep"},
		{"GET", "/index.html"}, {"POST", "/nope"}, {"GET", "/auth/nope"}, {"GET", "/ox"}, {"GET", "/assets/../server.go"}, {"DELETE", "/orgs"},
	} {
		header := map[string]string{"Accept": "text/html", "X-Request-Id": "same"}
		got, want := visit(t, with, c.method, c.path, header), visit(t, without, c.method, c.path, header)
		require.Equal(t, want.StatusCode, got.StatusCode, "%s %s", c.method, c.path)
		require.GreaterOrEqual(t, got.StatusCode, 400, "%s %s", c.method, c.path)
		require.Equal(t, textOf(t, want), textOf(t, got), "%s %s", c.method, c.path)
		require.Equal(t, want.Header, got.Header, "%s %s", c.method, c.path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, visit(t, with, "POST", "/", nil).StatusCode)
}

// TestUIIsBuiltIn: whether it was built or not, there is a page, and it names nothing of another host.
func TestUIIsBuiltIn(t *testing.T) {
	t.Parallel()
	s := uiServer(t, server.UI{Files: ui.Files()})
	page := textOf(t, visit(t, s, "GET", "/", nil))
	require.Contains(t, page, "<title>Slipway</title>")
	require.NotContains(t, page, "src=\"http")
	require.NotContains(t, page, "href=\"http")
	require.NotContains(t, page, "<style")
}
