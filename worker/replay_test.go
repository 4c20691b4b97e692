package worker

import (
	"context"
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
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	sdk "go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

// record makes TestReplay write new histories from the workflows as they are
// now: go test ./worker -run TestReplay -record NAME. Histories that are there
// are never replaced: they are what earlier releases have left running.
var record = flag.String("record", "", "name of the release whose histories to record")

func TestMain(m *testing.M) {
	flag.Parse()
	testenv.Main(m)
}

// TestReplay replays the histories of earlier builds: a change of workflow code
// that would break a run under way fails here.
func TestReplay(t *testing.T) {
	if *record != "" {
		recordHistories(t, *record)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "histories", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			replayer := sdk.NewWorkflowReplayer()
			registerAllWorkflows(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
		})
	}
}

// recordHistories runs every workflow against a real server, with activities
// that only answer, and stores what happened.
func recordHistories(t *testing.T, name string) {
	address, namespace := testenv.Temporal(t), testenv.Namespace(t)
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: address, Namespace: namespace})
	require.NoError(t, err)
	defer c.Close()
	answersLifecycle := lifecycleAnswers()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	heavy := sdk.New(c, workflows.HeavyTaskQueue, sdk.Options{DisableWorkflowWorker: true, MaxHeartbeatThrottleInterval: time.Second})
	registerWorkflows(w)
	registerAnswers(w)
	register(w, answersLifecycle)
	register(heavy, map[string]any{
		workflows.ProvisionActivity: provisionAnswer,
		workflows.DestroyActivity:   func(context.Context, workflows.Resource) error { return nil },
	})
	sending := sdk.New(c, workflows.WebhookTaskQueue, sdk.Options{DisableWorkflowWorker: true, MaxHeartbeatThrottleInterval: time.Second})
	registerWebhookAnswers(sending)
	for _, poller := range []sdk.Worker{w, heavy, sending} {
		require.NoError(t, poller.Start())
		defer poller.Stop()
	}

	env := workflows.Env{Org: "demo", App: "shop", Env: "dev"}
	followed := recordFollowed(t, c, env)
	items := []workflows.Item{
		{Kind: workflows.KindDeployment, ID: "plain"}, {Kind: workflows.KindDeployment, ID: "heavy"},
		{Kind: workflows.KindDeployment, ID: "over"}, {Kind: workflows.KindDeployment, ID: "refused"},
		{Kind: workflows.KindDeployment, ID: "failed-nodes"}, {Kind: workflows.KindDeployment, ID: "watched"},
		{Kind: workflows.KindDeployment, ID: "cancelled"}, {Kind: workflows.KindResource, ID: "0123abcd"},
		{Kind: workflows.KindResource, ID: "0123abcd/2"}, {Kind: workflows.KindTeardown, ID: "demo/shop/dev"},
	}
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: workflows.EnvironmentWorkflowID(env), TaskQueue: workflows.TaskQueue,
	}, workflows.EnvironmentType, workflows.EnvironmentInput{Env: env, Items: items[:1]})
	require.NoError(t, err)
	update, err := c.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), UpdateName: workflows.EnqueueUpdate, Args: []any{items},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	require.NoError(t, update.Get(t.Context(), nil))
	go cancelWhenRunning(t.Context(), c, workflows.WorkflowID(items[6]))
	require.NoError(t, run.Get(t.Context(), nil))

	store(t, c, name, "environment", run.GetID())
	followed(name)
	recordCancelled(t, c, name)
	recordBackground(t, c, name, env)
	recordLifecycle(t, c, name, env)
	for _, item := range items {
		store(t, c, name, item.Kind+"-"+strings.ReplaceAll(item.ID, "/", "_"), workflows.WorkflowID(item))
	}
}

// recordFollowed starts a queue that follows what is running already, holds few
// and finds the rest in the records, and goes on until the returned function
// stores its history. The child it follows runs on its own.
func recordFollowed(t *testing.T, c client.Client, env workflows.Env) func(name string) {
	t.Helper()
	env.Env = "prod"
	items := []workflows.Item{
		{Kind: workflows.KindDeployment, ID: "f0", Follow: true}, {Kind: workflows.KindDeployment, ID: "f1"},
		{Kind: workflows.KindDeployment, ID: "f2", Deadline: 3600}, {Kind: workflows.KindDeployment, ID: "f3"},
	}
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.EnvironmentWorkflowID(env), TaskQueue: workflows.TaskQueue},
		workflows.EnvironmentType, workflows.EnvironmentInput{Env: env, Items: items, Held: 2})
	require.NoError(t, err)
	return func(name string) {
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, name, "environment-bounded", run.GetID())
		store(t, c, name, "deployment-deadline", "deploy:f2")
	}
}

// recordCancelled cancels a queue while its child runs.
func recordCancelled(t *testing.T, c client.Client, name string) {
	t.Helper()
	env := workflows.Env{Org: "demo", App: "shop", Env: "cancelled"}
	items := []workflows.Item{{Kind: workflows.KindDeployment, ID: "cancelled-queue"}}
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.EnvironmentWorkflowID(env), TaskQueue: workflows.TaskQueue},
		workflows.EnvironmentType, workflows.EnvironmentInput{Env: env, Items: items, Held: workflows.QueueHolds})
	require.NoError(t, err)
	cancelWhen(t.Context(), c, "deploy:cancelled-queue", run.GetID())
	require.Error(t, run.Get(t.Context(), nil))
	store(t, c, name, "environment-cancelled", run.GetID())
}

// cancelWhenRunning cancels the workflow as soon as it has begun its steps.
func cancelWhenRunning(ctx context.Context, c client.Client, id string) { cancelWhen(ctx, c, id, id) }

// cancelWhen cancels a workflow as soon as another one is at a heavy node.
func cancelWhen(ctx context.Context, c client.Client, id, cancel string) {
	for ctx.Err() == nil {
		d, err := c.DescribeWorkflowExecution(ctx, id, "")
		if err == nil && len(d.GetPendingActivities()) > 0 && d.GetPendingActivities()[0].GetActivityType().GetName() == workflows.ProvisionActivity {
			_ = c.CancelWorkflow(ctx, cancel, "")
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func store(t *testing.T, c client.Client, release, name, id string) {
	t.Helper()
	history := &historypb.History{}
	events := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, e)
	}
	raw, err := protojson.MarshalOptions{Indent: " "}.Marshal(history)
	require.NoError(t, err)
	path := filepath.Join("testdata", "histories", release+"-"+name+".json")
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	_, err = os.Stat(path)
	require.ErrorIs(t, err, os.ErrNotExist, "histories of a release are recorded once")
	require.NoError(t, os.WriteFile(path, raw, 0o644))
}

// registerAnswers registers activities whose answers depend on the deployment's id.
func registerAnswers(w sdk.ActivityRegistry) {
	var mu sync.Mutex
	rounds := map[string]int{}
	register(w, map[string]any{
		workflows.PlanActivity: func(_ context.Context, in workflows.Deployment) (workflows.PlanResult, error) {
			if in.ID == "refused" {
				return workflows.PlanResult{}, temporal.NewNonRetryableApplicationError("refused", workflows.ErrStepFailed, nil)
			}
			return workflows.PlanResult{Over: in.ID == "over", Nodes: 3}, nil
		},
		workflows.AdvanceActivity: func(_ context.Context, in workflows.Deployment) (workflows.AdvanceResult, error) {
			mu.Lock()
			defer mu.Unlock()
			rounds[in.ID]++
			heavy := in.ID == "heavy" || strings.HasPrefix(in.ID, "cancelled")
			if heavy && rounds[in.ID] == 1 {
				return workflows.AdvanceResult{Heavy: []int{0, 1}}, nil
			}
			return workflows.AdvanceResult{Done: true, Failed: in.ID == "failed-nodes"}, nil
		},
		workflows.RenderActivity: func(context.Context, workflows.Deployment) error { return nil },
		workflows.DeliverActivity: func(_ context.Context, in workflows.Deployment) (workflows.DeliverResult, error) {
			return workflows.DeliverResult{Watch: in.ID == "watched"}, nil
		},
		workflows.RolloutActivity: func(context.Context, workflows.Deployment) error { return nil },
		workflows.FinishActivity:  func(_ context.Context, in workflows.Finish) (string, error) { return in.Outcome, nil },
		workflows.TeardownActivity: func(context.Context, workflows.Env) (workflows.TeardownResult, error) {
			return workflows.TeardownResult{Done: true}, nil
		},
		workflows.DestroyActivity: func(context.Context, workflows.Resource) error { return nil },
		workflows.FollowActivity:  func(context.Context, workflows.Follow) error { return nil },
		workflows.WaitingActivity: func(_ context.Context, in workflows.Waiting) (workflows.WaitingResult, error) {
			if in.After >= "f3" {
				return workflows.WaitingResult{}, nil
			}
			return workflows.WaitingResult{Items: []workflows.Item{
				{Kind: workflows.KindDeployment, ID: "f2", Deadline: 3600}, {Kind: workflows.KindDeployment, ID: "f3"},
			}}, nil
		},
		workflows.PushesActivity: func(ctx context.Context, _ workflows.Env) (workflows.Pushes, error) {
			mu.Lock()
			rounds["pushes"]++
			first := rounds["pushes"] == 1
			mu.Unlock()
			for first && ctx.Err() == nil { // until more was pushed
				activity.RecordHeartbeat(ctx)
				select {
				case <-pushedMeanwhile:
					return workflows.Pushes{DeploymentID: "plain", Pushes: 2}, nil
				case <-time.After(100 * time.Millisecond):
				}
			}
			return workflows.Pushes{Held: true, Pushes: 1}, nil
		},
	})
}

// pushedMeanwhile lets the first round of automation end.
var pushedMeanwhile = make(chan struct{})

// registerWebhookAnswers registers activities that repeat "repeated" once and
// refuse "refused".
func registerWebhookAnswers(w sdk.ActivityRegistry) {
	register(w, map[string]any{
		workflows.SendActivity: func(ctx context.Context, in workflows.WebhookOrder) error {
			switch {
			case in.ID == "refused":
				return temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
			case in.ID == "repeated" && activity.GetInfo(ctx).Attempt == 1:
				return temporal.NewApplicationErrorWithOptions("busy", "NotReceived", temporal.ApplicationErrorOptions{NextRetryDelay: 10 * time.Millisecond})
			}
			return nil
		},
		workflows.GiveUpActivity: func(context.Context, workflows.WebhookOrder) error { return nil },
	})
}

// recordBackground records the workflows outside the queue of an environment.
func recordBackground(t *testing.T, c client.Client, name string, env workflows.Env) {
	t.Helper()
	id := workflows.AutomationWorkflowID(env)
	signal := func() client.WorkflowRun {
		run, err := c.SignalWithStartWorkflow(t.Context(), id, workflows.PushedSignal, nil,
			client.StartWorkflowOptions{TaskQueue: workflows.TaskQueue}, workflows.AutomationType,
			workflows.AutomationInput{Env: env, Window: 100 * time.Millisecond})
		require.NoError(t, err)
		return run
	}
	run := signal()
	require.Eventually(t, func() bool {
		d, err := c.DescribeWorkflowExecution(t.Context(), id, "")
		return err == nil && len(d.GetPendingActivities()) > 0
	}, time.Minute, 20*time.Millisecond)
	require.Equal(t, run.GetRunID(), signal().GetRunID())
	close(pushedMeanwhile)
	require.NoError(t, run.Get(t.Context(), nil))
	store(t, c, name, "automation", id)
	for _, delivery := range []string{"received", "repeated", "refused"} {
		in := workflows.WebhookOrder{Org: "demo", ID: delivery, Order: 1}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.WebhookWorkflowID(in), TaskQueue: workflows.TaskQueue},
			workflows.WebhookType, in)
		require.NoError(t, err)
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, name, "webhook-"+delivery, run.GetID())
	}
}

// provisionAnswer answers at once, but for the deployment that is to be cancelled.
func provisionAnswer(ctx context.Context, in workflows.Node) error {
	for strings.HasPrefix(in.ID, "cancelled") && ctx.Err() == nil {
		activity.RecordHeartbeat(ctx)
		time.Sleep(100 * time.Millisecond)
	}
	return ctx.Err()
}
