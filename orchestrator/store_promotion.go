package orchestrator

import (
	"context"
	"time"
)

// PromotionStore keeps promotions.
type PromotionStore interface {
	CreatePromotion(ctx context.Context, p *Promotion) error
	GetPromotion(ctx context.Context, org, app, id string) (*Promotion, error)
	// ListPromotions lists those of an application newest first; limit 0 = all.
	ListPromotions(ctx context.Context, org, app string, limit int) ([]Promotion, error)
	// OpenPromotions lists those to an environment that are not over, oldest first.
	OpenPromotions(ctx context.Context, to EnvRef) ([]Promotion, error)
	UpdatePromotion(ctx context.Context, p *Promotion) error
	// UnfinishedPromotions lists those of all organizations from before a time that
	// no workflow was told of, or not since the time told, oldest first, at most
	// limit; only for the system itself.
	UnfinishedPromotions(ctx context.Context, before, told time.Time, limit int) ([]Promotion, error)
	// DeletePromotions forgets those of an application that ended before a time.
	DeletePromotions(ctx context.Context, org, app string, before time.Time) error
}
