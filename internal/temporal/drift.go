package temporal

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

var _ orchestrator.DriftWorkflows = (*Starter)(nil)

// driftCatchup is how old a scan that the schedule missed may be to be made up for.
const driftCatchup = 10 * time.Minute

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

// PutDriftSchedule makes the schedule of an environment, or changes how often it runs. Environments have phases of their own,
// so that not all are scanned at once.
func (s *Starter) PutDriftSchedule(ctx context.Context, ref orchestrator.EnvRef, every time.Duration) error {
	env := envOf(ref)
	spec := client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: every}}, Jitter: min(every/10, 10*time.Minute)}
	_, err := s.client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: workflows.DriftScheduleID(env), Spec: spec, Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: driftCatchup,
		TypedSearchAttributes: environmentAttributes(env),
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.DriftScheduleID(env), Workflow: workflows.DriftType, Args: []any{workflows.DriftInput{Env: env}},
			TaskQueue: workflows.TaskQueue, TypedSearchAttributes: environmentAttributes(env),
			StaticSummary: "scan of environment " + env.String() + " for drift",
		},
	})
	if err == nil {
		return nil
	}
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return unavailable(err)
	}
	handle := s.client.ScheduleClient().GetHandle(ctx, workflows.DriftScheduleID(env))
	err = handle.Update(ctx, client.ScheduleUpdateOptions{DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		is := in.Description.Schedule.Spec
		if is != nil && len(is.Intervals) == 1 && is.Intervals[0].Every == every {
			return nil, temporal.ErrSkipScheduleUpdate
		}
		in.Description.Schedule.Spec = &spec
		return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
	}})
	if err != nil && !errors.Is(err, temporal.ErrSkipScheduleUpdate) {
		return unavailable(err)
	}
	return nil
}

// DeleteDriftSchedule ends the schedule of an environment.
func (s *Starter) DeleteDriftSchedule(ctx context.Context, ref orchestrator.EnvRef) error {
	err := s.client.ScheduleClient().GetHandle(ctx, workflows.DriftScheduleID(envOf(ref))).Delete(ctx)
	var gone *serviceerror.NotFound
	if err == nil || errors.As(err, &gone) {
		return nil
	}
	return unavailable(err)
}
