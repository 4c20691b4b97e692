package workflows

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/workflow"
)

// Names of the workflow type and the activities of promotions.
const (
	PromotionType = "Promotion"

	AdvancePromotionActivity = "AdvancePromotion"
	FollowPromotionActivity  = "FollowPromotion"
	AbandonPromotionActivity = "AbandonPromotion"
)

// Promotion names a promotion.
type Promotion struct {
	Org string `json:"org"`
	App string `json:"app"`
	ID  string `json:"id"`
}

// PromotionNext is what AdvancePromotion found to wait for.
type PromotionNext struct {
	Done   bool          `json:"done"`
	Follow bool          `json:"follow"` // a deployment
	Wait   time.Duration `json:"wait"`   // until the next look; with Follow the longest wait, 0 = until the deployment is over
}

// PromotionActivities are the steps of promotions.
type PromotionActivities interface {
	AdvancePromotion(ctx context.Context, in Promotion) (PromotionNext, error)
	FollowPromotion(ctx context.Context, in Promotion) error
	AbandonPromotion(ctx context.Context, in Promotion) error
}

// PromotionWorkflowID is the id of the workflow of a promotion.
func PromotionWorkflowID(in Promotion) string { return "promotion:" + in.Org + "/" + in.ID }

// RunPromotion carries a promotion to its end. The records say what is due:
// AdvancePromotion does it and names what to wait for, which is a deployment with
// a timer for its deadline, or a timer during the soak time. A change of the
// records, as by the API's cancel, comes as a signal. When the workflow itself is
// cancelled the promotion ends, and its deployments go on.
func RunPromotion(ctx workflow.Context, in Promotion) error {
	err := carryOut(ctx, in)
	if err == nil || isContinuation(err) {
		return err
	}
	setStatus(ctx, "recording the end")
	// The record must be written although the workflow was cancelled.
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	abandoning := persistent(clean, time.Minute, 7*24*time.Hour, "record that the promotion cannot go on")
	return workflow.ExecuteActivity(abandoning, AbandonPromotionActivity, in).Get(clean, nil)
}

func carryOut(ctx workflow.Context, in Promotion) error {
	changed := workflow.GetSignalChannel(ctx, ChangedSignal)
	for {
		for changed.ReceiveAsync(nil) {
			continue
		}
		setStatus(ctx, "looking")
		var next PromotionNext
		looking := persistent(ctx, 2*time.Minute, 7*24*time.Hour, "look at promotion "+in.ID)
		if err := workflow.ExecuteActivity(looking, AdvancePromotionActivity, in).Get(ctx, &next); err != nil {
			return err
		}
		if next.Done {
			setStatus(ctx, "done")
			return nil
		}
		var err error
		if next.Follow {
			setStatus(ctx, "following a deployment")
			err = followPromotion(ctx, in, next.Wait)
		} else {
			wait := max(next.Wait, time.Second)
			setStatus(ctx, "next look at "+workflow.Now(ctx).Add(wait).UTC().Format(time.RFC3339))
			err = timerOr(ctx, wait, changed)
		}
		if err != nil {
			return err
		}
		if changed.Len() == 0 && workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, PromotionType, in)
		}
	}
}

// followPromotion waits for a deployment, but not longer than said.
func followPromotion(ctx workflow.Context, in Promotion, wait time.Duration) error {
	following, stop := workflow.WithCancel(ctx)
	defer stop()
	options := persistent(following, 24*time.Hour, 30*24*time.Hour, "follow the deployment")
	over := workflow.ExecuteActivity(options, FollowPromotionActivity, in)
	if wait <= 0 {
		return over.Get(ctx, nil)
	}
	late := false
	timing, stopTimer := workflow.WithCancel(ctx)
	defer stopTimer()
	timer := workflow.NewTimer(timing, wait)
	var err error
	workflow.NewSelector(ctx).
		AddFuture(over, func(f workflow.Future) { err = f.Get(ctx, nil) }).
		AddFuture(timer, func(f workflow.Future) { late = f.Get(ctx, nil) == nil }).
		Select(ctx)
	if late {
		stop()
		_ = over.Get(ctx, nil)
		return nil
	}
	if !over.IsReady() { // the timer was cancelled with the workflow
		err = over.Get(ctx, nil)
	}
	return err
}

func isContinuation(err error) bool {
	var again *workflow.ContinueAsNewError
	return errors.As(err, &again)
}
