package deployset_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/deployset"
)

func TestVectorB4Merge(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ stored, incoming, want string }{
		"update of an added module runs at once": {
			stored:   `{"modules":{"add":{"a":{"spec":{}}}}}`,
			incoming: `{"modules":{"update":{"a":[{"op":"add","path":"/spec/x","value":1}]}}}`,
			want:     `{"modules":{"add":{"a":{"spec":{"x":1}}},"remove":[],"update":{}},"shared":[]}`,
		},
		"remove drops pending updates": {
			stored:   `{"modules":{"update":{"a":[{"op":"add","path":"/spec/x","value":1}]}}}`,
			incoming: `{"modules":{"remove":["a"]}}`,
			want:     `{"modules":{"add":{},"remove":["a"],"update":{}},"shared":[]}`,
		},
		"null add takes a removal back": {
			stored:   `{"modules":{"remove":["a","b"]}}`,
			incoming: `{"modules":{"add":{"a":null}}}`,
			want:     `{"modules":{"add":{},"remove":["b"],"update":{}},"shared":[]}`,
		},
		"remove of scope delta leaves no trace": {
			stored:   `{"modules":{"update":{"a":[{"op":"add","path":"/spec/x","value":1}]}}}`,
			incoming: `{"modules":{"update":{"a":[{"op":"remove","path":"/spec/x","value":{"scope":"delta"}}]}}}`,
			want:     `{"modules":{"add":{},"remove":[],"update":{}},"shared":[]}`,
		},
		"remove drops a pending add": {
			stored:   `{"modules":{"add":{"a":{"spec":{}}}}}`,
			incoming: `{"modules":{"remove":["a","a"]}}`,
			want:     `{"modules":{"add":{},"remove":["a"],"update":{}},"shared":[]}`,
		},
		"add replaces the pending add and discards updates": {
			stored:   `{"modules":{"add":{"a":{"spec":1}},"update":{"b":[{"op":"add","path":"/x","value":1}]}}}`,
			incoming: `{"modules":{"add":{"a":{"spec":2},"b":{"spec":3}}}}`,
			want:     `{"modules":{"add":{"a":{"spec":2},"b":{"spec":3}},"remove":[],"update":{}},"shared":[]}`,
		},
		"updates are appended in order": {
			stored:   `{"modules":{"update":{"a":[{"op":"add","path":"/l/-","value":1}]}}}`,
			incoming: `{"modules":{"update":{"a":[{"op":"add","path":"/l/-","value":1}]}}}`,
			want: `{"modules":{"add":{},"remove":[],"update":{"a":[{"op":"add","path":"/l/-","value":1},
				{"op":"add","path":"/l/-","value":1}]}},"shared":[]}`,
		},
		"a later value wins": {
			stored:   `{"shared":[{"op":"replace","path":"/x","value":1},{"op":"add","path":"/y","value":1},{"op":"add","path":"/z/q","value":1}]}`,
			incoming: `{"shared":[{"op":"replace","path":"/x","value":2},{"op":"replace","path":"/y","value":2},{"op":"remove","path":"/z"}]}`,
			want: `{"modules":{"add":{},"remove":[],"update":{}},"shared":[{"op":"replace","path":"/x","value":2},
				{"op":"add","path":"/y","value":2},{"op":"remove","path":"/z"}]}`,
		},
		"workloads merge like modules": {
			stored:   `{"workloads":{"add":{"w":{"spec":{}}}}}`,
			incoming: `{"workloads":{"update":{"w":[{"op":"add","path":"/class","value":"big"}]}}}`,
			want: `{"modules":{"add":{},"remove":[],"update":{}},"shared":[],
				"workloads":{"add":{"w":{"spec":{},"class":"big"}},"remove":[],"update":{}}}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := deployset.Merge(mustDelta(t, tc.stored), mustDelta(t, tc.incoming))
			require.NoError(t, err)
			require.JSONEq(t, tc.want, asJSON(t, out))
		})
	}
}

func TestMergeRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	_, err := deployset.Merge(mustDelta(t, `{"modules":{"add":{"a":{"spec":{}}}}}`),
		mustDelta(t, `{"modules":{"update":{"a":[{"op":"add","path":"/spec/x","value":1},{"op":"replace","path":"/spec/y","value":1}]}}}`))
	require.ErrorContains(t, err, `module "a": operation 1 (replace /spec/y)`)
}

// The law of merging, with what Merge documents as differences left out of the generator.
func TestMergeThenApplyIsApplyTwice(t *testing.T) {
	t.Parallel()
	defined := 0
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t, "set")
		first := drawDeltaFor(t, "first", set)
		between, err := deployset.Apply(set, first)
		if err != nil {
			return
		}
		second := drawDeltaFor(t, "second", between)
		want, err := deployset.Apply(between, second)
		if err != nil {
			return
		}
		defined++
		merged, err := deployset.Merge(first, second)
		require.NoError(t, err)
		got, err := deployset.Apply(set, merged)
		require.NoError(t, err, "merged: %s", asJSON(t, merged))
		require.JSONEq(t, asJSON(t, want), asJSON(t, got), "merged: %s", asJSON(t, merged))
		require.Equal(t, want.ID(), got.ID())
	})
	require.Positive(t, defined, "no example had both deltas apply")
}

func TestMergeIntoNothingMeansTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t, "set")
		delta := drawDeltaFor(t, "delta", set)
		want, err := deployset.Apply(set, delta)
		if err != nil {
			return
		}
		before := asJSON(t, delta)
		merged, err := deployset.Merge(deployset.Delta{}, delta)
		require.NoError(t, err)
		require.Equal(t, before, asJSON(t, delta), "Merge changed its input")
		got, err := deployset.Apply(set, merged)
		require.NoError(t, err)
		require.Equal(t, want.ID(), got.ID())
	})
}

func drawDelta(t *rapid.T, label string) deployset.Delta {
	return drawDeltaFor(t, label, deployset.Set{})
}

// drawDeltaFor makes deltas that often fit the set: half of the operations come from comparing it with another one.
func drawDeltaFor(t *rapid.T, label string, set deployset.Set) deployset.Delta {
	var out deployset.Delta
	if rapid.Bool().Draw(t, label+" is a diff") {
		out = deployset.Diff(drawSet(t, label+" target"), set)
	}
	ids := rapid.SampledFrom([]string{"a", "b", "c/d"})
	op := rapid.Custom(func(t *rapid.T) deployset.Op {
		op := deployset.Op{
			Op:   rapid.SampledFrom([]string{"add", "add", "remove", "replace"}).Draw(t, "op"),
			Path: rapid.SampledFrom([]string{"/spec", "/spec/x", "/spec/x/y", "/spec/0", "/spec/-", "/spec/0/x", "/x", "/x/0", "/y", "/0", "/-", "/a~1b"}).Draw(t, "path"),
		}
		if op.Op != "remove" {
			op.Value = drawTree(2).Draw(t, "value")
		}
		return op
	})
	ops := rapid.SliceOfN(op, 0, 4)
	out.Shared = append(out.Shared, ops.Draw(t, label+" shared")...)
	if out.Modules.Update == nil {
		out.Modules.Update = map[string][]deployset.Op{}
	}
	for id, more := range rapid.MapOfN(ids, ops, 0, 2).Draw(t, label+" update") {
		out.Modules.Update[id] = append(out.Modules.Update[id], more...)
	}
	if out.Modules.Add == nil {
		out.Modules.Add = map[string]map[string]any{}
	}
	for id, module := range drawSet(t, label+" add").Modules {
		out.Modules.Add[id] = module
	}
	out.Modules.Remove = append(out.Modules.Remove, rapid.SliceOfN(ids, 0, 2).Draw(t, label+" remove")...)
	return out
}
