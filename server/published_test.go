package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// published is the published API's own document; nil when it is not on this machine.
func published() *apidoc.Document {
	doc, err := apidoc.Published()
	if err != nil {
		panic("the published document cannot be used: " + err.Error())
	}
	return doc
}

func requirePublished(t testing.TB) *apidoc.Document {
	t.Helper()
	if published() == nil {
		t.Skip("the published OpenAPI document is not on this machine; set SLIPWAY_REFERENCE to its path")
	}
	return published()
}

// checkPublished fails when an answer has a status or shape that the published
// API does not declare for the operation. Statuses that every operation may
// have are not declared there.
func checkPublished(t testing.TB, request *http.Request, got answer) {
	t.Helper()
	if published() == nil {
		return
	}
	require.NoError(t, publishedFault(request, got), "%s %s answered %d: %s", request.Method, request.URL.Path, got.Status, got.Body)
}

func publishedFault(request *http.Request, got answer) error {
	e := &apidoc.Exchange{
		Method: request.Method, Path: request.URL.RequestURI(), Status: got.Status, Header: got.Header, Body: []byte(got.Body),
	}
	if _, known := published().Find(e); !known {
		return nil // an operation of our own
	}
	return published().AnswerFault(e)
}

func TestTheCheckAgainstThePublishedAPICanFail(t *testing.T) {
	t.Parallel()
	requirePublished(t)
	request := httptest.NewRequest(http.MethodGet, "/orgs/acme/apps/shop", nil)
	asJSON := http.Header{"Content-Type": []string{"application/json"}}
	require.Error(t, publishedFault(request, answer{Status: 200, Header: asJSON, Body: `{"id":"shop"}`}))
	require.Error(t, publishedFault(request, answer{Status: 201, Header: asJSON, Body: `{}`}))
	require.Error(t, publishedFault(request, answer{Status: 404, Header: asJSON, Body: `"gone"`}))
	deltas := httptest.NewRequest(http.MethodGet, "/orgs/acme/apps/shop/deltas/1", nil)
	require.Error(t, publishedFault(deltas, answer{Status: 404, Header: asJSON, Body: `{"error":"x","message":"y"}`}))
	require.NoError(t, publishedFault(deltas, answer{Status: 404, Header: asJSON, Body: `"gone"`}))
}
