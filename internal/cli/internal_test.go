package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/internal/api"
)

func TestYAMLKeepsEverything(t *testing.T) {
	t.Parallel()
	raw := `{"z":"1","a":1,"x":null,"f":1e3,"big":12345678901234567890,"text":"a\nb","b":true,"s":"true","e":{},"l":[],"nested":[{"k":"\u001b"}]}`
	out, err := yamlOf(json.RawMessage(raw))
	require.NoError(t, err)
	require.Equal(t, `z: "1"
a: 1
x: null
f: 1e3
big: 12345678901234567890
text: |-
  a
  b
b: true
s: "true"
e: {}
l: []
nested:
  - k: "\e"
`, string(out))
}

func TestYAMLMeansTheSame(t *testing.T) {
	t.Parallel()
	value := rapid.Deferred(func() *rapid.Generator[any] { return anyValue(3) })
	rapid.Check(t, func(t *rapid.T) {
		want := asJSON(map[string]any{"v": value.Draw(t, "value")})
		raw, err := json.Marshal(want)
		require.NoError(t, err)
		out, err := yamlOf(raw)
		require.NoError(t, err)
		var got any
		require.NoError(t, yaml.Unmarshal(out, &got), string(out))
		require.Equal(t, want, asJSON(got), string(out))
	})
}

// anyValue generates JSON trees.
func anyValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.IntRange(-1<<50, 1<<50).AsAny(),
		rapid.StringMatching(`[ -~\n\täß漢]{0,12}`).AsAny(), rapid.SampledFrom([]any{"yes", "1", "0x1", "~", "null", "2024-01-01", "- a", "a: b", "#"}),
	}
	if depth > 0 {
		leaves = append(leaves, rapid.SliceOfN(anyValue(depth-1), 0, 3).AsAny(),
			rapid.MapOfN(rapid.StringMatching(`[a-z0-9 ~]{0,6}`), anyValue(depth-1), 0, 3).AsAny())
	}
	return rapid.OneOf(leaves...)
}

func TestTable(t *testing.T) {
	t.Parallel()
	table := newTable("ID", "STATUS", "NOTE")
	table.add("漢字", "succeeded", "a\nb")
	table.add("a", "", "")
	require.Equal(t, []string{"ID    STATUS     NOTE", "漢字  succeeded  a b", "a     -          -"}, table.lines(false))
	require.Equal(t, "漢字  \x1b[32msucceeded\x1b[0m  a b", table.lines(true)[1])
}

func TestClosest(t *testing.T) {
	t.Parallel()
	commands := []string{"deploy", "delete", "describe", "diff", "definitions", "definition-versions"}
	for word, want := range map[string]string{
		"deplyo": "deploy", "Deploy": "deploy", "del": "delete", "defin": "definitions", "dif": "diff", "xyz": "", "": "",
	} {
		require.Equal(t, want, closest(word, commands), word)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		require.Equal(t, editDistance(a, b), editDistance(b, a))
		require.Zero(t, editDistance(a, a))
		_ = closest(a, []string{b})
	})
}

func TestRollbackTarget(t *testing.T) {
	t.Parallel()
	deployment := func(id, status, set, values string) api.Deployment {
		return api.Deployment{ID: id, Status: status, SetID: set, ValueSetVersionID: &values}
	}
	for name, c := range map[string]struct {
		newestFirst []api.Deployment
		want        string
	}{
		"none":                         {nil, ""},
		"only one":                     {[]api.Deployment{deployment("1", "succeeded", "a", "v")}, ""},
		"the one before":               {[]api.Deployment{deployment("2", "succeeded", "b", "v"), deployment("1", "succeeded", "a", "v")}, "1"},
		"failed ones are skipped":      {[]api.Deployment{deployment("3", "succeeded", "c", "v"), deployment("2", "failed", "b", "v"), deployment("1", "succeeded", "a", "v")}, "1"},
		"the same is no way back":      {[]api.Deployment{deployment("3", "succeeded", "b", "v"), deployment("2", "succeeded", "b", "v"), deployment("1", "succeeded", "a", "v")}, "1"},
		"other values are a way back":  {[]api.Deployment{deployment("2", "succeeded", "a", "w"), deployment("1", "succeeded", "a", "v")}, "1"},
		"the same set before it broke": {[]api.Deployment{deployment("2", "failed", "a", "v"), deployment("1", "succeeded", "a", "v")}, "1"},
		"nothing has ever succeeded":   {[]api.Deployment{deployment("2", "failed", "b", "v"), deployment("1", "failed", "a", "v")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := rollbackTarget(c.newestFirst)
			require.Equal(t, c.want, got.ID)
			require.Equal(t, c.want == "", err != nil)
		})
	}
}

func TestSameCriteria(t *testing.T) {
	t.Parallel()
	list := func(text string) any {
		var out any
		require.NoError(t, json.Unmarshal([]byte(text), &out))
		return out
	}
	have := list(`[{"id":"1","class":"default"},{"id":"2","app_id":"shop","class":"big"}]`)
	require.True(t, sameCriteria(list(`[{"app_id":"shop","class":"big"},{}]`), have))
	require.True(t, sameCriteria(list(`[]`), nil))
	require.False(t, sameCriteria(list(`[{}]`), have))
	require.False(t, sameCriteria(list(`[{"app_id":"shop"},{}]`), have))
	require.False(t, sameCriteria(list(`[]`), have))
}

func FuzzParseManifests(f *testing.F) {
	f.Add([]byte("apiVersion: entity.humanitec.io/v1b1\r\nkind: Definition\r\nmetadata: {id: a}\r\nentity: {x: ${y}}\r\n---\r\n"))
	f.Add([]byte("--- a\n--- {}\n---"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {a: b}\n: c\n---\n<<: {x: 1}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for i, m := range parseManifests("f", raw) {
			require.Equal(t, i+1, m.document)
			require.LessOrEqual(t, m.line, strings.Count(string(raw), "\n")+1)
			if m.err == nil {
				require.NotEmpty(t, m.id)
				_, err := json.Marshal(m.entity)
				require.NoError(t, err)
			}
		}
	})
}
