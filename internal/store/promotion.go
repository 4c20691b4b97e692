package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type promotionRow struct {
	OrgID           string `gorm:"primaryKey"`
	AppID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	FromEnvID       string
	FromDeployID    string
	EnvID           string
	EnvCreated      int64 `gorm:"column:env_created_at"`
	Workloads       doc[[]string]
	BaseSetID       string
	SetID           string
	Comment         string
	FreezeOverride  string
	Soak            int64
	RollBack        bool
	Deadline        int64 `gorm:"column:deadline_at"`
	DeploymentID    string
	RollBackID      string
	Status          string
	Phase           string
	Message         string
	SoakUntil       *int64
	Failing         int64
	Events          doc[[]orchestrator.PromotionEvent]
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	CancelRequested *int64 `gorm:"column:cancel_requested_at"`
	HandedOver      *int64 `gorm:"column:handed_over_at"`
	Finished        *int64 `gorm:"column:finished_at"`
	Version         int64
}

// TableName names the table.
func (promotionRow) TableName() string { return "promotions" }

func (r promotionRow) domain() orchestrator.Promotion {
	return orchestrator.Promotion{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, FromEnvID: r.FromEnvID, FromDeployID: r.FromDeployID, EnvID: r.EnvID,
		EnvCreatedAt: instant(r.EnvCreated), Workloads: r.Workloads.V, BaseSetID: r.BaseSetID, SetID: r.SetID, Comment: r.Comment,
		FreezeOverride: r.FreezeOverride, Soak: time.Duration(r.Soak), RollBack: r.RollBack, Deadline: instant(r.Deadline),
		DeploymentID: r.DeploymentID, RollBackID: r.RollBackID, Status: r.Status, Phase: r.Phase, Message: r.Message,
		SoakUntil: instantOrNil(r.SoakUntil), Failing: int(r.Failing), Events: r.Events.V, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		CancelRequestedAt: instantOrNil(r.CancelRequested), HandedOverAt: instantOrNil(r.HandedOver), FinishedAt: instantOrNil(r.Finished),
		Version: r.Version,
	}
}

func promotionObject(id string) object { return object{"promotion", id} }

// CreatePromotion stores a promotion.
func (s *Store) CreatePromotion(ctx context.Context, p *orchestrator.Promotion) error {
	row := promotionRow{
		OrgID: p.OrgID, AppID: p.AppID, ID: p.ID, FromEnvID: p.FromEnvID, FromDeployID: p.FromDeployID, EnvID: p.EnvID,
		EnvCreated: nanos(p.EnvCreatedAt), Workloads: doc[[]string]{p.Workloads}, BaseSetID: p.BaseSetID, SetID: p.SetID, Comment: p.Comment,
		FreezeOverride: p.FreezeOverride, Soak: int64(p.Soak), RollBack: p.RollBack, Deadline: nanos(p.Deadline),
		DeploymentID: p.DeploymentID, RollBackID: p.RollBackID, Status: p.Status, Phase: p.Phase, Message: p.Message,
		SoakUntil: nanosOrNil(p.SoakUntil), Failing: int64(p.Failing), Events: doc[[]orchestrator.PromotionEvent]{p.Events},
		Created: nanos(p.CreatedAt), CreatedBy: p.CreatedBy, CancelRequested: nanosOrNil(p.CancelRequestedAt),
		HandedOver: nanosOrNil(p.HandedOverAt), Finished: nanosOrNil(p.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, promotionObject(p.ID), applicationObject(p.AppID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// GetPromotion reads a promotion.
func (s *Store) GetPromotion(ctx context.Context, org, app, id string) (*orchestrator.Promotion, error) {
	row, err := find[promotionRow](ctx, s, key{"org_id": org, "app_id": app, "id": id}, promotionObject(id))
	if err != nil {
		return nil, err
	}
	p := row.domain()
	return &p, nil
}

// ListPromotions lists those of an application newest first; limit 0 = all.
func (s *Store) ListPromotions(ctx context.Context, org, app string, limit int) ([]orchestrator.Promotion, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "promotions", promotionRow.domain)
}

// OpenPromotions lists those to an environment that are not over, oldest first.
func (s *Store) OpenPromotions(ctx context.Context, to orchestrator.EnvRef) ([]orchestrator.Promotion, error) {
	// The condition is spelled literally for the partial index.
	query := s.reader(ctx).Where(key{"org_id": to.OrgID, "app_id": to.AppID, "env_id": to.EnvID}).Where("finished_at IS NULL").Clauses(oldestFirst)
	return list(ctx, s, query, "promotions", promotionRow.domain)
}

// UpdatePromotion writes what became of a promotion.
func (s *Store) UpdatePromotion(ctx context.Context, p *orchestrator.Promotion) error {
	set := columns{
		"deployment_id": p.DeploymentID, "roll_back_id": p.RollBackID, "status": p.Status, "phase": p.Phase, "message": p.Message,
		"soak_until": nanosOrNil(p.SoakUntil), "failing": p.Failing, "events": doc[[]orchestrator.PromotionEvent]{p.Events},
		"cancel_requested_at": nanosOrNil(p.CancelRequestedAt), "handed_over_at": nanosOrNil(p.HandedOverAt), "finished_at": nanosOrNil(p.FinishedAt),
	}
	return s.update(ctx, &promotionRow{}, key{"org_id": p.OrgID, "app_id": p.AppID, "id": p.ID}, &p.Version, set, promotionObject(p.ID))
}

// UnfinishedPromotions lists those of all organizations from before a time that
// no workflow was told of, or not since the time told, oldest first.
func (s *Store) UnfinishedPromotions(ctx context.Context, before, told time.Time, limit int) ([]orchestrator.Promotion, error) {
	query := s.reader(systemWide(ctx)).Where("finished_at IS NULL").
		Where("created_at < ? AND (handed_over_at IS NULL OR handed_over_at < ?)", nanos(before), nanos(told)).
		Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "promotions", promotionRow.domain)
}

// DeletePromotions forgets those of an application that ended before a time.
func (s *Store) DeletePromotions(ctx context.Context, org, app string, before time.Time) error {
	err := s.writer(ctx).Where(key{"org_id": org, "app_id": app}).
		Where(clause.Lt{Column: "finished_at", Value: nanos(before)}).Delete(&promotionRow{}).Error
	return s.fail(ctx, err, "delete promotions")
}
