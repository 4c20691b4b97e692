package workflows

import (
	"context"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// ScheduledType is the name of the workflow that does what is due by a schedule
// and has no workflow of its own.
const ScheduledType = "Scheduled"

// RetentionType is the name of the workflow of a round of retention.
const RetentionType = "Retention"

// Names of the activities of schedules.
const (
	RunScheduledActivity  = "RunScheduled"
	RetainActivity        = "Retain"
	FailRetentionActivity = "FailRetention"
)

// Scheduled names a schedule.
type Scheduled struct {
	Org string `json:"org"`
	ID  string `json:"id"`
}

// ScheduledTime is one time of a schedule.
type ScheduledTime struct {
	Scheduled
	At time.Time `json:"at"`
}

// RetentionInput starts a round.
type RetentionInput struct {
	Org string `json:"org"`
	ID  string `json:"id,omitempty"` // "" = one of the schedule: named by its run
}

// RetentionFailure says why a round came to nothing.
type RetentionFailure struct {
	RetentionInput
	Why string `json:"why"`
}

// RetentionResult is how a round ended.
type RetentionResult struct {
	Status  string `json:"status"`
	Records int    `json:"records"`
}

// ScheduleActivities are the steps of what is due by the clock.
type ScheduleActivities interface {
	// RunScheduled does what is due, and says what that was.
	RunScheduled(ctx context.Context, in ScheduledTime) (string, error)
	Retain(ctx context.Context, in RetentionInput) (RetentionResult, error)
	FailRetention(ctx context.Context, in RetentionFailure) error
}

// ScheduleID is the id of a schedule in Temporal, and the beginning of the ids
// of its workflows: drift.shop.qa of demo is drift:demo/shop/qa.
func ScheduleID(s Scheduled) string {
	parts := strings.Split(s.ID, ".")
	return parts[0] + ":" + strings.Join(append([]string{s.Org}, parts[1:]...), "/")
}

// ScheduleOf is the reverse of ScheduleID; false for an id that is none.
func ScheduleOf(id string) (Scheduled, bool) {
	kind, rest, found := strings.Cut(id, ":")
	parts := strings.Split(rest, "/")
	if !found || kind == "" || parts[0] == "" {
		return Scheduled{}, false
	}
	return Scheduled{Org: parts[0], ID: strings.Join(append([]string{kind}, parts[1:]...), ".")}, true
}

// RetentionWorkflowID is the id of a round on demand.
func RetentionWorkflowID(in RetentionInput) string { return "retention:" + in.Org + ":" + in.ID }

// scheduledStart is set by Temporal on what a schedule starts.
var scheduledStart = temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime")

// RunScheduled does what is due by a schedule. The time that it is due for goes
// with it, so that doing it again, or late, is recognized.
func RunScheduled(ctx workflow.Context, in Scheduled) (string, error) {
	at, ok := workflow.GetTypedSearchAttributes(ctx).GetTime(scheduledStart)
	if !ok {
		at = workflow.GetInfo(ctx).WorkflowStartTime
	}
	setStatus(ctx, "due at "+at.UTC().Format(time.RFC3339))
	var did string
	act := retried(ctx, 10*time.Minute, time.Hour, "do what schedule "+in.ID+" asks for")
	if err := workflow.ExecuteActivity(act, RunScheduledActivity, ScheduledTime{Scheduled: in, At: at.UTC()}).Get(ctx, &did); err != nil {
		return "", err
	}
	setStatus(ctx, did)
	return did, nil
}

// RunRetention carries out a round. One that cannot be done is recorded as failed.
func RunRetention(ctx workflow.Context, in RetentionInput) (RetentionResult, error) {
	if in.ID == "" {
		in.ID = workflow.GetInfo(ctx).WorkflowExecution.RunID
	}
	setStatus(ctx, "deleting old records of "+in.Org)
	var result RetentionResult
	err := workflow.ExecuteActivity(retried(ctx, 6*time.Hour, 12*time.Hour, "delete old records of "+in.Org), RetainActivity, in).Get(ctx, &result)
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
	if err := workflow.ExecuteActivity(failing, FailRetentionActivity, RetentionFailure{RetentionInput: in, Why: why}).Get(clean, nil); err != nil {
		return RetentionResult{}, err
	}
	setStatus(ctx, "failed")
	return RetentionResult{Status: "failed"}, nil
}

// retried gives the options of a step that is repeated until it has been done,
// unless repeating cannot help.
func retried(ctx workflow.Context, limit, total time.Duration, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: TaskQueue, StartToCloseTimeout: limit, ScheduleToCloseTimeout: total, HeartbeatTimeout: HeartbeatTimeout,
		WaitForCancellation: true, Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute,
			NonRetryableErrorTypes: []string{ErrStepFailed, ErrPermanent},
		},
	})
}
