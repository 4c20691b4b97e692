package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Everybody in the organization lists the receivers of the applications that they may read, and no others.
func TestReceiversOfTheOrganization(t *testing.T) {
	t.Parallel()
	h, _, r := receiving(t, orchestrator.VendorGitHub, "")
	const path = "/orgs/" + org + "/receivers"
	var list []api.Receiver
	h.do("GET", path, "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Equal(t, r.ID, list[0].ID)
	require.Equal(t, "shop", list[0].AppID)
	require.Empty(t, list[0].Secret)

	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer})
	for token, n := range map[string]int{member: 0, viewer: 1} {
		var seen []api.Receiver
		got, _ := h.raw(token, "GET", path, "")
		got.must(http.StatusOK, &seen)
		require.Len(t, seen, n)
	}
	hidden, _ := h.raw(h.rival, "GET", path, "")
	hidden.must(http.StatusNotFound, nil)
}
