package temporal_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	sdktemporal "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func newKeeper(t *testing.T) (string, *secrets.Keeper) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyset.json")
	keeper, err := secrets.Create(path)
	require.NoError(t, err)
	return path, keeper
}

func TestCodec(t *testing.T) {
	t.Parallel()
	path, keeper := newKeeper(t)
	codec := temporal.NewCodec(keeper, "one")
	plain, err := converter.GetDefaultDataConverter().ToPayload("canary")
	require.NoError(t, err)
	given := proto.Clone(plain)

	encoded, err := codec.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	require.True(t, proto.Equal(given, plain), "the argument is not changed")
	require.NotContains(t, prototext.Format(encoded[0]), "canary")
	require.Equal(t, keeper.PrimaryKeyID(), string(encoded[0].Metadata["slipway-key-id"]))
	again, err := codec.Encode(encoded)
	require.NoError(t, err)
	require.True(t, proto.Equal(encoded[0], again[0]), "what is encrypted is not encrypted again")

	decoded, err := codec.Decode([]*commonpb.Payload{encoded[0], plain})
	require.NoError(t, err)
	require.True(t, proto.Equal(plain, decoded[0]))
	require.True(t, proto.Equal(plain, decoded[1]), "what was never encrypted is passed on")

	_, err = temporal.NewCodec(keeper, "two").Decode(encoded)
	require.ErrorContains(t, err, "belongs to another place", "a payload is bound to its namespace")
	_, stranger := newKeeper(t)
	_, err = temporal.NewCodec(stranger, "one").Decode(encoded)
	require.ErrorIs(t, err, secrets.ErrUnknownKey)

	other, err := secrets.Open(path)
	require.NoError(t, err)
	require.NoError(t, keeper.Rotate())
	newer, err := codec.Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	decoded, err = temporal.NewCodec(other, "one").Decode([]*commonpb.Payload{newer[0], encoded[0]})
	require.NoError(t, err, "a process with the keyset from before reads it anew")
	require.True(t, proto.Equal(plain, decoded[0]))
	require.True(t, proto.Equal(plain, decoded[1]))
}

const canary = "canary-5f3a"

// probe uses every way in which Slipway's workflows hand something to the server.
func probe(ctx workflow.Context, in string) (string, error) {
	err := workflow.SetUpdateHandler(ctx, "update", func(_ workflow.Context, arg string) (string, error) { return arg + "-updated", nil })
	if err != nil {
		return "", err
	}
	if err := workflow.SetQueryHandler(ctx, "query", func(arg string) (string, error) { return arg + "-answer", nil }); err != nil {
		return "", err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, HeartbeatTimeout: 30 * time.Second, Summary: "readable step",
		RetryPolicy: &sdktemporal.RetryPolicy{InitialInterval: time.Millisecond, MaximumAttempts: 2},
	})
	var out string
	if err := workflow.ExecuteActivity(ctx, "step", in).Get(ctx, &out); err != nil {
		return "", err
	}
	failed := workflow.ExecuteActivity(ctx, "fail", in).Get(ctx, nil)
	var app *sdktemporal.ApplicationError
	var detail string
	if !errors.As(failed, &app) || app.Details(&detail) != nil || app.Type() != "Refused" {
		return "", fmt.Errorf("the failure lost something: %w", failed)
	}
	if workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil); detail != in {
		return "", errors.New("the detail of the failure is another one")
	}
	return out + "/" + app.Message(), nil
}

func step(ctx context.Context, in string) (string, error) {
	if activity.GetInfo(ctx).Attempt == 1 {
		activity.RecordHeartbeat(ctx, in+"-heartbeat")
		return "", errors.New(in + "-first attempt")
	}
	var beat string
	if err := activity.GetHeartbeatDetails(ctx, &beat); err != nil {
		return "", err
	}
	return beat, nil
}

func fail(_ context.Context, in string) error {
	return sdktemporal.NewNonRetryableApplicationError(in+"-refused", "Refused", nil, in)
}

func TestServerSeesCiphertextsOnly(t *testing.T) {
	t.Parallel()
	address, namespace := testenv.Temporal(t), testenv.Namespace(t)
	_, keeper := newKeeper(t)
	c, err := temporal.Connect(t.Context(), temporal.Options{Address: address, Namespace: namespace, Keeper: keeper})
	require.NoError(t, err)
	defer c.Close()
	const queue = "codec"
	w := worker.New(c, queue, worker.Options{})
	w.RegisterWorkflowWithOptions(probe, workflow.RegisterOptions{Name: "probe"})
	w.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: "step"})
	w.RegisterActivityWithOptions(fail, activity.RegisterOptions{Name: "fail"})
	require.NoError(t, w.Start())
	defer w.Stop()

	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		TaskQueue: queue, StaticSummary: "readable summary", Memo: map[string]any{"note": canary + "-memo"},
	}, "probe", canary)
	require.NoError(t, err)
	update, err := c.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), UpdateName: "update", Args: []any{canary}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	var got string
	require.NoError(t, update.Get(t.Context(), &got))
	require.Equal(t, canary+"-updated", got)
	answer, err := c.QueryWorkflow(t.Context(), run.GetID(), "", "query", canary)
	require.NoError(t, err)
	require.NoError(t, answer.Get(&got))
	require.Equal(t, canary+"-answer", got)
	require.NoError(t, c.SignalWorkflow(t.Context(), run.GetID(), "", "go", canary))
	require.NoError(t, run.Get(t.Context(), &got))
	require.Equal(t, canary+"-heartbeat/"+canary+"-refused", got)

	raw, err := client.Dial(client.Options{HostPort: address, Namespace: namespace})
	require.NoError(t, err)
	defer raw.Close()
	seen := history(t, raw, run.GetID())
	require.NotContains(t, seen, canary)
	require.Contains(t, seen, "binary/encrypted")
	require.Contains(t, seen, "readable summary")
	require.Contains(t, seen, "readable step")
	require.Contains(t, history(t, c, run.GetID()), canary, "Slipway's own client reads it")
}

func history(t *testing.T, c client.Client, id string) string {
	t.Helper()
	var out string
	events := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		out += prototext.Format(e)
	}
	described, err := c.DescribeWorkflowExecution(t.Context(), id, "")
	require.NoError(t, err)
	return out + prototext.Format(described)
}
