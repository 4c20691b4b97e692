package worker

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

// recordGate makes TestRecordGate write histories of deployments that wait for people:
// go test ./worker -run TestRecordGate -record-gate NAME.
var recordGate = flag.String("record-gate", "", "name of the release whose histories of waiting deployments to record")

// TestRecordGate records deployments that are approved, rejected, and cancelled as they wait, as a whole or with one node.
func TestRecordGate(t *testing.T) {
	if *recordGate == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerWorkflows(w)
	var mu sync.Mutex
	looks := map[string]int{}
	asked := make(chan string, 8)
	provision := func(_ context.Context, in workflows.Node) (workflows.NodeResult, error) {
		mu.Lock()
		defer mu.Unlock()
		if looks[in.ID+" node"]++; looks[in.ID+" node"] == 1 {
			asked <- in.ID
			return workflows.NodeResult{Wait: time.Hour}, nil
		}
		return workflows.NodeResult{}, nil
	}
	register(w, map[string]any{
		workflows.PlanActivity: func(context.Context, workflows.Deployment) (workflows.PlanResult, error) {
			return workflows.PlanResult{Nodes: 1, Gate: true}, nil
		},
		workflows.GateActivity: func(_ context.Context, in workflows.Deployment) (workflows.GateResult, error) {
			mu.Lock()
			defer mu.Unlock()
			looks[in.ID]++
			switch {
			case strings.HasPrefix(in.ID, "gate-node"):
				return workflows.GateResult{State: workflows.GatePassed}, nil
			case looks[in.ID] == 1: // looks again by itself
				return workflows.GateResult{State: workflows.GateWaiting, Wait: time.Second}, nil
			case looks[in.ID] == 2: // is woken
				asked <- in.ID
				return workflows.GateResult{State: workflows.GateWaiting, Wait: time.Hour}, nil
			case in.ID == "gate-approved":
				return workflows.GateResult{State: workflows.GatePassed}, nil
			}
			return workflows.GateResult{State: "rejected", Message: "rejected by ben"}, nil
		},
		workflows.AdvanceActivity: func(_ context.Context, in workflows.Deployment) (workflows.AdvanceResult, error) {
			mu.Lock()
			defer mu.Unlock()
			if looks[in.ID+" advance"]++; strings.HasPrefix(in.ID, "gate-node") && looks[in.ID+" advance"] == 1 {
				return workflows.AdvanceResult{Heavy: []int{0}}, nil
			}
			return workflows.AdvanceResult{Done: true}, nil
		},
		workflows.RenderActivity: func(context.Context, workflows.Deployment) error { return nil },
		workflows.DeliverActivity: func(context.Context, workflows.Stage) (workflows.DeliverResult, error) {
			return workflows.DeliverResult{}, nil
		},
		workflows.FinishActivity: func(_ context.Context, in workflows.Finish) (string, error) { return in.Outcome, nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	heavy := sdk.New(c, workflows.HeavyTaskQueue, sdk.Options{DisableWorkflowWorker: true})
	register(heavy, map[string]any{workflows.ProvisionActivity: provision})
	require.NoError(t, heavy.Start())
	defer heavy.Stop()
	for _, id := range []string{"gate-approved", "gate-rejected", "gate-cancelled", "gate-node-approved", "gate-node-cancelled"} {
		in := workflows.DeploymentInput{Deployment: workflows.Deployment{Env: workflows.Env{Org: "demo", App: "shop", Env: "dev"}, ID: id}}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "deploy:" + id, TaskQueue: workflows.TaskQueue}, workflows.DeploymentType, in)
		require.NoError(t, err)
		require.Equal(t, id, <-asked)
		if strings.HasSuffix(id, "-cancelled") {
			require.NoError(t, c.CancelWorkflow(t.Context(), run.GetID(), ""))
		} else {
			require.NoError(t, c.SignalWorkflow(t.Context(), run.GetID(), "", workflows.ChangedSignal, nil))
		}
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, *recordGate, "deployment-"+id, run.GetID())
	}
}

// TestReplayOfAPlanWithAGateByAnEarlierBuild: while workers are replaced, a new one may plan and an old one, which knows no gates,
// carry the workflow on. Its run must replay, and it is the activities that refuse to do anything.
func TestReplayOfAPlanWithAGateByAnEarlierBuild(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "histories", "v0.3-deployment-plain.json"))
	require.NoError(t, err)
	history := &historypb.History{}
	require.NoError(t, protojson.Unmarshal(raw, history))
	changed := false
	for _, e := range history.Events {
		if e.EventType != enumspb.EVENT_TYPE_ACTIVITY_TASK_COMPLETED || changed {
			continue
		}
		changed = true // Plan is the first activity
		payload := e.GetActivityTaskCompletedEventAttributes().Result.Payloads[0]
		payload.Data, err = json.Marshal(workflows.PlanResult{Nodes: 3, Gate: true})
		require.NoError(t, err)
	}
	require.True(t, changed)
	replayer := sdk.NewWorkflowReplayer()
	registerWorkflows(replayer)
	require.NoError(t, replayer.ReplayWorkflowHistory(nil, history))
}
