package objectdiff_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/objectdiff"
)

type tree = map[string]any

func TestCompare(t *testing.T) {
	t.Parallel()
	container := func(image string) tree { return tree{"name": "main", "image": image} }
	for name, c := range map[string]struct {
		before, after tree
		want          []objectdiff.Change
	}{
		"equal":          {tree{"a": "b"}, tree{"a": "b"}, nil},
		"numbers":        {tree{"a": int64(1)}, tree{"a": 1.0}, nil},
		"empty is none":  {tree{"a": tree{}}, tree{}, nil},
		"server's own":   {tree{"status": "x", "metadata": tree{"uid": "1"}}, tree{"status": "y", "metadata": tree{"uid": "2", "generation": 3}}, nil},
		"changed":        {tree{"spec": tree{"replicas": 1}}, tree{"spec": tree{"replicas": 2}}, []objectdiff.Change{{Path: "/spec/replicas", Before: "1", After: "2"}}},
		"added":          {tree{}, tree{"a": tree{"b": "c"}}, []objectdiff.Change{{Path: "/a", After: `{"b":"c"}`}}},
		"removed":        {tree{"a/b": "c"}, tree{}, []objectdiff.Change{{Path: "/a~1b", Before: `"c"`}}},
		"zero is some":   {tree{"a": 0}, tree{}, []objectdiff.Change{{Path: "/a", Before: "0"}}},
		"by name":        {tree{"c": []any{tree{"name": "x"}, container("a")}}, tree{"c": []any{container("b"), tree{"name": "x"}}}, []objectdiff.Change{{Path: "/c/[name=main]/image", Before: `"a"`, After: `"b"`}}},
		"element added":  {tree{"c": []any{container("a")}}, tree{"c": []any{container("a"), tree{"name": "y"}}}, []objectdiff.Change{{Path: "/c/[name=y]", After: `{"name":"y"}`}}},
		"by place":       {tree{"c": []any{"a", "b"}}, tree{"c": []any{"a", "c"}}, []objectdiff.Change{{Path: "/c/1", Before: `"b"`, After: `"c"`}}},
		"other length":   {tree{"c": []any{"a"}}, tree{"c": []any{"a", "c"}}, []objectdiff.Change{{Path: "/c", Before: `["a"]`, After: `["a","c"]`}}},
		"secret":         {tree{"kind": "Secret", "data": tree{"k": "a"}}, tree{"kind": "Secret", "data": tree{"k": "b"}}, []objectdiff.Change{{Path: "/data/k", Secret: true}}},
		"hidden":         {tree{"v": "x-hush-y"}, tree{"v": "plain"}, []objectdiff.Change{{Path: "/v", Secret: true}}},
		"hidden, added":  {tree{}, tree{"v": tree{"deep": "hush"}}, []objectdiff.Change{{Path: "/v", Secret: true}}},
		"sorted by path": {tree{"b": "1", "a": "1"}, tree{"b": "2", "a": "2"}, []objectdiff.Change{{Path: "/a", Before: `"1"`, After: `"2"`}, {Path: "/b", Before: `"1"`, After: `"2"`}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := objectdiff.Compare(c.before, c.after, objectdiff.Options{Hide: objectdiff.Hiding([]string{"hush"})})
			require.Equal(t, c.want, got)
		})
	}
}

func TestOwnerGetsTheSteps(t *testing.T) {
	t.Parallel()
	var got []objectdiff.Step
	element := tree{"name": "main", "image": "a"}
	changes := objectdiff.Compare(tree{"c": []any{element}}, tree{"c": []any{tree{"name": "main", "image": "b"}}},
		objectdiff.Options{Owner: func(steps []objectdiff.Step) string { got = steps; return "kubectl" }})
	require.Equal(t, "kubectl", changes[0].By)
	require.Equal(t, []objectdiff.Step{{Field: "c"}, {Value: element}, {Field: "image"}}, got)
}
