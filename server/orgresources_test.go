package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// resource stores an active resource.
func (h *harness) resource(app, env, kind, id string) {
	h.t.Helper()
	now := time.Now().UTC()
	r, err := h.store.ReserveResource(asSystem, &orchestrator.ActiveResource{
		OrgID: org, AppID: app, EnvID: env, EnvType: "development", Key: resource.Key{Type: kind, Class: "default", ID: id},
		GUResID: app + env + kind + id, DefID: "def-" + kind, DriverType: "humanitec/echo", CreatedAt: now, UpdatedAt: now,
	})
	require.NoError(h.t, err)
	r.Status, r.Values = orchestrator.ResourceActive, map[string]any{"host": id}
	require.NoError(h.t, h.store.UpdateActiveResource(asSystem, r))
}

func TestResourcesOfAnOrganization(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const list = "/orgs/" + org + "/active-resources"
	for _, app := range []string{"alpha", "beta"} {
		h.app(app)
		for i := range 3 {
			h.resource(app, "development", "postgres", fmt.Sprintf("shared.db-%d", i))
		}
		h.resource(app, "development", "s3", "shared.Files")
	}
	_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "beta"): "viewer"})
	_, stranger := h.user("user", map[string]string{orchestrator.OrgObject(org): "member"})
	for name, c := range map[string]struct {
		token, query string
		want         int
	}{
		"all": {h.token, "", 8}, "of one application": {h.token, "?app=alpha", 4}, "of a type": {h.token, "?type=s3", 2}, "both": {h.token, "?app=alpha&type=s3", 1},
		"text": {h.token, "?text=FILES", 2}, "definition": {h.token, "?definition=def-postgres&env_type=development", 6}, "none": {h.token, "?env_type=production", 0},
		"status": {h.token, "?status=deleting", 0}, "driver": {h.token, "?driver=humanitec/echo&class=default&env=development&scheduled_deletion=false", 8},
		"what a viewer sees": {viewer, "", 4}, "of another application": {viewer, "?app=alpha", 0}, "of the own": {viewer, "?app=beta", 4}, "of nobody": {stranger, "", 0},
	} {
		var got []api.ActiveResource
		h.as(c.token, "GET", list+c.query, "").must(http.StatusOK, &got)
		require.Len(t, got, c.want, name)
	}

	seen, path, pages := map[string]bool{}, list+"?per_page=3&type=postgres", 0
	for path != "" {
		var page []api.ActiveResource
		answer := h.do("GET", path, "")
		answer.must(http.StatusOK, &page)
		for _, r := range page {
			require.False(t, seen[r.GUResID])
			seen[r.GUResID] = true
		}
		link, _, _ := strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
		path = link
		pages++
	}
	require.Len(t, seen, 6)
	require.Equal(t, 2, pages)
	for _, query := range []string{"?page=x", "?page=YWJj", "?per_page=x", "?scheduled_deletion=maybe"} {
		h.do("GET", list+query, "").fails(http.StatusBadRequest, "query parameter")
	}
	h.as(h.rival, "GET", list, "").fails(http.StatusNotFound, org)
}
