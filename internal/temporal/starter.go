package temporal

import (
	"context"
	"errors"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Starter implements orchestrator.Workflows on a Temporal client.
type Starter struct {
	client   client.Client
	deadline time.Duration
}

var _ orchestrator.Workflows = (*Starter)(nil)

// NewStarter wraps a client.
func NewStarter(c client.Client) *Starter { return &Starter{client: c} }

// WithDeadline returns a Starter whose deployments may take that long; 0 = the
// default of the workflow.
func (s *Starter) WithDeadline(d time.Duration) *Starter {
	return &Starter{client: s.client, deadline: d}
}

const (
	readyTimeout   = 2 * time.Second
	enqueueRetries = 5
)

// Ready asks the server whether it serves.
func (s *Starter) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if _, err := s.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return unavailable(err)
	}
	return nil
}

// Enqueue puts items into the queue by update-with-start. A queue that was
// just ending takes a second try.
func (s *Starter) Enqueue(ctx context.Context, ref orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	var err error
	for range enqueueRetries {
		if err = s.enqueue(ctx, ref, items); err == nil {
			return nil
		}
		if !endedMeanwhile(err) {
			break
		}
	}
	return unavailable(err)
}

func (s *Starter) enqueue(ctx context.Context, ref orchestrator.EnvRef, items []orchestrator.QueueItem) error {
	env := envOf(ref)
	first, fresh := s.startInput(env, items), s.itemsOf(slices.DeleteFunc(slices.Clone(items), func(i orchestrator.QueueItem) bool { return i.Again }))
	start := s.client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: workflows.EnvironmentWorkflowID(env), TaskQueue: workflows.TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "queue of environment " + env.String(),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchOrg).ValueSet(env.Org),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchApp).ValueSet(env.App),
			temporal.NewSearchAttributeKeyKeyword(workflows.SearchEnv).ValueSet(env.Env),
		),
	}, workflows.EnvironmentType, first)
	handle, err := s.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateName: workflows.EnqueueUpdate, Args: []any{fresh},
			WaitForStage: client.WorkflowUpdateStageAccepted,
		},
	})
	if err != nil {
		return err
	}
	_ = handle // accepted is enough: an accepted update is durable, and enqueueing cannot fail
	return nil
}

// startInput is what a queue begins with: all items, of many deployments the
// first ones. It finds the others in the records.
func (s *Starter) startInput(env workflows.Env, items []orchestrator.QueueItem) workflows.EnvironmentInput {
	in := workflows.EnvironmentInput{Env: env, Held: workflows.QueueHolds}
	deployments := 0
	for _, item := range items {
		work := s.itemOf(item)
		if item.Kind == orchestrator.QueueDeployment && !item.Follow {
			if deployments++; deployments > in.Held {
				continue
			}
			if deployments == in.Held {
				in.Beyond = work.ID
			}
		}
		in.Items = append(in.Items, work)
	}
	if deployments <= in.Held {
		in.Beyond = ""
	}
	return in
}

// endedMeanwhile recognizes that the queue completed while the update was on
// its way.
func endedMeanwhile(err error) bool {
	var notFound *serviceerror.NotFound
	var app *temporal.ApplicationError
	var aborted *serviceerror.Aborted
	return errors.As(err, &notFound) || errors.As(err, &app) || errors.As(err, &aborted)
}

// Cancel asks the item's workflow to end. One that waits is over in the
// records already, which its workflow notices as soon as its turn comes.
func (s *Starter) Cancel(ctx context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) error {
	err := s.client.CancelWorkflow(ctx, workflows.WorkflowID(s.itemOf(item)), "")
	var gone *serviceerror.NotFound
	if err == nil || errors.As(err, &gone) {
		return nil
	}
	return unavailable(err)
}

// State reports what Temporal knows of an item.
func (s *Starter) State(ctx context.Context, ref orchestrator.EnvRef, item orchestrator.QueueItem) (orchestrator.WorkflowState, error) {
	described, err := s.client.DescribeWorkflowExecution(ctx, workflows.WorkflowID(s.itemOf(item)), "")
	var gone *serviceerror.NotFound
	if err != nil && !errors.As(err, &gone) {
		return "", unavailable(err)
	}
	if err == nil && described.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return orchestrator.WorkflowRunning, nil
	}
	if err == nil && (item.Kind == orchestrator.QueueResource || item.Kind == orchestrator.QueueOperation) {
		return orchestrator.WorkflowClosed, nil // an order is carried out once
	}
	queued, qerr := s.queued(ctx, ref, item)
	if qerr != nil {
		return "", qerr
	}
	switch {
	case queued:
		return orchestrator.WorkflowQueued, nil
	case err == nil:
		return orchestrator.WorkflowClosed, nil
	}
	return orchestrator.WorkflowUnknown, nil
}

// queued looks whether the queue of the environment runs and holds the item.
func (s *Starter) queued(ctx context.Context, ref orchestrator.EnvRef, item orchestrator.QueueItem) (bool, error) {
	id := workflows.EnvironmentWorkflowID(envOf(ref))
	described, err := s.client.DescribeWorkflowExecution(ctx, id, "")
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) || err == nil && described.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return false, nil
	}
	if err != nil {
		return false, unavailable(err)
	}
	answer, err := s.client.QueryWorkflow(ctx, id, "", workflows.QueueQuery)
	if err != nil {
		return false, unavailable(err)
	}
	var q workflows.EnvironmentQueue
	if err := answer.Get(&q); err != nil {
		return false, unavailable(err)
	}
	want := s.itemOf(item)
	if q.Running != nil && q.Running.Kind == want.Kind && q.Running.ID == want.ID {
		return true, nil
	}
	if want.Kind == workflows.KindDeployment && q.Beyond != "" && want.ID > q.Beyond {
		return true, nil // the queue finds it in the records
	}
	for _, w := range q.Waiting {
		if w.Kind == want.Kind && w.ID == want.ID {
			return true, nil
		}
	}
	return false, nil
}

func unavailable(err error) error {
	return orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "the workflow engine cannot be reached right now; try again")
}

func envOf(r orchestrator.EnvRef) workflows.Env {
	return workflows.Env{Org: r.OrgID, App: r.AppID, Env: r.EnvID}
}

func (s *Starter) itemOf(i orchestrator.QueueItem) workflows.Item {
	item := workflows.Item{Kind: i.Kind, ID: i.ID, Policy: string(i.Policy), Follow: i.Follow}
	if i.Kind == orchestrator.QueueDeployment {
		item.Deadline = workflows.DeadlineSeconds(s.deadline)
	}
	return item
}

func (s *Starter) itemsOf(items []orchestrator.QueueItem) []workflows.Item {
	out := make([]workflows.Item, 0, len(items))
	for _, i := range items {
		out = append(out, s.itemOf(i))
	}
	return out
}
