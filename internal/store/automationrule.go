package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type automationRuleRow struct {
	OrgID            string `gorm:"primaryKey"`
	AppID            string `gorm:"primaryKey"`
	EnvID            string `gorm:"primaryKey"`
	ID               string `gorm:"primaryKey"`
	Active           bool
	Type             string
	MatchRef         string
	ArtefactsFilter  doc[[]string]
	ExcludeArtefacts bool
	UpdateTo         string
	MatchName        string
	ImagesFilter     doc[[]string]
	ExcludeImages    bool
	Created          int64 `gorm:"column:created_at"`
	Updated          int64 `gorm:"column:updated_at"`
	Version          int64
}

// TableName names the table.
func (automationRuleRow) TableName() string { return "automation_rules" }

func (r automationRuleRow) domain() orchestrator.AutomationRule {
	return orchestrator.AutomationRule{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, Active: r.Active, Type: r.Type,
		MatchRef: r.MatchRef, Artefacts: r.ArtefactsFilter.V, ExcludeArtefacts: r.ExcludeArtefacts,
		UpdateTo: r.UpdateTo, Match: r.MatchName, Images: r.ImagesFilter.V, ExcludeImages: r.ExcludeImages,
		CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated), Version: r.Version,
	}
}

func automationRuleObject(id string) object { return object{"automation rule", id} }

func automationRuleKey(ref orchestrator.EnvRef, id string) key {
	where := inEnvironment(ref)
	where["id"] = id
	return where
}

// CreateAutomationRule stores a rule. Its environment may come later.
func (s *Store) CreateAutomationRule(ctx context.Context, r *orchestrator.AutomationRule) error {
	row := automationRuleRow{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, Active: r.Active, Type: r.Type,
		MatchRef: r.MatchRef, ArtefactsFilter: doc[[]string]{r.Artefacts}, ExcludeArtefacts: r.ExcludeArtefacts,
		UpdateTo: r.UpdateTo, MatchName: r.Match, ImagesFilter: doc[[]string]{r.Images}, ExcludeImages: r.ExcludeImages,
		Created: nanos(r.CreatedAt), Updated: nanos(r.UpdatedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, automationRuleObject(r.ID), applicationObject(r.AppID)); err != nil {
		return err
	}
	r.Version = row.Version
	return nil
}

// GetAutomationRule reads a rule.
func (s *Store) GetAutomationRule(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.AutomationRule, error) {
	row, err := find[automationRuleRow](ctx, s, automationRuleKey(ref, id), automationRuleObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListAutomationRules lists those of an environment, oldest first.
func (s *Store) ListAutomationRules(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.AutomationRule, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(order("created_at", "id"))
	return list(ctx, s, query, "automation rules", automationRuleRow.domain)
}

// ActiveAutomationRules lists the active ones of the organization whose
// environment exists and stays, by environment.
func (s *Store) ActiveAutomationRules(ctx context.Context, org string) ([]orchestrator.AutomationRule, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "active": true}).
		Where("EXISTS (SELECT 1 FROM environments e WHERE e.org_id = automation_rules.org_id AND e.app_id = automation_rules.app_id"+
			" AND e.id = automation_rules.env_id AND e.status <> ?)", orchestrator.StatusDeleting).
		Clauses(order("app_id", "env_id", "created_at", "id"))
	return list(ctx, s, query, "automation rules", automationRuleRow.domain)
}

// UpdateAutomationRule writes everything that may change.
func (s *Store) UpdateAutomationRule(ctx context.Context, r *orchestrator.AutomationRule) error {
	set := columns{
		"active": r.Active, "type": r.Type, "match_ref": r.MatchRef,
		"artefacts_filter": doc[[]string]{r.Artefacts}, "exclude_artefacts": r.ExcludeArtefacts,
		"update_to": r.UpdateTo, "match_name": r.Match,
		"images_filter": doc[[]string]{r.Images}, "exclude_images": r.ExcludeImages, "updated_at": nanos(r.UpdatedAt),
	}
	return s.update(ctx, &automationRuleRow{}, automationRuleKey(r.Ref(), r.ID), &r.Version, set, automationRuleObject(r.ID))
}

// DeleteAutomationRule removes a rule.
func (s *Store) DeleteAutomationRule(ctx context.Context, ref orchestrator.EnvRef, id string) error {
	return s.remove(ctx, &automationRuleRow{}, automationRuleKey(ref, id), automationRuleObject(id))
}

// deleteRulesBelow deletes the rules of an environment, which no foreign key
// reaches because a rule may be there first.
func (s *Store) deleteRulesBelow(ctx context.Context, where key) error {
	return s.fail(ctx, s.writer(ctx).Where(where).Delete(&automationRuleRow{}).Error, "delete automation rules")
}

// oldestFirst sorts by creation, then id.
var oldestFirst = clause.OrderBy{Columns: []clause.OrderByColumn{
	{Column: clause.Column{Name: "created_at"}}, {Column: clause.Column{Name: "id"}},
}}
