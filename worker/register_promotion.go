package worker

import (
	"go.temporal.io/sdk/worker"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerPromotion registers the activities of promotions.
func registerPromotion(light worker.ActivityRegistry, o Options) {
	promotion := &activities.Promotion{Service: o.Service}
	register(light, map[string]any{
		workflows.AdvancePromotionActivity: promotion.AdvancePromotion,
		workflows.FollowPromotionActivity:  promotion.FollowPromotion,
		workflows.AbandonPromotionActivity: promotion.AbandonPromotion,
	})
}
