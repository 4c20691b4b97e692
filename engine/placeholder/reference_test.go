package placeholder_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestReferences(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want []string
	}{
		"none":                {"plain $ text {x} $VAR", nil},
		"whole":               {"${a.b}", []string{"a.b"}},
		"several":             {"${a.b}-${c}${d}", []string{"a.b", "c", "d"}},
		"escaped":             {`$\{a.b}`, nil},
		"inside an escape":    {`$\{replace("${context.res.id}", ".", "-")}`, []string{"context.res.id"}},
		"after a dollar":      {"$${a}", []string{"a"}},
		"in a template":       {`{{ "${context.res.id}" | splitList "." | last }}`, []string{"context.res.id"}},
		"quoted brace":        {`${a["}"]}!`, []string{`a["}"]`}},
		"two escapes":         {`$\{a}$\\{b}`, nil},
		"backslash elsewhere": {`$\n${a}`, []string{"a"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refs, err := placeholder.References(tc.text)
			require.NoError(t, err)
			var raws []string
			for _, ref := range refs {
				raws = append(raws, ref.Raw)
			}
			require.Equal(t, tc.want, raws)
		})
	}
}

func TestReferencesRefusesForeignSyntax(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, names string }{
		"shell default":   {"x=${VAR:-x} y", "${VAR:-x}"},
		"terraform index": {"${aws_x[0].y}", "${aws_x[0].y}"},
		"terraform call":  {`${jsonencode(var.x)}`, "${jsonencode(var.x)}"},
		"unclosed":        {"${a.b", "${a.b"},
		"empty":           {"${}", "${}"},
		"nested":          {"${a.${b}}", "${a.${b}"},
		"several lines":   {"${a\nb}", "${a..."},
		"long":            {"${a " + strings.Repeat("x", 500), "..."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := placeholder.References(tc.text)
			var known *placeholder.Error
			require.ErrorAs(t, err, &known)
			require.Contains(t, err.Error(), tc.names)
			require.Contains(t, err.Error(), `write $\{ instead of ${`)
			require.Less(t, len(err.Error()), 250)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestWalkNamesLocationsInOrder(t *testing.T) {
	t.Parallel()
	doc := map[string]any{
		"z":           []any{"${c}", map[string]any{"${key}": "${d}"}},
		"a/b":         map[string]any{"~": "${a}${b}"},
		"sealed":      placeholder.Seal("${hidden}"),
		"number":      1.0,
		"${alsoakey}": true,
	}
	var got []string
	err := placeholder.Walk(doc, func(location string, ref placeholder.Reference) error {
		got = append(got, location+" "+ref.Raw)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"/a~1b/~0 a", "/a~1b/~0 b", "/z/0 c", "/z/1/${key} d"}, got)

	stop := errors.New("stop")
	require.Equal(t, stop, placeholder.Walk(doc, func(string, placeholder.Reference) error { return stop }))

	err = placeholder.Walk(map[string]any{"run": "${A:-b}"}, func(string, placeholder.Reference) error { return nil })
	require.ErrorContains(t, err, "/run: ${A:-b} is not a placeholder")
}

func TestEscapeIsUndoneByResolve(t *testing.T) {
	t.Parallel()
	require.Equal(t, `$\{a.b}`, placeholder.Escape("${a.b}"))
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[$\\{}a."\[\]]{0,12}`))
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "text")
		got, err := placeholder.Resolve(placeholder.Escape(s), unexpectedResolver)
		require.NoError(t, err)
		require.Equal(t, s, got)
	})
	rapid.Check(t, func(t *rapid.T) {
		tree := jsonTree(3).Draw(t, "tree")
		got, err := placeholder.Resolve(placeholder.EscapeTree(tree), unexpectedResolver)
		require.NoError(t, err)
		require.Equal(t, tree, got)
	})
}

func unexpectedResolver(ref placeholder.Reference) (any, error) {
	return nil, errors.New("unexpected " + ref.Raw)
}

func FuzzReferences(f *testing.F) {
	for _, seed := range []string{"${a.b}", `$\{a}`, "${A:-x}", `$\\{${a["}"]}`, "$", "${", "$$\\\\{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		refs, err := placeholder.References(s)
		if err != nil {
			var known *placeholder.Error
			require.ErrorAs(t, err, &known)
			return
		}
		for _, ref := range refs {
			require.Contains(t, s, "${"+ref.Raw+"}")
		}
		same, err := placeholder.Rewrite(s, func(_ string, ref placeholder.Reference) (string, error) {
			return "${" + ref.Raw + "}", nil
		})
		require.NoError(t, err)
		require.Equal(t, s, same)
	})
}
