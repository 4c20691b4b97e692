package orchestrator

import (
	"context"
	"time"
)

// Background starts durable work that is not in the queue of an environment.
// Starting the same work again is harmless. What could not be started is found
// by the Reconciler.
type Background interface {
	// DeliverWebhook sends one delivery, and repeats that until it is received or
	// given up.
	DeliverWebhook(ctx context.Context, order WebhookOrder) error
	// ApplyPushes deploys the pending pushes of an environment once the window,
	// which begins with the first of them, is over.
	ApplyPushes(ctx context.Context, env EnvRef, window time.Duration) error
	// WatchLifetime looks after the end of an environment, at once and whenever its
	// records say so, until there is none.
	WatchLifetime(ctx context.Context, env EnvRef) error
	// FollowSpinUp follows a request for an environment to its end.
	FollowSpinUp(ctx context.Context, key SpinUpKey) error
	// WakeDeployment tells the workflow of a deployment that its records changed; it
	// is no error when there is none.
	WakeDeployment(ctx context.Context, key DeploymentKey) error
	// CarryOutPromotion carries a promotion to its end, or tells what does so that
	// the records changed.
	CarryOutPromotion(ctx context.Context, key PromotionKey) error
	// MakePlan has a plan made, and closed when its time is over.
	MakePlan(ctx context.Context, key PlanKey) error
	// CancelPlan ends that; it is no error when nothing runs.
	CancelPlan(ctx context.Context, key PlanKey) error
}

// WebhookOrder is the n-th order to send a delivery.
type WebhookOrder struct {
	OrgID string
	ID    string // of the delivery
	Order int
}

// noBackground leaves everything to the Reconciler.
type noBackground struct{}

func (noBackground) DeliverWebhook(context.Context, WebhookOrder) error { return nil }

func (noBackground) ApplyPushes(context.Context, EnvRef, time.Duration) error { return nil }

func (noBackground) WatchLifetime(context.Context, EnvRef) error { return nil }

func (noBackground) FollowSpinUp(context.Context, SpinUpKey) error { return nil }

func (noBackground) WakeDeployment(context.Context, DeploymentKey) error { return nil }

func (noBackground) MakePlan(context.Context, PlanKey) error { return nil }

func (noBackground) CancelPlan(context.Context, PlanKey) error { return nil }

func (noBackground) CarryOutPromotion(context.Context, PromotionKey) error { return nil }
