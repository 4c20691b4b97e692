package worker

import (
	"fmt"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"
)

// Replay runs the history of a workflow, as an earlier build may have recorded it, through the workflows of this build. The error
// says where they would go another way: a worker of this build could not carry that workflow on.
func Replay(history *historypb.History) error {
	replayer := worker.NewWorkflowReplayer()
	registerAllWorkflows(replayer)
	if err := replayer.ReplayWorkflowHistory(nil, history); err != nil {
		return fmt.Errorf("replaying a history of %d events: %w", len(history.GetEvents()), err)
	}
	return nil
}

// registerAllWorkflows registers the workflows of every kind of worker.
func registerAllWorkflows(r worker.WorkflowRegistry) {
	registerWorkflows(r)
	registerOperateWorkflows(r)
	registerDriftWorkflows(r)
	registerPlanWorkflows(r)
	registerScheduleWorkflows(r)
	registerPipelineWorkflows(r)
}
