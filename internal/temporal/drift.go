package temporal

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

var _ orchestrator.DriftWorkflows = (*Starter)(nil)

// StartDriftScan starts a scan that is recorded.
func (s *Starter) StartDriftScan(ctx context.Context, ref orchestrator.EnvRef, id string) error {
	env := envOf(ref)
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.DriftWorkflowID(env, id), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "scan of environment " + env.String() + " for drift", TypedSearchAttributes: environmentAttributes(env),
	}, workflows.DriftType, workflows.DriftInput{Env: env, ScanID: id})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func environmentAttributes(env workflows.Env) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(
		temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(env.Org),
		temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(env.App),
		temporal.NewSearchAttributeKeyKeyword(workflows.SearchEnv).ValueSet(env.Env),
	)
}
