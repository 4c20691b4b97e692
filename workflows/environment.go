package workflows

import (
	"errors"
	"fmt"
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
	// Held is how many waiting deployments the run keeps at most; 0 = any number,
	// as runs of builds before this field did.
	Held int `json:"held,omitempty"`
	// Beyond says that unfinished deployments later than this one are in the
	// records only; "" = there are none.
	Beyond string `json:"beyond,omitempty"`
}

// EnvironmentQueue is the answer of QueueQuery.
type EnvironmentQueue struct {
	Running *Item  `json:"running,omitempty"`
	Waiting []Item `json:"waiting"`
	Beyond  string `json:"beyond,omitempty"` // later deployments wait in the records
}

// kinds says, for each kind of item, which workflow carries it out and how that
// workflow is named.
var kinds = map[string]struct{ prefix, workflowType, verb string }{
	KindDeployment: {"deploy:", DeploymentType, "deploy "},
	KindOperation:  {"operation:", OperationType, "operation "},
	KindResource:   {"resource:", ResourceType, "delete resource "},
	KindTeardown:   {"teardown:", TeardownType, "tear down "},
}

// WorkflowID is the readable id of the workflow that carries out an item.
func WorkflowID(item Item) string { return kinds[item.Kind].prefix + item.ID }

// EnvironmentWorkflowID is the id of the queue of an environment.
func EnvironmentWorkflowID(env Env) string { return "env:" + env.String() }

// RunEnvironment is the queue and the lock of one environment: it carries out
// one item at a time, in order, and ends when nothing is left, so that an idle
// environment costs nothing. Its children outlive it (ABANDON); should one be
// running already, it is followed instead of started. When the queue is
// cancelled it asks what runs to end, waits for that, and ends as cancelled;
// what waits is in the records, and the reconciler starts a queue for it again.
func RunEnvironment(ctx workflow.Context, in EnvironmentInput) error {
	q := newQueue(in)
	if err := workflow.SetQueryHandler(ctx, QueueQuery, q.view); err != nil {
		return err
	}
	if err := workflow.SetUpdateHandler(ctx, EnqueueUpdate, q.enqueue); err != nil {
		return err
	}
	for {
		if len(q.waiting) == 0 && q.beyond != "" {
			if err := q.load(ctx, in.Env); err != nil {
				return err
			}
		}
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
		ended, err := q.carryOut(ctx, in.Env, item)
		if err != nil {
			return err
		}
		if ended {
			q.running = nil
		}
		if ended && !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			continue
		}
		if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
			return err
		}
		return workflow.NewContinueAsNewError(ctx, EnvironmentType, q.rest(in.Env))
	}
}

// carryOut runs one item to its end; how it ended is the item's business. It
// returns early (false) when the history has grown so long meanwhile that the
// queue should go on in a new run, which follows the item. It returns an error
// only when the queue itself was cancelled, and then after the item's end.
func (q *queue) carryOut(ctx workflow.Context, env Env, item Item) (ended bool, err error) {
	begun, over := perform(ctx, env, item)
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	err = workflow.Await(clean, func() bool {
		return over.IsReady() || q.held > 0 && begun() && ctx.Err() == nil && workflow.GetInfo(ctx).GetContinueAsNewSuggested()
	})
	if err != nil {
		return false, err
	}
	return over.IsReady(), ctx.Err()
}

// perform starts the child of an item, or follows it when it runs already or is
// only to be followed. begun tells whether the child is known to the server;
// over is ready when it has ended.
func perform(ctx workflow.Context, env Env, item Item) (begun func() bool, over workflow.Future) {
	over, end := workflow.NewFuture(ctx)
	following := func() bool { return true }
	if item.Follow {
		workflow.GoNamed(ctx, "follow", func(ctx workflow.Context) { follow(ctx, item); end.SetValue(nil) })
		return following, over
	}
	child := workflow.ExecuteChildWorkflow(childOptions(ctx, env, item), kinds[item.Kind].workflowType, childInput(env, item))
	workflow.GoNamed(ctx, "child", func(ctx workflow.Context) {
		clean, release := workflow.NewDisconnectedContext(ctx)
		defer release()
		err := child.Get(clean, nil)
		var started *temporal.ChildWorkflowExecutionAlreadyStartedError
		switch {
		case errors.As(err, &started):
			follow(ctx, item)
		case err != nil:
			workflow.GetLogger(ctx).Warn("item ended with an error", "item", item.ID, "error", err)
		}
		end.SetValue(nil)
	})
	return child.GetChildWorkflowExecution().IsReady, over
}

// followPause is how long a queue waits before it tries again to follow what
// could not be followed; nothing else may begin before that has ended.
const followPause = time.Minute

// follow returns when the workflow of the item has ended, however long that
// takes. When the queue is cancelled that workflow is asked to end.
func follow(ctx workflow.Context, item Item) {
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	ended := false
	workflow.GoNamed(clean, "cancel", func(clean workflow.Context) {
		ctx.Done().Receive(clean, nil)
		if ended {
			return
		}
		if err := workflow.RequestCancelExternalWorkflow(clean, WorkflowID(item), "").Get(clean, nil); err != nil {
			workflow.GetLogger(ctx).Warn("what is followed could not be asked to end", "item", item.ID, "error", err)
		}
	})
	options := persistent(clean, 24*time.Hour, 30*24*time.Hour, "follow "+WorkflowID(item))
	for {
		err := workflow.ExecuteActivity(options, FollowActivity, Follow{WorkflowID: WorkflowID(item)}).Get(clean, nil)
		if err == nil {
			ended = true
			return
		}
		workflow.GetLogger(ctx).Warn("following ended with an error", "item", item.ID, "error", err)
		if err := workflow.Sleep(clean, followPause); err != nil {
			return
		}
	}
}

func childInput(env Env, item Item) any {
	switch item.Kind {
	case KindTeardown:
		return env
	case KindOperation:
		return Operation{Env: env, ID: item.ID}
	case KindResource:
		return Resource{Env: env, ID: item.ID}
	}
	return DeploymentInput{Deployment: Deployment{Env: env, ID: item.ID}, Deadline: item.Deadline}
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
		WaitForCancellation:   true, // the lock is held until the child has cleaned up
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		TypedSearchAttributes: temporal.NewSearchAttributes(attributes...),
		StaticSummary:         summary,
	})
}
