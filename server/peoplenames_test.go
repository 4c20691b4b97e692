package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestNamesOfPeople: ids are given names, of members, of those in a group only, and of those who left; nobody learns of people
// of other organizations.
func TestNamesOfPeople(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		names := func(token string, ids ...string) map[string]api.PersonName {
			var found []api.PersonName
			h.as(token, "GET", "/orgs/"+org+"/people?"+url.Values{"id": ids}.Encode(), "").must(http.StatusOK, &found)
			out := map[string]api.PersonName{}
			for _, p := range found {
				out[p.ID] = p
			}
			return out
		}
		robot := h.serviceUser("member")
		leaver, leaverToken := h.user("user", map[string]string{orchestrator.OrgObject(org): "manager"})
		stranger, _ := h.user("user", nil)
		grouped, _ := h.user("user", nil)
		var group api.UserRole
		h.do("POST", "/orgs/"+org+"/groups", `{"group_id":"engineers","idp_id":"okta","role":"member"}`).must(http.StatusOK, &group)
		require.NoError(t, h.store.PutMember(asSystem, orchestrator.Membership{OrgID: org, GroupID: group.ID, UserID: grouped, CreatedAt: time.Now().UTC()}))
		h.as(leaverToken, "POST", "/orgs/"+org+"/apps", `{"id":"left","name":"Left"}`).must(http.StatusCreated, nil)

		all := []string{h.admin.ID, robot.ID, leaver, stranger, grouped, "nobody", "", robot.ID}
		got := names(h.token, all...)
		require.Len(t, got, 4)
		require.Equal(t, api.PersonName{ID: h.admin.ID, Name: "Ada", Email: "ada@acme.test", Type: "user"}, got[h.admin.ID])
		require.Equal(t, api.PersonName{ID: robot.ID, Name: "CI", Email: "ci@acme.test", Type: "service"}, got[robot.ID])
		require.Equal(t, grouped, got[grouped].Name)
		require.False(t, got[grouped].Former)

		h.do("DELETE", usersPath+"/"+robot.ID, "").must(http.StatusNoContent, nil)
		h.do("DELETE", usersPath+"/"+leaver, "").must(http.StatusNoContent, nil)
		got = names(h.token, all...)
		require.Len(t, got, 4)
		require.Equal(t, api.PersonName{ID: robot.ID, Name: "CI", Type: "service", Former: true}, got[robot.ID])
		require.Equal(t, api.PersonName{ID: leaver, Name: leaver, Type: "user", Former: true}, got[leaver])
		require.Empty(t, names(h.token, "x/../y", "%", strings.Repeat("a", 300)))
		h.do("GET", "/orgs/"+org+"/people?"+url.Values{"id": strings.Split(strings.Repeat("a,b,c,d,e,f,g,h,i,j,", 10), ",")}.Encode(), "").must(http.StatusOK, nil)
		many := url.Values{}
		for i := range 101 {
			many.Add("id", strings.Repeat("a", i+1))
		}
		h.do("GET", "/orgs/"+org+"/people?"+many.Encode(), "").fails(http.StatusBadRequest, "at most 100")
		h.as(h.rival, "GET", "/orgs/"+org+"/people?id="+h.admin.ID, "").fails(http.StatusNotFound, org)
	})
}
