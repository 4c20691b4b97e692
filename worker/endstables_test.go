package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/workflows"
)

// What every run may rely on, and the ways through each workflow. ends_test.go walks them.

// bound says for an activity what every run may rely on. An activity that is
// registered and has no entry here fails TestEveryRunEnds.
type bound struct {
	total        time.Duration // longest ScheduleToClose
	disconnected bool          // a cancel of the workflow does not reach it
	pause        time.Duration // longest between two attempts; 0 = 5 minutes
	legacy       bool          // only runs that earlier builds started schedule it on that queue
}

const day = 24 * time.Hour

// bounds are by task queue and activity.
var bounds = map[string]map[string]bound{
	workflows.TaskQueue: {
		workflows.PlanActivity:            {total: 20 * time.Minute},
		workflows.GateActivity:            {total: 20 * time.Minute},
		workflows.AdvanceActivity:         {total: 150 * time.Minute},
		workflows.RenderActivity:          {total: 30 * time.Minute},
		workflows.DeliverActivity:         {total: 75 * time.Minute},
		workflows.RolloutActivity:         {total: 5 * time.Hour},
		workflows.FinishActivity:          {total: 7 * day, disconnected: true},
		workflows.ScanDriftActivity:       {total: time.Hour},
		workflows.FailDriftActivity:       {total: day, disconnected: true},
		workflows.EndPlanActivity:         {total: 7 * day, disconnected: true},
		workflows.RunScheduledActivity:    {total: time.Hour},
		workflows.RetainActivity:          {total: 12 * time.Hour},
		workflows.FailRetentionActivity:   {total: day, disconnected: true},
		workflows.ApplyOperationActivity:  {total: 22 * time.Minute},
		workflows.WatchOperationActivity:  {total: 70 * time.Minute},
		workflows.FinishOperationActivity: {total: 7 * day, disconnected: true},
		workflows.TeardownActivity:        {total: 365 * day}, // does not give up; shows what it is stuck on
		workflows.DestroyActivity:         {legacy: true},
		workflows.FollowActivity:          {total: 30 * day, disconnected: true},
		workflows.WaitingActivity:         {total: 30 * day},
		workflows.PushesActivity:          {total: 14 * time.Minute},

		workflows.BeginPipelineActivity:   {total: 18 * time.Minute},
		workflows.AdvancePipelineActivity: {total: 30 * time.Minute},
		workflows.StepPipelineActivity:    {total: 50 * time.Minute},
		workflows.FinishPipelineActivity:  {total: 7 * day, disconnected: true},

		workflows.CheckLifetimeActivity: {total: 365 * day}, // the promise that an environment ends
		workflows.FollowSpinUpActivity:  {total: 30 * day},
		workflows.FinishSpinUpActivity:  {total: 7 * day, disconnected: true},
		workflows.AwaitRemovalActivity:  {total: 365 * day, disconnected: true},

		workflows.AdvancePromotionActivity: {total: 7 * day},
		workflows.FollowPromotionActivity:  {total: 30 * day},
		workflows.AbandonPromotionActivity: {total: 7 * day, disconnected: true},
	},
	workflows.HeavyTaskQueue: {
		workflows.ProvisionActivity: {total: 4 * time.Hour},
		workflows.DestroyActivity:   {total: 4 * time.Hour},

		workflows.ScanResourcesActivity: {total: 2 * time.Hour},
		workflows.MakePlanActivity:      {total: 2 * time.Hour},
	},
	workflows.WebhookTaskQueue: {
		workflows.SendActivity:   {total: workflows.WebhookDeadline, pause: time.Hour}, // a receiver may be away for hours
		workflows.GiveUpActivity: {total: 7 * day, disconnected: true},
	},
}

// boundOf is the entry of an activity on any queue.
func boundOf(name string) bound {
	for _, queue := range bounds {
		if b, known := queue[name]; known && !b.legacy {
			return b
		}
	}
	return bound{}
}

// childBounds say why a queue need not bound each kind of child, and which
// workflow is no child at all.
var childBounds = map[string]string{
	workflows.DeploymentType: "its deadline, which is a timer, and then Finish",
	workflows.OperationType:  "its two steps give up after 70 minutes, and then FinishOperation",
	workflows.ResourceType:   "its one activity gives up after 4 hours",
	workflows.TeardownType:   "its one activity ends after a year; the reconciler starts it again as long as the environment is to go",
}

// walk is one way through a workflow; together the walks of a workflow schedule
// every activity it knows.
type walk struct {
	input    any
	answers  map[string]func(call int) any // by activity; zero values otherwise
	failures map[string]error              // by activity: how each call of it ends
	// cancelled checks how the workflow ended that was cancelled at some stage.
	cancelled func(t *testing.T, r *walking)
}

var someEnv = workflows.Env{Org: "demo", App: "shop", Env: "dev"}

// walks are by workflow type. A workflow that is registered and has none fails.
var walks = map[string]map[string]walk{
	workflows.DeploymentType: {
		"to the rollout": {
			input: workflows.DeploymentInput{Deployment: workflows.Deployment{Env: someEnv, ID: "0001"}},
			answers: map[string]func(int) any{
				workflows.ProvisionActivity: func(call int) any {
					return workflows.NodeResult{Wait: map[bool]time.Duration{true: time.Minute}[call == 1]}
				},
				workflows.AdvanceActivity: func(call int) any {
					return workflows.AdvanceResult{Heavy: map[bool][]int{true: {0, 1}}[call == 1], Done: call > 2}
				},
				workflows.DeliverActivity: func(int) any { return workflows.DeliverResult{Watch: true} },
			},
			cancelled: endsCancelledOnce,
		},
		"through a gate": {
			input: workflows.DeploymentInput{Deployment: workflows.Deployment{Env: someEnv, ID: "0005"}},
			answers: map[string]func(int) any{
				workflows.PlanActivity: func(int) any { return workflows.PlanResult{Gate: true} },
				workflows.GateActivity: func(call int) any {
					return workflows.GateResult{State: map[bool]string{true: workflows.GateWaiting, false: workflows.GatePassed}[call == 1], Wait: time.Minute}
				},
				workflows.AdvanceActivity: func(int) any { return workflows.AdvanceResult{Done: true} },
			},
			cancelled: endsCancelledOnce,
		},
		"in stages": {
			input: workflows.DeploymentInput{Deployment: workflows.Deployment{Env: someEnv, ID: "0004"}},
			answers: map[string]func(int) any{
				workflows.AdvanceActivity: func(int) any { return workflows.AdvanceResult{Done: true} },
				workflows.DeliverActivity: func(call int) any { return workflows.DeliverResult{Watch: true, More: call < 3} },
			},
			cancelled: endsCancelledOnce,
		},
		"to the delivery": {
			input:     workflows.DeploymentInput{Deployment: workflows.Deployment{Env: someEnv, ID: "0002"}, Deadline: 60 * 60},
			answers:   map[string]func(int) any{workflows.AdvanceActivity: func(int) any { return workflows.AdvanceResult{Done: true} }},
			cancelled: endsCancelledOnce,
		},
		"with failed nodes": {
			input: workflows.DeploymentInput{Deployment: workflows.Deployment{Env: someEnv, ID: "0003"}},
			answers: map[string]func(int) any{workflows.AdvanceActivity: func(int) any {
				return workflows.AdvanceResult{Done: true, Failed: true}
			}},
			cancelled: endsCancelledOnce,
		},
	},
	workflows.EnvironmentType: {
		"everything there is": {
			input: workflows.EnvironmentInput{Env: someEnv, Held: 2, Beyond: "0002", Items: []workflows.Item{
				{Kind: workflows.KindDeployment, ID: "0000", Follow: true},
				{Kind: workflows.KindDeployment, ID: "0001"}, {Kind: workflows.KindResource, ID: "abc/1"},
				{Kind: workflows.KindOperation, ID: "0001"}, {Kind: workflows.KindDeployment, ID: "0002"}, {Kind: workflows.KindTeardown, ID: "demo/shop/dev"},
			}},
			answers: map[string]func(int) any{workflows.WaitingActivity: func(int) any {
				return workflows.WaitingResult{Items: []workflows.Item{{Kind: workflows.KindDeployment, ID: "0003"}}}
			}},
			cancelled: endsAsCancelled,
		},
	},
	workflows.ResourceType: {
		"an order": {input: workflows.Resource{Env: someEnv, ID: "abc/1"}, cancelled: endsAsCancelled},
	},
	workflows.DriftType: {
		"on demand": {input: workflows.DriftInput{Env: someEnv, ScanID: "0001"}, cancelled: func(t *testing.T, r *walking) {
			t.Helper()
			require.NoError(t, r.env.GetWorkflowError())
			require.Equal(t, 1, r.calls[workflows.FailDriftActivity], "recorded")
		}},
		"with resources": {
			input: workflows.DriftInput{Env: someEnv, ScanID: "0002"},
			answers: map[string]func(int) any{
				workflows.ScanDriftActivity: func(int) any { return workflows.DriftResult{Resources: true} },
			},
			cancelled: func(t *testing.T, r *walking) {
				t.Helper()
				require.NoError(t, r.env.GetWorkflowError())
				require.Equal(t, 1, r.calls[workflows.FailDriftActivity], "recorded")
			},
		},
		"refused, of the schedule": {
			input:    workflows.DriftInput{Env: someEnv},
			failures: map[string]error{workflows.ScanDriftActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: func(t *testing.T, r *walking) {
				t.Helper()
				require.NoError(t, r.env.GetWorkflowError())
			},
		},
	},
	workflows.StoredPlanType: {
		"until its time is over": {
			input: workflows.StoredPlan{Env: someEnv, ID: "p"},
			answers: map[string]func(int) any{
				workflows.MakePlanActivity: func(int) any { return workflows.PlanNext{Wait: time.Hour} },
				workflows.EndPlanActivity: func(call int) any {
					return workflows.PlanNext{Wait: map[bool]time.Duration{true: time.Minute}[call == 1]}
				},
			},
			cancelled: endsClosed,
		},
		"refused": {
			input:     workflows.StoredPlan{Env: someEnv, ID: "p"},
			failures:  map[string]error{workflows.MakePlanActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: endsClosed,
		},
	},
	workflows.ScheduledType: {
		"what is due": {input: workflows.Scheduled{Org: "demo", ID: "cleanup"}, cancelled: endsAsCancelled},
	},
	workflows.RetentionType: {
		"of the schedule": {input: workflows.RetentionInput{Org: "demo"}, cancelled: recordsTheFailure},
		"refused": {
			input:     workflows.RetentionInput{Org: "demo", ID: "r"},
			failures:  map[string]error{workflows.RetainActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: recordsTheFailure,
		},
	},
	workflows.OperationType: {
		"to the rollout": {
			input: workflows.Operation{Env: someEnv, ID: "0001"},
			answers: map[string]func(int) any{
				workflows.ApplyOperationActivity: func(int) any { return workflows.OperationApplied{Watch: true} },
			},
			cancelled: endsFinished,
		},
		"refused": {
			input:     workflows.Operation{Env: someEnv, ID: "0002"},
			failures:  map[string]error{workflows.ApplyOperationActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: endsFinished,
		},
	},
	workflows.TeardownType: {
		"an environment": {input: someEnv, cancelled: endsAsCancelled},
	},
	workflows.PipelineRunType: {
		"waits for its turn, then for a step": {
			input: workflows.PipelineRun{Org: "demo", ID: "r"},
			answers: map[string]func(int) any{
				workflows.BeginPipelineActivity: func(call int) any { return workflows.PipelineBegun{Wait: call == 1, Left: 600} },
				workflows.AdvancePipelineActivity: func(call int) any {
					return workflows.PipelineAdvance{Jobs: map[bool][]string{true: {"a", "b"}}[call < 3], Done: call > 2}
				},
				workflows.StepPipelineActivity: func(call int) any {
					return workflows.PipelineStepped{Wait: map[bool]int64{true: 30}[call == 1], Done: call > 2}
				},
			},
			cancelled: endsFinished,
		},
	},
	workflows.AutomationType: {
		"one burst": {input: workflows.AutomationInput{Env: someEnv, Window: time.Minute}, cancelled: endsAsCancelled},
	},
	workflows.LifetimeType: {
		"to the end": {
			input: someEnv,
			answers: map[string]func(int) any{workflows.CheckLifetimeActivity: func(call int) any {
				return workflows.LifetimeStep{Over: call == 3, Wait: time.Hour}
			}},
			cancelled: endsAsCancelled,
		},
	},
	workflows.SpinUpType: {
		"ready": {input: workflows.SpinUp{Org: "demo", App: "shop", ID: "u"}, cancelled: endsFinished},
		"taken down": {
			input: workflows.SpinUp{Org: "demo", App: "shop", ID: "u"},
			answers: map[string]func(int) any{
				workflows.FollowSpinUpActivity: func(int) any { return workflows.SpinUpEnd{Outcome: workflows.OutcomeFailed} },
				workflows.FinishSpinUpActivity: func(int) any { return workflows.SpinUpResult{Removing: true} },
			},
			cancelled: endsFinished,
		},
	},
	workflows.PromotionType: {
		"deploys, soaks, goes back": {
			input: workflows.Promotion{Org: "demo", App: "shop", ID: "p"},
			answers: map[string]func(int) any{workflows.AdvancePromotionActivity: func(call int) any {
				return []workflows.PromotionNext{{Follow: true, Wait: time.Hour}, {Wait: time.Minute}, {Follow: true}, {Done: true}}[min(call, 4)-1]
			}},
			cancelled: endsFinished,
		},
		"broken": {
			input:     workflows.Promotion{Org: "demo", App: "shop", ID: "p"},
			failures:  map[string]error{workflows.AdvancePromotionActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: endsFinished,
		},
	},
	workflows.WebhookType: {
		"received": {input: workflows.WebhookOrder{Org: "demo", ID: "w", Order: 1}, cancelled: endsRecorded},
		"refused": {
			input:     workflows.WebhookOrder{Org: "demo", ID: "w", Order: 2},
			failures:  map[string]error{workflows.SendActivity: temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)},
			cancelled: endsRecorded,
		},
	},
}

// recordsTheFailure: a round of retention has its end in the records, whatever the stage.
func recordsTheFailure(t *testing.T, r *walking) {
	t.Helper()
	require.NoError(t, r.env.GetWorkflowError())
	require.Equal(t, 1, r.calls[workflows.FailRetentionActivity])
}

// endsCancelledOnce: exactly one terminal status, whatever the stage.
func endsCancelledOnce(t *testing.T, r *walking) {
	t.Helper()
	require.NoError(t, r.env.GetWorkflowError())
	require.Equal(t, 1, r.calls[workflows.FinishActivity], "exactly one end")
	outcome := r.finished[0].Outcome
	if r.cancelledDuring != workflows.FinishActivity {
		require.Equal(t, workflows.OutcomeCancelled, outcome)
	}
	require.Contains(t, []string{workflows.OutcomeCancelled, workflows.OutcomeSucceeded, workflows.OutcomeFailed}, outcome)
}

func endsAsCancelled(t *testing.T, r *walking) {
	t.Helper()
	require.True(t, temporal.IsCanceledError(r.env.GetWorkflowError()), "%v", r.env.GetWorkflowError())
}

// endsFinished: an operation, a run of a pipeline or a request for an environment has exactly one end, whatever the stage.
func endsFinished(t *testing.T, r *walking) {
	t.Helper()
	require.NoError(t, r.env.GetWorkflowError())
	require.Equal(t, 1, r.calls[workflows.FinishOperationActivity]+r.calls[workflows.FinishPipelineActivity]+r.calls[workflows.FinishSpinUpActivity]+
		r.calls[workflows.AbandonPromotionActivity], "exactly one end")
}

// endsClosed: the record of a plan is closed, whatever the stage.
func endsClosed(t *testing.T, r *walking) {
	t.Helper()
	require.NoError(t, r.env.GetWorkflowError())
	require.GreaterOrEqual(t, r.calls[workflows.EndPlanActivity], 1, "closed")
}

// endsRecorded: a delivery that was not sent is recorded as that.
func endsRecorded(t *testing.T, r *walking) {
	t.Helper()
	require.NoError(t, r.env.GetWorkflowError())
	require.Equal(t, 1, r.calls[workflows.GiveUpActivity])
}
