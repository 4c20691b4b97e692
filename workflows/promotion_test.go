package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/slipway-dev/slipway/workflows"
)

// promotionSteps play the activities of a promotion.
type promotionSteps struct {
	env       *testsuite.TestWorkflowEnvironment
	next      []workflows.PromotionNext // what each look finds
	broken    error                     // what the looks after them end with
	never     bool                      // the deployment is never over
	looks     []time.Time
	follows   int
	abandoned int
}

func (s *promotionSteps) run(t *testing.T) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	s.env = suite.NewTestWorkflowEnvironment()
	s.env.SetTestTimeout(time.Minute)
	add := func(name string, fn any) { s.env.RegisterActivityWithOptions(fn, activity.RegisterOptions{Name: name}) }
	add(workflows.AdvancePromotionActivity, func(context.Context, workflows.Promotion) (workflows.PromotionNext, error) {
		s.looks = append(s.looks, s.env.Now())
		if n := len(s.looks); n <= len(s.next) {
			return s.next[n-1], nil
		}
		return workflows.PromotionNext{Done: true}, s.broken
	})
	add(workflows.FollowPromotionActivity, func(ctx context.Context, _ workflows.Promotion) error {
		s.follows++
		for s.never && s.follows == 1 && ctx.Err() == nil { // until it is cancelled
			activity.RecordHeartbeat(ctx)
			time.Sleep(5 * time.Millisecond)
		}
		return ctx.Err()
	})
	add(workflows.AbandonPromotionActivity, func(ctx context.Context, _ workflows.Promotion) error {
		s.abandoned++
		return ctx.Err()
	})
}

var somePromotion = workflows.Promotion{Org: "demo", App: "shop", ID: "p"}

func TestPromotionGoesToItsEnd(t *testing.T) {
	t.Parallel()
	s := &promotionSteps{next: []workflows.PromotionNext{{Follow: true, Wait: time.Hour}, {Wait: 10 * time.Minute}, {Wait: 0}, {Follow: true}}}
	s.run(t)
	s.env.ExecuteWorkflow(workflows.RunPromotion, somePromotion)
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, []int{5, 2, 0}, []int{len(s.looks), s.follows, s.abandoned})
	require.GreaterOrEqual(t, s.looks[2].Sub(s.looks[1]), 10*time.Minute, "the soak time")
	require.GreaterOrEqual(t, s.looks[3].Sub(s.looks[2]), time.Second, "it does not spin")
	require.Equal(t, "promotion:demo/p", workflows.PromotionWorkflowID(somePromotion))
}

func TestPromotionIsWokenInTheSoakTime(t *testing.T) {
	t.Parallel()
	s := &promotionSteps{next: []workflows.PromotionNext{{Wait: time.Hour}}}
	s.run(t)
	s.env.RegisterDelayedCallback(func() { s.env.SignalWorkflow(workflows.ChangedSignal, nil) }, time.Minute)
	s.env.ExecuteWorkflow(workflows.RunPromotion, somePromotion)
	require.NoError(t, s.env.GetWorkflowError())
	require.Len(t, s.looks, 2)
	require.Less(t, s.looks[1].Sub(s.looks[0]), 2*time.Minute)
}

func TestPromotionThatCannotGoOn(t *testing.T) {
	t.Parallel()
	refused := temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
	s := &promotionSteps{broken: refused}
	s.run(t)
	s.env.ExecuteWorkflow(workflows.RunPromotion, somePromotion)
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, 1, s.abandoned)
}

func TestPromotionIsCancelledByHand(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]workflows.PromotionNext{
		"in the soak time": {Wait: time.Hour}, "while it follows": {Follow: true}, "while it follows with a deadline": {Follow: true, Wait: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &promotionSteps{next: []workflows.PromotionNext{next}, never: true}
			s.run(t)
			s.env.RegisterDelayedCallback(func() { s.env.CancelWorkflow() }, 0)
			s.env.ExecuteWorkflow(workflows.RunPromotion, somePromotion)
			require.NoError(t, s.env.GetWorkflowError())
			require.Equal(t, 1, s.abandoned, "recorded, although it was cancelled")
		})
	}
}

func TestDeadlineOfAPromotion(t *testing.T) {
	t.Parallel()
	s := &promotionSteps{next: []workflows.PromotionNext{{Follow: true, Wait: time.Second}, {Follow: true}}, never: true}
	s.run(t)
	s.env.ExecuteWorkflow(workflows.RunPromotion, somePromotion)
	require.NoError(t, s.env.GetWorkflowError())
	require.Equal(t, []int{3, 2, 0}, []int{len(s.looks), s.follows, s.abandoned}, "it looks again, and follows the deployment that is cancelled to its end")
}
