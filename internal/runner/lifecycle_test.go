package runner_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

func TestLifecycle(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testLifecycle(t, newWorldOn(t, database(t)))
		})
	}
}

func testLifecycle(t *testing.T, w *world) {
	t.Helper()
	name := map[string]any{"name": "a"}

	made, err := w.provision(w.request("d1", oneRecord, name))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"id": w.records.Named("a")[0].ID}, made.Values)
	require.Equal(t, map[string]any{"password": "s"}, made.Secrets, "a sensitive output is a secret")

	plan, err := w.driver.Plan(ctx, w.request("d1", oneRecord, map[string]any{"name": "a", "value": "w"}))
	require.NoError(t, err)
	require.Len(t, plan.Changes, 1)
	require.Equal(t, "update", plan.Changes[0].Action)
	require.Equal(t, address, plan.Changes[0].Address)
	require.Equal(t, "slipwaytest_record", plan.Changes[0].Kind)
	require.Equal(t, []drivers.Attribute{{Path: "/value"}}, plan.Changes[0].Attributes)
	require.False(t, plan.Same)

	again, err := w.provision(w.request("d2", oneRecord, name))
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.Equal(t, "plan", w.newest(w.request("d2", oneRecord, name)).Phase, "a plan without changes ends there")

	changed := w.request("d3", oneRecord, map[string]any{"name": "a", "value": "w"})
	_, err = w.provision(changed)
	require.NoError(t, err)
	require.Equal(t, "w", w.records.Named("a")[0].Value)
	require.Contains(t, w.log(changed), "Modifications complete")

	renamed := w.request("d4", oneRecord, map[string]any{"name": "b"})
	_, err = w.provision(renamed)
	require.NoError(t, err)
	require.Empty(t, w.records.Named("a"))
	require.Len(t, w.records.Named("b"), 1)

	require.NoError(t, w.driver.Destroy(ctx, renamed))
	require.Zero(t, w.records.Len())
	require.NoError(t, w.driver.Destroy(ctx, renamed), "what is gone stays gone")
	runs, err := w.store.ListRuns(ctx, "acme", renamed.GUResID, 0)
	require.NoError(t, err)
	require.LessOrEqual(t, len(runs), 2, "nothing is kept of a resource that is gone but the last runs")
	for _, r := range runs {
		require.Equal(t, record.Succeeded, r.Status)
	}

	_, err = w.provision(w.request("d5", oneRecord, name))
	require.NoError(t, err)
	require.Equal(t, 2, w.records.Created("a"))
}

// TestDestructionIsTriedAgain: what failed to be destroyed is tried with the
// next call, while the failure of a deployment's run is its answer.
func TestDestructionIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.request("d1", oneRecord, map[string]any{"name": "a"})
	_, err := w.provision(made)
	require.NoError(t, err)
	w.records.Behave("a", recordtest.Behaviour{Stuck: true})
	for range 2 {
		require.ErrorContains(t, w.driver.Destroy(ctx, made), "cannot be deleted now")
	}
	runs, err := w.store.ListRuns(ctx, "acme", made.GUResID, 0)
	require.NoError(t, err)
	require.Len(t, runs, 3)
	w.records.Behave("a", recordtest.Behaviour{})
	require.NoError(t, w.driver.Destroy(ctx, made))
	require.Zero(t, w.records.Len())

	w.records.Behave("b", recordtest.Behaviour{Fail: true})
	failing := w.request("d2", oneRecord, map[string]any{"name": "b"})
	for range 2 {
		_, err = w.provision(failing)
		require.ErrorContains(t, err, "no room")
	}
	require.Equal(t, 1, w.records.Asked("b"))
}
