package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

// TestClusterOrphans talks to a server that answers as the real one does (server/orphans_test.go).
func TestClusterOrphans(t *testing.T) {
	t.Parallel()
	orphan := func(state, kind, name string) api.Orphan {
		return api.Orphan{State: state, AppID: "shop", EnvID: "qa", Applied: true,
			OrphanRef: api.OrphanRef{Cluster: "https://one", APIVersion: "v1", Kind: kind, Namespace: "ns", Name: name}}
	}
	report := api.OrphanReport{
		Orphans:  []api.Orphan{orphan("unknown", "ConfigMap", "stray"), orphan("missing", "Service", "lost"), orphan("left", "Secret", "stubborn")},
		Clusters: []api.OrphanCluster{{URL: "https://one", Unread: []string{"secrets"}}, {URL: "https://two", Unread: []string{}, Error: "it is away"}},
	}
	var asked string
	var deleted []string
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			asked = r.URL.RequestURI()
			_ = json.NewEncoder(w).Encode(report)
			return
		}
		var in api.DeleteOrphansRequest
		raw, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(raw, &in)
		var out []api.OrphanOutcome
		for _, ref := range in.Orphans {
			deleted = append(deleted, ref.Name)
			o := api.OrphanOutcome{OrphanRef: ref, Deleted: ref.Name != "stubborn"}
			if !o.Deleted {
				o.Error = "it has changed hands"
			}
			out = append(out, o)
		}
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(fake.Close)
	w := newWorld(t)
	at := func(args ...string) []string { return append([]string{"--url", fake.URL}, args...) }

	w.run(at("orphans")...).ok(t, "unknown", "shop/qa", "stray", "lost", "stubborn", "may not list secrets", "not looked at: cluster https://two: it is away")
	require.Empty(t, deleted, "listing deletes nothing")
	w.run(at("orphans", "--of-app", "shop", "--of-env", "qa", "--delete", "--state", "unknown,missing", "--yes")...).ok(t, "deleted 2 orphans")
	require.Contains(t, asked, "/orphans?app_id=shop&env_id=qa")
	require.Equal(t, []string{"stray", "lost"}, deleted)
	w.run(at("orphans", "--kind", "Secret", "--delete", "--yes")...).fails(t, 1, "Secret ns/stubborn stays: it has changed hands", "1 orphan of 1")
	w.run(at("orphans", "--state", "odd")...).fails(t, 2, "unknown, left, missing")
}
