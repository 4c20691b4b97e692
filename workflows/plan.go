package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Names of the workflow type and the activities of stored plans.
const (
	StoredPlanType = "StoredPlan"

	// MakePlanActivity is heavy: drivers plan.
	MakePlanActivity = "MakePlan"
	EndPlanActivity  = "EndPlan"
)

// StoredPlan names a stored plan of an environment.
type StoredPlan struct {
	Env
	ID string `json:"id"`
}

// PlanEnd says why a plan came to nothing; "" when its time is over.
type PlanEnd struct {
	StoredPlan
	Why string `json:"why,omitempty"`
}

// PlanNext is how long a plan can be deployed; 0 = nothing follows.
type PlanNext struct {
	Wait time.Duration `json:"wait"`
}

// StoredPlanActivities are the steps of stored plans.
type StoredPlanActivities interface {
	MakePlan(ctx context.Context, in StoredPlan) (PlanNext, error)
	EndPlan(ctx context.Context, in PlanEnd) (PlanNext, error)
}

// StoredPlanWorkflowID is the id of the workflow of a plan.
func StoredPlanWorkflowID(in StoredPlan) string { return "plan:" + in.Env.String() + ":" + in.ID }

// RunStoredPlan has a plan made, waits until its time is over, and closes it. A
// cancel ends what drivers do, or the wait; either way the record is closed, and
// what drivers keep for the plan is dropped.
func RunStoredPlan(ctx workflow.Context, in StoredPlan) error {
	setStatus(ctx, "planning")
	var next PlanNext
	making := scanning(ctx, HeavyTaskQueue, time.Hour, 2*time.Hour, "plan "+in.ID)
	err := workflow.ExecuteActivity(making, MakePlanActivity, in).Get(ctx, &next)
	for err == nil && next.Wait > 0 {
		setStatus(ctx, "it can be deployed until "+workflow.Now(ctx).Add(next.Wait).UTC().Format(time.RFC3339))
		if err = workflow.Sleep(ctx, next.Wait); err == nil {
			next, err = endPlan(ctx, PlanEnd{StoredPlan: in})
		}
	}
	if err == nil {
		setStatus(ctx, "over")
		return nil
	}
	why := shorten(cause(err))
	if temporal.IsCanceledError(err) {
		why = "cancelled"
	}
	_, err = endPlan(ctx, PlanEnd{StoredPlan: in, Why: why})
	setStatus(ctx, why)
	return err
}

// endPlan closes the record, also when the workflow was cancelled.
func endPlan(ctx workflow.Context, end PlanEnd) (next PlanNext, err error) {
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	options := persistent(clean, time.Minute, 7*24*time.Hour, "close plan "+end.ID)
	err = workflow.ExecuteActivity(options, EndPlanActivity, end).Get(clean, &next)
	return next, err
}
