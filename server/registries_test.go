package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const registriesPath = "/orgs/" + org + "/registries"

// plainly checks an error of registries: {error: text}.
func (a answer) plainly(status int, parts ...string) {
	a.t.Helper()
	var body map[string]any
	a.must(status, &body)
	require.Len(a.t, body, 1)
	for _, part := range parts {
		require.Contains(a.t, body["error"], part)
	}
}

func TestRegistries(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("GET", registriesPath, "").must(http.StatusOK, &[]any{})
	h.as("", "GET", registriesPath, "").plainly(http.StatusUnauthorized, "no token")
	const body = `{"id":"images","registry":"registry.test/team","type":"basic","enable_ci":true,"creds":{"username":"robot","password":"very-secret","expires":"2030-05-22T14:53:27Z"}}`
	made := h.do("POST", registriesPath, body).must(http.StatusCreated, nil)
	require.NotContains(t, made.Body, "very-secret")
	h.do("POST", registriesPath, body).plainly(http.StatusConflict, "images")
	h.do("POST", registriesPath, `{"id":"others","registry":"registry.test/team","type":"public"}`).plainly(http.StatusConflict, "images")
	h.do("GET", registriesPath+"/none", "").plainly(http.StatusNotFound, "none")
	require.NotContains(t, h.do("GET", registriesPath, "").must(http.StatusOK, nil).Body, "very-secret")

	var creds map[string]any
	answer := h.do("GET", registriesPath+"/images/creds", "").must(http.StatusOK, &creds)
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, "robot", creds["username"])
	require.Equal(t, "very-secret", creds["password"])
	require.Equal(t, "2030-05-22T14:53:27.000Z", creds["expires"])

	h.do("PATCH", registriesPath+"/images", `{"id":"images","registry":"registry.test/other","type":"basic"}`).must(http.StatusOK, nil)
	h.do("GET", registriesPath+"/images/creds", "").must(http.StatusOK, &creds)
	require.Equal(t, "very-secret", creds["password"], "they stay")
	require.Equal(t, "registry.test/other", creds["registry"])
	h.do("PATCH", registriesPath+"/images", `{"id":"images","registry":"registry.test/other","type":"basic","enable_ci":false}`).must(http.StatusOK, nil)
	h.do("GET", registriesPath+"/images/creds", "").plainly(http.StatusForbidden, "enable_ci")

	var v map[string]any
	h.do("PATCH", registriesPath+"/images", `{"id":"images","registry":"registry.test/other","type":"secret_ref","enable_ci":true,"secrets":{"*":{"namespace":"ns","secret":"regcred"}}}`).must(http.StatusOK, &v)
	require.Equal(t, map[string]any{"*": map[string]any{"namespace": "ns", "secret": "regcred"}}, v["secrets"])
	creds = nil
	h.do("GET", registriesPath+"/images/creds", "").must(http.StatusOK, &creds)
	require.NotContains(t, creds, "password", "credentials of the former type are gone")
	h.do("DELETE", registriesPath+"/images", "").must(http.StatusNoContent, nil)
	h.do("DELETE", registriesPath+"/images", "").plainly(http.StatusNotFound, "images")
	require.NotContains(t, h.logs.String(), "very-secret")
}

func TestRegistriesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, c := range map[string]struct {
		body string
		want string
	}{
		"bad id":           {`{"id":"A","registry":"r.test","type":"public"}`, "id"},
		"no registry":      {`{"id":"reg-1","type":"public"}`, "registry"},
		"an address":       {`{"id":"reg-1","registry":"https://r.test","type":"public"}`, "https"},
		"unknown type":     {`{"id":"reg-1","registry":"r.test","type":"docker"}`, "google_gcr"},
		"no credentials":   {`{"id":"reg-1","registry":"r.test","type":"basic"}`, "creds"},
		"half of them":     {`{"id":"reg-1","registry":"r.test","type":"basic","creds":{"username":"u"}}`, "password"},
		"too many":         {`{"id":"reg-1","registry":"r.test","type":"public","creds":{"username":"u","password":"p"}}`, "creds"},
		"no secret":        {`{"id":"reg-1","registry":"r.test","type":"secret_ref"}`, "secrets"},
		"half of a secret": {`{"id":"reg-1","registry":"r.test","type":"secret_ref","secrets":{"*":{"namespace":"n"}}}`, "secrets.*"},
		"no JSON":          {`{`, "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.do("POST", registriesPath, c.body)
			got.t = t
			got.plainly(http.StatusBadRequest, c.want)
		})
	}
	h.do("PATCH", registriesPath+"/none", `{"id":"other"}`).plainly(http.StatusBadRequest, "id")
}

func TestWhoReadsTheCredentialsOfRegistries(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const body = `{"id":"images","registry":"registry.test","type":"basic","enable_ci":true,"creds":{"username":"u","password":"p"}}`
	role := func(role string) string {
		_, token := h.user("user", map[string]string{orchestrator.OrgObject(org): role})
		return token
	}
	ci, member := role(orchestrator.RoleArtefactContributor), role(orchestrator.RoleMember)
	h.as(ci, "POST", registriesPath, body).plainly(http.StatusForbidden)
	h.do("POST", registriesPath, body).must(http.StatusCreated, nil)
	h.as(ci, "GET", registriesPath+"/images/creds", "").must(http.StatusOK, nil)
	h.as(member, "GET", registriesPath+"/images", "").must(http.StatusOK, nil)
	h.as(member, "GET", registriesPath+"/images/creds", "").plainly(http.StatusForbidden)
	h.as(h.rival, "GET", registriesPath+"/images/creds", "").plainly(http.StatusNotFound)
	h.as(h.rival, "DELETE", registriesPath+"/images", "").plainly(http.StatusNotFound)
}
