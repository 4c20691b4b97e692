package testenv_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestPostgresKeepsWhatWasCommittedBeforeItWasKilled(t *testing.T) {
	t.Parallel()
	p := testenv.NewRestartablePostgres(t)
	query(t, p.DSN(), "CREATE TABLE kept (id int)")
	query(t, p.DSN(), "INSERT INTO kept VALUES (1)")
	p.Kill()
	p.Start()
	require.Equal(t, int64(1), query(t, p.DSN(), "SELECT count(*) FROM kept"))
}

func TestTemporalKeepsItsNamespacesWhenItIsKilled(t *testing.T) {
	t.Parallel()
	r := testenv.NewRestartableTemporal(t)
	c, err := client.NewNamespaceClient(client.Options{HostPort: r.Address()})
	require.NoError(t, err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, c.Register(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: "kept", WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour)}))
	r.Kill()
	r.Start()
	require.Eventually(t, func() bool {
		_, err := c.Describe(ctx, "kept")
		return err == nil
	}, time.Minute, 50*time.Millisecond)
}
