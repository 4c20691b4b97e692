package temporal

import (
	"context"
	"errors"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

func storedPlanOf(k orchestrator.PlanKey) workflows.StoredPlan {
	return workflows.StoredPlan{Env: envOf(k.EnvRef), ID: k.ID}
}

// MakePlan starts the workflow of a plan; one that runs goes on.
func (s *Starter) MakePlan(ctx context.Context, k orchestrator.PlanKey) error {
	in := storedPlanOf(k)
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.StoredPlanWorkflowID(in), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "plan " + in.ID + " for environment " + in.Env.String(), TypedSearchAttributes: environmentAttributes(in.Env),
	}, workflows.StoredPlanType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// CancelPlan cancels the workflow of a plan; it is no error when none runs.
func (s *Starter) CancelPlan(ctx context.Context, k orchestrator.PlanKey) error {
	err := s.client.CancelWorkflow(ctx, workflows.StoredPlanWorkflowID(storedPlanOf(k)), "")
	var none *serviceerror.NotFound
	if err == nil || errors.As(err, &none) {
		return nil
	}
	return unavailable(err)
}
