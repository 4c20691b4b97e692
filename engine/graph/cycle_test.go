package graph_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

func refersTo(id, typ string, others ...string) resource.Definition {
	values := m{}
	for _, other := range others {
		values[other] = "${resources." + other + ".outputs.x}"
	}
	return define(id, typ, "", values)
}

func TestCycles(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		definitions []resource.Definition
		want        []string
	}{
		"three": {
			[]resource.Definition{refersTo("1", "a", "b"), refersTo("2", "b", "c"), refersTo("3", "c", "a")},
			[]string{"a.default#x -> b.default#x -> c.default#x -> a.default#x"},
		},
		"itself": {[]resource.Definition{refersTo("1", "a", "a")}, []string{"a.default#x -> a.default#x"}},
		"behind others": {
			[]resource.Definition{refersTo("1", "a", "b"), refersTo("2", "b", "c", "d"), refersTo("3", "c", "b"), refersTo("4", "d")},
			[]string{"b.default#x -> c.default#x -> b.default#x"},
		},
		"the shortest": {
			[]resource.Definition{refersTo("1", "a", "b", "c"), refersTo("2", "b", "c"), refersTo("3", "c", "a")},
			[]string{"a.default#x -> c.default#x -> a.default#x"},
		},
		"two": {
			[]resource.Definition{refersTo("1", "a", "b", "c"), refersTo("2", "b", "b"), refersTo("3", "c", "d"), refersTo("4", "d", "c")},
			[]string{"b.default#x -> b.default#x", "c.default#x -> d.default#x -> c.default#x"},
		},
		"between two": {
			[]resource.Definition{refersTo("1", "a", "m"), refersTo("2", "m", "b", "m"), refersTo("3", "b", "c"), refersTo("4", "c", "c")},
			[]string{"c.default#x -> c.default#x", "m.default#x -> m.default#x"},
		},
		"by selector": {
			[]resource.Definition{refersTo("1", "a", "b"), refersTo("2", "b", "b<a")},
			[]string{"a.default#x -> b.default#x -> a.default#x"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := graph.Build(graph.Input{
				Implicit: nothing, Definitions: tc.definitions, Extra: []graph.Request{{Key: key("a.default#x")}},
			})
			failure := graph.AsBuildError(err)
			require.NotNil(t, failure)
			require.Len(t, failure.Problems, len(tc.want))
			for i, p := range failure.Problems {
				require.Contains(t, p.Message, "no cycles allowed: "+tc.want[i]+";")
				require.Equal(t, graph.ProblemCycle, p.Kind)
			}
			var cycle *graph.CycleError
			require.ErrorAs(t, err, &cycle)
			require.Equal(t, cycle.Path[0], cycle.Path[len(cycle.Path)-1])
		})
	}
}

func TestLongChainsAreNoProblem(t *testing.T) {
	t.Parallel()
	const n = 5000
	shared := m{}
	for i := range n {
		params := m{}
		if i+1 < n {
			params["next"] = fmt.Sprintf("${shared.r%d.x}", i+1)
		}
		shared[fmt.Sprintf("r%d", i)] = external("s3", "", params)
	}
	in := graph.Input{Implicit: nothing, Set: set(nil, shared), Definitions: []resource.Definition{define("s3", "s3", "", nil)}}
	g := build(t, in)
	require.Len(t, g.Nodes, n)
	require.Equal(t, fmt.Sprintf("shared.r%d", n-1), g.Nodes[0].Key.ID)

	shared[fmt.Sprintf("r%d", n-1)] = external("s3", "", m{"next": "${shared.r0.x}"})
	_, err := graph.Build(in)
	var cycle *graph.CycleError
	require.ErrorAs(t, err, &cycle)
	require.Len(t, cycle.Path, n+1)
}
