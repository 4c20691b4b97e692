package temporal

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/workflows"
)

func TestPayloadsAreSmall(t *testing.T) {
	t.Parallel()
	c := newDataConverter()
	var items []workflows.Item
	for i := range 300 { // as many as a queue carries over
		items = append(items, workflows.Item{Kind: workflows.KindDeployment, ID: fmt.Sprintf("%016x", i), Policy: "queue"})
	}
	input := workflows.EnvironmentInput{Env: workflows.Env{Org: "o", App: "a", Env: "e"}, Items: items}
	p, err := c.ToPayload(input)
	require.NoError(t, err)
	var back workflows.EnvironmentInput
	require.NoError(t, c.FromPayload(p, &back))
	require.Equal(t, input, back)

	_, err = c.ToPayload(strings.Repeat("x", maxPayload))
	require.ErrorContains(t, err, "store it and pass its id")
	_, err = c.ToPayloads("small", strings.Repeat("x", maxPayload))
	require.ErrorContains(t, err, "too large")
}
