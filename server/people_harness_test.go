package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/server"
)

// rawHeader sends a request of the administrator with further headers.
func (h *harness) rawHeader(header http.Header, method, path, body string) answer {
	h.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+h.token)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	got := recorder.Result()
	text, err := io.ReadAll(got.Body)
	require.NoError(h.t, err)
	require.NoError(h.t, got.Body.Close())
	return answer{t: h.t, Status: got.StatusCode, Header: got.Header, Body: string(text)}
}

// trustProxies builds the server anew, behind proxies.
func (h *harness) trustProxies(networks ...string) {
	h.t.Helper()
	var prefixes []netip.Prefix
	for _, n := range networks {
		prefixes = append(prefixes, netip.MustParsePrefix(n))
	}
	h.server = server.New(server.Options{Service: h.service, Version: "test", TrustedProxies: prefixes})
}
