package workflows

import (
	"errors"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// EnqueueUpdate is the name of the update that puts an item into the queue;
// QueueQuery returns what waits and what runs.
const (
	EnqueueUpdate = "enqueue"
	QueueQuery    = "queue"
)

// EnvironmentInput starts the queue of an environment.
type EnvironmentInput struct {
	Env
	Items []Item `json:"items"` // work to begin with, in order
}

// EnvironmentQueue is the answer of QueueQuery.
type EnvironmentQueue struct {
	Running *Item  `json:"running,omitempty"`
	Waiting []Item `json:"waiting"`
}

// kinds says, for each kind of item, which workflow carries it out and how that
// workflow is named.
var kinds = map[string]struct{ prefix, workflowType, verb string }{
	KindDeployment: {"deploy:", DeploymentType, "deploy "},
	KindResource:   {"resource:", ResourceType, "delete resource "},
	KindTeardown:   {"teardown:", TeardownType, "tear down "},
}

// WorkflowID is the readable id of the workflow that carries out an item.
func WorkflowID(item Item) string { return kinds[item.Kind].prefix + item.ID }

// maxCarried bounds how many waiting items the next run of a queue is told of,
// so that its input stays small; the records know the rest, and the reconciler
// hands them over again.
const maxCarried = 300

// EnvironmentWorkflowID is the id of the queue of an environment.
func EnvironmentWorkflowID(env Env) string { return "env:" + env.String() }

// RunEnvironment is the queue and the lock of one environment: it carries out
// one item at a time, in order, and ends when nothing is left, so that an idle
// environment costs nothing. Its children outlive it (ABANDON); should one be
// running already, it is followed instead of started.
func RunEnvironment(ctx workflow.Context, in EnvironmentInput) error {
	q := &queue{waiting: in.Items}
	if err := workflow.SetQueryHandler(ctx, QueueQuery, q.view); err != nil {
		return err
	}
	if err := workflow.SetUpdateHandler(ctx, EnqueueUpdate, q.enqueue); err != nil {
		return err
	}
	for {
		item, ok := q.next()
		if !ok && workflow.AllHandlersFinished(ctx) {
			setStatus(ctx, "idle")
			return nil
		}
		if !ok {
			if err := workflow.Await(ctx, func() bool { return len(q.waiting) > 0 || workflow.AllHandlersFinished(ctx) }); err != nil {
				return err
			}
			continue
		}
		setStatus(ctx, fmt.Sprintf("running %s %s, %d waiting", item.Kind, item.ID, len(q.waiting)))
		if err := carryOut(ctx, in.Env, item); err != nil {
			return err
		}
		q.running = nil
		if !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			continue
		}
		if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
			return err
		}
		return workflow.NewContinueAsNewError(ctx, EnvironmentType, EnvironmentInput{Env: in.Env, Items: q.waiting[:min(len(q.waiting), maxCarried)]})
	}
}

// carryOut runs one item to its end. It returns an error only when the queue
// itself was cancelled; how the item ended is the item's business.
func carryOut(ctx workflow.Context, env Env, item Item) error {
	child := workflow.ExecuteChildWorkflow(childOptions(ctx, env, item), kinds[item.Kind].workflowType, childInput(env, item))
	err := child.Get(ctx, nil)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	var started *temporal.ChildWorkflowExecutionAlreadyStartedError
	if !errors.As(err, &started) {
		workflow.GetLogger(ctx).Warn("item ended with an error", "item", item.ID, "error", err)
		return nil
	}
	options := persistent(ctx, 24*time.Hour, 30*24*time.Hour, "follow "+WorkflowID(item))
	err = workflow.ExecuteActivity(options, FollowActivity, Follow{WorkflowID: WorkflowID(item)}).Get(ctx, nil)
	if err != nil && ctx.Err() == nil {
		workflow.GetLogger(ctx).Warn("following ended with an error", "item", item.ID, "error", err)
	}
	return ctx.Err()
}

func childInput(env Env, item Item) any {
	switch item.Kind {
	case KindTeardown:
		return env
	case KindResource:
		return Resource{Env: env, ID: item.ID}
	}
	return Deployment{Env: env, ID: item.ID}
}

func childOptions(ctx workflow.Context, env Env, item Item) workflow.Context {
	attributes := []temporal.SearchAttributeUpdate{
		temporal.NewSearchAttributeKeyKeyword(SearchOrg).ValueSet(env.Org),
		temporal.NewSearchAttributeKeyKeyword(SearchApp).ValueSet(env.App),
		temporal.NewSearchAttributeKeyKeyword(SearchEnv).ValueSet(env.Env),
	}
	summary := kinds[item.Kind].verb + item.ID
	if item.Kind != KindTeardown {
		summary += " in " + env.String()
	}
	if item.Kind == KindDeployment {
		attributes = append(attributes, temporal.NewSearchAttributeKeyKeyword(SearchDeployment).ValueSet(item.ID))
	}
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            WorkflowID(item),
		TaskQueue:             TaskQueue,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		TypedSearchAttributes: temporal.NewSearchAttributes(attributes...),
		StaticSummary:         summary,
	})
}

// queue is the state of RunEnvironment.
type queue struct {
	waiting []Item
	running *Item
}

// enqueue adds items at the end; one that is there already is left where it
// is. Those that an item supersedes have ended in the records before, so
// dropping them here only saves the work of finding that out.
func (q *queue) enqueue(_ workflow.Context, items []Item) error {
	for _, item := range items {
		if _, known := kinds[item.Kind]; !known || item.ID == "" {
			return temporal.NewNonRetryableApplicationError("an item needs a known kind and an id", ErrPermanent, nil)
		}
		if q.has(item) {
			continue
		}
		if item.Policy == "supersede" {
			q.waiting = slices.DeleteFunc(q.waiting, func(w Item) bool { return w.Kind == KindDeployment && w.ID < item.ID })
		}
		q.waiting = insert(q.waiting, item)
	}
	return nil
}

func (q *queue) has(item Item) bool {
	same := func(w Item) bool { return w.Kind == item.Kind && w.ID == item.ID }
	return q.running != nil && same(*q.running) || slices.ContainsFunc(q.waiting, same)
}

// insert keeps deployments in the order of their ids, which is the order in
// which they were accepted: two hand-overs may arrive the wrong way round.
func insert(waiting []Item, item Item) []Item {
	at := len(waiting)
	for at > 0 && item.Kind == KindDeployment && waiting[at-1].Kind == KindDeployment && waiting[at-1].ID > item.ID {
		at--
	}
	return slices.Insert(waiting, at, item)
}

func (q *queue) next() (Item, bool) {
	if len(q.waiting) == 0 {
		return Item{}, false
	}
	item := q.waiting[0]
	q.waiting = q.waiting[1:]
	q.running = &item
	return item, true
}

func (q *queue) view() (EnvironmentQueue, error) {
	return EnvironmentQueue{Running: q.running, Waiting: q.waiting}, nil
}
