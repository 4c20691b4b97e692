package orchestrator

import (
	"context"
	"time"
)

// AttentionStore finds what needs attention in all environments of an
// organization. Each method is one statement, however many environments there are.
type AttentionStore interface {
	// FailedEnvironments lists environments whose newest deployment failed, was
	// denied, rejected, not approved or void, newest failure first. What somebody
	// cancelled or a later one superseded is none of them, nor what is being deleted.
	FailedEnvironments(ctx context.Context, f AttentionFilter) ([]FailedEnvironment, error)
	// DriftedEnvironments lists the newest scan that is over of environments where it
	// found drift or failed, newest first, without results. A scan says nothing any more once
	// another deployment than the one it compared with has succeeded.
	DriftedEnvironments(ctx context.Context, f AttentionFilter) ([]DriftScan, error)
	// EndingEnvironments lists environments that end by themselves within soon (for those
	// that end for being idle within a quarter of the idle time, if that is less) and are to be
	// looked at by then (see Lifetime.NextAt), soonest first.
	EndingEnvironments(ctx context.Context, f AttentionFilter, now time.Time, soon time.Duration) ([]EndingEnvironment, error)
	// PausedEnvironments lists pauses, newest first.
	PausedEnvironments(ctx context.Context, f AttentionFilter) ([]Pause, error)
	// GoingEnvironments lists environments that are being deleted: those that do not get
	// on (they have a message) first, then the longest.
	GoingEnvironments(ctx context.Context, f AttentionFilter) ([]Environment, error)
	// RefusedOrders lists scheduled deployments that were refused or missed when they
	// were last due, after a time, newest first.
	RefusedOrders(ctx context.Context, f AttentionFilter, after time.Time) ([]ScheduledDeployment, error)
	// FailedPipelines lists the newest run of pipelines where it failed and nobody
	// started it by hand, newest first, without definitions.
	FailedPipelines(ctx context.Context, f AttentionFilter) ([]PipelineRun, error)

	// GatesWaiting lists gates that wait for people, oldest first.
	GatesWaiting(ctx context.Context, f AttentionFilter) ([]Gate, error)
	// ListGateApprovalsOf lists what was said to several deployments, oldest first.
	ListGateApprovalsOf(ctx context.Context, org string, deployments []string) ([]GateApproval, error)
	// PromotionsWaiting lists promotions that are not over and whose deployment, or that
	// which takes it back, is one of these, oldest first.
	PromotionsWaiting(ctx context.Context, org string, deployments []string) ([]Promotion, error)
	// PipelineApprovalsWaiting lists requests that wait for people, oldest first.
	PipelineApprovalsWaiting(ctx context.Context, f AttentionFilter) ([]PipelineApproval, error)

	// DeploymentsUnderway lists unfinished deployments that wait for nobody, oldest first.
	DeploymentsUnderway(ctx context.Context, f AttentionFilter) ([]Deployment, error)
	// PromotionsUnderway lists promotions that are not over and wait for nobody, oldest first.
	PromotionsUnderway(ctx context.Context, f AttentionFilter) ([]Promotion, error)
	// SpinUpsUnderway lists requests for environments that are not over, oldest first.
	SpinUpsUnderway(ctx context.Context, f AttentionFilter) ([]SpinUp, error)
	// PipelineRunsUnderway lists runs that are not over and wait for nobody, oldest first,
	// without definitions.
	PipelineRunsUnderway(ctx context.Context, f AttentionFilter) ([]PipelineRun, error)

	// FindEnvironmentNames finds environments with their ids, names and types only, in no order.
	FindEnvironmentNames(ctx context.Context, org string, refs []EnvRef) ([]Environment, error)
	// FindApplicationNames finds the names of applications, by id.
	FindApplicationNames(ctx context.Context, org string, ids []string) (map[string]string, error)
	// PlacesOfResources finds where resources are, by GUResID.
	PlacesOfResources(ctx context.Context, org string, guresids []string) (map[string]EnvRef, error)
}

// AttentionFilter says whose and how many.
type AttentionFilter struct {
	OrgID string
	Apps  []string // nil = all of the organization
	Limit int
}

// FailedEnvironment is an environment with its newest deployment, which failed.
type FailedEnvironment struct {
	Deployment
	Cause string // first cause in short; "" = not known
	Runs  bool   // an earlier deployment succeeded, and what it brought was not taken away
}

// EndingEnvironment is an environment that ends by itself.
type EndingEnvironment struct {
	Ref    EnvRef
	EndsAt time.Time
	Reason string // EndExpired | EndIdle
}
