// Package workflows holds the Temporal workflows and the names, inputs and
// results of the activities they call.
//
// Workflow code is deterministic: it branches only on what activities returned
// and imports neither the engine nor anything under internal/, so that a new
// release of those cannot break the replay of a run that is under way.
// Payloads carry ids, never content, and never a secret.
package workflows

import "time"

// TaskQueue is where workflows and light activities run.
const TaskQueue = "slipway"

// HeavyTaskQueue is where the activities of heavy nodes run, so that they
// scale on their own.
const HeavyTaskQueue = "slipway-heavy"

// WebhookTaskQueue is where webhooks are sent, so that receivers that do not
// answer hold up nothing else.
const WebhookTaskQueue = "slipway-webhooks"

// Names of the workflow types, as the Temporal Web UI shows them.
const (
	EnvironmentType = "Environment"
	DeploymentType  = "Deployment"
	TeardownType    = "Teardown"
	ResourceType    = "ResourceDeletion"
	AutomationType  = "Automation"
	WebhookType     = "Webhook"
)

// Names of the activity types.
const (
	PlanActivity      = "Plan"
	AdvanceActivity   = "Advance"
	ProvisionActivity = "ProvisionNode"
	RenderActivity    = "Render"
	DeliverActivity   = "Deliver"
	RolloutActivity   = "Rollout"
	FinishActivity    = "Finish"
	TeardownActivity  = "TearDownEnvironment"
	DestroyActivity   = "DestroyResource"
	FollowActivity    = "FollowWorkflow"
	PushesActivity    = "ApplyPushes"
	SendActivity      = "SendWebhook"
	GiveUpActivity    = "GiveUpWebhook"
	WaitingActivity   = "WaitingDeployments"
)

// Error types of activity failures that repeating cannot cure.
const (
	// ErrStepFailed: the causes are recorded with the deployment.
	ErrStepFailed = "StepFailed"
	// ErrPermanent: the step itself cannot work.
	ErrPermanent = "Permanent"
)

// Search attributes of every workflow.
const (
	SearchOrg        = "SlipwayOrg"
	SearchApp        = "SlipwayApp"
	SearchEnv        = "SlipwayEnv"
	SearchDeployment = "SlipwayDeployment"
	SearchOutcome    = "SlipwayOutcome" // of a deployment that is ending
)

// HeartbeatTimeout is how long after its worker died an activity starts again.
const HeartbeatTimeout = 15 * time.Second
