package compat

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv/apidoc"
)

// publishedDocument reads the published document; nil when it is not here.
func publishedDocument(t *testing.T) *apidoc.Document {
	t.Helper()
	doc, err := apidoc.Published()
	require.NoError(t, err)
	return doc
}

// exchange is a request and what was answered.
type exchange struct {
	method, path string // path with its query
	requestBody  []byte
	contentType  string
	accept       string
	status       int
	header       http.Header
	body         []byte
}

// documented is the exchange as a document judges it.
func (e *exchange) documented() *apidoc.Exchange {
	return &apidoc.Exchange{
		Method: e.method, Path: e.path, RequestBody: e.requestBody, ContentType: e.contentType, Accept: e.accept,
		Status: e.status, Header: e.header, Body: e.body,
	}
}
