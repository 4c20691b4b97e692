package activities_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// line is a connection to Temporal that can be cut.
type line struct {
	client.Client
	away atomic.Uint32 // the code of every answer; 0 = the server's own
}

func dial(t *testing.T) *line {
	t.Helper()
	l := &line{}
	cut := func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if code := codes.Code(l.away.Load()); code != codes.OK {
			return status.Error(code, "cut by the test")
		}
		return invoke(ctx, method, req, reply, cc, opts...)
	}
	var err error
	l.Client, err = client.Dial(client.Options{
		HostPort: testenv.Temporal(t), Namespace: testenv.Namespace(t), Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
		ConnectionOptions: client.ConnectionOptions{DialOptions: []grpc.DialOption{grpc.WithChainUnaryInterceptor(cut)}},
	})
	require.NoError(t, err)
	t.Cleanup(l.Close)
	return l
}

// begin starts a workflow that ends when it is told how: "well" or "badly".
func begin(t *testing.T, c client.Client) client.WorkflowRun {
	t.Helper()
	queue := "follow-" + uuid.NewString()
	w := sdk.New(c, queue, sdk.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		var how string
		workflow.GetSignalChannel(ctx, "end").Receive(ctx, &how)
		if how == "badly" {
			return temporal.NewNonRetryableApplicationError("badly", "badly", nil)
		}
		return ctx.Err()
	}, workflow.RegisterOptions{Name: "followed"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "followed")
	require.NoError(t, err)
	return run
}

func follow(t *testing.T, c client.Client, id string) error {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(time.Minute)
	a := &activities.Environment{Client: c}
	env.RegisterActivity(a.FollowWorkflow)
	_, err := env.ExecuteActivity(a.FollowWorkflow, workflows.Follow{WorkflowID: id})
	return err
}

// TestFollowWorkflowReturnsWhenItHasEnded, however it ended.
func TestFollowWorkflowReturnsWhenItHasEnded(t *testing.T) {
	t.Parallel()
	steady := dial(t)
	cases := map[string]func(run client.WorkflowRun) error{
		"well": func(run client.WorkflowRun) error {
			return steady.SignalWorkflow(t.Context(), run.GetID(), "", "end", "well")
		},
		"badly": func(run client.WorkflowRun) error {
			return steady.SignalWorkflow(t.Context(), run.GetID(), "", "end", "badly")
		},
		"by terminate": func(run client.WorkflowRun) error {
			return steady.TerminateWorkflow(t.Context(), run.GetID(), "", "by hand")
		},
		"long ago":      nil,
		"was not there": nil,
	}
	for name, end := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "was not there" {
				require.NoError(t, follow(t, steady, "nobody-"+uuid.NewString()))
				return
			}
			run := begin(t, steady.Client)
			if end == nil {
				require.NoError(t, steady.TerminateWorkflow(t.Context(), run.GetID(), "", "by hand"))
				require.NoError(t, follow(t, steady, run.GetID()))
				return
			}
			ended := make(chan error, 1)
			go func() { ended <- follow(t, steady, run.GetID()) }()
			select {
			case err := <-ended:
				t.Fatalf("it returned (%v) before the workflow had ended", err)
			case <-time.After(300 * time.Millisecond):
			}
			require.NoError(t, end(run))
			require.NoError(t, <-ended)
		})
	}
}

// TestFollowWorkflowDoesNotTakeAwayForEnded: when Temporal cannot say whether the
// workflow runs, the activity fails, in a way that is repeated.
func TestFollowWorkflowDoesNotTakeAwayForEnded(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]codes.Code{
		"credentials have expired": codes.Unauthenticated, "not allowed any more": codes.PermissionDenied, "broken": codes.Internal,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steady, cut := dial(t), dial(t)
			run := begin(t, steady.Client)
			cut.away.Store(uint32(code))
			err := follow(t, cut, run.GetID())
			var app *temporal.ApplicationError
			require.ErrorAs(t, err, &app)
			require.False(t, app.NonRetryable(), "it is repeated: %v", err)
			require.Equal(t, "Transient", app.Type())

			cut.away.Store(0)
			ended := make(chan error, 1)
			go func() { ended <- follow(t, cut, run.GetID()) }()
			require.NoError(t, steady.SignalWorkflow(t.Context(), run.GetID(), "", "end", "well"))
			require.NoError(t, <-ended)
		})
	}
}

// TestFollowWorkflowBridgesAnOutage: an outage that ends does not even fail it.
func TestFollowWorkflowBridgesAnOutage(t *testing.T) {
	t.Parallel()
	steady, cut := dial(t), dial(t)
	run := begin(t, steady.Client)
	cut.away.Store(uint32(codes.Unavailable))
	ended := make(chan error, 1)
	go func() { ended <- follow(t, cut, run.GetID()) }()
	select {
	case err := <-ended:
		t.Fatalf("it returned (%v) although the workflow runs", err)
	case <-time.After(time.Second):
	}
	cut.away.Store(0)
	require.NoError(t, steady.SignalWorkflow(t.Context(), run.GetID(), "", "end", "well"))
	require.NoError(t, <-ended)
}
