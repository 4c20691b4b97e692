package placeholder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestParsePath(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text      string
		want      placeholder.Path
		canonical string
	}{
		"dots":             {"externals.db.host", placeholder.Path{"externals", "db", "host"}, "externals.db.host"},
		"double quotes":    {`values["my.key"]`, placeholder.Path{"values", "my.key"}, `values["my.key"]`},
		"single quotes":    {`values['my.key'].x`, placeholder.Path{"values", "my.key", "x"}, `values["my.key"].x`},
		"needless quotes":  {`resources['k8s-namespace#k8s-namespace'].outputs.namespace`, placeholder.Path{"resources", "k8s-namespace#k8s-namespace", "outputs", "namespace"}, "resources.k8s-namespace#k8s-namespace.outputs.namespace"},
		"selector":         {"resources.dns<route.outputs.path", placeholder.Path{"resources", "dns<route", "outputs", "path"}, "resources.dns<route.outputs.path"},
		"custom type":      {`resources["org/s3.c#a.b"].guresid`, placeholder.Path{"resources", "org/s3.c#a.b", "guresid"}, `resources["org/s3.c#a.b"].guresid`},
		"quote in a quote": {`a['x"y']`, placeholder.Path{"a", `x"y`}, `a['x"y']`},
		"brace in quotes":  {`a["}"]`, placeholder.Path{"a", "}"}, `a["}"]`},
		"two brackets":     {`a["b.c"]["d.e"]`, placeholder.Path{"a", "b.c", "d.e"}, `a["b.c"]["d.e"]`},
		"one token":        {"HOME", placeholder.Path{"HOME"}, "HOME"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := placeholder.ParsePath(tc.text)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			require.Equal(t, tc.canonical, got.String())
		})
	}
}

func TestParsePathRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":         "",
		"space":           " a",
		"leading dot":     ".a",
		"trailing dot":    "a.",
		"empty token":     "a..b",
		"array index":     "a[0].b",
		"shell default":   "VAR:-x",
		"open bracket":    "a[",
		"open quote":      `a["b`,
		"empty quotes":    `a[""]`,
		"doubled quotes":  `a[""b""]`,
		"no bracket":      `a["b"`,
		"dot and bracket": `a.["b"]`,
		"after bracket":   `a["b"]c`,
		"placeholder":     "a${b}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := placeholder.ParsePath(text)
			var syntax *placeholder.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Contains(t, err.Error(), `write $\{`)
		})
	}
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"a.b", `a["b.c"].d`, `a['"']`, "a<b>c#d/e", "a[0]", `["x y"]`, "ä.b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, err := placeholder.ParsePath(s)
		if err != nil {
			return
		}
		require.NotContains(t, path, "")
		again, err := placeholder.ParsePath(path.String())
		require.NoError(t, err)
		require.Equal(t, path, again)
	})
}
