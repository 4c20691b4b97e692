package orchestrator

import "context"

// GateStore keeps policies, and where deployments wait for people.
type GateStore interface {
	CreatePolicy(ctx context.Context, p *Policy) error
	GetPolicy(ctx context.Context, org, id string) (*Policy, error)
	// ListPolicies lists by id.
	ListPolicies(ctx context.Context, org string) ([]Policy, error)
	UpdatePolicy(ctx context.Context, p *Policy) error
	DeletePolicy(ctx context.Context, org, id string) error

	CreateGate(ctx context.Context, g *Gate) error
	// GetGate reads the gate of a node; node "" = that of the whole plan.
	GetGate(ctx context.Context, org, deployment, node string) (*Gate, error)
	// ListGates lists those of a deployment, by node.
	ListGates(ctx context.Context, org, deployment string) ([]Gate, error)
	// WaitingGates lists those that wait for people, oldest first; app "" = of all
	// applications, env "" = of all environments.
	WaitingGates(ctx context.Context, org, app, env string) ([]Gate, error)
	// CountWaitingGates counts those of all organizations; only for the system itself.
	CountWaitingGates(ctx context.Context) (int, error)
	UpdateGate(ctx context.Context, g *Gate) error

	CreateGateApproval(ctx context.Context, a *GateApproval) error
	// ListGateApprovals lists those of a deployment, oldest first.
	ListGateApprovals(ctx context.Context, org, deployment string) ([]GateApproval, error)
	// UpdateGateApproval writes why an approval is void.
	UpdateGateApproval(ctx context.Context, a *GateApproval) error
}
