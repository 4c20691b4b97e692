package deployset_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/deployset"
)

func mustSet(t testingT, raw string) deployset.Set {
	t.Helper()
	set, err := deployset.ParseSet([]byte(raw))
	require.NoError(t, err)
	return set
}

func mustDelta(t testingT, raw string) deployset.Delta {
	t.Helper()
	delta, err := deployset.ParseDelta([]byte(raw))
	require.NoError(t, err)
	return delta
}

func mustApply(t testingT, set deployset.Set, raw string) deployset.Set {
	t.Helper()
	out, err := deployset.Apply(set, mustDelta(t, raw))
	require.NoError(t, err)
	return out
}

func asJSON(t testingT, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func TestIDOfKnownContent(t *testing.T) {
	t.Parallel()
	// SHA-256 of {"modules":{"a":{"spec":{"n":1}}},"shared":{}}, computed with other tools.
	set := mustSet(t, `{"shared": {}, "modules": {"a": {"spec": {"n": 1.0}}}}`)
	require.Equal(t, "gRoaogzon45N5pq_Pzk9Rtje-XMWSJ2xGFfu-w0iIwE", set.ID())
	require.Len(t, set.ID(), 43)
}

func TestIDDependsOnContentOnly(t *testing.T) {
	t.Parallel()
	same := []string{
		`{"modules":{"a":{"profile":"p","spec":{"x":1,"y":[1,2]}}},"shared":{"s":{"type":"s3"}}}`,
		`{"shared":{"s":{"type":"s3"}},"modules":{"a":{"spec":{"y":[1.0,2e0],"x":1},"profile":"p"}}}`,
		`{"id":"ignored","version":0,"workloads":{},"shared":{"s":{"type":"s3"}},"modules":{"a":{"spec":{"y":[1,2],"x":1},"profile":"p"}}}`,
		`{"workloads":null,"shared":{"s":{"type":"s3"}},"modules":{"a":{"spec":{"y":[1,2],"x":1},"profile":"\u0070"}}}`,
	}
	want := mustSet(t, same[0]).ID()
	for _, raw := range same {
		require.Equal(t, want, mustSet(t, raw).ID(), raw)
	}
	require.NotEqual(t, want, mustSet(t, `{"modules":{"a":{"profile":"p","spec":{"x":1,"y":[2,1]}}},"shared":{"s":{"type":"s3"}}}`).ID())
	require.NotEqual(t, want, mustSet(t, `{"modules":{"a":{"profile":"p","spec":{"x":1,"y":[1,2]}}}}`).ID())
	generic := mustSet(t, `{"modules":{},"workloads":{"a":{"spec":{}}}}`)
	require.NotEqual(t, mustSet(t, `{"modules":{"a":{"spec":{}}}}`).ID(), generic.ID())
}

func TestZeroSet(t *testing.T) {
	t.Parallel()
	require.Len(t, deployset.ZeroID, 43)
	for _, empty := range []deployset.Set{{}, mustSet(t, `{}`), mustSet(t, `{"modules":null,"shared":{},"workloads":{}}`)} {
		require.Equal(t, deployset.ZeroID, empty.ID())
		require.JSONEq(t, `{"modules":{},"shared":{}}`, asJSON(t, empty))
	}
	for id, want := range map[string]bool{
		"0": true, deployset.ZeroID: true, strings.Repeat("0", 40): true,
		"": false, "00a": false, "O": false, " 0": false, //nolint:gocritic // the blank is the point
	} {
		require.Equal(t, want, deployset.IsZeroID(id), id)
	}
}

func TestIDOfWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"NaN": math.NaN(), "infinity": math.Inf(1), "channel": make(chan int), "bytes": "\xff"} {
		set := deployset.Set{Modules: map[string]map[string]any{"a": {"spec": value}}}
		require.Empty(t, set.ID(), name)
		_, err := deployset.Apply(set, deployset.Delta{})
		require.ErrorContains(t, err, "modules/a/spec", name)
	}
}

func TestIDIsStableUnderReencoding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t, "set")
		raw, err := json.MarshalIndent(set, " ", "\t")
		require.NoError(t, err)
		again, err := deployset.ParseSet(raw)
		require.NoError(t, err)
		require.Equal(t, set.ID(), again.ID())
		require.Len(t, set.ID(), 43)
	})
}

// drawSet makes small sets over few names, so that two of them have something in common. The names include what JSON
// pointers and array indexes treat specially.
func drawSet(t *rapid.T, label string) deployset.Set {
	module := rapid.MapOfN(rapid.SampledFrom(keys), drawTree(3), 0, 4)
	ids := rapid.SampledFrom([]string{"a", "b", "c/d"})
	set := deployset.Set{
		Modules: rapid.MapOfN(ids, module, 0, 3).Draw(t, label+" modules"),
		Shared:  rapid.MapOfN(rapid.SampledFrom(keys), drawTree(2), 0, 3).Draw(t, label+" shared"),
	}
	if rapid.Bool().Draw(t, label+" is generic") {
		set.Workloads = rapid.MapOfN(ids, module, 1, 2).Draw(t, label+" workloads")
	}
	return set
}

var keys = []string{"spec", "x", "y", "0", "-", "a/b", "m~n", ""}

func drawTree(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any](""), rapid.Just[any]("${x}"),
		rapid.Map(rapid.IntRange(-2, 2), func(n int) any { return float64(n) }),
		rapid.Map(rapid.Float64Range(-1e300, 1e300), func(n float64) any { return n }),
	)
	if depth == 0 {
		return scalar
	}
	return rapid.OneOf(scalar,
		rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return drawTree(depth - 1) }), 0, 3),
			func(list []any) any { return list }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom(keys), rapid.Deferred(func() *rapid.Generator[any] { return drawTree(depth - 1) }), 0, 3),
			func(object map[string]any) any { return object }),
	)
}

// testingT is what *testing.T, *testing.F and *rapid.T have in common.
type testingT interface {
	require.TestingT
	Helper()
}
