package apidoc

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func published(t *testing.T) *Document {
	t.Helper()
	d, err := Published()
	require.NoError(t, err)
	if d == nil {
		t.Skip("the published document is not on this machine; SLIPWAY_REFERENCE names its file")
	}
	return d
}

func TestTheCheckCanFail(t *testing.T) {
	t.Parallel()
	d := published(t)
	asJSON := http.Header{"Content-Type": []string{"application/json"}}
	require.Len(t, d.Operations(), 221)
	for name, e := range map[string]Exchange{
		"a field is missing": {Method: "GET", Path: "/orgs/acme/apps/shop", Status: 200, Header: asJSON, Body: []byte(`{"id":"shop"}`)},
		"undeclared status":  {Method: "GET", Path: "/orgs/acme/apps/shop", Status: 202, Header: asJSON, Body: []byte(`{}`)},
		"not JSON":           {Method: "GET", Path: "/orgs/acme/apps", Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(`<p>`)},
		"a bad request that is called good": {Method: "POST", Path: "/orgs/acme/env-types", Status: 201, Header: asJSON,
			ContentType: "application/json", RequestBody: []byte(`{}`), Body: []byte(`{"id":"qa","description":""}`)},
	} {
		require.Error(t, d.Fault(&e), name)
	}
	fine := Exchange{Method: "GET", Path: "/orgs/acme/env-types/qa", Status: 200, Header: asJSON, Body: []byte(`{"id":"qa","description":""}`)}
	require.NoError(t, d.Fault(&fine))
}
