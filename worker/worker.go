// Package worker is the page on which a reader sees every workflow and every
// activity: their names, their task queues and the tuning of the workers that
// poll them.
package worker

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Options says what the workers run with.
type Options struct {
	Client   client.Client
	Deployer *orchestrator.Deployer
	// Activities bounds how many light activities run at once; default 50.
	Activities int
	// Heavy bounds how many heavy nodes run at once; default 10.
	Heavy int
	// Identity is shown in the Temporal Web UI; default process and host.
	Identity string
	// StopTimeout is how long running activities may take to end on Stop; default 10 s.
	StopTimeout time.Duration
	// Heartbeat is how long an activity may be silent before it starts again elsewhere; default workflows.HeartbeatTimeout.
	Heartbeat time.Duration
}

// Workers polls both task queues.
type Workers struct {
	light, heavy worker.Worker
}

// New registers everything; Start begins to poll.
func New(o Options) *Workers {
	if o.Activities == 0 {
		o.Activities = 50
	}
	if o.Heavy == 0 {
		o.Heavy = 10
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 10 * time.Second
	}
	common := worker.Options{
		Identity: o.Identity, WorkerStopTimeout: o.StopTimeout,
		// Cancel arrives with the answer to a heartbeat, so heartbeats may not be held back.
		MaxHeartbeatThrottleInterval: time.Second, DefaultHeartbeatThrottleInterval: time.Second,
	}
	if o.Heartbeat > 0 && o.Heartbeat != workflows.HeartbeatTimeout {
		// A workflow that a dead worker had in its cache waits this long until another one may have it; at most as it does by default.
		common.StickyScheduleToStartTimeout = min(o.Heartbeat, 5*time.Second)
		common.MaxHeartbeatThrottleInterval = activities.BeatEvery(o.Heartbeat)
		common.Interceptors = []interceptor.WorkerInterceptor{&heartbeats{timeout: o.Heartbeat}}
	}
	light, heavy := common, common
	light.MaxConcurrentActivityExecutionSize = o.Activities
	heavy.MaxConcurrentActivityExecutionSize = o.Heavy
	heavy.DisableWorkflowWorker = true

	w := &Workers{
		light: worker.New(o.Client, workflows.TaskQueue, light),
		heavy: worker.New(o.Client, workflows.HeavyTaskQueue, heavy),
	}
	registerWorkflows(w.light)
	registerActivities(w.light, o)
	registerHeavyActivities(w.heavy, o)
	return w
}

func registerWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunEnvironment, workflow.RegisterOptions{Name: workflows.EnvironmentType})
	r.RegisterWorkflowWithOptions(workflows.RunDeployment, workflow.RegisterOptions{Name: workflows.DeploymentType})
	r.RegisterWorkflowWithOptions(workflows.RunResourceDeletion, workflow.RegisterOptions{Name: workflows.ResourceType})
	r.RegisterWorkflowWithOptions(workflows.RunTeardown, workflow.RegisterOptions{Name: workflows.TeardownType})
}

func registerActivities(r worker.ActivityRegistry, o Options) {
	deployment := &activities.Deployment{Deployer: o.Deployer}
	environment := &activities.Environment{Deployer: o.Deployer, Client: o.Client}
	register(r, map[string]any{
		workflows.PlanActivity:     deployment.Plan,
		workflows.AdvanceActivity:  deployment.Advance,
		workflows.RenderActivity:   deployment.Render,
		workflows.DeliverActivity:  deployment.Deliver,
		workflows.RolloutActivity:  deployment.Rollout,
		workflows.FinishActivity:   deployment.Finish,
		workflows.TeardownActivity: environment.TearDownEnvironment,
		workflows.DestroyActivity:  environment.DestroyResource, // as releases before the heavy queue scheduled it
		workflows.FollowActivity:   environment.FollowWorkflow,
	})
}

func registerHeavyActivities(r worker.ActivityRegistry, o Options) {
	deployment := &activities.Deployment{Deployer: o.Deployer}
	environment := &activities.Environment{Deployer: o.Deployer, Client: o.Client}
	register(r, map[string]any{
		workflows.ProvisionActivity: deployment.ProvisionNode,
		workflows.DestroyActivity:   environment.DestroyResource,
	})
}

func register(r worker.ActivityRegistry, byName map[string]any) {
	for name, fn := range byName {
		r.RegisterActivityWithOptions(fn, activity.RegisterOptions{Name: name})
	}
}

// Start begins to poll both task queues.
func (w *Workers) Start() error {
	if err := w.light.Start(); err != nil {
		return fmt.Errorf("starting the worker of task queue %q: %w", workflows.TaskQueue, err)
	}
	if err := w.heavy.Start(); err != nil {
		w.light.Stop()
		return fmt.Errorf("starting the worker of task queue %q: %w", workflows.HeavyTaskQueue, err)
	}
	return nil
}

// Stop lets running activities end, up to the stop timeout, and stops polling.
func (w *Workers) Stop() {
	w.heavy.Stop()
	w.light.Stop()
}
