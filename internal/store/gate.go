package store

import (
	"context"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/orchestrator"
)

type gateRow struct {
	OrgID        string `gorm:"primaryKey"`
	AppID        string
	EnvID        string
	DeploymentID string `gorm:"primaryKey"`
	Node         string `gorm:"primaryKey"`
	State        string
	Fingerprint  string
	ValuesGiven  bool
	Input        doc[policy.Input]
	Summary      string
	Requirements doc[[]orchestrator.GateRequirement]
	Message      string
	Created      int64 `gorm:"column:created_at"`
	Until        *int64
	Ended        *int64 `gorm:"column:ended_at"`
	Version      int64
}

// TableName names the table.
func (gateRow) TableName() string { return "deployment_gates" }

func (r gateRow) domain() orchestrator.Gate {
	return orchestrator.Gate{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, DeploymentID: r.DeploymentID, Node: r.Node, State: orchestrator.GateState(r.State),
		Fingerprint: r.Fingerprint, ValuesGiven: r.ValuesGiven, Input: r.Input.V, Summary: r.Summary, Requirements: r.Requirements.V,
		Message: r.Message, CreatedAt: instant(r.Created), Until: instantOrNil(r.Until), EndedAt: instantOrNil(r.Ended), Version: r.Version,
	}
}

func gateObject(deployment string) object { return object{"gate of deployment", deployment} }

// waitingGates spells the condition of the partial index literally.
const waitingGates = "state = 'waiting'"

// CreateGate stores a gate.
func (s *Store) CreateGate(ctx context.Context, g *orchestrator.Gate) error {
	row := gateRow{
		OrgID: g.OrgID, AppID: g.AppID, EnvID: g.EnvID, DeploymentID: g.DeploymentID, Node: g.Node, State: string(g.State),
		Fingerprint: g.Fingerprint, ValuesGiven: g.ValuesGiven, Input: doc[policy.Input]{g.Input}, Summary: g.Summary,
		Requirements: doc[[]orchestrator.GateRequirement]{g.Requirements}, Message: g.Message, Created: nanos(g.CreatedAt),
		Until: nanosOrNil(g.Until), Ended: nanosOrNil(g.EndedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, gateObject(g.DeploymentID), deploymentObject(g.DeploymentID)); err != nil {
		return err
	}
	g.Version = row.Version
	return nil
}

// GetGate reads the gate of a node; node "" = that of the whole plan.
func (s *Store) GetGate(ctx context.Context, org, deployment, node string) (*orchestrator.Gate, error) {
	row, err := find[gateRow](ctx, s, key{"org_id": org, "deployment_id": deployment, "node": node}, gateObject(deployment))
	if err != nil {
		return nil, err
	}
	g := row.domain()
	return &g, nil
}

// ListGates lists those of a deployment, by node.
func (s *Store) ListGates(ctx context.Context, org, deployment string) ([]orchestrator.Gate, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deployment}).Clauses(order("node"))
	return list(ctx, s, query, "gates", gateRow.domain)
}

// WaitingGates lists those that wait for people, oldest first.
func (s *Store) WaitingGates(ctx context.Context, org, app, env string) ([]orchestrator.Gate, error) {
	where := key{"org_id": org}
	if app != "" {
		where["app_id"] = app
	}
	if env != "" {
		where["env_id"] = env
	}
	query := s.reader(ctx).Where(where).Where(waitingGates).Clauses(order("created_at", "deployment_id", "node"))
	return list(ctx, s, query, "gates", gateRow.domain)
}

// CountWaitingGates counts those of all organizations.
func (s *Store) CountWaitingGates(ctx context.Context) (int, error) {
	ctx = systemWide(ctx)
	var n int64
	if err := s.reader(ctx).Model(&gateRow{}).Where(waitingGates).Count(&n).Error; err != nil {
		return 0, s.fail(ctx, err, "count gates")
	}
	return int(n), nil
}

// UpdateGate writes everything but the gate's place and creation.
func (s *Store) UpdateGate(ctx context.Context, g *orchestrator.Gate) error {
	set := columns{
		"state": string(g.State), "fingerprint": g.Fingerprint, "values_given": g.ValuesGiven, "input": doc[policy.Input]{g.Input}, "summary": g.Summary,
		"requirements": doc[[]orchestrator.GateRequirement]{g.Requirements}, "message": g.Message,
		"until": nanosOrNil(g.Until), "ended_at": nanosOrNil(g.EndedAt),
	}
	where := key{"org_id": g.OrgID, "deployment_id": g.DeploymentID, "node": g.Node}
	return s.update(ctx, &gateRow{}, where, &g.Version, set, gateObject(g.DeploymentID))
}

type gateApprovalRow struct {
	OrgID        string `gorm:"primaryKey"`
	DeploymentID string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Node         string
	Decision     string
	DecidedBy    string
	Roles        doc[[]string]
	Comment      string
	Fingerprint  string
	Void         string
	Created      int64 `gorm:"column:created_at"`
	Version      int64
}

// TableName names the table.
func (gateApprovalRow) TableName() string { return "deployment_approvals" }

func (r gateApprovalRow) domain() orchestrator.GateApproval {
	return orchestrator.GateApproval{
		OrgID: r.OrgID, DeploymentID: r.DeploymentID, ID: r.ID, Node: r.Node, Decision: r.Decision, By: r.DecidedBy, Roles: r.Roles.V,
		Comment: r.Comment, Fingerprint: r.Fingerprint, Void: r.Void, CreatedAt: instant(r.Created), Version: r.Version,
	}
}

func gateApprovalObject(id string) object { return object{"approval", id} }

// CreateGateApproval stores what a person said.
func (s *Store) CreateGateApproval(ctx context.Context, a *orchestrator.GateApproval) error {
	row := gateApprovalRow{
		OrgID: a.OrgID, DeploymentID: a.DeploymentID, ID: a.ID, Node: a.Node, Decision: a.Decision, DecidedBy: a.By, Roles: doc[[]string]{a.Roles},
		Comment: a.Comment, Fingerprint: a.Fingerprint, Void: a.Void, Created: nanos(a.CreatedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, gateApprovalObject(a.ID), deploymentObject(a.DeploymentID)); err != nil {
		return err
	}
	a.Version = row.Version
	return nil
}

// ListGateApprovals lists those of a deployment, oldest first.
func (s *Store) ListGateApprovals(ctx context.Context, org, deployment string) ([]orchestrator.GateApproval, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deployment}).Clauses(order("created_at", "id"))
	return list(ctx, s, query, "approvals", gateApprovalRow.domain)
}

// UpdateGateApproval writes why an approval is void.
func (s *Store) UpdateGateApproval(ctx context.Context, a *orchestrator.GateApproval) error {
	where := key{"org_id": a.OrgID, "deployment_id": a.DeploymentID, "id": a.ID}
	return s.update(ctx, &gateApprovalRow{}, where, &a.Version, columns{"void": a.Void}, gateApprovalObject(a.ID))
}
