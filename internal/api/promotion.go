package api

import "github.com/slipway-dev/slipway/engine/deployset"

// CreatePromotionRequest asks for a promotion.
type CreatePromotionRequest struct {
	FromEnv           string   `json:"from_env,omitempty" doc:"Environment whose newest succeeded deployment is promoted"`
	FromDeployID      string   `json:"from_deploy_id,omitempty" doc:"Deployment that is promoted, instead of from_env; it must have succeeded"`
	ToEnv             string   `json:"to_env" doc:"Environment that it is promoted to"`
	Workloads         []string `json:"workloads,omitempty" doc:"Workloads that are promoted; all when absent. Those that the source lacks are removed from the target"`
	SoakSeconds       int64    `json:"soak_seconds,omitempty" doc:"How long the target has to stay healthy before the promotion counts, in seconds; 0 to 604800"`
	RollBackOnFailure bool     `json:"roll_back_on_failure,omitempty" doc:"Deploy what ran before when it fails or is cancelled"`
	DeadlineSeconds   int64    `json:"deadline_seconds,omitempty" doc:"Within what time its deployment must be over, waiting included, in seconds; 60 to 604800, 86400 when absent"`
	Comment           string   `json:"comment,omitempty" doc:"Comment of the deployment"`
	FreezeOverride    string   `json:"freeze_override,omitempty" doc:"Why the deployment, and one that takes it back, is to be accepted during a freeze window"`
	DryRun            bool     `json:"dry_run,omitempty" doc:"Answer what would change, with 200, and start nothing"`
}

// Promotion is a promotion and what became of it.
type Promotion struct {
	ID                   string           `json:"id,omitempty" doc:"Id; absent in the answer to a dry run"`
	WorkflowID           string           `json:"workflow_id,omitempty" doc:"Id of its workflow in Temporal; absent in the answer to a dry run"`
	FromEnv              string           `json:"from_env,omitempty" doc:"Environment that it came from, when one was named"`
	FromDeployID         string           `json:"from_deploy_id" doc:"Deployment that is promoted"`
	ToEnv                string           `json:"to_env" doc:"Environment that it is promoted to"`
	Workloads            []string         `json:"workloads" doc:"Workloads that are promoted; empty is all"`
	BaseSetID            string           `json:"base_set_id" doc:"Deployment Set that the target had, or was about to have"`
	SetID                string           `json:"set_id" doc:"Deployment Set that is deployed"`
	Comment              string           `json:"comment" doc:"Comment of the deployment"`
	SoakSeconds          int64            `json:"soak_seconds" doc:"How long the target has to stay healthy"`
	RollBackOnFailure    bool             `json:"roll_back_on_failure" doc:"Whether what ran before is deployed again when it fails or is cancelled"`
	DeadlineAt           Time             `json:"deadline_at" doc:"When its deployment must be over"`
	DeploymentID         string           `json:"deployment_id,omitempty" doc:"The deployment to the target"`
	RollBackDeploymentID string           `json:"roll_back_deployment_id,omitempty" doc:"The deployment that takes it back"`
	Status               string           `json:"status" enum:"in progress,succeeded,failed,cancelled" doc:"How far it is"`
	Phase                string           `json:"phase" enum:"approval,deploy,soak,rollback,done" doc:"What is being done"`
	Message              string           `json:"message,omitempty" doc:"Why it did not succeed"`
	SoakUntil            *Time            `json:"soak_until,omitempty" doc:"When the soak time ends or ended"`
	CreatedAt            Time             `json:"created_at" doc:"When it was asked for"`
	CreatedBy            string           `json:"created_by" doc:"Who asked"`
	CancelRequestedAt    *Time            `json:"cancel_requested_at,omitempty" doc:"When its end was asked for"`
	FinishedAt           *Time            `json:"finished_at,omitempty" doc:"When it was over"`
	Events               []PromotionEvent `json:"events" doc:"What happened, oldest first"`
	// Diff is in the answers to requests for promotions.
	Diff *deployset.Delta `json:"diff,omitempty" doc:"What it changes in the target; only in the answer to the request"`
}

// PromotionEvent is one step of a promotion.
type PromotionEvent struct {
	Seq     int64  `json:"seq" doc:"Number, from 1"`
	At      Time   `json:"at" doc:"When"`
	Phase   string `json:"phase" doc:"Phase from then on"`
	Status  string `json:"status" doc:"Status from then on"`
	Message string `json:"message" doc:"What happened"`
}
