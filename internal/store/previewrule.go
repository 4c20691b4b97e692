package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type previewRuleRow struct {
	OrgID      string `gorm:"primaryKey"`
	AppID      string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	BaseEnvID  string
	EnvTypeID  string
	MatchRef   string
	TTL        int64 `gorm:"column:ttl"`
	WarnBefore int64
	IdleAfter  int64
	OnFailure  string
	Created    int64 `gorm:"column:created_at"`
	CreatedBy  string
}

// TableName names the table.
func (previewRuleRow) TableName() string { return "preview_rules" }

func (r previewRuleRow) domain() orchestrator.PreviewRule {
	return orchestrator.PreviewRule{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, BaseEnvID: r.BaseEnvID, EnvTypeID: r.EnvTypeID, MatchRef: r.MatchRef,
		TTL: time.Duration(r.TTL), WarnBefore: time.Duration(r.WarnBefore), IdleAfter: time.Duration(r.IdleAfter), OnFailure: r.OnFailure,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func previewRuleObject(id string) object { return object{"preview rule", id} }

func previewRuleKey(org, app, id string) key { return key{"org_id": org, "app_id": app, "id": id} }

// CreatePreviewRule stores a preview rule.
func (s *Store) CreatePreviewRule(ctx context.Context, r *orchestrator.PreviewRule) error {
	row := previewRuleRow{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, BaseEnvID: r.BaseEnvID, EnvTypeID: r.EnvTypeID, MatchRef: r.MatchRef,
		TTL: int64(r.TTL), WarnBefore: int64(r.WarnBefore), IdleAfter: int64(r.IdleAfter), OnFailure: r.OnFailure,
		Created: nanos(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
	return s.insert(ctx, &row, previewRuleObject(r.ID), applicationObject(r.AppID))
}

// GetPreviewRule reads a preview rule.
func (s *Store) GetPreviewRule(ctx context.Context, org, app, id string) (*orchestrator.PreviewRule, error) {
	row, err := find[previewRuleRow](ctx, s, previewRuleKey(org, app, id), previewRuleObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListPreviewRules lists by application, oldest first; app "" = those of all.
func (s *Store) ListPreviewRules(ctx context.Context, org, app string) ([]orchestrator.PreviewRule, error) {
	where := key{"org_id": org}
	if app != "" {
		where["app_id"] = app
	}
	query := s.reader(ctx).Where(where).Clauses(order("app_id", "created_at", "id"))
	return list(ctx, s, query, "preview rules", previewRuleRow.domain)
}

// DeletePreviewRule removes a preview rule.
func (s *Store) DeletePreviewRule(ctx context.Context, org, app, id string) error {
	return s.remove(ctx, &previewRuleRow{}, previewRuleKey(org, app, id), previewRuleObject(id))
}
