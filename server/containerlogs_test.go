package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// fakeLogs stands for a cluster: it says what it was asked.
type fakeLogs struct {
	target orchestrator.Target
	query  orchestrator.ContainerLogQuery
}

func (f *fakeLogs) ReadLogs(_ context.Context, t orchestrator.Target, q orchestrator.ContainerLogQuery) ([]orchestrator.ContainerLogLine, error) {
	f.target, f.query = t, q
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)
	return []orchestrator.ContainerLogLine{
		{Workload: "api", Container: "main", Level: "warn", Text: "second", At: at}, {Workload: "api", Container: "main", Level: "info", Text: "first", At: at.Add(-1)},
	}, nil
}

func TestContainerLogs(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	logs := &fakeLogs{}
	service := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Logs: map[string]orchestrator.ContainerLogs{"k8s": logs},
	})
	h.server = server.New(server.Options{Service: service, Log: h.log})
	app := h.app("shop")
	path := app + "/envs/development/logs"
	var list []api.ContainerLogEntry
	h.do("GET", path, "").must(http.StatusOK, &list)
	require.Empty(t, list, "nothing runs yet")
	h.do("GET", app+"/envs/none/logs", "").fails(http.StatusNotFound, "none")
	for query, want := range map[string]string{
		"limit=0": "limit", "limit=x": "limit", "limit=1001": "limit", "asc=maybe": "asc", "timestamp_from=now": "timestamp_from", "deployment_id=none": "deployment_id",
	} {
		h.do("GET", path+"?"+query, "").fails(http.StatusBadRequest, want)
	}

	cluster := func(id, kind, secret string) {
		raw, err := json.Marshal(map[string]any{"secrets": map[string]any{"credentials": map[string]any{"token": secret}}})
		require.NoError(t, err)
		r := orchestrator.ActiveResource{
			OrgID: org, AppID: "shop", EnvID: "development", Key: resource.Key{Type: "k8s-cluster", Class: "default", ID: id}, GUResID: id,
			Values: map[string]any{"cluster_type": kind}, Status: "active", CreatedAt: time.Now(), UpdatedAt: time.Now(),
		}
		r.Sealed, err = h.keeper.Encrypt(raw, orchestrator.ResourcePlace(org, id))
		require.NoError(t, err)
		reserved, err := h.store.ReserveResource(context.Background(), &r)
		require.NoError(t, err)
		reserved.Values, reserved.Sealed, reserved.Status = r.Values, r.Sealed, "active"
		require.NoError(t, h.store.UpdateActiveResource(context.Background(), reserved))
	}
	cluster("k8s-cluster", "git", "of-git")
	h.do("GET", path, "").must(http.StatusOK, &list)
	require.Empty(t, list, "a repository runs nothing")
	cluster("k8s-cluster-runtime", "k8s", "of-runtime")
	h.do("POST", app+"/values", `{"key":"K","value":"shared-secret","is_secret":true,"description":""}`).must(http.StatusCreated, nil)
	from := "2026-01-02T03:04:05.5Z"
	h.do("GET", path+"?workload_id=api&container_id=main&limit=7&asc=true&timestamp_from="+url.QueryEscape(from), "").must(http.StatusOK, &list)
	require.Equal(t, []string{"second", "first"}, []string{list[0].Payload, list[1].Payload})
	require.Equal(t, "2026-01-02T03:04:05.678901234Z", list[0].Timestamp)
	require.Equal(t, map[string]any{"token": "of-runtime"}, logs.target.Credentials)
	require.ElementsMatch(t, []string{"of-git", "of-runtime", "shared-secret"}, logs.query.Hidden)
	require.Equal(t, []any{"api", "main", 7, true}, []any{logs.query.Workload, logs.query.Container, logs.query.Limit, logs.query.Ascending})
	require.Equal(t, from, logs.query.From.Format("2006-01-02T15:04:05.9Z07:00"))
	h.do("GET", path+"?invert=true", "").must(http.StatusOK, &list)
	require.Equal(t, "first", list[0].Payload)
	require.Equal(t, 100, logs.query.Limit)
	var d api.Deployment
	h.do("POST", app+"/envs/development/deploys", `{}`).must(http.StatusCreated, &d)
	h.do("GET", path+"?deployment_id="+d.ID, "").must(http.StatusOK, &list)
	require.False(t, logs.query.From.IsZero())
	require.True(t, logs.query.To.IsZero(), "it is the newest")
}
