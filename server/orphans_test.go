package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// fakeClusters stands for clusters of type k8s by the name in their values.
type fakeClusters struct {
	objects map[string][]orchestrator.ClusterObject // by url
	refuses map[string]bool                         // objects that stay
}

func (f *fakeClusters) Identify(t orchestrator.Target) (kind, url string, err error) {
	return "kubernetes", t.Values["server"].(string), nil
}

func (f *fakeClusters) Labelled(_ context.Context, t orchestrator.Target) ([]orchestrator.ClusterObject, []string, error) {
	return f.objects[t.Values["server"].(string)], []string{"secrets"}, nil
}

func (f *fakeClusters) Gone(_ context.Context, t orchestrator.Target, entries []orchestrator.InventoryEntry) (gone []orchestrator.InventoryEntry, err error) {
	for _, e := range entries {
		if !slices.ContainsFunc(f.objects[t.Values["server"].(string)], func(o orchestrator.ClusterObject) bool { return o.Name == e.Name }) {
			gone = append(gone, e)
		}
	}
	return gone, nil
}

func (f *fakeClusters) DeleteObject(_ context.Context, t orchestrator.Target, o orchestrator.ClusterObject) error {
	if f.refuses[o.Name] {
		return errors.Join(orchestrator.Conflictf("%s has changed hands", o.Name))
	}
	at := t.Values["server"].(string)
	f.objects[at] = slices.DeleteFunc(f.objects[at], func(x orchestrator.ClusterObject) bool { return x.Name == o.Name })
	return nil
}

// delivered records that an environment is delivered to a cluster, and what was brought where.
func (h *harness) deliveredTo(env, cluster string, inventory ...orchestrator.InventoryEntry) {
	h.t.Helper()
	ctx := context.Background()
	r := orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: env, Key: resource.Key{Type: "k8s-cluster", Class: "default", ID: "k8s-cluster"}, GUResID: "cluster-" + env,
		Status: "active", CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}
	reserved, err := h.store.ReserveResource(ctx, &r)
	require.NoError(h.t, err)
	reserved.Values, reserved.Status = map[string]any{"cluster_type": "k8s", "server": cluster}, "active"
	require.NoError(h.t, h.store.UpdateActiveResource(ctx, reserved))
	for i := range inventory {
		inventory[i].OrgID, inventory[i].AppID, inventory[i].EnvID = org, "shop", env
		inventory[i].APIVersion, inventory[i].Kind, inventory[i].CreatedAt, inventory[i].UpdatedAt = "v1", "ConfigMap", time.Now(), time.Now()
	}
	require.NoError(h.t, h.store.PutInventory(ctx, inventory))
}

func TestClusterOrphans(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	found := func(env, name string) orchestrator.ClusterObject {
		return orchestrator.ClusterObject{AppID: "shop", EnvID: env, APIVersion: "v1", Kind: "ConfigMap", Namespace: "ns", Name: name, UID: name, Applied: true, CreatedAt: time.Now()}
	}
	clusters := &fakeClusters{refuses: map[string]bool{"stubborn": true}, objects: map[string][]orchestrator.ClusterObject{
		"https://one": {found("development", "known"), found("development", "known-without-namespace"), found("gone", "stray"), found("development", "stubborn"), found("qa", "moved")},
		"https://two": {found("qa", "here")},
	}}
	service := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Clusters: map[string]orchestrator.Clusters{"k8s": clusters},
	})
	h.server = server.New(server.Options{Service: service, Log: h.log})
	app := h.app("shop")
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA"}`).must(http.StatusCreated, nil)
	h.deliveredTo("development", "https://one",
		orchestrator.InventoryEntry{Target: "https://one", Namespace: "ns", Name: "known"},
		orchestrator.InventoryEntry{Target: "https://one", Name: "known-without-namespace"},
		orchestrator.InventoryEntry{Target: "https://one", Namespace: "ns", Name: "lost"},
		orchestrator.InventoryEntry{Target: "https://old", Namespace: "ns", Name: "far"},
		orchestrator.InventoryEntry{Target: "https://git/r.git#main:shop", Name: "committed"})
	h.deliveredTo("qa", "https://two",
		orchestrator.InventoryEntry{Target: "https://one", Namespace: "ns", Name: "moved"},
		orchestrator.InventoryEntry{Target: "https://two", Namespace: "ns", Name: "here"})

	path := "/orgs/" + org + "/orphans"
	list := func(query string) (out []string, report api.OrphanReport) {
		t.Helper()
		h.do("GET", path+query, "").must(http.StatusOK, &report)
		for _, o := range report.Orphans {
			out = append(out, o.State+" "+o.EnvID+" "+o.Name+" "+o.Cluster)
		}
		slices.Sort(out)
		return out, report
	}
	all, report := list("")
	require.Equal(t, []string{
		"left development far https://old", "left qa moved https://one", "missing development lost https://one",
		"unknown development stubborn https://one", "unknown gone stray https://one",
	}, all)
	require.Len(t, report.Clusters, 3)
	require.Equal(t, []string{"secrets"}, report.Clusters[0].Unread)
	some, _ := list("?app_id=shop&env_id=qa")
	require.Equal(t, []string{"left qa moved https://one"}, some)
	h.do("GET", path+"?env_id=qa", "").fails(http.StatusBadRequest, "app_id")
	h.do("POST", path+"/actions/delete", `{"orphans":[]}`).fails(http.StatusBadRequest, "name 1 to 500")

	remove := func(names ...string) (deleted []string) {
		t.Helper()
		var request api.DeleteOrphansRequest
		for _, name := range names {
			ref := api.OrphanRef{Cluster: "https://one", APIVersion: "v1", Kind: "ConfigMap", Namespace: "ns", Name: name}
			for _, o := range report.Orphans {
				if o.Name == name {
					ref = o.OrphanRef
				}
			}
			request.Orphans = append(request.Orphans, ref)
		}
		var outcomes []api.OrphanOutcome
		h.do("POST", path+"/actions/delete", mustJSON(t, request)).must(http.StatusOK, &outcomes)
		for _, o := range outcomes {
			if o.Deleted {
				deleted = append(deleted, o.Name)
				continue
			}
			require.NotEmpty(t, o.Error)
		}
		return deleted
	}
	require.Equal(t, []string{"stray", "moved", "lost"}, remove("stray", "moved", "lost", "stubborn", "known", "far"), "what is no orphan, refused or out of reach stays")
	all, _ = list("")
	require.Equal(t, []string{"left development far https://old", "unknown development stubborn https://one"}, all)
	entries, err := h.store.ListAudit(t.Context(), org, orchestrator.AuditFilter{ObjectType: "orphan"}, 10)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, "https://one", entries[0].Before["cluster"])

	h.do("POST", app+"/envs/development/deploys", `{}`).must(http.StatusCreated, nil)
	clusters.refuses = nil
	require.Empty(t, remove("stubborn"), "a deployment is under way")
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}
