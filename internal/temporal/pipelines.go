package temporal

import (
	"context"
	"errors"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

var _ orchestrator.PipelineWorkflows = (*Starter)(nil)

// StartPipelineRun starts the workflow of a run; one that is under way goes on. Started again after its end it finds the run
// ended and does nothing.
func (s *Starter) StartPipelineRun(ctx context.Context, run orchestrator.PipelineRunKey) error {
	in := workflows.PipelineRun{Org: run.OrgID, ID: run.ID}
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.PipelineWorkflowID(in), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "run of pipeline " + run.PipelineID + " in " + run.OrgID + "/" + run.AppID,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(run.OrgID),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(run.AppID),
		),
	}, workflows.PipelineRunType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// WakePipelineRun tells the workflow of a run to look around; one that is not there needs no telling.
func (s *Starter) WakePipelineRun(ctx context.Context, org, id string) error {
	err := s.client.SignalWorkflow(ctx, workflows.PipelineWorkflowID(workflows.PipelineRun{Org: org, ID: id}), "", workflows.PipelineWakeSignal, nil)
	return unlessGone(err)
}

// CancelPipelineRun asks the workflow of a run to end.
func (s *Starter) CancelPipelineRun(ctx context.Context, org, id string) error {
	return unlessGone(s.client.CancelWorkflow(ctx, workflows.PipelineWorkflowID(workflows.PipelineRun{Org: org, ID: id}), ""))
}

// PipelineRunState reports what Temporal knows of the workflow of a run.
func (s *Starter) PipelineRunState(ctx context.Context, org, id string) (orchestrator.WorkflowState, error) {
	described, err := s.client.DescribeWorkflowExecution(ctx, workflows.PipelineWorkflowID(workflows.PipelineRun{Org: org, ID: id}), "")
	var gone *serviceerror.NotFound
	switch {
	case errors.As(err, &gone):
		return orchestrator.WorkflowUnknown, nil
	case err != nil:
		return "", unavailable(err)
	case described.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return orchestrator.WorkflowRunning, nil
	}
	return orchestrator.WorkflowClosed, nil
}

func unlessGone(err error) error {
	var gone *serviceerror.NotFound
	if err == nil || errors.As(err, &gone) {
		return nil
	}
	return unavailable(err)
}
