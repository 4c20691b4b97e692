package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func TestLinesOfEvents(t *testing.T) {
	t.Parallel()
	const node = "s3.default#shared.x"
	said := newProgress()
	var lines []string
	for _, e := range []api.DeploymentEvent{
		{Type: api.EventNodeStatus, Node: node, Status: "running", Message: "started", At: *at(1)},
		{Type: api.EventNodeChanges, Node: node, Status: "planned", Message: "Plan: 1 to add, 0 to change, 0 to destroy."},
		{Type: api.EventNodeStatus, Node: node, Status: "succeeded", At: *at(4)},
		{Type: api.EventDeploymentErrors, Status: "recorded", Message: "no route\nto host"},
		{Type: api.EventDeploymentErrors, Status: "cleared"},
		{Type: "something.new", Status: "x", Message: "y"},
	} {
		lines = append(lines, said.line(e))
	}
	require.Equal(t, []string{
		"  " + node + " running started",
		"  " + node + " planned 1 to add, 0 to change, 0 to destroy.",
		"  " + node + " succeeded (3.0s)",
		"deployment waits: no route to host",
		"deployment goes on",
		"",
	}, lines)
}

func TestApprovalsOfAnEnvironmentAreTold(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	a := &app{out: &out, output: formTable}
	told := a.teller()
	for _, data := range []string{
		`[]`,
		`[{"deployment_id":"a","message":"waiting for 1 approval"},{"deployment_id":"b","node":"s3.default#x","message":"waiting for 2 approvals"}]`,
		`[]`,
	} {
		require.NoError(t, told.environment(client.Frame{Type: "approvals", Data: json.RawMessage(data)}))
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), "  ")
		lines = append(lines, rest)
	}
	require.Equal(t, []string{
		"approvals deployment a: waiting for 1 approval; deployment b s3.default#x: waiting for 2 approvals",
		"approvals nothing waits for one",
	}, lines)
	require.Error(t, told.environment(client.Frame{Type: "approvals", Data: json.RawMessage(`{}`)}))
}
