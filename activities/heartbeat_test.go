package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestWhyAnActivityEnds: what an activity has begun is cancelled when somebody asks for it, and left for the next attempt when
// Temporal has given this one up, which the SDK takes for the same.
func TestWhyAnActivityEnds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		happens  func(t *testing.T, proxy *testenv.Proxy, run client.WorkflowRun, c client.Client)
		detached bool
		again    bool // the activity runs a second time
	}{
		"cancelled": {happens: func(t *testing.T, _ *testenv.Proxy, run client.WorkflowRun, c client.Client) {
			require.NoError(t, c.CancelWorkflow(t.Context(), run.GetID(), ""))
		}},
		"Temporal is away until it gives the attempt up": {detached: true, again: true, happens: func(_ *testing.T, proxy *testenv.Proxy, _ client.WorkflowRun, _ client.Client) {
			proxy.Refuse()
			time.AfterFunc(8*time.Second, proxy.Open)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			direct := dial(t, testenv.Temporal(t))
			proxy := testenv.NewProxy(t, testenv.Temporal(t))
			queue := "why " + name
			w := worker.New(dial(t, proxy.Address()), queue, worker.Options{
				MaxHeartbeatThrottleInterval: time.Second, DefaultHeartbeatThrottleInterval: time.Second})
			ended, began := make(chan error, 1), make(chan struct{}, 2)
			w.RegisterActivityWithOptions(func(ctx context.Context) error {
				began <- struct{}{}
				if activity.GetInfo(ctx).Attempt > 1 {
					return nil
				}
				inner, stop := beating(ctx)
				defer stop()
				<-inner.Done()
				ended <- context.Cause(inner)
				return classify(inner, inner.Err())
			}, activity.RegisterOptions{Name: "Work"})
			w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
				return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
					StartToCloseTimeout: 5 * time.Minute, HeartbeatTimeout: 5 * time.Second, WaitForCancellation: true,
				}), "Work").Get(ctx, nil)
			}, workflow.RegisterOptions{Name: "Works"})
			require.NoError(t, w.Start())
			t.Cleanup(w.Stop)
			run, err := direct.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue, ID: queue}, "Works")
			require.NoError(t, err)
			<-began
			c.happens(t, proxy, run, direct)
			require.Equal(t, c.detached, errors.Is(<-ended, drivers.ErrDetach))
			err = run.Get(t.Context(), nil)
			if c.again {
				require.NoError(t, err)
				<-began
				return
			}
			var cancelled *temporal.CanceledError
			require.ErrorAs(t, err, &cancelled)
		})
	}
}

func dial(t *testing.T, address string) client.Client {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: address, Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}
