package store

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

type nodeRow struct {
	OrgID         string `gorm:"primaryKey"`
	AppID         string
	EnvID         string
	DeploymentID  string `gorm:"primaryKey"`
	Ordinal       int    `gorm:"primaryKey"`
	ResType       string
	Class         string
	ResID         string
	GUResID       string `gorm:"column:guresid"`
	DefID         string
	DefVersionID  string
	CriteriaID    string
	DriverType    string
	DriverAccount string
	Heavy         bool
	DependsOn     doc[[]int]
	Status        string
	Attempt       int
	Error         doc[*nodeErrorDoc]
	Spec          []byte // written once, with the node
	PlanID        string
	Planned       []byte
	Outputs       doc[map[string]any]
	Sealed        []byte
	StartedAt     *int64
	FinishedAt    *int64
	Version       int64
}

type nodeErrorDoc struct {
	Scope     string `json:"scope"`
	Code      string `json:"code"`
	ErrorType string `json:"error_type"`
	ObjectID  string `json:"object_id"`
	Summary   string `json:"summary"`
	Message   string `json:"message"`
}

// TableName names the table.
func (nodeRow) TableName() string { return "nodes" }

func newNodeRow(n *orchestrator.Node) nodeRow {
	return nodeRow{
		OrgID: n.OrgID, AppID: n.AppID, EnvID: n.EnvID, DeploymentID: n.DeploymentID, Ordinal: n.Ordinal,
		ResType: n.Key.Type, Class: n.Key.Class, ResID: n.Key.ID, GUResID: n.GUResID,
		DefID: n.DefID, DefVersionID: n.DefVersionID, CriteriaID: n.CriteriaID,
		DriverType: n.DriverType, DriverAccount: n.DriverAccount, Heavy: n.Heavy,
		DependsOn: doc[[]int]{n.DependsOn}, Status: string(n.Status), Attempt: n.Attempt,
		Error: doc[*nodeErrorDoc]{(*nodeErrorDoc)(n.Error)}, Spec: n.Spec, Outputs: doc[map[string]any]{n.Values}, Sealed: n.Sealed,
		StartedAt: nanosOrNil(n.StartedAt), FinishedAt: nanosOrNil(n.FinishedAt), PlanID: n.PlanID, Planned: n.Planned, Version: 1,
	}
}

func (r nodeRow) domain() orchestrator.Node {
	return orchestrator.Node{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, DeploymentID: r.DeploymentID, Ordinal: r.Ordinal,
		Key: resource.Key{Type: r.ResType, Class: r.Class, ID: r.ResID}, GUResID: r.GUResID,
		DefID: r.DefID, DefVersionID: r.DefVersionID, CriteriaID: r.CriteriaID,
		DriverType: r.DriverType, DriverAccount: r.DriverAccount, Heavy: r.Heavy,
		DependsOn: r.DependsOn.V, Status: orchestrator.NodeStatus(r.Status), Attempt: r.Attempt,
		Error: (*orchestrator.DeploymentError)(r.Error.V), Spec: r.Spec, Values: r.Outputs.V, Sealed: r.Sealed,
		StartedAt: instantOrNil(r.StartedAt), FinishedAt: instantOrNil(r.FinishedAt), PlanID: r.PlanID, Planned: r.Planned, Version: r.Version,
	}
}

func (r nodeRow) mutable() columns {
	return columns{
		"res_type": r.ResType, "class": r.Class, "res_id": r.ResID, "guresid": r.GUResID,
		"def_id": r.DefID, "def_version_id": r.DefVersionID, "criteria_id": r.CriteriaID,
		"driver_type": r.DriverType, "driver_account": r.DriverAccount, "heavy": r.Heavy,
		"depends_on": r.DependsOn, "status": r.Status, "attempt": r.Attempt, "error": r.Error,
		"outputs": r.Outputs, "sealed": r.Sealed, "started_at": r.StartedAt, "finished_at": r.FinishedAt, "plan_id": r.PlanID, "planned": r.Planned,
	}
}

func nodeObject(deploymentID string, ordinal int) object {
	return object{"node", fmt.Sprintf("%s/%d", deploymentID, ordinal)}
}

// CreateNodes stores all nodes of one deployment; when it has nodes already it
// does nothing and leaves its arguments alone.
func (s *Store) CreateNodes(ctx context.Context, nodes []orchestrator.Node) error {
	if len(nodes) == 0 {
		return nil
	}
	org, deployment := nodes[0].OrgID, nodes[0].DeploymentID
	rows := make([]nodeRow, 0, len(nodes))
	for i := range nodes {
		if nodes[i].OrgID != org || nodes[i].DeploymentID != deployment {
			return orchestrator.Invalidf("nodes of more than one deployment (%q and %q) cannot be stored together", deployment, nodes[i].DeploymentID)
		}
		rows = append(rows, newNodeRow(&nodes[i]))
	}
	created := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockDeployment(ctx, org, deployment); err != nil {
			return err
		}
		where := key{"org_id": org, "deployment_id": deployment}
		there, err := s.exists(ctx, &nodeRow{}, where, deploymentObject(deployment))
		if err != nil || there {
			return err
		}
		created = true
		return s.fail(ctx, s.writer(ctx).CreateInBatches(&rows, batch).Error, "store the nodes of "+deploymentObject(deployment).String())
	})
	if err != nil || !created {
		return err
	}
	for i := range nodes {
		nodes[i].Version = rows[i].Version
	}
	return nil
}

// ListNodes lists by ordinal.
func (s *Store) ListNodes(ctx context.Context, org, deploymentID string) ([]orchestrator.Node, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "deployment_id": deploymentID}).Clauses(order("ordinal"))
	return list(ctx, s, query, "nodes", nodeRow.domain)
}

// GetNode reads one node.
func (s *Store) GetNode(ctx context.Context, org, deploymentID string, ordinal int) (*orchestrator.Node, error) {
	where := key{"org_id": org, "deployment_id": deploymentID, "ordinal": ordinal}
	row, err := find[nodeRow](ctx, s, where, nodeObject(deploymentID, ordinal))
	if err != nil {
		return nil, err
	}
	n := row.domain()
	return &n, nil
}

// UpdateNode writes everything but the node's place and its Spec.
func (s *Store) UpdateNode(ctx context.Context, n *orchestrator.Node) error {
	where := key{"org_id": n.OrgID, "deployment_id": n.DeploymentID, "ordinal": n.Ordinal}
	return s.update(ctx, &nodeRow{}, where, &n.Version, newNodeRow(n).mutable(), nodeObject(n.DeploymentID, n.Ordinal))
}

// CountNodes counts the nodes of a deployment by status.
func (s *Store) CountNodes(ctx context.Context, org, deploymentID string) (map[orchestrator.NodeStatus]int, error) {
	var rows []struct {
		Status string
		Nodes  int
	}
	err := s.reader(ctx).Model(&nodeRow{}).Where(key{"org_id": org, "deployment_id": deploymentID}).
		Select("status, count(*) AS nodes").Group("status").Find(&rows).Error
	if err != nil {
		return nil, s.fail(ctx, err, "count nodes")
	}
	out := make(map[orchestrator.NodeStatus]int, len(rows))
	for _, r := range rows {
		out[orchestrator.NodeStatus(r.Status)] = r.Nodes
	}
	return out, nil
}
