package echo_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/echo"
)

func TestEchoReturnsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	r := drivers.Request{
		Values:  map[string]any{"host": "db", "port": 5432.0, "tags": map[string]any{"a": []any{1.0, nil, true}}},
		Secrets: map[string]any{"password": "hunter22"},
	}
	got, err := echo.Echo{}.Provision(context.Background(), r)
	require.NoError(t, err)
	require.Equal(t, r.Values, got.Values)
	require.Equal(t, r.Secrets, got.Secrets)
	require.Empty(t, got.Manifests)
}

func TestAgentNeedsAnID(t *testing.T) {
	t.Parallel()
	got, err := echo.Agent{}.Provision(context.Background(), drivers.Request{Values: map[string]any{"id": "my-agent"}})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"url": "agent://my-agent"}, got.Secrets)
	_, err = echo.Agent{}.Provision(context.Background(), drivers.Request{})
	require.ErrorContains(t, err, "values.id")
	require.True(t, drivers.IsPermanent(err))
}

func TestConformance(t *testing.T) {
	drivertest.Run(t, func() drivers.Driver { return echo.Echo{} },
		drivertest.Case{Name: "nothing", Request: drivers.Request{GUResID: "a1"}},
		drivertest.Case{Name: "nested", Request: drivers.Request{GUResID: "a1",
			Values:  map[string]any{"a": map[string]any{"b": []any{1.0, map[string]any{"c": nil}}}},
			Secrets: map[string]any{"s": map[string]any{"t": "hunter22"}}}},
	)
	drivertest.Run(t, func() drivers.Driver { return echo.Agent{} },
		drivertest.Case{Name: "agent", Request: drivers.Request{GUResID: "a1", Values: map[string]any{"id": "x"}}},
		drivertest.Case{Name: "agent without id", Request: drivers.Request{GUResID: "a1", Secrets: map[string]any{"s": "hunter22"}}, Fails: true},
	)
}
