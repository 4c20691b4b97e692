package worker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// itemsVariable says how many deployments TestLongQueueAgainstTemporal queues;
// from 400 on the server suggests a new run.
const itemsVariable = "SLIPWAY_TEST_QUEUE_ITEMS"

// waitingRecords play the database of an environment whose deployments take no
// time: what was accepted and is not over, and in which order it was carried out.
type waitingRecords struct {
	mu    sync.Mutex
	open  []string
	order []string
}

func (r *waitingRecords) accept(from, to int) (ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := from; i < to; i++ {
		ids = append(ids, fmt.Sprintf("%016x", 0x18ebd70000000000+i))
	}
	r.open = append(r.open, ids...)
	return ids
}

func (r *waitingRecords) carriedOut() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.order)
}

// items are what a hand-over of fresh carries: everything unfinished.
func (r *waitingRecords) items(fresh ...string) (out []orchestrator.QueueItem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.open {
		out = append(out, orchestrator.QueueItem{Kind: orchestrator.QueueDeployment, ID: id, Policy: orchestrator.QueuePolicyQueue, Again: !slices.Contains(fresh, id)})
	}
	return out
}

func (r *waitingRecords) waiting(_ context.Context, in workflows.Waiting) (page workflows.WaitingResult, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.open {
		if id <= in.After {
			continue
		}
		if page.More = len(page.Items) == in.Limit; page.More {
			break
		}
		page.Items = append(page.Items, workflows.Item{Kind: workflows.KindDeployment, ID: id, Policy: "queue"})
	}
	return page, nil
}

func (r *waitingRecords) end(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order = append(r.order, id)
	r.open = slices.DeleteFunc(r.open, func(o string) bool { return o == id })
}

// TestTenThousandDeploymentsInOneQueue plays a queue of 10,000 through its runs:
// order is kept and nothing is lost, and no run holds or passes on more than it
// should, however many wait.
func TestTenThousandDeploymentsInOneQueue(t *testing.T) {
	t.Parallel()
	total, perRun := 10_000, 370 // about what a run of 4096 events carries out
	if testing.Short() {
		total = 1000
	}
	records := &waitingRecords{}
	ids := records.accept(0, total)
	in := workflows.EnvironmentInput{Env: someEnv, Held: workflows.QueueHolds, Beyond: ids[workflows.QueueHolds-1]}
	for _, id := range ids[:workflows.QueueHolds] {
		in.Items = append(in.Items, workflows.Item{Kind: workflows.KindDeployment, ID: id, Policy: "queue"})
	}
	payloads := converter.GetDefaultDataConverter()
	runs := 0
	for done := false; !done; runs++ {
		require.Less(t, runs, 2*total/perRun, "the runs come to an end")
		var suite testsuite.WorkflowTestSuite
		suite.SetLogger(quiet{})
		env := suite.NewTestWorkflowEnvironment()
		n := 0
		register(env, map[string]any{
			workflows.WaitingActivity: records.waiting,
			workflows.FollowActivity:  func(context.Context, workflows.Follow) error { return nil },
		})
		env.RegisterWorkflowWithOptions(func(_ workflow.Context, in workflows.Deployment) (workflows.DeploymentResult, error) {
			records.end(in.ID)
			if n++; n == perRun {
				env.SetContinueAsNewSuggested(true)
			}
			return workflows.DeploymentResult{}, nil
		}, workflow.RegisterOptions{Name: workflows.DeploymentType})
		env.ExecuteWorkflow(workflows.RunEnvironment, in)
		err := env.GetWorkflowError()
		var again *workflow.ContinueAsNewError
		if done = err == nil; done {
			break
		}
		require.ErrorAs(t, err, &again)
		require.Less(t, again.Input.Payloads[0].Size(), 20<<10, "bytes that the next run gets")
		in = workflows.EnvironmentInput{}
		require.NoError(t, payloads.FromPayloads(again.Input, &in))
	}
	require.Equal(t, ids, records.order)
	require.GreaterOrEqual(t, runs, total/perRun)
}

// TestLongQueueAgainstTemporal carries out a queue on a real server, with
// children that do nothing, while more is accepted: its history stays below what
// the server suggests, its payloads below their limit.
func TestLongQueueAgainstTemporal(t *testing.T) {
	t.Parallel()
	total := 60
	if long := os.Getenv(itemsVariable); long != "" {
		var err error
		total, err = strconv.Atoi(long)
		require.NoError(t, err)
	}
	records := &waitingRecords{}
	c := startStubs(t, records, func(ctx workflow.Context, in workflows.Deployment) (workflows.DeploymentResult, error) {
		if !workflow.IsReplaying(ctx) {
			records.end(in.ID)
		}
		return workflows.DeploymentResult{}, nil
	})
	starter := slipwaytemporal.NewStarter(c)
	ref := orchestrator.EnvRef{OrgID: someEnv.Org, AppID: someEnv.App, EnvID: someEnv.Env}
	begin := time.Now()
	want := records.accept(0, total*9/10)
	require.NoError(t, starter.Enqueue(t.Context(), ref, records.items(want[len(want)-1])...))
	first, err := c.DescribeWorkflowExecution(t.Context(), workflows.EnvironmentWorkflowID(someEnv), "")
	require.NoError(t, err)
	for n := len(want); n < total; n++ { // while it works
		more := records.accept(n, n+1)
		want = append(want, more...)
		require.NoError(t, starter.Enqueue(t.Context(), ref, records.items(more...)...))
	}
	patience := time.Minute + time.Duration(total)*200*time.Millisecond
	for deadline := time.Now().Add(patience); records.carriedOut() < total; time.Sleep(50 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "%d of %d within %s", records.carriedOut(), total, patience)
	}
	took := time.Since(begin)
	require.NoError(t, c.GetWorkflow(t.Context(), workflows.EnvironmentWorkflowID(someEnv), "").Get(t.Context(), nil))
	require.Equal(t, want, records.order)

	runs, longest, largest := measureRuns(t, c, first.GetWorkflowExecutionInfo().GetExecution().GetRunId())
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("%d deployments in %s, %d runs, at most %d events and %d KiB a run, heap %d MiB", total, took.Round(time.Second), runs, longest, largest>>10, memory.HeapAlloc>>20)
	require.Greater(t, runs, total/400, "it went on in new runs")
	require.Less(t, longest, 5000, "events of a run")
	require.Less(t, largest, 4<<20, "bytes of a run")
}

// startStubs runs the real queue with children that the test brings.
func startStubs(t *testing.T, records *waitingRecords, child func(workflow.Context, workflows.Deployment) (workflows.DeploymentResult, error)) client.Client {
	t.Helper()
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{
		Address: testenv.Temporal(t), Namespace: "long-" + uuid.NewString(), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{})
	w.RegisterWorkflowWithOptions(workflows.RunEnvironment, workflow.RegisterOptions{Name: workflows.EnvironmentType})
	w.RegisterWorkflowWithOptions(child, workflow.RegisterOptions{Name: workflows.DeploymentType})
	follow := activities.Environment{Client: c}
	register(w, map[string]any{workflows.WaitingActivity: records.waiting, workflows.FollowActivity: follow.FollowWorkflow})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return c
}

// TestQueueTakesMoreUpdatesThanARunMay: a server takes 2000 updates of one run;
// the queue goes on in a new one before, although its item still runs.
func TestQueueTakesMoreUpdatesThanARunMay(t *testing.T) {
	t.Parallel()
	const updates = 2300
	if os.Getenv(itemsVariable) == "" {
		t.Skip("takes minutes: runs when " + itemsVariable + " is set")
	}
	records := &waitingRecords{}
	c := startStubs(t, records, func(ctx workflow.Context, _ workflows.Deployment) (workflows.DeploymentResult, error) {
		workflow.GetSignalChannel(ctx, "end").Receive(ctx, nil)
		return workflows.DeploymentResult{}, nil
	})
	starter := slipwaytemporal.NewStarter(c)
	ref := orchestrator.EnvRef{OrgID: someEnv.Org, AppID: someEnv.App, EnvID: someEnv.Env}
	var first string
	ids := records.accept(0, updates)
	for n, id := range ids {
		item := orchestrator.QueueItem{Kind: orchestrator.QueueDeployment, ID: id, Policy: orchestrator.QueuePolicyQueue}
		require.NoError(t, starter.Enqueue(t.Context(), ref, item), "update %d", n)
		if n == 0 {
			d, err := c.DescribeWorkflowExecution(t.Context(), workflows.EnvironmentWorkflowID(someEnv), "")
			require.NoError(t, err)
			first = d.GetWorkflowExecutionInfo().GetExecution().GetRunId()
		}
	}
	answer, err := c.QueryWorkflow(t.Context(), workflows.EnvironmentWorkflowID(someEnv), "", workflows.QueueQuery)
	require.NoError(t, err)
	var q workflows.EnvironmentQueue
	require.NoError(t, answer.Get(&q))
	require.Equal(t, ids[0], q.Running.ID, "nothing begins beside what runs")
	require.True(t, q.Running.Follow)
	require.Len(t, q.Waiting, workflows.QueueHolds)
	runs, longest, _ := measureRuns(t, c, first)
	t.Logf("%d updates while one runs: %d runs, at most %d events", updates, runs, longest)
	require.Greater(t, runs, 1)
}

// measureRuns follows the chain of runs and returns how many there were, and the
// events and bytes of the longest.
func measureRuns(t *testing.T, c client.Client, run string) (runs, longest, largest int) {
	t.Helper()
	for run != "" {
		runs++
		events, size, next := 0, 0, ""
		history := c.GetWorkflowHistory(t.Context(), workflows.EnvironmentWorkflowID(someEnv), run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for history.HasNext() {
			e, err := history.Next()
			require.NoError(t, err)
			events, size = events+1, size+e.Size()
			next = e.GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
		}
		longest, largest, run = max(longest, events), max(largest, size), next
	}
	return runs, longest, largest
}

// quiet is a log for runs by the thousand.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}
