package deployset_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
)

func TestParseDeltaTolerance(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"nothing":           `{}`,
		"nulls":             `{"modules":null,"shared":null,"workloads":null}`,
		"nulls below":       `{"modules":{"add":null,"remove":null,"update":null},"shared":[]}`,
		"stored delta":      `{"id":"x","metadata":{"env_id":"dev","url":"https://x"},"modules":{"add":{},"extra":1}}`,
		"surrounding space": " \n{} \n",
	} {
		delta := mustDelta(t, raw)
		require.True(t, delta.IsEmpty(), name)
		require.JSONEq(t, nothing, asJSON(t, delta), name)
	}
	require.NotNil(t, mustDelta(t, `{"modules":{"update":{"a":null}}}`).Modules.Update["a"])
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ raw, err string }{
		"no JSON":            {`{`, "not valid JSON"},
		"trailing text":      {`{} {}`, "more text after"},
		"a list":             {`[]`, "must be a JSON object, this is an array"},
		"null":               {`null`, "this is null"},
		"modules":            {`{"modules":[]}`, "modules: must be an object, this is an array"},
		"module":             {`{"modules":{"add":{"a/b":1}}}`, "modules/add/a~1b: must be an object, this is a number"},
		"remove":             {`{"modules":{"remove":"a"}}`, "modules/remove: must be a list"},
		"removed id":         {`{"modules":{"remove":["a",1]}}`, "modules/remove/1: must be an id"},
		"update":             {`{"modules":{"update":{"a":{}}}}`, "modules/update/a: must be a list"},
		"operation":          {`{"shared":["add"]}`, "shared/0: an operation is an object"},
		"unsupported":        {`{"shared":[{"op":"test","path":"/a"}]}`, `shared/0: operation "test" is not supported`},
		"relative path":      {`{"workloads":{"update":{"w":[{"op":"add","path":"a"}]}}}`, "workloads/update/w/0: the path must start with '/'"},
		"path of wrong type": {`{"shared":[{"op":"add","path":1}]}`, "path must be a string"},
		"number too big":     {`{"shared":[{"op":"add","path":"/a","value":1e999}]}`, "not valid JSON"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := deployset.ParseDelta([]byte(tc.raw))
			require.ErrorContains(t, err, "deployment delta: ")
			require.ErrorContains(t, err, tc.err)
		})
	}
	for raw, want := range map[string]string{
		`{"modules":{"a":null}}`:        "modules/a: must be an object",
		`{"shared":[]}`:                 "shared: must be an object",
		`{"workloads":{"a":"x"}}`:       "workloads/a: must be an object",
		`{"modules":{"a":{"n":1e999}}}`: "not valid JSON",
	} {
		_, err := deployset.ParseSet([]byte(raw))
		require.ErrorContains(t, err, want)
	}
	_, err := deployset.ParseSet([]byte(strings.Repeat(" ", deployset.MaxSize+1)))
	require.ErrorContains(t, err, "bytes are more than")
}

func TestOperationsSurviveARoundTrip(t *testing.T) {
	t.Parallel()
	for _, op := range []deployset.Op{
		{Op: "add", Path: "/x", Value: nil},
		{Op: "replace", Path: "/x", Value: map[string]any{"a": nil}},
		{Op: "remove", Path: "/x"},
		{Op: "remove", Path: "/x", Value: map[string]any{"scope": "delta"}},
		{Op: "add", Path: "/x", Value: "", From: "/y"},
	} {
		raw := asJSON(t, op)
		require.Equal(t, op.Op != "remove" || op.Value != nil, strings.Contains(raw, `"value"`), raw)
		var again deployset.Op
		require.NoError(t, json.Unmarshal([]byte(raw), &again))
		require.Equal(t, op, again)
	}
}

func TestResourceInputs(t *testing.T) {
	t.Parallel()
	set := mustSet(t, `{"modules":{
		"b":{"externals":{"dns":{"type":"dns"}}},
		"a":{"externals":{"db":{"type":"postgres","class":"large","params":{"n":1}}},"spec":{}},
		"c":{"externals":null}},
		"shared":{"s3":{"type":"s3"},"s3-class-admin":{"type":"s3","class":"admin","id":"shared.s3"}}}`)
	inputs, err := set.ResourceInputs()
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"id":"modules.a.externals.db","type":"postgres","class":"large","resource":{"n":1}},
		{"id":"modules.b.externals.dns","type":"dns"},
		{"id":"shared.s3","type":"s3"},
		{"id":"shared.s3","type":"s3","class":"admin"}]`, asJSON(t, inputs))

	empty, err := deployset.Set{}.ResourceInputs()
	require.NoError(t, err)
	require.Equal(t, "[]", asJSON(t, empty))

	_, err = mustSet(t, `{"modules":{"a":{"externals":{"x":{},"y":1,"z":{"type":"s3","class":7}}},"b":{"externals":[]}},
		"shared":{"w":{"type":"s3","params":"p"}}}`).ResourceInputs()
	for _, want := range []string{"modules.a.externals.x: the resource has no type", "modules.a.externals.y: a resource is an object",
		"modules.a.externals.z: `class` must be a string", "modules.b.externals: must be an object", "shared.w: `params`: must be an object"} {
		require.ErrorContains(t, err, want)
	}
}

func FuzzParseAndApply(f *testing.F) {
	f.Add([]byte(`{"modules":{"a":{"spec":{"l":[1]}}}}`), []byte(`{"modules":{"update":{"a":[{"op":"add","path":"/spec/l/-","value":1}]}}}`))
	f.Add([]byte(`{"shared":{"":{"0":[[]]}}}`), []byte(`{"shared":[{"op":"remove","path":"//0/0"},{"op":"remove","path":"/","value":{"scope":"delta"}}]}`))
	f.Fuzz(func(t *testing.T, rawSet, rawDelta []byte) {
		set, err := deployset.ParseSet(rawSet)
		if err != nil {
			return
		}
		require.Len(t, set.ID(), 43)
		delta, err := deployset.ParseDelta(rawDelta)
		if err != nil {
			return
		}
		out, err := deployset.Apply(set, delta)
		if err != nil {
			return
		}
		require.Len(t, out.ID(), 43)
		merged, err := deployset.Merge(deployset.Delta{}, delta)
		require.NoError(t, err)
		again, err := deployset.Apply(set, merged)
		require.NoError(t, err)
		require.Equal(t, out.ID(), again.ID())
		back, err := deployset.Apply(out, deployset.Diff(set, out))
		require.NoError(t, err)
		require.Equal(t, set.ID(), back.ID())
	})
}
