package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestOrganizationsAndCurrentUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var orgs []api.Organization
	h.do("GET", "/orgs", "").must(http.StatusOK, &orgs)
	require.Len(t, orgs, 1)
	require.Equal(t, org, orgs[0].ID)
	h.do("GET", "/orgs/"+org, "").must(http.StatusOK, nil)
	h.do("GET", "/orgs/"+otherOrg, "").fails(http.StatusNotFound, otherOrg)

	var me api.CurrentUser
	h.do("GET", "/current-user", "").must(http.StatusOK, &me)
	require.Equal(t, h.admin.ID, me.ID)
	require.Equal(t, "administrator", me.Roles["/orgs/"+org])
	h.do("PATCH", "/current-user", `{"name":"Ada L.","properties":{"theme":"dark"}}`).must(http.StatusOK, &me)
	require.Equal(t, "Ada L.", me.Name)
	h.do("PATCH", "/current-user", `{"email":"ignored@x"}`).must(http.StatusOK, &me)
	require.Equal(t, map[string]any{"theme": "dark"}, me.Properties)
	require.Equal(t, "ada@acme.test", me.Email)
	h.do("PATCH", "/current-user", `{"name":""}`).fails(http.StatusBadRequest, "name")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	mine := "/users/" + h.admin.ID + "/tokens"
	var made api.NewToken
	expires := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	h.do("POST", mine, `{"id":"ci","type":"static","description":"CI","expires_at":"`+expires+`"}`).must(http.StatusOK, &made)
	require.True(t, strings.HasPrefix(made.Token, orchestrator.TokenPrefix))
	h.as(made.Token, "GET", "/current-user", "").must(http.StatusOK, nil)
	h.do("POST", mine, `{"id":"ci","type":"static"}`).fails(http.StatusConflict, "ci")
	h.do("POST", mine, `{"id":"x","type":"session"}`).fails(http.StatusBadRequest, "static")
	h.do("POST", mine, `{"id":"","type":"static"}`).fails(http.StatusBadRequest, "id")
	h.do("POST", mine, `{"id":"x","type":"static","expires_at":"2001-01-01T00:00:00Z"}`).fails(http.StatusBadRequest, "past")
	h.do("POST", mine, `{"id":"x","type":"static","expires_at":"soon"}`).fails(http.StatusBadRequest, "timestamp")

	var token api.Token
	got := h.do("GET", mine+"/ci", "").must(http.StatusOK, &token)
	require.Equal(t, expires, token.ExpiresAt.String())
	require.NotContains(t, got.Body, made.Token)
	var list []api.Token
	h.do("GET", mine, "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	h.do("DELETE", mine+"/ci", "").must(http.StatusNoContent, nil)
	h.as(made.Token, "GET", "/current-user", "").fails(http.StatusUnauthorized)
	h.do("GET", mine+"/ci", "").fails(http.StatusNotFound)
	require.NotContains(t, h.logs.String(), made.Token)
}

func TestTokensOfOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	person, personToken := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	robot, _ := h.user("service", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	both, _ := h.user("service", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	require.NoError(t, h.store.PutRole(t.Context(), orchestrator.RoleBinding{
		OrgID: otherOrg, SubjectID: both, Object: orchestrator.OrgObject(otherOrg), Role: orchestrator.RoleMember, CreatedAt: time.Now().UTC()}))

	h.do("POST", "/users/"+robot+"/tokens", `{"id":"ci","type":"static"}`).must(http.StatusOK, nil)
	h.do("POST", "/users/"+person+"/tokens", `{"id":"ci","type":"static"}`).fails(http.StatusForbidden)
	h.do("POST", "/users/"+both+"/tokens", `{"id":"ci","type":"static"}`).fails(http.StatusForbidden, "all its organizations")
	h.as(personToken, "GET", "/users/"+robot+"/tokens", "").fails(http.StatusForbidden)
	h.as(personToken, "GET", "/users/"+person+"/tokens", "").must(http.StatusOK, nil)
	h.as(h.rival, "GET", "/users/"+robot+"/tokens", "").fails(http.StatusNotFound)
	h.do("GET", "/users/nobody/tokens", "").fails(http.StatusNotFound)
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	past := time.Now().Add(-time.Minute).UTC()
	expired := orchestrator.NewTokenValue()
	require.NoError(t, h.store.CreateToken(t.Context(), &orchestrator.Token{
		UserID: h.admin.ID, ID: "old", Type: "static", Hash: orchestrator.HashToken(expired), CreatedAt: past, CreatedBy: "x", ExpiresAt: &past}))
	got := h.as("", "GET", "/current-user", "")
	got.fails(http.StatusUnauthorized, "Authorization")
	require.Equal(t, "Bearer", got.Header.Get("WWW-Authenticate"))
	h.as("sw_unknown", "GET", "/current-user", "").fails(http.StatusUnauthorized, "not known")
	h.as(expired, "GET", "/current-user", "").fails(http.StatusUnauthorized, "expired")

	h.do("GET", "/current-user", "").must(http.StatusOK, nil)
	h.do("GET", "/current-user", "").must(http.StatusOK, nil)
	token, err := h.store.GetToken(t.Context(), h.admin.ID, "local-admin")
	require.NoError(t, err)
	require.NotNil(t, token.LastUsedAt)
	first := *token.LastUsedAt
	h.do("GET", "/current-user", "").must(http.StatusOK, nil)
	token, err = h.store.GetToken(t.Context(), h.admin.ID, "local-admin")
	require.NoError(t, err)
	require.Equal(t, first, *token.LastUsedAt, "noted at most once a minute")
}
