package deployset_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/deployset"
)

const addA = `{"modules":{"add":{"a":{"profile":"humanitec/default-module","spec":{"containers":{"c":{"id":"c","image":"x:1"}}}}}}}`

func TestVectorB1Apply(t *testing.T) {
	t.Parallel()
	zero := deployset.Set{}
	s1 := mustApply(t, zero, addA)
	update := `{"modules":{"update":{"a":[{"op":"replace","path":"/spec/containers/c/image","value":"x:2"}]}}}`
	s2 := mustApply(t, s1, update)
	require.JSONEq(t, strings.Replace(asJSON(t, s1), "x:1", "x:2", 1), asJSON(t, s2))

	_, err := deployset.Apply(zero, mustDelta(t, update))
	require.ErrorContains(t, err, `module "a": operation 0 (replace /spec/containers/c/image)`)
	require.ErrorContains(t, err, "does not exist in the deployment set")

	require.Equal(t, s1.ID(), mustApply(t, s1, `{"modules":{"remove":["zzz"]}}`).ID())
	require.Equal(t, deployset.ZeroID, mustApply(t, s1, `{"modules":{"remove":["a"]}}`).ID())

	_, err = deployset.Apply(s1, mustDelta(t, `{"modules":{"update":{"a":[{"op":"replace","path":"/spec/nope","value":1}]}}}`))
	var failed *deployset.PatchError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, deployset.PatchError{Target: `module "a"`, Index: 0, Op: "replace", Path: "/spec/nope", Reason: failed.Reason}, *failed)

	same := mustApply(t, s1, `{"modules":{"update":{"a":[{"op":"remove","path":"/spec/nope"}]}}}`)
	require.Equal(t, s1.ID(), same.ID())
}

func TestVectorB2RemoveAndAddInOneDelta(t *testing.T) {
	t.Parallel()
	s1 := mustApply(t, deployset.Set{}, addA)
	replaced := mustApply(t, s1, `{"modules":{"remove":["a"],"add":{"a":{"profile":"p"}}}}`)
	require.JSONEq(t, `{"modules":{"a":{"profile":"p"}},"shared":{}}`, asJSON(t, replaced))

	updated := mustApply(t, deployset.Set{}, `{"modules":{"add":{"a":{"spec":{"image":"x:1"}}},
		"update":{"a":[{"op":"replace","path":"/spec/image","value":"x:2"}]}}}`)
	require.JSONEq(t, `{"modules":{"a":{"spec":{"image":"x:2"}}},"shared":{}}`, asJSON(t, updated))
}

func TestVectorB11RollbackByDelta(t *testing.T) {
	t.Parallel()
	s1 := mustApply(t, deployset.Set{}, addA)
	s2 := mustApply(t, s1, `{"modules":{"add":{"b":{"spec":{}}}},"shared":[{"op":"add","path":"/cache","value":{"type":"redis"}}]}`)
	back, err := deployset.Apply(s2, deployset.Diff(s1, s2))
	require.NoError(t, err)
	require.Equal(t, s1.ID(), back.ID())
}

func TestPatchSemantics(t *testing.T) {
	t.Parallel()
	const doc = `{"obj":{"k":1,"cloud/x":2},"list":[1,2,3],"s":"text","null":null,"rows":[{"n":1},[5]]}`
	cases := map[string]struct {
		ops  string
		want string
		err  string
	}{
		"add a key":                         {ops: `[{"op":"add","path":"/new","value":true}]`, want: `{"new":true}`},
		"add overwrites":                    {ops: `[{"op":"add","path":"/s","value":[1]}]`, want: `{"s":[1]}`},
		"add null":                          {ops: `[{"op":"add","path":"/new","value":null}]`, want: `{"new":null}`},
		"missing value reads as null":       {ops: `[{"op":"add","path":"/new"}]`, want: `{"new":null}`},
		"add does not create parents":       {ops: `[{"op":"add","path":"/a/b","value":1}]`, err: "/a does not exist"},
		"add below a string":                {ops: `[{"op":"add","path":"/s/b","value":1}]`, err: "/s is a string, neither"},
		"add below null":                    {ops: `[{"op":"add","path":"/null/b","value":1}]`, err: "/null is null"},
		"escaped slash":                     {ops: `[{"op":"replace","path":"/obj/cloud~1x","value":3}]`, want: `{"obj":{"k":1,"cloud/x":3}}`},
		"remove a key":                      {ops: `[{"op":"remove","path":"/obj/k"}]`, want: `{"obj":{"cloud/x":2}}`},
		"remove an absent key":              {ops: `[{"op":"remove","path":"/obj/zzz"}]`, want: `{}`},
		"remove below an absent key":        {ops: `[{"op":"remove","path":"/zzz/k"}]`, err: "/zzz does not exist"},
		"replace a key":                     {ops: `[{"op":"replace","path":"/obj/k","value":{"d":1}}]`, want: `{"obj":{"k":{"d":1},"cloud/x":2}}`},
		"replace a null":                    {ops: `[{"op":"replace","path":"/null","value":1}]`, want: `{"null":1}`},
		"replace an absent key":             {ops: `[{"op":"replace","path":"/obj/zzz","value":1}]`, err: "nothing to replace"},
		"insert at the start":               {ops: `[{"op":"add","path":"/list/0","value":0}]`, want: `{"list":[0,1,2,3]}`},
		"insert at the end":                 {ops: `[{"op":"add","path":"/list/3","value":4}]`, want: `{"list":[1,2,3,4]}`},
		"insert beyond the end":             {ops: `[{"op":"add","path":"/list/4","value":4}]`, err: "has 3 elements, there is no index 4"},
		"append":                            {ops: `[{"op":"add","path":"/list/-","value":4}]`, want: `{"list":[1,2,3,4]}`},
		"append twice":                      {ops: `[{"op":"add","path":"/list/-","value":4},{"op":"add","path":"/list/-","value":4}]`, want: `{"list":[1,2,3,4,4]}`},
		"remove an element":                 {ops: `[{"op":"remove","path":"/list/1"}]`, want: `{"list":[1,3]}`},
		"remove beyond the end":             {ops: `[{"op":"remove","path":"/list/3"}]`, err: "no index 3"},
		"remove at -":                       {ops: `[{"op":"remove","path":"/list/-"}]`, err: "not an index"},
		"replace an element":                {ops: `[{"op":"replace","path":"/list/2","value":9}]`, want: `{"list":[1,2,9]}`},
		"replace at -":                      {ops: `[{"op":"replace","path":"/list/-","value":9}]`, err: "not an index"},
		"leading zero":                      {ops: `[{"op":"replace","path":"/list/01","value":9}]`, err: "not an index"},
		"huge index":                        {ops: `[{"op":"replace","path":"/list/99999999999999999999","value":9}]`, err: "not an index"},
		"negative index":                    {ops: `[{"op":"replace","path":"/list/-1","value":9}]`, err: "not an index"},
		"inside an element":                 {ops: `[{"op":"add","path":"/rows/0/m","value":2}]`, want: `{"rows":[{"n":1,"m":2},[5]]}`},
		"array in array":                    {ops: `[{"op":"add","path":"/rows/1/-","value":6}]`, want: `{"rows":[{"n":1},[5,6]]}`},
		"past the array":                    {ops: `[{"op":"add","path":"/rows/2/m","value":2}]`, err: "no index 2"},
		"operations see each other":         {ops: `[{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":1}]`, want: `{"a":{"b":1}}`},
		"the failing operation is named":    {ops: `[{"op":"add","path":"/a","value":{}},{"op":"replace","path":"/q","value":1}]`, err: `module "m": operation 1 (replace /q)`},
		"the empty key":                     {ops: `[{"op":"add","path":"/","value":1}]`, want: `{"":1}`},
		"a scoped remove leaves the set be": {ops: `[{"op":"remove","path":"/s","value":{"scope":"delta"}}]`, want: `{}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := mustSet(t, `{"modules":{"m":`+doc+`}}`)
			before := asJSON(t, set)
			out, err := deployset.Apply(set, mustDelta(t, `{"modules":{"update":{"m":`+tc.ops+`}}}`))
			require.JSONEq(t, before, asJSON(t, set), "the source set changed")
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			var want, changed map[string]any
			require.NoError(t, json.Unmarshal([]byte(doc), &want))
			require.NoError(t, json.Unmarshal([]byte(tc.want), &changed))
			if strings.Contains(name, "remove a key") {
				want["obj"] = map[string]any{}
			}
			for key, value := range changed {
				want[key] = value
			}
			require.JSONEq(t, asJSON(t, want), asJSON(t, out.Modules["m"]))
		})
	}
}

func TestUnsupportedOperations(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"move", "copy", "test", "", "Add"} {
		delta := deployset.Delta{Shared: []deployset.Op{{Op: op, Path: "/x", From: "/y"}}}
		_, err := deployset.Apply(deployset.Set{}, delta)
		require.ErrorContains(t, err, fmt.Sprintf("%q is not supported", op))
	}
	for path, want := range map[string]string{"": "the path is empty", "spec": "must start with '/'"} {
		delta := deployset.Delta{Shared: []deployset.Op{{Op: "add", Path: path, Value: 1.0}}}
		_, err := deployset.Apply(deployset.Set{}, delta)
		require.ErrorContains(t, err, want)
	}
}

func TestApplyToSharedAndWorkloads(t *testing.T) {
	t.Parallel()
	set := mustApply(t, deployset.Set{}, `{
		"shared":[{"op":"add","path":"/cache","value":{"type":"redis"}},{"op":"add","path":"/cache/class","value":"big"}],
		"workloads":{"add":{"w":{"spec":{}}},"update":{"w":[{"op":"add","path":"/class","value":"x"}]},"remove":["gone"]}}`)
	require.JSONEq(t, `{"modules":{},"shared":{"cache":{"type":"redis","class":"big"}},"workloads":{"w":{"spec":{},"class":"x"}}}`, asJSON(t, set))
	_, err := deployset.Apply(set, mustDelta(t, `{"workloads":{"update":{"v":[{"op":"add","path":"/class","value":"x"}]}}}`))
	require.ErrorContains(t, err, `workload "v"`)
	_, err = deployset.Apply(set, mustDelta(t, `{"shared":[{"op":"replace","path":"/db","value":{}}]}`))
	require.ErrorContains(t, err, "shared: operation 0 (replace /db)")
	require.Equal(t, deployset.ZeroID, mustApply(t, set, `{"workloads":{"remove":["w"]},"shared":[{"op":"remove","path":"/cache"}]}`).ID())
}

func TestDepthIsLimited(t *testing.T) {
	t.Parallel()
	deep := func(levels int) string { return strings.Repeat(`{"a":`, levels) + "1" + strings.Repeat("}", levels) }
	_, err := deployset.ParseSet([]byte(`{"modules":{"m":` + deep(deployset.MaxDepth) + `}}`))
	require.NoError(t, err)
	_, err = deployset.ParseSet([]byte(`{"modules":{"m":` + deep(deployset.MaxDepth+1) + `}}`))
	require.ErrorContains(t, err, "nested deeper than 100 levels")
	_, err = deployset.ParseDelta([]byte(`{"shared":[{"op":"add","path":"/x","value":` + deep(5000) + `}]}`))
	require.ErrorContains(t, err, "nested deeper than 100 levels")

	// Patches cannot grow what parsing refuses.
	set := mustSet(t, `{"modules":{"m":`+deep(60)+`}}`)
	path := strings.Repeat("/a", 60)
	_, err = deployset.Apply(set, mustDelta(t, `{"modules":{"update":{"m":[{"op":"add","path":"`+path+`","value":`+deep(41)+`}]}}}`))
	require.ErrorContains(t, err, "nested deeper than 100 levels")
	out := mustApply(t, set, `{"modules":{"update":{"m":[{"op":"add","path":"`+path+`","value":`+deep(40)+`}]}}}`)
	require.Len(t, out.ID(), 43)
}

func TestApplyLenientCreatesParents(t *testing.T) {
	t.Parallel()
	doc := map[string]any{"spec": map[string]any{"containers": map[string]any{"c": map[string]any{}}, "list": []any{}}}
	before := asJSON(t, doc)
	out, err := deployset.ApplyLenient(doc, []deployset.Op{
		{Op: "add", Path: "/spec/containers/c/variables/V", Value: "1"},
		{Op: "add", Path: "/spec/service/annotations/cloud.google.com~1neg", Value: "x"},
		{Op: "add", Path: "/spec/list/-", Value: 1.0},
	})
	require.NoError(t, err)
	require.JSONEq(t, `{"spec":{"containers":{"c":{"variables":{"V":"1"}}},"list":[1],
		"service":{"annotations":{"cloud.google.com/neg":"x"}}}}`, asJSON(t, out))
	require.JSONEq(t, before, asJSON(t, doc))

	for name, op := range map[string]deployset.Op{
		"remove creates nothing":      {Op: "remove", Path: "/a/b"},
		"replace creates nothing":     {Op: "replace", Path: "/a/b", Value: 1.0},
		"a scalar parent stays":       {Op: "add", Path: "/spec/containers/c/variables/V/x", Value: 1.0},
		"array elements do not exist": {Op: "add", Path: "/spec/list/5/x", Value: 1.0},
	} {
		_, err := deployset.ApplyLenient(out, []deployset.Op{op})
		require.ErrorContains(t, err, "document: operation 0", name)
	}
	empty, err := deployset.ApplyLenient(nil, []deployset.Op{{Op: "add", Path: "/a/b", Value: nil}})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":{"b":null}}`, asJSON(t, empty))
}

func TestApplyNeverChangesOrSharesItsInputs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set, delta := drawSet(t, "set"), drawDelta(t, "delta")
		setBefore, deltaBefore := asJSON(t, set), asJSON(t, delta)
		out, err := deployset.Apply(set, delta)
		require.Equal(t, setBefore, asJSON(t, set))
		require.Equal(t, deltaBefore, asJSON(t, delta))
		if err != nil {
			return
		}
		for _, module := range out.Modules {
			scribble(module)
		}
		scribble(out.Shared)
		require.Equal(t, setBefore, asJSON(t, set))
		require.Equal(t, deltaBefore, asJSON(t, delta))
	})
}

func scribble(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, value := range v {
			scribble(value)
		}
		v["scribble"] = "x"
	case []any:
		for i := range v {
			scribble(v[i])
			v[i] = "scribble"
		}
	}
}

func TestEmptyDeltaKeepsTheID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t, "set")
		out, err := deployset.Apply(set, deployset.Delta{})
		require.NoError(t, err)
		require.Equal(t, set.ID(), out.ID())
	})
}
