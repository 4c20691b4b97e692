package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const storesPath = "/orgs/" + org + "/secretstores"

func TestSecretStores(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var builtin []map[string]any
	h.do("GET", storesPath, "").must(http.StatusOK, &builtin)
	require.Len(t, builtin, 1)
	require.Equal(t, "humanitec", builtin[0]["id"])
	require.Equal(t, true, builtin[0]["primary"])
	require.Contains(t, builtin[0], "humanitec")

	made := h.do("POST", storesPath, `{"id":"main","primary":true,"vault":{"url":"https://vault.test:8200","path":"kv","agent_id":"a","auth":{"token":"s.very-secret"}}}`)
	var v map[string]any
	made.must(http.StatusCreated, &v)
	require.Equal(t, map[string]any{"url": "https://vault.test:8200", "path": "kv", "agent_id": "a"}, v["vault"])
	require.NotContains(t, made.Body, "s.very-secret")
	require.NotContains(t, h.do("GET", storesPath+"/main", "").must(http.StatusOK, nil).Body, "s.very-secret")
	h.do("POST", storesPath, `{"id":"main","primary":false,"gcpsm":{"project_id":"p"}}`).fails(http.StatusConflict, "main")

	for id, body := range map[string]string{
		"aws-1":   `{"id":"aws-1","primary":true,"awssm":{"region":"eu-west-1","auth":{"access_key_id":"a","secret_access_key":"s.very-secret"}}}`,
		"azure-1": `{"id":"azure-1","primary":false,"azurekv":{"url":"https://x.vault.azure.net","tenant_id":"t","auth":{"client_id":"c","client_secret":"s.very-secret"}}}`,
		"gcp-1":   `{"id":"gcp-1","primary":false,"gcpsm":{"project_id":"p","auth":{"secret_access_key":"s.very-secret"}}}`,
	} {
		h.do("POST", storesPath, body).must(http.StatusCreated, nil)
		require.NotContains(t, h.do("GET", storesPath+"/"+id, "").must(http.StatusOK, nil).Body, "very-secret")
	}
	require.Equal(t, "aws-1", primaryStore(h), "a new primary one takes the place of the other")
	h.do("PATCH", storesPath+"/gcp-1", `{"primary":true}`).must(http.StatusOK, nil)
	require.Equal(t, "gcp-1", primaryStore(h))
	h.do("PATCH", storesPath+"/humanitec", `{"primary":true}`).must(http.StatusOK, nil)
	require.Equal(t, "humanitec", primaryStore(h))
	h.do("PATCH", storesPath+"/main", `{"vault":{"path":"","auth":{"role_id":"r","secret_id":"s"}}}`).must(http.StatusOK, &v)
	require.Equal(t, map[string]any{"url": "https://vault.test:8200", "agent_id": "a"}, v["vault"], "what is not named stays, what is empty goes")
	h.do("DELETE", storesPath+"/main", "").must(http.StatusNoContent, nil)
	h.do("GET", storesPath+"/main", "").fails(http.StatusNotFound, "main")
	require.NotContains(t, h.logs.String(), "very-secret")
}

func primaryStore(h *harness) string {
	var all []struct {
		ID      string
		Primary bool
	}
	h.do("GET", storesPath, "").must(http.StatusOK, &all)
	found := ""
	for _, v := range all {
		if v.Primary {
			require.Empty(h.t, found, "one is primary")
			found = v.ID
		}
	}
	return found
}

func TestSecretStoresThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", storesPath, `{"id":"main","primary":false,"vault":{"url":"https://vault.test","auth":{"token":"t"}}}`).must(http.StatusCreated, nil)
	cases := map[string]struct {
		method, path, body string
		status             int
		want               []string
	}{
		"no kind":               {"POST", "", `{"id":"new-1","primary":false}`, 400, []string{"exactly one", "vault"}},
		"two kinds":             {"POST", "", `{"id":"new-1","primary":false,"vault":{"url":"https://v"},"gcpsm":{"project_id":"p"}}`, 400, []string{"exactly one"}},
		"bad id":                {"POST", "", `{"id":"Bad!","primary":false,"gcpsm":{"project_id":"p"}}`, 400, []string{"id"}},
		"no address":            {"POST", "", `{"id":"new-1","primary":false,"vault":{}}`, 400, []string{"vault.url"}},
		"password in address":   {"POST", "", `{"id":"new-1","primary":false,"vault":{"url":"https://u:pass-word@v"}}`, 400, []string{"vault.url", "auth"}},
		"no address at all":     {"POST", "", `{"id":"new-1","primary":false,"vault":{"url":"vault:8200"}}`, 400, []string{"vault.url"}},
		"no region":             {"POST", "", `{"id":"new-1","primary":false,"awssm":{}}`, 400, []string{"awssm.region"}},
		"no tenant":             {"POST", "", `{"id":"new-1","primary":false,"azurekv":{"url":"https://v"}}`, 400, []string{"azurekv.tenant_id"}},
		"two ways to sign in":   {"POST", "", `{"id":"new-1","primary":false,"vault":{"url":"https://v","auth":{"token":"t","role":"r"}}}`, 400, []string{"either token"}},
		"wrong type":            {"POST", "", `{"id":"new-1","primary":false,"vault":{"url":5}}`, 400, []string{"vault.url"}},
		"the built-in one":      {"POST", "", `{"id":"humanitec","primary":false,"gcpsm":{"project_id":"p"}}`, 409, []string{"built-in"}},
		"another kind":          {"PATCH", "/main", `{"gcpsm":{"project_id":"p"}}`, 400, []string{"vault", "cannot change"}},
		"credentials elsewhere": {"PATCH", "/main", `{"vault":{"url":"https://elsewhere.test"}}`, 400, []string{"give auth again"}},
		"unknown":               {"PATCH", "/other", `{"primary":true}`, 404, []string{"other"}},
		"delete unknown":        {"DELETE", "/other", ``, 404, []string{"other"}},
		"change the built-in":   {"PATCH", "/humanitec", `{"gcpsm":{"project_id":"p"}}`, 403, []string{"built in"}},
		"demote the built-in":   {"PATCH", "/humanitec", `{"primary":false}`, 400, []string{"always"}},
		"delete the built-in":   {"DELETE", "/humanitec", ``, 403, []string{"built in"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.do(c.method, storesPath+c.path, c.body)
			got.t = t
			got.fails(c.status, c.want...)
			require.NotContains(t, got.Body, "pass-word")
		})
	}
}

func TestASecretStoreInUseStays(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.do("POST", storesPath, `{"id":"main","primary":false,"vault":{"url":"https://vault.test","auth":{"token":"t"}}}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/values", `{"key":"T","description":"","secret_ref":{"store":"main","ref":"x"}}`).must(http.StatusCreated, nil)
	h.do("DELETE", storesPath+"/main", "").fails(http.StatusConflict, "shared value shop T")
	h.do("DELETE", app+"/values/T", "").must(http.StatusNoContent, nil)
	h.do("DELETE", storesPath+"/main", "").must(http.StatusNoContent, nil)
}

func TestWhoManagesSecretStores(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const body = `{"id":"main","primary":false,"gcpsm":{"project_id":"p"}}`
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleManager})
	h.as(member, "GET", storesPath, "").must(http.StatusOK, nil)
	h.as(member, "POST", storesPath, body).fails(http.StatusForbidden)
	h.do("POST", storesPath, body).must(http.StatusCreated, nil)
	h.as(member, "PATCH", storesPath+"/main", `{"primary":true}`).fails(http.StatusForbidden)
	h.as(member, "DELETE", storesPath+"/main", "").fails(http.StatusForbidden)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		h.as(h.rival, method, storesPath+"/main", `{"primary":true}`).fails(http.StatusNotFound)
	}
}
