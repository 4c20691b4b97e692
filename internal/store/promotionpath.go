package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type promotionPathRow struct {
	OrgID     string `gorm:"primaryKey"`
	AppID     string `gorm:"primaryKey"`
	Steps     doc[[]orchestrator.PromotionStep]
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (promotionPathRow) TableName() string { return "promotion_paths" }

func (r promotionPathRow) domain() orchestrator.PromotionPath {
	return orchestrator.PromotionPath{
		OrgID: r.OrgID, AppID: r.AppID, Steps: r.Steps.V, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func promotionPathObject(app string) object { return object{"promotion path of application", app} }

// GetPromotionPath reads the path of an application.
func (s *Store) GetPromotionPath(ctx context.Context, org, app string) (*orchestrator.PromotionPath, error) {
	row, err := find[promotionPathRow](ctx, s, key{"org_id": org, "app_id": app}, promotionPathObject(app))
	if err != nil {
		return nil, err
	}
	p := row.domain()
	return &p, nil
}

// PutPromotionPath stores the path of an application in place of the one before.
func (s *Store) PutPromotionPath(ctx context.Context, p *orchestrator.PromotionPath) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		row := promotionPathRow{
			OrgID: p.OrgID, AppID: p.AppID, Steps: doc[[]orchestrator.PromotionStep]{p.Steps},
			Updated: nanos(p.UpdatedAt), UpdatedBy: p.UpdatedBy, Version: p.Version + 1,
		}
		where := key{"org_id": p.OrgID, "app_id": p.AppID}
		if err := s.writer(ctx).Where(where).Delete(&promotionPathRow{}).Error; err != nil {
			return s.fail(ctx, err, "replace "+promotionPathObject(p.AppID).String())
		}
		if err := s.insert(ctx, &row, promotionPathObject(p.AppID), applicationObject(p.AppID)); err != nil {
			return err
		}
		p.Version = row.Version
		return nil
	})
}

// DeletePromotionPath removes the path of an application.
func (s *Store) DeletePromotionPath(ctx context.Context, org, app string) error {
	return s.remove(ctx, &promotionPathRow{}, key{"org_id": org, "app_id": app}, promotionPathObject(app))
}

// LastSucceeded lists for each environment of an application the newest
// deployment that succeeded, by environment.
func (s *Store) LastSucceeded(ctx context.Context, org, app string) ([]orchestrator.Deployment, error) {
	newest := s.reader(ctx).Model(&deploymentRow{}).Select("max(id)").
		Where(key{"org_id": org, "app_id": app, "outcome": string(orchestrator.OutcomeSucceeded)}).Group("env_id")
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Where("id IN (?)", newest).Clauses(order("env_id"))
	return list(ctx, s, query, "deployments", deploymentRow.domain)
}
