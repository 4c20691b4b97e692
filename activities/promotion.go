package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Promotion implements the steps of promotions.
type Promotion struct {
	Service *orchestrator.Service
}

var _ workflows.PromotionActivities = (*Promotion)(nil)

func promotionOf(in workflows.Promotion) orchestrator.PromotionKey {
	return orchestrator.PromotionKey{OrgID: in.Org, AppID: in.App, ID: in.ID}
}

// AdvancePromotion does what is due of a promotion and says what it waits for.
func (a *Promotion) AdvancePromotion(ctx context.Context, in workflows.Promotion) (workflows.PromotionNext, error) {
	ctx, stop := beating(ctx)
	defer stop()
	next, err := a.Service.AdvancePromotion(asSystem(ctx), promotionOf(in))
	return workflows.PromotionNext{Done: next.Done, Follow: next.Follow, Wait: next.Wait}, classify(ctx, err)
}

// FollowPromotion waits for the deployment that a promotion waits for.
func (a *Promotion) FollowPromotion(ctx context.Context, in workflows.Promotion) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.FollowPromotion(asSystem(ctx), promotionOf(in)))
}

// AbandonPromotion records the end of a promotion that cannot go on.
func (a *Promotion) AbandonPromotion(ctx context.Context, in workflows.Promotion) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.AbandonPromotion(asSystem(ctx), promotionOf(in)))
}
