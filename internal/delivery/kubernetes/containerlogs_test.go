package kubernetes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func TestContainerLogs(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(strings.Replace(deployment("api", 2, ""), "slipway.dev/env: dev}", "slipway.dev/env: dev, humanitec.io/workload: api}", 1))
	read := func(q orchestrator.ContainerLogQuery) []orchestrator.ContainerLogLine {
		t.Helper()
		if q.Limit == 0 {
			q.Limit = 100
		}
		lines, err := e.delivery.ReadLogs(t.Context(), e.request.Target, q)
		require.NoError(t, err)
		return lines
	}
	e.eventually(func() bool { return len(read(orchestrator.ContainerLogQuery{})) >= 2 })
	lines := read(orchestrator.ContainerLogQuery{})
	require.Equal(t, "api", lines[0].Workload)
	require.Equal(t, "main", lines[0].Container)
	require.Contains(t, lines[0].Text, "simulated: nothing runs in this container")
	require.Equal(t, "info", lines[0].Level)
	require.False(t, lines[0].At.IsZero())

	require.Len(t, read(orchestrator.ContainerLogQuery{Limit: 1}), 1, "of both pods together")
	require.NotEmpty(t, read(orchestrator.ContainerLogQuery{Workload: "api", Container: "main", Ascending: true}))
	require.Empty(t, read(orchestrator.ContainerLogQuery{Workload: "web"}))
	require.Empty(t, read(orchestrator.ContainerLogQuery{Container: "sidecar"}))
	require.Empty(t, read(orchestrator.ContainerLogQuery{From: lines[0].At.Add(time.Hour)}))
	require.Empty(t, read(orchestrator.ContainerLogQuery{To: lines[len(lines)-1].At}))
	require.NotContains(t, read(orchestrator.ContainerLogQuery{Hidden: []string{"nothing runs"}})[0].Text, "nothing runs")
	_, err := e.delivery.ReadLogs(t.Context(), e.request.Target, orchestrator.ContainerLogQuery{Workload: "a b", Limit: 1})
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))

	other := e.request.Target
	other.Env.AppID = "another"
	got, err := e.delivery.ReadLogs(t.Context(), other, orchestrator.ContainerLogQuery{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, got, "the containers of another application in the same namespace are not shown")
}
