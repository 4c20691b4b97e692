package worker

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/workflows"
)

// recording is a registry that remembers.
type recording struct {
	sdk.Registry // nil: what is not overridden is not used
	workflows    map[string]any
	activities   map[string]any
}

func newRecording() *recording {
	return &recording{workflows: map[string]any{}, activities: map[string]any{}}
}

func (r *recording) RegisterWorkflowWithOptions(w any, o workflow.RegisterOptions) {
	r.workflows[o.Name] = w
}

func (r *recording) RegisterActivityWithOptions(a any, o activity.RegisterOptions) {
	r.activities[o.Name] = a
}

// TestEveryRunEnds walks all workflows and activities that are registered: each
// activity is bounded as its entry says, each workflow ends, and a cancel at any
// stage ends it in a defined way.
func TestEveryRunEnds(t *testing.T) {
	t.Parallel()
	light, heavy, webhooks := newRecording(), newRecording(), newRecording()
	registerAll(light, heavy, webhooks, Options{})
	queues := map[string]*recording{workflows.TaskQueue: light, workflows.HeavyTaskQueue: heavy, workflows.WebhookTaskQueue: webhooks}
	var mu sync.Mutex
	scheduled := map[string]bool{}
	t.Run("walks", func(t *testing.T) {
		for name, fn := range light.workflows {
			require.NotEmpty(t, walks[name], "workflow %s needs an entry in walks", name)
			for way, w := range walks[name] {
				t.Run(name+" "+way, func(t *testing.T) {
					t.Parallel()
					whole := walkTo(t, queues, name, fn, w, 0)
					require.NoError(t, whole.env.GetWorkflowError())
					require.Positive(t, whole.stage)
					for stage := 1; stage <= whole.stage; stage++ {
						cut := walkTo(t, queues, name, fn, w, stage)
						require.True(t, cut.env.IsWorkflowCompleted(), "cancelled at stage %d", stage)
						w.cancelled(t, cut)
					}
					mu.Lock()
					defer mu.Unlock()
					for what := range whole.scheduled {
						scheduled[what] = true
					}
				})
			}
		}
	})
	for queue, r := range queues {
		for name := range r.activities {
			b, known := bounds[queue][name]
			require.True(t, known, "activity %s on %s needs an entry in bounds", name, queue)
			require.Equal(t, !b.legacy, scheduled[queue+" "+name], "activity %s on %s: walked, or only of earlier builds", name, queue)
		}
	}
	require.Empty(t, heavy.workflows, "the heavy queue runs no workflows")
	require.Empty(t, webhooks.workflows, "the queue of webhooks runs no workflows")
}

// walking is one run of a walk.
type walking struct {
	interceptor.WorkerInterceptorBase
	t        *testing.T
	env      *testsuite.TestWorkflowEnvironment
	queues   map[string]*recording
	walk     walk
	cancelAt int // stage; 0 = not at all

	mu              sync.Mutex
	stage           int
	calls           map[string]int
	scheduled       map[string]bool
	finished        []workflows.Finish
	cancelledDuring string
	told            chan struct{} // closed when the workflow has been told of the cancel
}

func walkTo(t *testing.T, queues map[string]*recording, name string, fn any, w walk, cancelAt int) *walking {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	r := &walking{t: t, env: suite.NewTestWorkflowEnvironment(), queues: queues, walk: w, cancelAt: cancelAt,
		calls: map[string]int{}, scheduled: map[string]bool{}, told: make(chan struct{})}
	r.env.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{r}})
	r.env.SetTestTimeout(2 * time.Minute)
	for child, made := range queues[workflows.TaskQueue].workflows {
		if child != name {
			r.env.RegisterWorkflowWithOptions(r.child(child, made), workflow.RegisterOptions{Name: child})
		}
	}
	registered := map[string]bool{}
	for _, q := range queues {
		for act, made := range q.activities {
			if !registered[act] {
				registered[act] = true
				r.env.RegisterActivityWithOptions(r.activity(act, made), activity.RegisterOptions{Name: act})
			}
		}
	}
	r.env.OnRequestCancelExternalWorkflow(mock.Anything, mock.Anything, mock.Anything).Return(nil).Maybe()
	r.env.ExecuteWorkflow(fn, w.input)
	return r
}

// reached counts a stage and says whether the cancel belongs here.
func (r *walking) reached(what string) (call int, cancel bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stage++
	r.calls[what]++
	if r.stage == r.cancelAt {
		r.cancelledDuring = what
	}
	return r.calls[what], r.stage == r.cancelAt
}

// activity answers as the walk says, with the type of the real one. When the
// cancel belongs here it waits for it, as the real ones do.
func (r *walking) activity(name string, made any) any {
	typ := reflect.TypeOf(made)
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		ctx, _ := args[0].Interface().(context.Context)
		call, cancel := r.reached(name)
		if finish, ok := args[1].Interface().(workflows.Finish); ok {
			r.mu.Lock()
			r.finished = append(r.finished, finish)
			r.mu.Unlock()
		}
		if cancel {
			r.env.CancelWorkflow()
			if err := r.awaitCancel(ctx, name); err != nil {
				return results(typ, nil, err)
			}
		}
		if err := r.walk.failures[name]; err != nil {
			return results(typ, nil, err)
		}
		var answer any
		if give := r.walk.answers[name]; give != nil {
			answer = give(call)
		}
		return results(typ, answer, nil)
	}).Interface()
}

// awaitCancel waits until the activity is cancelled, or, when a cancel must not
// reach it, until the workflow was told of it. The test environment holds back
// heartbeats, so the first one has to come after the cancel.
func (r *walking) awaitCancel(ctx context.Context, name string) error {
	select {
	case <-r.told:
	case <-time.After(time.Minute):
		r.t.Errorf("%s: the workflow is not told of the cancel", name)
		return nil
	}
	time.Sleep(10 * time.Millisecond) // the workflow passes it on
	activity.RecordHeartbeat(ctx)
	if boundOf(name).disconnected {
		time.Sleep(20 * time.Millisecond)
		if ctx.Err() != nil {
			r.t.Errorf("%s is cancelled although it must get through", name)
		}
		return nil
	}
	for end := time.Now().Add(time.Minute); ctx.Err() == nil && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		activity.RecordHeartbeat(ctx)
	}
	if ctx.Err() == nil {
		r.t.Errorf("%s is not told of the cancel", name)
	}
	return ctx.Err()
}

// child takes a minute.
func (r *walking) child(name string, made any) any {
	typ := reflect.TypeOf(made)
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		ctx, _ := args[0].Interface().(workflow.Context)
		if _, cancel := r.reached(name); cancel {
			r.env.CancelWorkflow()
		}
		return results(typ, nil, workflow.Sleep(ctx, time.Minute))
	}).Interface()
}

// results are the values that a function of that type returns.
func results(typ reflect.Type, answer any, err error) []reflect.Value {
	out := make([]reflect.Value, typ.NumOut())
	for i := range out {
		out[i] = reflect.Zero(typ.Out(i))
	}
	if answer != nil {
		out[0] = reflect.ValueOf(answer)
	}
	if err != nil {
		out[len(out)-1] = reflect.ValueOf(&err).Elem()
	}
	return out
}

func (r *walking) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	if workflow.GetInfo(ctx).ParentWorkflowExecution != nil {
		return next // a child of the test's
	}
	in := &inbound{r: r}
	in.Next = next
	return in
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	r *walking
}

// ExecuteWorkflow notices the cancel beside the workflow.
func (i *inbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		ctx.Done().Receive(ctx, nil)
		close(i.r.told)
	})
	return i.Next.ExecuteWorkflow(ctx, in)
}

func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &outbound{r: i.r}
	out.Next = next
	return i.Next.Init(out)
}

// outbound looks at what a workflow schedules.
type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	r *walking
}

func (o *outbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	if err := o.r.checkActivity(name, workflow.GetActivityOptions(ctx)); err != nil {
		o.r.t.Errorf("activity %s: %v", name, err)
	}
	return o.Next.ExecuteActivity(ctx, name, args...)
}

func (o *outbound) ExecuteLocalActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	o.r.t.Errorf("local activity %s: it would not survive its worker", name)
	return o.Next.ExecuteLocalActivity(ctx, name, args...)
}

func (o *outbound) ExecuteChildWorkflow(ctx workflow.Context, name string, args ...any) workflow.ChildWorkflowFuture {
	c := workflow.GetChildWorkflowOptions(ctx)
	switch {
	case childBounds[name] == "":
		o.r.t.Errorf("child %s: say in childBounds what bounds it", name)
	case c.ParentClosePolicy != enumspb.PARENT_CLOSE_POLICY_ABANDON:
		o.r.t.Errorf("child %s would end with a run of its queue", name)
	case !c.WaitForCancellation:
		o.r.t.Errorf("child %s: a cancelled queue would let go of it before it has ended", name)
	case c.WorkflowExecutionTimeout+c.WorkflowRunTimeout > 0:
		o.r.t.Errorf("child %s: a workflow timeout skips the clean-up", name)
	}
	return o.Next.ExecuteChildWorkflow(ctx, name, args...)
}

// longBeat is how long an activity may take that sends no heartbeats.
const longBeat = 30 * time.Second

func (r *walking) checkActivity(name string, o workflow.ActivityOptions) error {
	b, known := bounds[o.TaskQueue][name]
	r.mu.Lock()
	r.scheduled[o.TaskQueue+" "+name] = true
	r.mu.Unlock()
	queue := r.queues[o.TaskQueue]
	switch {
	case queue == nil || queue.activities[name] == nil:
		return fmt.Errorf("nobody on task queue %q runs it", o.TaskQueue)
	case !known:
		return fmt.Errorf("no entry in bounds for task queue %q", o.TaskQueue)
	case o.StartToCloseTimeout <= 0:
		return fmt.Errorf("an attempt has no time limit")
	case o.ScheduleToCloseTimeout < o.StartToCloseTimeout:
		return fmt.Errorf("in all it may take %s, an attempt %s", o.ScheduleToCloseTimeout, o.StartToCloseTimeout)
	case o.ScheduleToCloseTimeout > b.total:
		return fmt.Errorf("in all it may take %s, its entry says %s", o.ScheduleToCloseTimeout, b.total)
	case o.StartToCloseTimeout > longBeat && (o.HeartbeatTimeout <= 0 || o.HeartbeatTimeout > longBeat):
		return fmt.Errorf("heartbeat timeout %s: a dead worker would be noticed late", o.HeartbeatTimeout)
	case o.RetryPolicy == nil || o.RetryPolicy.MaximumInterval <= 0 || o.RetryPolicy.MaximumInterval > max(b.pause, 5*time.Minute):
		return fmt.Errorf("the pauses between attempts have no bound")
	case !o.WaitForCancellation:
		return fmt.Errorf("a cancel does not wait until it has stopped")
	case o.Summary == "":
		return fmt.Errorf("no summary for the Temporal Web UI")
	}
	return nil
}

// TestEveryActivityBeats: heartbeats are how a dead worker is noticed and how a
// cancel arrives.
func TestEveryActivityBeats(t *testing.T) {
	t.Parallel()
	methods := map[string]bool{}
	for _, typ := range []reflect.Type{reflect.TypeFor[workflows.DeploymentActivities](), reflect.TypeFor[workflows.EnvironmentActivities](),
		reflect.TypeFor[workflows.AutomationActivities](), reflect.TypeFor[workflows.ScheduleActivities](), reflect.TypeFor[workflows.DriftActivities](), reflect.TypeFor[workflows.LifecycleActivities](), reflect.TypeFor[workflows.PromotionActivities](), reflect.TypeFor[workflows.WebhookActivities](),
		reflect.TypeFor[workflows.PipelineRunActivities](), reflect.TypeFor[workflows.StoredPlanActivities]()} {
		for m := range typ.Methods() {
			methods[m.Name] = false
		}
	}
	files := token.NewFileSet()
	folder := filepath.Join("..", "activities")
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil && calls(fn, "beating") {
				methods[fn.Name.Name] = true
			}
		}
		return nil
	})
	require.NoError(t, err)
	for name, beats := range methods {
		require.True(t, beats, "activity method %s does not call beating", name)
	}
	light, heavy, webhooks := newRecording(), newRecording(), newRecording()
	registerAll(light, heavy, webhooks, Options{})
	for _, r := range []*recording{light, heavy, webhooks} {
		for name := range r.activities {
			require.Contains(t, methods, name, "activity %s is no method of the interfaces in workflows", name)
		}
	}
}

// calls reports whether a function calls another one by name.
func calls(fn *ast.FuncDecl, name string) (found bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == name {
				found = true
			}
		}
		return !found
	})
	return found
}
