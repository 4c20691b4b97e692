package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// DriftType is the name of the workflow of a scan for drift.
const DriftType = "Drift"

// Names of the activities of a scan.
const (
	ScanDriftActivity = "ScanDrift"
	FailDriftActivity = "FailDriftScan"
)

// DriftInput starts a scan.
type DriftInput struct {
	Env
	ScanID string `json:"scan_id,omitempty"` // "" = one of the schedule: named by its run
}

// DriftScan names a scan of an environment.
type DriftScan struct {
	Env
	ID string `json:"id"`
}

// DriftFailure says why a scan came to nothing.
type DriftFailure struct {
	DriftScan
	Why string `json:"why"`
}

// DriftResult is how a scan ended.
type DriftResult struct {
	Status     string `json:"status"` // clean | drifted | failed
	RedeployID string `json:"redeploy_id,omitempty"`
}

// DriftActivities are the steps of a scan.
type DriftActivities interface {
	ScanDrift(ctx context.Context, in DriftScan) (DriftResult, error)
	FailDriftScan(ctx context.Context, in DriftFailure) error
}

// DriftWorkflowID is the id of a scan on demand.
func DriftWorkflowID(env Env, scan string) string { return "drift:" + env.String() + ":" + scan }

// DriftScheduleID is the id of the schedule of an environment, and the beginning
// of the ids of its scans.
func DriftScheduleID(env Env) string { return "drift:" + env.String() }

// RunDrift scans an environment. It waits, within bounds, until nothing changes
// the environment, and changes nothing itself: what brings things right is a
// deployment, which goes through the queue. A scan that cannot be done is
// recorded as failed.
func RunDrift(ctx workflow.Context, in DriftInput) (DriftResult, error) {
	scan := DriftScan{Env: in.Env, ID: in.ScanID}
	if scan.ID == "" {
		scan.ID = workflow.GetInfo(ctx).WorkflowExecution.RunID
	}
	setStatus(ctx, "scanning "+in.Env.String())
	var result DriftResult
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: TaskQueue, StartToCloseTimeout: 15 * time.Minute, ScheduleToCloseTimeout: time.Hour, HeartbeatTimeout: HeartbeatTimeout,
		WaitForCancellation: true, Summary: "scan " + in.Env.String(),
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 1.5, MaximumInterval: 30 * time.Second, // waits for deployments, too
			NonRetryableErrorTypes: []string{ErrStepFailed, ErrPermanent},
		},
	})
	err := workflow.ExecuteActivity(options, ScanDriftActivity, scan).Get(ctx, &result)
	if err == nil {
		setStatus(ctx, result.Status)
		return result, nil
	}
	why := shorten(cause(err))
	if temporal.IsCanceledError(err) {
		why = "cancelled"
	}
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	failing := persistent(clean, time.Minute, 24*time.Hour, "record the failure")
	if err := workflow.ExecuteActivity(failing, FailDriftActivity, DriftFailure{DriftScan: scan, Why: why}).Get(clean, nil); err != nil {
		return DriftResult{}, err
	}
	setStatus(ctx, "failed")
	return DriftResult{Status: "failed"}, nil
}
