package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type policyRow struct {
	OrgID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Condition       string
	Effect          string
	Message         string
	Approvals       int64
	Roles           doc[[]string]
	ExcludeProposer bool
	Deadline        int64
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	Updated         int64 `gorm:"column:updated_at"`
	UpdatedBy       string
	Version         int64
}

// TableName names the table.
func (policyRow) TableName() string { return "policies" }

func (r policyRow) domain() orchestrator.Policy {
	return orchestrator.Policy{
		OrgID: r.OrgID, ID: r.ID, When: r.Condition, Effect: r.Effect, Message: r.Message, Approvals: int(r.Approvals), Roles: r.Roles.V,
		ExcludeProposer: r.ExcludeProposer, Deadline: time.Duration(r.Deadline), CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func policyObject(id string) object { return object{"policy", id} }

// CreatePolicy stores a policy.
func (s *Store) CreatePolicy(ctx context.Context, p *orchestrator.Policy) error {
	row := policyRow{
		OrgID: p.OrgID, ID: p.ID, Condition: p.When, Effect: p.Effect, Message: p.Message, Approvals: int64(p.Approvals),
		Roles: doc[[]string]{p.Roles}, ExcludeProposer: p.ExcludeProposer, Deadline: int64(p.Deadline),
		Created: nanos(p.CreatedAt), CreatedBy: p.CreatedBy, Updated: nanos(p.UpdatedAt), UpdatedBy: p.UpdatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, policyObject(p.ID), organizationObject(p.OrgID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// GetPolicy reads a policy.
func (s *Store) GetPolicy(ctx context.Context, org, id string) (*orchestrator.Policy, error) {
	row, err := find[policyRow](ctx, s, key{"org_id": org, "id": id}, policyObject(id))
	if err != nil {
		return nil, err
	}
	p := row.domain()
	return &p, nil
}

// ListPolicies lists by id.
func (s *Store) ListPolicies(ctx context.Context, org string) ([]orchestrator.Policy, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "policies", policyRow.domain)
}

// UpdatePolicy writes what a policy says.
func (s *Store) UpdatePolicy(ctx context.Context, p *orchestrator.Policy) error {
	set := columns{
		"condition": p.When, "effect": p.Effect, "message": p.Message, "approvals": p.Approvals, "roles": doc[[]string]{p.Roles},
		"exclude_proposer": p.ExcludeProposer, "deadline": int64(p.Deadline), "updated_at": nanos(p.UpdatedAt), "updated_by": p.UpdatedBy,
	}
	return s.update(ctx, &policyRow{}, key{"org_id": p.OrgID, "id": p.ID}, &p.Version, set, policyObject(p.ID))
}

// DeletePolicy removes a policy.
func (s *Store) DeletePolicy(ctx context.Context, org, id string) error {
	return s.remove(ctx, &policyRow{}, key{"org_id": org, "id": id}, policyObject(id))
}
