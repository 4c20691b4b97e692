package worker

import (
	"context"
	"flag"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	sdk "go.temporal.io/sdk/worker"

	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

// recordPromotion makes TestRecordPromotion write histories of promotions:
// go test ./worker -run TestRecordPromotion -record-promotion NAME.
var recordPromotion = flag.String("record-promotion", "", "name of the release whose histories of promotions to record")

// TestRecordPromotion records promotions: to a roll-back, past a deadline, and one that cannot go on.
func TestRecordPromotion(t *testing.T) {
	if *recordPromotion == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerWorkflows(w)
	steps := map[string][]workflows.PromotionNext{
		"rollback": {{Follow: true, Wait: time.Hour}, {Wait: time.Second}, {Follow: true}},
		"late":     {{Follow: true, Wait: 2 * time.Second}, {Follow: true}},
	}
	var mu sync.Mutex
	looks := map[string]int{}
	register(w, map[string]any{
		workflows.AdvancePromotionActivity: func(_ context.Context, in workflows.Promotion) (workflows.PromotionNext, error) {
			mu.Lock()
			defer mu.Unlock()
			if in.ID == "refused" {
				return workflows.PromotionNext{}, temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
			}
			n := looks[in.ID]
			looks[in.ID]++
			if n < len(steps[in.ID]) {
				return steps[in.ID][n], nil
			}
			return workflows.PromotionNext{Done: true}, nil
		},
		workflows.FollowPromotionActivity: func(ctx context.Context, in workflows.Promotion) error {
			mu.Lock()
			first := in.ID == "late" && looks[in.ID] == 1
			mu.Unlock()
			for first && ctx.Err() == nil {
				activity.RecordHeartbeat(ctx)
				time.Sleep(100 * time.Millisecond)
			}
			return ctx.Err()
		},
		workflows.AbandonPromotionActivity: func(context.Context, workflows.Promotion) error { return nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	for _, id := range []string{"rollback", "late", "refused"} {
		in := workflows.Promotion{Org: "demo", App: "shop", ID: id}
		run, err := c.SignalWithStartWorkflow(t.Context(), workflows.PromotionWorkflowID(in), workflows.ChangedSignal, nil,
			client.StartWorkflowOptions{TaskQueue: workflows.TaskQueue}, workflows.PromotionType, in)
		require.NoError(t, err)
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, *recordPromotion, "promotion-"+id, run.GetID())
	}
}
