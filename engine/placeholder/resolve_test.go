package placeholder_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// from resolves out of one document.
func from(doc any) placeholder.Resolver {
	return func(ref placeholder.Reference) (any, error) { return placeholder.Lookup(doc, ref.Path) }
}

// TestB9PlaceholderTyping is vector B9 of the behaviour reference.
func TestB9PlaceholderTyping(t *testing.T) {
	t.Parallel()
	outputs := map[string]any{"port": 5432.0, "tags": map[string]any{"a": 1.0}, "host": "h"}
	cases := map[string]struct {
		text string
		want any
	}{
		"whole number":   {"${o.port}", 5432.0},
		"mixed number":   {"p=${o.port}", "p=5432"},
		"whole object":   {"${o.tags}", map[string]any{"a": 1.0}},
		"mixed object":   {"t=${o.tags}", `t={"a":1}`},
		"escaped":        {`$\{x}`, "${x}"},
		"mixed string":   {"${o.host}:${o.port}", "h:5432"},
		"escape and ref": {`$\{o.host}=${o.host}`, "${o.host}=h"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := placeholder.Resolve(tc.text, from(map[string]any{"o": outputs}))
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestResolveValues(t *testing.T) {
	t.Parallel()
	doc := map[string]any{
		"nil": nil, "yes": true, "half": 0.5, "big": 1e15, "html": []any{"<&>"}, "text": "${yes}",
		"password": placeholder.Secret{Value: "hunter2"},
		"account":  map[string]any{"name": "app", "key": placeholder.Secret{Value: 7.0}},
	}
	cases := map[string]struct{ in, want any }{
		"null":               {"x${nil}", "xnull"},
		"whole null":         {"${nil}", nil},
		"bool":               {"${yes}!", "true!"},
		"fraction":           {"=${half}", "=0.5"},
		"large number":       {"=${big}", "=1000000000000000"},
		"no HTML escapes":    {"=${html}", `=["<&>"]`},
		"no second round":    {"${text}", "${yes}"},
		"nor in mixed text":  {"a${text}", "a${yes}"},
		"keys stay":          {map[string]any{"${yes}": "${yes}"}, map[string]any{"${yes}": true}},
		"secret":             {"${password}", placeholder.Secret{Value: "hunter2"}},
		"secret taints":      {"u:${password}@h", placeholder.Secret{Value: "u:hunter2@h"}},
		"secret in a tree":   {"${account}", map[string]any{"name": "app", "key": placeholder.Secret{Value: 7.0}}},
		"tree taints":        {"=${account}", placeholder.Secret{Value: `={"key":7,"name":"app"}`}},
		"secret leaf stays":  {[]any{placeholder.Secret{Value: "${yes}"}}, []any{placeholder.Secret{Value: "${yes}"}}},
		"other types":        {[]any{1.0, nil, false, map[string]any{}}, []any{1.0, nil, false, map[string]any{}}},
		"nothing to resolve": {"100 $ {x}", "100 $ {x}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := placeholder.Resolve(tc.in, from(doc))
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestResolveReportsEveryFailure(t *testing.T) {
	t.Parallel()
	doc := map[string]any{"a": "${nope.x}", "b": []any{"ok", "${A:-b}"}, "c": "x${list.7}"}
	_, err := placeholder.Resolve(doc, from(map[string]any{"list": []any{}, "other": 1.0}))
	require.EqualError(t, err, "/a: placeholder ${nope.x}: nope does not exist; there is list, other\n"+
		`/b/1: ${A:-b} is not a placeholder: unexpected ':'; write $\{ instead of ${ to keep the text as it is`+"\n"+
		"/c: placeholder ${list.7}: list.7 does not exist; the array has 0 elements, counted from 0")

	cause := errors.New("no such value")
	_, err = placeholder.Resolve("${a}", func(placeholder.Reference) (any, error) { return nil, cause })
	require.ErrorIs(t, err, cause)
	var known *placeholder.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, "${a}", known.Placeholder)

	_, err = placeholder.Resolve("n=${a}", func(placeholder.Reference) (any, error) { return math.NaN(), nil })
	require.ErrorContains(t, err, "${a}")
}

func TestResolveSecretSealsAndStaysSilent(t *testing.T) {
	t.Parallel()
	doc := map[string]any{"db": map[string]any{"password": "hunter2"}}
	got, err := placeholder.ResolveSecret(map[string]any{"p": "${db.password}", "fixed": "swordfish"}, from(doc))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"p": placeholder.Secret{Value: "hunter2"}, "fixed": placeholder.Secret{Value: "swordfish"},
	}, got)

	_, err = placeholder.ResolveSecret(map[string]any{"a": "sword${fish", "b": "sword${fish}"}, from(doc))
	require.ErrorContains(t, err, "/a: ")
	require.ErrorContains(t, err, "/b: ")
	require.NotContains(t, err.Error(), "fish")
}

func TestResolveNeverSharesWithItsInputs(t *testing.T) {
	t.Parallel()
	source := map[string]any{"tags": map[string]any{"a": 1.0}}
	in := map[string]any{"x": []any{"${tags}"}, "y": "${tags}"}
	out, err := placeholder.Resolve(in, from(source))
	require.NoError(t, err)
	out.(map[string]any)["y"].(map[string]any)["a"] = 2.0
	require.Equal(t, []any{map[string]any{"a": 1.0}}, out.(map[string]any)["x"])
	require.Equal(t, map[string]any{"tags": map[string]any{"a": 1.0}}, source)
	require.Equal(t, "${tags}", in["y"])
}

func TestResolvedTextIsNotExpandedAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := jsonTree(2).Draw(t, "value")
		got, err := placeholder.Resolve(map[string]any{"k": []any{"${v}"}}, from(map[string]any{"v": value}))
		require.NoError(t, err)
		require.Equal(t, map[string]any{"k": []any{value}}, got)
	})
}

func TestLookup(t *testing.T) {
	t.Parallel()
	doc := map[string]any{
		"a": []any{map[string]any{"b": 1.0}}, "s": placeholder.Secret{Value: map[string]any{"k": "v"}}, "n": 5.0,
	}
	got, err := placeholder.Lookup(doc, placeholder.Path{"a", "0", "b"})
	require.NoError(t, err)
	require.InDelta(t, 1.0, got, 0)
	got, err = placeholder.Lookup(doc, placeholder.Path{"s", "k"})
	require.NoError(t, err)
	require.Equal(t, placeholder.Secret{Value: "v"}, got)
	for _, path := range []placeholder.Path{{"a", "1"}, {"a", "-1"}, {"a", "b"}, {"s", "x"}, {"n", "x"}, {"zzz"}} {
		_, err := placeholder.Lookup(doc, path)
		require.ErrorContains(t, err, path.String(), fmt.Sprint(path))
	}
}

func TestRewriteKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	in := map[string]any{"a": `$\{x} ${b.c} $\\{`, "n": []any{1.0, "${d}"}}
	got, err := placeholder.Rewrite(in, func(location string, ref placeholder.Reference) (string, error) {
		return "<" + location + " " + ref.Raw + ">", nil
	})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": `$\{x} </a b.c> $\\{`, "n": []any{1.0, "</n/1 d>"}}, got)
	_, err = placeholder.Rewrite(map[string]any{"a": "${"}, nil)
	require.ErrorContains(t, err, "/a: ")
}
