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
	// Service applies pushes to environments that follow them.
	Service *orchestrator.Service
	// Webhooks sends webhooks.
	Webhooks *orchestrator.WebhookSender
	// Activities bounds how many light activities run at once; default 50.
	Activities int
	// Heavy bounds how many heavy nodes run at once; default 10.
	Heavy int
	// Sending bounds how many webhooks are sent at once; default 20.
	Sending int
	// Identity is shown in the Temporal Web UI; default process and host.
	Identity string
	// StopTimeout is how long running activities may take to end on Stop; default 10 s.
	StopTimeout time.Duration
	// Deadline is how long a deployment may take whose start a queue finds in the
	// records; default workflows.DeploymentDeadline.
	Deadline time.Duration
	// BuildID makes the workers one version of a Worker Deployment; default "": they are not versioned.
	BuildID string
	// Heartbeat is how long an activity may be silent before it starts again elsewhere; default workflows.HeartbeatTimeout.
	Heartbeat time.Duration
}

// Workers polls all task queues.
type Workers struct {
	light, heavy, webhooks worker.Worker
}

// New registers everything; Start begins to poll.
func New(o Options) *Workers {
	if o.Activities == 0 {
		o.Activities = 50
	}
	if o.Heavy == 0 {
		o.Heavy = 10
	}
	if o.Sending == 0 {
		o.Sending = 20
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 10 * time.Second
	}
	common := worker.Options{
		Identity: o.Identity, WorkerStopTimeout: o.StopTimeout,
		// Cancel arrives with the answer to a heartbeat, so heartbeats may not be held back.
		MaxHeartbeatThrottleInterval: time.Second, DefaultHeartbeatThrottleInterval: time.Second,
		DeploymentOptions: deploymentOptions(o.BuildID),
	}
	if o.Heartbeat > 0 && o.Heartbeat != workflows.HeartbeatTimeout {
		// A workflow that a dead worker had in its cache waits this long until another one may have it; at most as it does by default.
		common.StickyScheduleToStartTimeout = min(o.Heartbeat, 5*time.Second)
		common.MaxHeartbeatThrottleInterval = activities.BeatEvery(o.Heartbeat)
		common.Interceptors = []interceptor.WorkerInterceptor{&heartbeats{timeout: o.Heartbeat}}
	}
	light, heavy, webhooks := common, common, common
	light.MaxConcurrentActivityExecutionSize = o.Activities
	heavy.MaxConcurrentActivityExecutionSize = o.Heavy
	heavy.DisableWorkflowWorker = true
	webhooks.MaxConcurrentActivityExecutionSize = o.Sending
	webhooks.DisableWorkflowWorker = true

	w := &Workers{
		light: worker.New(o.Client, workflows.TaskQueue, light),
		heavy: worker.New(o.Client, workflows.HeavyTaskQueue, heavy),

		webhooks: worker.New(o.Client, workflows.WebhookTaskQueue, webhooks),
	}
	registerAll(w.light, w.heavy, w.webhooks, o)
	return w
}

// registerAll registers everything there is, in one place, so that a test sees
// it all.
func registerAll(light registry, heavy, webhooks worker.ActivityRegistry, o Options) {
	registerWorkflows(light)
	registerActivities(light, o)
	registerHeavyActivities(heavy, o)
	registerWebhookActivities(webhooks, o)
	registerOperate(light, heavy, o)
	registerDrift(light, heavy, o)
	registerPlan(light, heavy, o)
	registerSchedules(light, o)
	registerPipelineRun(light, heavy, o)
	registerLifecycle(light, heavy, o)
}

// registry takes workflows and activities.
type registry interface {
	worker.WorkflowRegistry
	worker.ActivityRegistry
}

func registerWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunEnvironment, workflow.RegisterOptions{Name: workflows.EnvironmentType})
	r.RegisterWorkflowWithOptions(workflows.RunDeployment, workflow.RegisterOptions{
		Name: workflows.DeploymentType, VersioningBehavior: workflow.VersioningBehaviorPinned, // see deploymentOptions
	})
	r.RegisterWorkflowWithOptions(workflows.RunResourceDeletion, workflow.RegisterOptions{Name: workflows.ResourceType})
	r.RegisterWorkflowWithOptions(workflows.RunTeardown, workflow.RegisterOptions{Name: workflows.TeardownType})
	registerLifecycleWorkflows(r)
	r.RegisterWorkflowWithOptions(workflows.RunAutomation, workflow.RegisterOptions{Name: workflows.AutomationType})
	r.RegisterWorkflowWithOptions(workflows.RunWebhook, workflow.RegisterOptions{Name: workflows.WebhookType})
}

func registerActivities(r worker.ActivityRegistry, o Options) {
	deployment := &activities.Deployment{Deployer: o.Deployer}
	environment := &activities.Environment{Deployer: o.Deployer, Client: o.Client, Deadline: o.Deadline}
	automation := &activities.Automation{Service: o.Service}
	register(r, map[string]any{
		workflows.PushesActivity:   automation.ApplyPushes,
		workflows.PlanActivity:     deployment.Plan,
		workflows.GateActivity:     deployment.Gate,
		workflows.AdvanceActivity:  deployment.Advance,
		workflows.RenderActivity:   deployment.Render,
		workflows.DeliverActivity:  deployment.Deliver,
		workflows.RolloutActivity:  deployment.Rollout,
		workflows.FinishActivity:   deployment.Finish,
		workflows.TeardownActivity: environment.TearDownEnvironment,
		workflows.DestroyActivity:  environment.DestroyResource, // as releases before the heavy queue scheduled it
		workflows.FollowActivity:   environment.FollowWorkflow,
		workflows.WaitingActivity:  environment.WaitingDeployments,
	})
}

func registerHeavyActivities(r worker.ActivityRegistry, o Options) {
	deployment := &activities.Deployment{Deployer: o.Deployer}
	environment := &activities.Environment{Deployer: o.Deployer, Client: o.Client, Deadline: o.Deadline}
	register(r, map[string]any{
		workflows.ProvisionActivity: deployment.ProvisionNode,
		workflows.DestroyActivity:   environment.DestroyResource,
	})
}

func registerWebhookActivities(r worker.ActivityRegistry, o Options) {
	webhook := &activities.Webhook{Sender: o.Webhooks}
	register(r, map[string]any{
		workflows.SendActivity:   webhook.SendWebhook,
		workflows.GiveUpActivity: webhook.GiveUpWebhook,
	})
}

func register(r worker.ActivityRegistry, byName map[string]any) {
	for name, fn := range byName {
		r.RegisterActivityWithOptions(fn, activity.RegisterOptions{Name: name})
	}
}

// Start begins to poll all task queues.
func (w *Workers) Start() error {
	if err := w.light.Start(); err != nil {
		return fmt.Errorf("starting the worker of task queue %q: %w", workflows.TaskQueue, err)
	}
	if err := w.heavy.Start(); err != nil {
		w.light.Stop()
		return fmt.Errorf("starting the worker of task queue %q: %w", workflows.HeavyTaskQueue, err)
	}
	if err := w.webhooks.Start(); err != nil {
		w.heavy.Stop()
		w.light.Stop()
		return fmt.Errorf("starting the worker of task queue %q: %w", workflows.WebhookTaskQueue, err)
	}
	return nil
}

// Stop lets running activities end, up to the stop timeout, and stops polling.
func (w *Workers) Stop() {
	w.webhooks.Stop()
	w.heavy.Stop()
	w.light.Stop()
}
