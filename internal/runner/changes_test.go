package runner_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/orchestrator"
)

// deployments stores deployments of those ids, of which a runner may note something.
func (w *world) deployments(ids ...string) {
	w.t.Helper()
	at := time.Now().UTC()
	require.NoError(w.t, w.store.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "shop", Status: orchestrator.StatusActive, CreatedAt: at}))
	require.NoError(w.t, w.store.CreateEnvironmentType(ctx, &orchestrator.EnvironmentType{OrgID: "acme", ID: "test"}))
	require.NoError(w.t, w.store.CreateEnvironment(ctx, &orchestrator.Environment{
		OrgID: "acme", AppID: "shop", ID: "qa", TypeID: "test", Status: orchestrator.StatusActive, CreatedAt: at,
	}))
	for _, id := range ids {
		require.NoError(w.t, w.store.CreateDeployment(ctx, &orchestrator.Deployment{
			OrgID: "acme", AppID: "shop", EnvID: "qa", ID: id, SetID: deployset.ZeroID, Status: orchestrator.DeploymentInProgress, CreatedAt: at, StatusChangedAt: at,
		}))
	}
}

// TestChangesAreNoted: what a run is about to do is there for people while it does it, and afterwards, also of one that fails.
func TestChangesAreNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployments("d1", "d2", "d3", "d4")
	script := head + `
variable "value" {}
variable "name" {}
resource "slipwaytest_record" "one" {
  name  = var.name
  value = var.value
}
resource "slipwaytest_record" "two" { name = "two" }
`
	noted := func(id string) orchestrator.NodeChanges {
		t.Helper()
		all, err := w.store.ListNodeChanges(ctx, "acme", id)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.NotContains(t, fmt.Sprint(all), "a-secret-value")
		return all[0]
	}
	ask := func(id, name, value string) drivers.Request {
		r := w.request(id, script, map[string]any{"name": name})
		r.Secrets = map[string]any{"variables": map[string]any{"value": value}}
		return r
	}
	_, err := w.provision(ask("d1", "one", "first"))
	require.NoError(t, err)
	made := noted("d1")
	require.Equal(t, map[string]int{"create": 2}, made.Counts)
	require.Equal(t, "slipwaytest_record", made.Changes[0].Kind)
	require.NotEmpty(t, made.RunID)

	_, err = w.provision(ask("d2", "one", "a-secret-value"))
	require.NoError(t, err)
	changed := noted("d2")
	require.Equal(t, map[string]int{"update": 1}, changed.Counts)
	require.Equal(t, "slipwaytest_record.one", changed.Changes[0].Address)
	require.Len(t, changed.Changes[0].Attributes, 1)
	require.Equal(t, "/value", changed.Changes[0].Attributes[0].Path)

	_, err = w.provision(ask("d3", "one", "a-secret-value"))
	require.NoError(t, err)
	require.Empty(t, noted("d3").Changes)
	require.Equal(t, "no changes", noted("d3").Summary)

	_, err = w.provision(ask("d4", "renamed", "a-secret-value"))
	require.NoError(t, err)
	require.Equal(t, map[string]int{"replace": 1}, noted("d4").Counts)
}
