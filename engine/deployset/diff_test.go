package deployset_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/deployset"
)

const nothing = `{"modules":{"add":{},"remove":[],"update":{}},"shared":[]}`

func TestVectorB3Diff(t *testing.T) {
	t.Parallel()
	zero := deployset.Set{}
	s1 := mustApply(t, zero, addA)
	s2 := mustApply(t, s1, `{"modules":{"update":{"a":[{"op":"replace","path":"/spec/containers/c/image","value":"x:2"}]}}}`)

	require.JSONEq(t, `{"modules":{"add":{},"remove":[],"update":{"a":[
		{"op":"replace","path":"/spec/containers/c/image","value":"x:2"}]}},"shared":[]}`, asJSON(t, deployset.Diff(s2, s1)))
	require.JSONEq(t, nothing, asJSON(t, deployset.Diff(s1, s1)))
	require.True(t, deployset.Diff(s1, s1).IsEmpty())
	require.JSONEq(t, `{"modules":{"add":{},"remove":["a"],"update":{}},"shared":[]}`, asJSON(t, deployset.Diff(zero, s1)))
	require.JSONEq(t, addA[:len(addA)-2]+`,"remove":[],"update":{}},"shared":[]}`, asJSON(t, deployset.Diff(s1, zero)))
}

func TestDiffIsRecursiveOverObjects(t *testing.T) {
	t.Parallel()
	source := mustSet(t, `{"modules":{"m":{"spec":{"gone":1,"list":[1,2],"kind":{"a":1},"same":{"deep":[{}]}}}},"shared":{"s":{"type":"s3"}}}`)
	target := mustSet(t, `{"modules":{"m":{"profile":"p","spec":{"list":[1,3],"kind":"text","new/key":null,"same":{"deep":[{}]}}}},"shared":{"s":{"type":"s3","class":"big"}}}`)
	require.JSONEq(t, `{"modules":{"add":{},"remove":[],"update":{"m":[
		{"op":"add","path":"/profile","value":"p"},
		{"op":"remove","path":"/spec/gone"},
		{"op":"replace","path":"/spec/kind","value":"text"},
		{"op":"replace","path":"/spec/list","value":[1,3]},
		{"op":"add","path":"/spec/new~1key","value":null}]}},
		"shared":[{"op":"add","path":"/s/class","value":"big"}]}`, asJSON(t, deployset.Diff(target, source)))
}

func TestApplyOfDiffGivesTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target, source := drawSet(t, "target"), drawSet(t, "source")
		delta := deployset.Diff(target, source)
		got, err := deployset.Apply(source, delta)
		require.NoError(t, err)
		require.JSONEq(t, asJSON(t, target), asJSON(t, got))
		require.Equal(t, target.ID(), got.ID())
		require.Equal(t, target.ID() == source.ID(), delta.IsEmpty())
		require.Equal(t, asJSON(t, delta), asJSON(t, deployset.Diff(target, source)), "Diff is not deterministic")

		// What the API hands out can be posted back.
		reread, err := deployset.ParseDelta([]byte(asJSON(t, delta)))
		require.NoError(t, err)
		again, err := deployset.Apply(source, reread)
		require.NoError(t, err)
		require.Equal(t, target.ID(), again.ID())
	})
}
