package temporal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

var (
	_ orchestrator.Schedules          = (*Starter)(nil)
	_ orchestrator.RetentionWorkflows = (*Starter)(nil)
)

// StartRetention starts a round that is recorded.
func (s *Starter) StartRetention(ctx context.Context, org, id string) error {
	in := workflows.RetentionInput{Org: org, ID: id}
	_, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.RetentionWorkflowID(in), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "delete old records of " + org, TypedSearchAttributes: scheduleAttributes(orchestrator.Schedule{OrgID: org}),
	}, workflows.RetentionType, in)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// PutSchedule makes a schedule, or brings the one that is there in line.
func (s *Starter) PutSchedule(ctx context.Context, want orchestrator.Schedule) error {
	spec, err := scheduleSpec(want)
	if err != nil {
		return err
	}
	id := workflows.ScheduleID(workflows.Scheduled{Org: want.OrgID, ID: want.ID})
	overlap := overlapOf(want)
	_, err = s.client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: id, Spec: spec, Overlap: overlap, CatchupWindow: want.CatchUp, Paused: want.Paused, Note: scheduleNote(want),
		TypedSearchAttributes: scheduleAttributes(want), Action: scheduleAction(id, want),
	})
	if err == nil {
		return nil
	}
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return unavailable(err)
	}
	handle := s.client.ScheduleClient().GetHandle(ctx, id)
	err = handle.Update(ctx, client.ScheduleUpdateOptions{DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		is := in.Description.Schedule
		if sameSpec(is.Spec, &spec) && is.Policy != nil && is.Policy.Overlap == overlap && is.Policy.CatchupWindow == want.CatchUp &&
			is.State != nil && is.State.Paused == want.Paused {
			return nil, temporal.ErrSkipScheduleUpdate
		}
		is.Spec, is.Action = &spec, scheduleAction(id, want)
		is.Policy = &client.SchedulePolicies{Overlap: overlap, CatchupWindow: want.CatchUp}
		if is.State == nil {
			is.State = &client.ScheduleState{}
		}
		if is.State.Paused != want.Paused {
			is.State.Paused, is.State.Note = want.Paused, scheduleNote(want)
		}
		return &client.ScheduleUpdate{Schedule: &is}, nil
	}})
	if err != nil && !errors.Is(err, temporal.ErrSkipScheduleUpdate) {
		return unavailable(err)
	}
	return nil
}

func overlapOf(want orchestrator.Schedule) enumspb.ScheduleOverlapPolicy {
	if want.Buffer {
		return enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE
	}
	return enumspb.SCHEDULE_OVERLAP_POLICY_SKIP
}

// scheduleNote is what the Web UI shows beside a schedule.
func scheduleNote(want orchestrator.Schedule) string {
	if want.Note != "" {
		return want.Note
	}
	return want.What
}

func scheduleAction(id string, want orchestrator.Schedule) *client.ScheduleWorkflowAction {
	action := &client.ScheduleWorkflowAction{
		ID: id, TaskQueue: workflows.TaskQueue, TypedSearchAttributes: scheduleAttributes(want), StaticSummary: want.What,
		Workflow: workflows.ScheduledType, Args: []any{workflows.Scheduled{Org: want.OrgID, ID: want.ID}},
	}
	switch want.Kind {
	case orchestrator.ScheduleDrift:
		action.Workflow = workflows.DriftType
		action.Args = []any{workflows.DriftInput{Env: workflows.Env{Org: want.OrgID, App: want.AppID, Env: want.EnvID}}}
	case orchestrator.ScheduleRetention:
		action.Workflow, action.Args = workflows.RetentionType, []any{workflows.RetentionInput{Org: want.OrgID}}
	}
	return action
}

func scheduleAttributes(want orchestrator.Schedule) temporal.SearchAttributes {
	set := []temporal.SearchAttributeUpdate{temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(want.OrgID)}
	if want.AppID != "" {
		set = append(set, temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(want.AppID))
	}
	if want.EnvID != "" {
		set = append(set, temporal.NewSearchAttributeKeyKeyword(workflows.SearchEnv).ValueSet(want.EnvID))
	}
	return temporal.NewSearchAttributes(set...)
}

// DeleteSchedule ends a schedule.
func (s *Starter) DeleteSchedule(ctx context.Context, org, id string) error {
	return unlessGone(s.scheduleHandle(ctx, org, id).Delete(ctx))
}

func (s *Starter) scheduleHandle(ctx context.Context, org, id string) client.ScheduleHandle {
	return s.client.ScheduleClient().GetHandle(ctx, workflows.ScheduleID(workflows.Scheduled{Org: org, ID: id}))
}

// TriggerSchedule has a schedule happen now.
func (s *Starter) TriggerSchedule(ctx context.Context, org, id string) error {
	return scheduleError(id, s.scheduleHandle(ctx, org, id).Trigger(ctx, client.ScheduleTriggerOptions{}))
}

func scheduleError(id string, err error) error {
	var gone *serviceerror.NotFound
	switch {
	case err == nil:
		return nil
	case errors.As(err, &gone):
		return orchestrator.NotFoundf("schedule %q is not there", id)
	}
	return unavailable(err)
}

// ScheduleState describes a schedule.
func (s *Starter) ScheduleState(ctx context.Context, org, id string) (*orchestrator.ScheduleState, error) {
	d, err := s.scheduleHandle(ctx, org, id).Describe(ctx)
	if err != nil {
		return nil, scheduleError(id, err)
	}
	out := &orchestrator.ScheduleState{
		Next: d.Info.NextActionTimes, Recent: recentRuns(d.Info.RecentActions), Running: len(d.Info.RunningWorkflows),
		Missed: d.Info.NumActionsMissedCatchupWindow, Skipped: d.Info.NumActionsSkippedOverlap,
	}
	if d.Schedule.State != nil {
		out.Paused, out.Note = d.Schedule.State.Paused, d.Schedule.State.Note
	}
	return out, nil
}

// scheduleListLimit bounds how long listing takes.
const scheduleListLimit = 10 * time.Second

// ScheduleStates lists the schedules of an organization. A change shows up in it
// after a moment.
func (s *Starter) ScheduleStates(ctx context.Context, org string) (map[string]orchestrator.ScheduleState, error) {
	ctx, cancel := context.WithTimeout(ctx, scheduleListLimit)
	defer cancel()
	all, err := s.client.ScheduleClient().List(ctx, client.ScheduleListOptions{
		PageSize: 500, Query: workflows.SearchOrg + " = '" + strings.ReplaceAll(org, "'", "''") + "'",
	})
	if err != nil {
		return nil, unavailable(err)
	}
	out := map[string]orchestrator.ScheduleState{}
	for all.HasNext() {
		e, err := all.Next()
		if err != nil {
			return nil, unavailable(err)
		}
		if of, ok := workflows.ScheduleOf(e.ID); ok && of.Org == org {
			out[of.ID] = orchestrator.ScheduleState{Paused: e.Paused, Note: e.Note, Next: e.NextActionTimes, Recent: recentRuns(e.RecentActions)}
		}
	}
	return out, nil
}

// recentRuns are the runs of a schedule, newest first.
func recentRuns(actions []client.ScheduleActionResult) []orchestrator.ScheduleRun {
	out := []orchestrator.ScheduleRun{}
	for _, a := range actions {
		run := orchestrator.ScheduleRun{At: a.ScheduleTime.UTC(), StartedAt: a.ActualTime.UTC()}
		if a.StartWorkflowResult != nil {
			run.WorkflowID, run.RunID = a.StartWorkflowResult.WorkflowID, a.StartWorkflowResult.FirstExecutionRunID
		}
		out = append(out, run)
	}
	slices.Reverse(out)
	return out
}

var runStatuses = map[enumspb.WorkflowExecutionStatus]string{
	enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING: "running", enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED: "completed",
	enumspb.WORKFLOW_EXECUTION_STATUS_FAILED: "failed", enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED: "cancelled",
	enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED: "terminated", enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT: "timed out",
	enumspb.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW: "running",
}

// ScheduleRuns lists the newest runs of a schedule with what became of them.
func (s *Starter) ScheduleRuns(ctx context.Context, org, id string) ([]orchestrator.ScheduleRun, error) {
	state, err := s.ScheduleState(ctx, org, id)
	if err != nil {
		return nil, err
	}
	for i := range state.Recent {
		run := &state.Recent[i]
		d, err := s.client.DescribeWorkflowExecution(ctx, run.WorkflowID, run.RunID)
		var gone *serviceerror.NotFound
		if errors.As(err, &gone) {
			run.Status = "forgotten" // longer ago than Temporal keeps runs
			continue
		}
		if err != nil {
			return nil, unavailable(err)
		}
		info := d.GetWorkflowExecutionInfo()
		run.Status = runStatuses[info.GetStatus()]
		if info.GetCloseTime() != nil {
			at := info.GetCloseTime().AsTime()
			run.ClosedAt = &at
		}
	}
	return state.Recent, nil
}
