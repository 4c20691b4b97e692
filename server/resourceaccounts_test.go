package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const accountsPath = "/orgs/" + org + "/resources/accounts"

func TestResourceAccounts(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("GET", accountsPath, "").must(http.StatusOK, &[]any{})
	const body = `{"id":"aws-dev","name":"AWS dev","type":"aws","credentials":{"aws_access_key_id":"AKIA","aws_secret_access_key":"very-secret"}}`
	h.do("POST", accountsPath+"?dry_run=true&check_credential=true", body).must(http.StatusNoContent, nil)
	h.do("GET", accountsPath+"/aws-dev", "").fails(http.StatusNotFound, "aws-dev")
	var v map[string]any
	h.do("POST", accountsPath, body).must(http.StatusOK, &v)
	require.Equal(t, "AWS dev", v["name"])
	require.Equal(t, false, v["is_used"])
	h.do("POST", accountsPath, body).fails(http.StatusConflict, "aws-dev")
	h.do("POST", accountsPath+"?dry_run=true", body).fails(http.StatusConflict, "aws-dev")
	h.do("POST", accountsPath, `{"id":"empty-1","name":"later","type":"gcp","credentials":{}}`).must(http.StatusOK, nil)
	h.do("POST", accountsPath+"/empty-1/actions/check", "").fails(http.StatusBadRequest, "client_email", "private_key")

	var check struct {
		IdentityFields []struct{ ID, Value string } `json:"identity_fields"`
		Warnings       []string
	}
	h.do("POST", accountsPath+"/aws-dev/actions/check", "").must(http.StatusOK, &check)
	require.Equal(t, "AKIA", check.IdentityFields[0].Value)
	require.Contains(t, check.Warnings[0], "does not sign in")

	h.do("PATCH", accountsPath+"/aws-dev?dry_run=true", `{"name":"other"}`).must(http.StatusNoContent, nil)
	h.do("PATCH", accountsPath+"/aws-dev", `{"name":"renamed"}`).must(http.StatusOK, &v)
	require.Equal(t, "renamed", v["name"])
	h.do("POST", accountsPath+"/aws-dev/actions/check", "").must(http.StatusOK, nil) // the credentials stayed
	h.do("PATCH", accountsPath+"/aws-dev?check_credential=true", `{"credentials":{"aws_access_key_id":"x"}}`).fails(http.StatusBadRequest, "aws_secret_access_key")

	for _, answer := range []answer{h.do("GET", accountsPath, ""), h.do("GET", accountsPath+"/aws-dev", "")} {
		require.NotContains(t, answer.Body, "very-secret")
	}
	require.NotContains(t, h.logs.String(), "very-secret")
	h.do("DELETE", accountsPath+"/aws-dev", "").must(http.StatusNoContent, nil)
	h.do("DELETE", accountsPath+"/aws-dev", "").fails(http.StatusNotFound, "aws-dev")
}

func TestResourceAccountsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"bad id":         {`{"id":"A","name":"n","type":"aws","credentials":{}}`, []string{"id"}},
		"no name":        {`{"id":"acc-1","type":"aws","credentials":{}}`, []string{"name"}},
		"no credentials": {`{"id":"acc-1","name":"n","type":"aws"}`, []string{"credentials"}},
		"unknown type":   {`{"id":"acc-1","name":"n","type":"asw","credentials":{}}`, []string{"asw", "aws-role", "gcp"}},
		"no text":        {`{"id":"acc-1","name":"n","type":"aws","credentials":{"aws_access_key_id":{"very-secret":1}}}`, []string{"aws_access_key_id", "text"}},
		"a list":         {`{"id":"acc-1","name":"n","type":"aws","credentials":["very-secret"]}`, []string{"credentials"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.do("POST", accountsPath, c.body)
			got.t = t
			got.fails(http.StatusBadRequest, c.want...)
			require.NotContains(t, got.Body, "very-secret")
		})
	}
}

func TestResourceAccountTypes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", "/orgs/"+org+"/resources/types", `{"type":"`+org+`/thing","name":"Thing","category":"x","use":"direct"}`).must(http.StatusOK, nil)
	h.do("POST", "/orgs/"+org+"/resources/drivers", `{"id":"own-1","type":"`+org+`/thing","account_types":["acme-cloud"],"target":"https://driver.test","inputs_schema":{}}`).must(http.StatusOK, nil)
	var types []struct{ Type string }
	h.do("GET", "/orgs/"+org+"/resources/account-types", "").must(http.StatusOK, &types)
	var ids []string
	for _, v := range types {
		ids = append(ids, v.Type)
	}
	require.Equal(t, []string{"acme-cloud", "aws", "aws-role", "azure", "azure-identity", "basic", "gcp", "gcp-identity"}, ids)
	h.do("POST", accountsPath, `{"id":"own-acc","name":"n","type":"acme-cloud","credentials":{"anything":{"nested":1}}}`).must(http.StatusOK, nil)
}

func TestAResourceAccountInUseStays(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", accountsPath, `{"id":"aws-dev","name":"n","type":"aws","credentials":{}}`).must(http.StatusOK, nil)
	h.do("POST", "/orgs/"+org+"/resources/types", `{"type":"`+org+`/thing","name":"Thing","category":"x","use":"direct"}`).must(http.StatusOK, nil)
	h.do("POST", "/orgs/"+org+"/resources/defs", `{"id":"uses-it","name":"n","type":"`+org+`/thing","driver_type":"humanitec/echo","driver_account":"aws-dev"}`).must(http.StatusOK, nil)
	var v map[string]any
	h.do("GET", accountsPath+"/aws-dev", "").must(http.StatusOK, &v)
	require.Equal(t, true, v["is_used"])
	var fault struct {
		Details struct {
			Referencing struct {
				Definitions []struct{ ID string } `json:"resource_definitions"`
				Resources   []any                 `json:"active_resources"`
			} `json:"referencing_resources"`
		}
	}
	h.do("DELETE", accountsPath+"/aws-dev", "").must(http.StatusBadRequest, &fault)
	require.Equal(t, "uses-it", fault.Details.Referencing.Definitions[0].ID)
	require.Empty(t, fault.Details.Referencing.Resources)
	h.do("DELETE", "/orgs/"+org+"/resources/defs/uses-it", "").must(http.StatusNoContent, nil)
	h.do("DELETE", accountsPath+"/aws-dev", "").must(http.StatusNoContent, nil)
}

func TestWhoManagesResourceAccounts(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const body = `{"id":"aws-dev","name":"n","type":"aws","credentials":{}}`
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleManager})
	h.as(member, "POST", accountsPath, body).fails(http.StatusForbidden)
	h.do("POST", accountsPath, body).must(http.StatusOK, nil)
	h.as(member, "GET", accountsPath, "").must(http.StatusOK, nil)
	h.as(member, "PATCH", accountsPath+"/aws-dev", `{"name":"x"}`).fails(http.StatusForbidden)
	h.as(member, "DELETE", accountsPath+"/aws-dev", "").fails(http.StatusForbidden)
	h.as(member, "POST", accountsPath+"/aws-dev/actions/check", "").fails(http.StatusForbidden)
	for method, path := range map[string]string{"GET": "", "PATCH": "", "DELETE": "", "POST": "/actions/check"} {
		h.as(h.rival, method, accountsPath+"/aws-dev"+path, `{}`).fails(http.StatusNotFound)
	}
}
