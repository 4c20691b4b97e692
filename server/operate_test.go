package server_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

const devPath = shopPath + "/envs/development"

// fakeCluster stands for a cluster: it has what it is told it has.
type fakeCluster struct {
	mu          sync.Mutex
	controllers []orchestrator.Controller
	differences []orchestrator.ObjectComparison
	err         error
	startErr    error
	schedules   fakeSchedules
}

func (f *fakeCluster) Controllers(context.Context, orchestrator.Target, []orchestrator.InventoryEntry) ([]orchestrator.Controller, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.controllers, f.err
}

func (f *fakeCluster) SetReplicas(context.Context, orchestrator.Target, orchestrator.Controller, int) error {
	return f.err
}

func (f *fakeCluster) Restart(context.Context, orchestrator.Target, orchestrator.Controller, string) error {
	return f.err
}

func (f *fakeCluster) Compare(context.Context, orchestrator.CompareRequest) ([]orchestrator.ObjectComparison, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.differences, f.err
}

func (f *fakeCluster) StartDriftScan(context.Context, orchestrator.EnvRef, string) error {
	return f.startErr
}

// withCluster gives the use cases of a harness a cluster.
func (h *harness) withCluster() *fakeCluster {
	h.t.Helper()
	cluster := &fakeCluster{}
	h.service = orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log,
		Clusters: map[string]orchestrator.Cluster{"k8s": cluster}, Drift: cluster, Schedules: &cluster.schedules,
	})
	h.server = server.New(server.Options{Service: h.service, Log: h.log, Version: "test"})
	return cluster
}

// deployedShop has an application whose environment development was deployed to a cluster of that type.
func (h *harness) deployedShop(clusterType string) {
	h.t.Helper()
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	var delta string
	h.do("POST", shopPath+"/deltas", `{"modules":{"add":{"api":{"profile":"humanitec/default-module","spec":{"containers":{"main":{"id":"main","image":"a"}}}}}}}`).must(http.StatusOK, &delta)
	h.do("POST", devPath+"/deploys", `{"delta_id":"`+delta+`"}`).must(http.StatusCreated, nil)
	h.clusterResource(clusterType)
}

func (h *harness) clusterResource(clusterType string) {
	h.t.Helper()
	r, err := h.store.ReserveResource(context.Background(), &orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: "development", EnvType: "development", GUResID: "cluster-of-shop",
		Key: resource.Key{Type: "k8s-cluster", Class: "default", ID: "k8s-cluster"}, Status: orchestrator.ResourcePending,
	})
	require.NoError(h.t, err)
	r.Values, r.Status = map[string]any{"cluster_type": clusterType}, orchestrator.ResourceActive
	require.NoError(h.t, h.store.UpdateActiveResource(context.Background(), r))
}

// TestOperationsAreAccepted: what is asked for is stored, waits in the queue, and is refused where it cannot work.
func TestOperationsAreAccepted(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	cluster.controllers = []orchestrator.Controller{{Kind: "Deployment", Name: "api", Workload: "api", Replicas: 1}}
	h.deployedShop("k8s")

	h.do("PATCH", devPath+"/runtime/replicas", `{"api":3}`).must(http.StatusNoContent, nil)
	var made api.Operation
	h.do("POST", devPath+"/operations", `{"kind":"restart","workloads":["api"]}`).must(http.StatusCreated, &made)
	require.Equal(t, "pending", made.Status)
	var all []api.Operation
	h.do("GET", devPath+"/operations", "").must(http.StatusOK, &all)
	require.Len(t, all, 2)
	require.Equal(t, []string{"restart", "scale"}, []string{all[0].Kind, all[1].Kind}, "newest first")
	require.Equal(t, map[string]int{"api": 3}, all[1].Replicas)
	require.Equal(t, []string{all[1].ID, made.ID}, h.workflows.items(orchestrator.QueueOperation))

	var cancelled api.Operation
	h.do("POST", devPath+"/operations/"+made.ID+"/cancel", "").must(http.StatusOK, &cancelled)
	require.Equal(t, "cancelled", cancelled.Status, "one that waits ends at once")
	h.do("POST", devPath+"/operations/"+made.ID+"/cancel", "").must(http.StatusOK, nil)

	for name, c := range map[string]struct {
		method, path, body string
		status             int
		says               string
	}{
		"unknown workload":   {"PATCH", "/runtime/replicas", `{"none":1}`, 400, "none"},
		"negative":           {"PATCH", "/runtime/replicas", `{"api":-1}`, 400, "replicas"},
		"too many":           {"PATCH", "/runtime/replicas", `{"api":10001}`, 400, "10000"},
		"nothing to scale":   {"PATCH", "/runtime/replicas", `{}`, 400, "workload"},
		"no number":          {"PATCH", "/runtime/replicas", `{"api":"3"}`, 400, ""},
		"no object":          {"PATCH", "/runtime/replicas", `3`, 400, ""},
		"null as a number":   {"PATCH", "/runtime/replicas", `{"api":null}`, 400, ""},
		"null in operations": {"POST", "/operations", `{"kind":"scale","replicas":{"api":null}}`, 400, ""},
		"null":               {"PATCH", "/runtime/replicas", `null`, 400, ""},
		"unknown kind":       {"POST", "/operations", `{"kind":"explode"}`, 400, "explode"},
		"unknown to restart": {"POST", "/operations", `{"kind":"restart","workloads":["x"]}`, 400, "x"},
		"no boolean":         {"PUT", "/runtime/paused", `"yes"`, 400, ""},
		"resume what runs":   {"POST", "/operations", `{"kind":"resume"}`, 409, "not paused"},
		"unknown operation":  {"GET", "/operations/none", "", 404, "none"},
		"cancel unknown":     {"POST", "/operations/none/cancel", "", 404, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			h.do(c.method, devPath+c.path, c.body).fails(c.status, c.says)
			if c.status != http.StatusBadRequest || c.says != "" { // what is no such document is refused before anybody is asked
				h.as(h.rival, c.method, devPath+c.path, c.body).fails(http.StatusNotFound, org)
			}
		})
	}
	h.do("PATCH", shopPath+"/envs/none/runtime/replicas", `{"api":1}`).fails(http.StatusNotFound, "none")

	cluster.mu.Lock()
	cluster.controllers[0].Autoscaler = "api-scaler"
	cluster.mu.Unlock()
	h.do("PATCH", devPath+"/runtime/replicas", `{"api":3}`).fails(http.StatusConflict, "api-scaler")
	h.clusterResource("git")
	h.do("PATCH", devPath+"/runtime/replicas", `{"api":3}`).fails(http.StatusConflict, "git")
}

// TestOperationsSuitTheWorkload: what cannot be done to a workload of a built-in profile is refused at once.
func TestOperationsSuitTheWorkload(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.withCluster()
	h.deployedShop("k8s")
	var delta string
	h.do("POST", shopPath+"/deltas", `{"modules":{"add":{
		"once":{"profile":"humanitec/default-job","spec":{"containers":{"main":{"image":"a"}}}},
		"agent":{"profile":"humanitec/default-daemonset","spec":{"containers":{"main":{"image":"a"}}}}}}}`).must(http.StatusOK, &delta)
	h.do("POST", devPath+"/deploys", `{"delta_id":"`+delta+`"}`).must(http.StatusCreated, nil)
	h.do("PATCH", devPath+"/runtime/replicas", `{"once":1}`).fails(http.StatusConflict, "humanitec/default-job")
	h.do("PATCH", devPath+"/runtime/replicas", `{"agent":1}`).fails(http.StatusConflict, "no replicas")
	h.do("POST", devPath+"/operations", `{"kind":"restart","workloads":["once"]}`).fails(http.StatusConflict, "runs to its end")
	h.do("POST", devPath+"/operations", `{"kind":"restart","workloads":["agent"]}`).must(http.StatusCreated, nil)
}

func TestOperationsNeedADeployment(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.withCluster()
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	h.do("POST", devPath+"/operations", `{"kind":"restart"}`).fails(http.StatusConflict, "nothing was deployed")
	h.do("PUT", devPath+"/runtime/paused", `true`).fails(http.StatusConflict, "nothing was deployed")
	h.do("PUT", devPath+"/runtime/paused", `false`).must(http.StatusNoContent, nil)
}

// TestPausedEnvironments: from the moment a pause is accepted, only a resume is.
func TestPausedEnvironments(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.withCluster()
	h.deployedShop("k8s")
	paused := func() bool {
		var p api.Paused
		h.do("GET", devPath+"/runtime/paused", "").must(http.StatusOK, &p)
		return p.Paused
	}
	require.False(t, paused())
	h.do("PUT", devPath+"/runtime/paused", `true`).must(http.StatusNoContent, nil)
	h.do("PUT", devPath+"/runtime/paused", `true`).must(http.StatusNoContent, nil)
	require.True(t, paused())
	require.Len(t, h.workflows.items(orchestrator.QueueOperation), 1, "pausing again does nothing")
	h.do("POST", devPath+"/deploys", `{"comment":"x"}`).fails(http.StatusConflict, "paused")
	h.do("PATCH", devPath+"/runtime/replicas", `{"api":1}`).fails(http.StatusConflict, "paused")
	h.do("POST", devPath+"/operations", `{"kind":"restart"}`).fails(http.StatusConflict, "paused")
	h.do("PUT", devPath+"/runtime/paused", `false`).must(http.StatusNoContent, nil)
	h.do("PUT", devPath+"/runtime/paused", `false`).must(http.StatusNoContent, nil)
	ids := h.workflows.items(orchestrator.QueueOperation)
	require.Len(t, ids, 2, "resuming again does nothing")
	require.True(t, paused(), "until it has been resumed")
	h.do("POST", devPath+"/operations", `{"kind":"pause"}`).fails(http.StatusConflict, "being resumed")

	h.do("POST", devPath+"/operations/"+ids[1]+"/cancel", "").must(http.StatusOK, nil)
	require.True(t, paused())
	h.do("POST", devPath+"/operations/"+ids[0]+"/cancel", "").must(http.StatusOK, nil)
	require.False(t, paused(), "a pause that touched nothing is taken back")
	h.do("POST", devPath+"/deploys", `{"comment":"x"}`).must(http.StatusCreated, nil)
}

// TestOperationsAreReconciled: what the queue was not told of is handed over, a cancel is repeated, and what lost its workflow ends.
func TestOperationsAreReconciled(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.withCluster()
	h.deployedShop("k8s")
	later := time.Now()
	reconcile := func(state orchestrator.WorkflowState, after time.Duration) {
		h.workflows.mu.Lock()
		h.workflows.state, h.workflows.enqueued = state, nil
		h.workflows.mu.Unlock()
		later = later.Add(after)
		require.NoError(t, orchestrator.NewReconciler(h.store, h.workflows, func() time.Time { return later }, h.log).Once(context.Background()))
	}
	status := func(id string) string {
		var o api.Operation
		h.do("GET", devPath+"/operations/"+id, "").must(http.StatusOK, &o)
		return o.Status
	}
	var made api.Operation
	h.do("POST", devPath+"/operations", `{"kind":"restart"}`).must(http.StatusCreated, &made)
	reconcile(orchestrator.WorkflowQueued, time.Minute)
	require.Empty(t, h.workflows.items(orchestrator.QueueOperation), "the queue has it")
	reconcile(orchestrator.WorkflowUnknown, time.Minute)
	require.Equal(t, []string{made.ID}, h.workflows.items(orchestrator.QueueOperation))

	ctx := context.Background()
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}
	o, err := h.store.GetOperation(ctx, ref, made.ID)
	require.NoError(t, err)
	o.Status, o.StartedAt = orchestrator.OperationInProgress, &later
	require.NoError(t, h.store.UpdateOperation(ctx, o))
	h.do("POST", devPath+"/operations/"+made.ID+"/cancel", "").must(http.StatusOK, nil)
	require.Equal(t, "in progress", status(made.ID), "one that runs ends in its own time")
	before := len(h.workflows.canceled)
	reconcile(orchestrator.WorkflowRunning, time.Minute)
	require.Greater(t, len(h.workflows.canceled), before, "the cancel is repeated")
	reconcile(orchestrator.WorkflowClosed, time.Minute)
	require.Equal(t, "cancelled", status(made.ID))

	h.do("POST", devPath+"/operations", `{"kind":"restart"}`).must(http.StatusCreated, &made)
	o, err = h.store.GetOperation(ctx, ref, made.ID)
	require.NoError(t, err)
	o.Status, o.StartedAt = orchestrator.OperationInProgress, &later
	require.NoError(t, h.store.UpdateOperation(ctx, o))
	reconcile(orchestrator.WorkflowClosed, time.Hour)
	require.Equal(t, "failed", status(made.ID), "its workflow is gone")
}
