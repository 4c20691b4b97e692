package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type agentRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Description string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Version     int64
}

// TableName names the table.
func (agentRow) TableName() string { return "agents" }

func (r agentRow) domain() orchestrator.Agent {
	return orchestrator.Agent{
		OrgID:       r.OrgID,
		ID:          r.ID,
		Description: r.Description,
		CreatedAt:   instant(r.Created),
		CreatedBy:   r.CreatedBy,
		Version:     r.Version,
	}
}

func newAgentRow(v *orchestrator.Agent) *agentRow {
	return &agentRow{
		OrgID:       v.OrgID,
		ID:          v.ID,
		Description: v.Description,
		Created:     nanos(v.CreatedAt),
		CreatedBy:   v.CreatedBy,
		Version:     1,
	}
}

func agentObject(id string) object { return object{"agent", id} }

// CreateAgent stores an agent.
func (s *Store) CreateAgent(ctx context.Context, v *orchestrator.Agent) error {
	if err := s.insert(ctx, newAgentRow(v), agentObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetAgent reads an agent.
func (s *Store) GetAgent(ctx context.Context, org, id string) (*orchestrator.Agent, error) {
	row, err := find[agentRow](ctx, s, key{"org_id": org, "id": id}, agentObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListAgents lists agents, by id.
func (s *Store) ListAgents(ctx context.Context, org string) ([]orchestrator.Agent, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "agents", agentRow.domain)
}

// UpdateAgent writes an agent.
func (s *Store) UpdateAgent(ctx context.Context, v *orchestrator.Agent) error {
	set := columns{
		"description": v.Description,
	}
	return s.update(ctx, &agentRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, agentObject(v.ID))
}

// DeleteAgent removes an agent.
func (s *Store) DeleteAgent(ctx context.Context, org, id string) error {
	return s.remove(ctx, &agentRow{}, key{"org_id": org, "id": id}, agentObject(id))
}

// newestKeyFirst sorts by creation, then fingerprint.
var newestKeyFirst = clause.OrderBy{Columns: []clause.OrderByColumn{
	{Column: clause.Column{Name: "created_at"}, Desc: true}, {Column: clause.Column{Name: "fingerprint"}},
}}

type agentKeyRow struct {
	OrgID       string `gorm:"primaryKey"`
	Fingerprint string `gorm:"primaryKey"`
	AgentID     string
	PublicKey   string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Expired     int64 `gorm:"column:expired_at"`
}

// TableName names the table.
func (agentKeyRow) TableName() string { return "agent_keys" }

func (r agentKeyRow) domain() orchestrator.AgentKey {
	return orchestrator.AgentKey{
		OrgID:       r.OrgID,
		Fingerprint: r.Fingerprint,
		AgentID:     r.AgentID,
		PublicKey:   r.PublicKey,
		CreatedAt:   instant(r.Created),
		CreatedBy:   r.CreatedBy,
		ExpiredAt:   instant(r.Expired),
	}
}

func newAgentKeyRow(v *orchestrator.AgentKey) *agentKeyRow {
	return &agentKeyRow{
		OrgID:       v.OrgID,
		Fingerprint: v.Fingerprint,
		AgentID:     v.AgentID,
		PublicKey:   v.PublicKey,
		Created:     nanos(v.CreatedAt),
		CreatedBy:   v.CreatedBy,
		Expired:     nanos(v.ExpiredAt),
	}
}

func agentKeyObject(id string) object { return object{"key", id} }

// CreateAgentKey stores a key.
func (s *Store) CreateAgentKey(ctx context.Context, v *orchestrator.AgentKey) error {
	return s.insert(ctx, newAgentKeyRow(v), agentKeyObject(v.Fingerprint), agentObject(v.AgentID))
}

// ListAgentKeys lists the keys of agents, newest first.
func (s *Store) ListAgentKeys(ctx context.Context, org, agent string) ([]orchestrator.AgentKey, error) {
	where := key{"org_id": org}
	if agent != "" {
		where["agent_id"] = agent
	}
	query := s.reader(ctx).Where(where).Clauses(newestKeyFirst)
	return list(ctx, s, query, "the keys of agents", agentKeyRow.domain)
}

// DeleteAgentKey removes a key.
func (s *Store) DeleteAgentKey(ctx context.Context, org, agent, fingerprint string) error {
	return s.remove(ctx, &agentKeyRow{}, key{"org_id": org, "agent_id": agent, "fingerprint": fingerprint}, agentKeyObject(fingerprint))
}
