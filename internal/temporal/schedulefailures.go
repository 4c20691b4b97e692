package temporal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// scheduledBy is the search attribute in which Temporal names the schedule of a workflow.
const scheduledBy = "TemporalScheduledById"

// maxFailures bounds what is looked at.
const maxFailures = 200

// ScheduleFailures lists schedules whose newest run that is over did not
// succeed. It asks twice: for failures, and whether what failed succeeded since.
func (s *Starter) ScheduleFailures(ctx context.Context, org string) ([]orchestrator.ScheduleFailure, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, scheduleListLimit)
	defer cancel()
	ofOrg := fmt.Sprintf("%s = %s AND WorkflowType != %s", workflows.SearchOrg, quoted(org), quoted(workflows.DriftType))
	failed, more, err := s.closedRuns(ctx, ofOrg+" AND "+scheduledBy+" IS NOT NULL AND ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated')")
	if err != nil || len(failed) == 0 {
		return nil, false, err
	}
	newest := map[string]*workflowpb.WorkflowExecutionInfo{}
	var ids []string
	for _, run := range failed {
		id := scheduleOf(run)
		if newest[id] == nil {
			ids = append(ids, quoted(id))
		}
		if newest[id] == nil || closedAt(run).After(closedAt(newest[id])) {
			newest[id] = run
		}
	}
	oldest := closedAt(failed[0])
	for _, run := range newest {
		if at := closedAt(run); at.Before(oldest) {
			oldest = at
		}
	}
	good, _, err := s.closedRuns(ctx, fmt.Sprintf("%s AND %s IN (%s) AND ExecutionStatus = 'Completed' AND CloseTime > %s",
		ofOrg, scheduledBy, strings.Join(ids, ", "), quoted(oldest.UTC().Format(time.RFC3339Nano))))
	if err != nil {
		return nil, false, err
	}
	for _, run := range good {
		if id := scheduleOf(run); newest[id] != nil && closedAt(run).After(closedAt(newest[id])) {
			delete(newest, id)
		}
	}
	out := []orchestrator.ScheduleFailure{}
	for id, run := range newest {
		if of, ok := workflows.ScheduleOf(id); ok && of.Org == org {
			out = append(out, orchestrator.ScheduleFailure{ID: of.ID, Status: runStatuses[run.GetStatus()], At: closedAt(run)})
		}
	}
	slices.SortFunc(out, func(a, b orchestrator.ScheduleFailure) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, more, nil
}

// closedRuns lists the newest runs that a query finds; more says that there may be others.
func (s *Starter) closedRuns(ctx context.Context, query string) (runs []*workflowpb.WorkflowExecutionInfo, more bool, err error) {
	found, err := s.client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: maxFailures})
	if err != nil {
		return nil, false, unavailable(err)
	}
	return found.GetExecutions(), len(found.GetExecutions()) >= maxFailures, nil
}

func scheduleOf(run *workflowpb.WorkflowExecutionInfo) string {
	payload, ok := run.GetSearchAttributes().GetIndexedFields()[scheduledBy]
	if !ok {
		return ""
	}
	return keyword(payload)
}

func keyword(payload *commonpb.Payload) string {
	var text string
	if converter.GetDefaultDataConverter().FromPayload(payload, &text) != nil {
		return ""
	}
	return text
}

func closedAt(run *workflowpb.WorkflowExecutionInfo) time.Time { return run.GetCloseTime().AsTime() }

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
