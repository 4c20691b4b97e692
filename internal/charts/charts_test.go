package charts_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts"
	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestMain(m *testing.M) {
	charttest.Process()
	os.Exit(m.Run())
}

func renderer(t *testing.T, o charts.Options) *charts.Renderer {
	t.Helper()
	r, err := charts.New(o)
	require.NoError(t, err)
	return r
}

func TestRender(t *testing.T) {
	t.Parallel()
	archive := charttest.Package(t, "web", map[string]string{
		"Chart.yaml":                          "apiVersion: v2\nname: web\nversion: 1.2.3\ndependencies: [{name: sub, version: 0.1.0, repository: ''}]\n",
		"values.yaml":                         "replicas: 2\nname: from-chart\nsub: {x: parent}\n",
		"templates/_helpers.tpl":              `{{ define "label" }}app: {{ . }}{{ end }}`,
		"templates/a.yaml":                    "n: {{ .Values.replicas }}\n{{ include \"label\" .Release.Name }}\nname: {{ .Values.name }}\nns: {{ .Release.Namespace }}\n",
		"templates/empty.yaml":                "{{ if false }}x: 1{{ end }}\n",
		"templates/NOTES.txt":                 "thanks",
		"templates/tests/t.yaml":              "kind: Pod",
		"templates/world.yaml":                "found: {{ lookup \"v1\" \"Pod\" \"a\" \"b\" | len }}\nhost: '{{ getHostByName \"localhost\" }}'\nhome: '{{ .Files.Get \"/etc/passwd\" }}'\n",
		"charts/sub/Chart.yaml":               "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
		"charts/sub/values.yaml":              "x: child\n",
		"charts/sub/templates/configmap.yaml": "x: {{ .Values.x }}\n",
		"charts/sub/templates/NOTES.txt":      "more thanks",
	})
	r := renderer(t, charts.Options{})
	name, version, err := r.Inspect(t.Context(), archive)
	require.NoError(t, err)
	require.Equal(t, []string{"web", "1.2.3"}, []string{name, version})
	files, err := r.Render(t.Context(), orchestrator.ChartRelease{
		Archive: archive, Name: "api", Namespace: "shop", Values: map[string]any{"name": "given"},
	})
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"web/templates/a.yaml":                    "n: 2\napp: api\nname: given\nns: shop\n",
		"web/templates/world.yaml":                "found: 0\nhost: ''\nhome: ''\n",
		"web/charts/sub/templates/configmap.yaml": "x: parent\n",
	}, files)
}

func TestChartsThatAreRefused(t *testing.T) {
	t.Parallel()
	const meta = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
	many := map[string]string{"Chart.yaml": meta}
	for i := range 1100 {
		many[fmt.Sprintf("f/%d", i)] = "x"
	}
	cases := map[string]struct {
		archive []byte
		values  map[string]any
		want    string
	}{
		"no archive":       {archive: []byte("hello"), want: ".tgz"},
		"cut off":          {archive: charttest.Chart(t, "web", "1.0.0", "a: 1")[:60], want: ".tgz"},
		"no Chart.yaml":    {archive: charttest.Package(t, "web", map[string]string{"templates/a.yaml": "a: 1"}), want: "Chart.yaml"},
		"no version":       {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\n"}), want: "version"},
		"a library":        {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta + "type: library\n"}), want: "library"},
		"CRDs":             {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta, "crds/a.yaml": "kind: CustomResourceDefinition\n"}), want: "CRDs"},
		"missing part":     {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta + "dependencies: [{name: redis, version: 1.0.0, repository: https://x}]\n"}), want: "redis"},
		"too many files":   {archive: charttest.Package(t, "web", many), want: "1101 files"},
		"a bomb":           {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta, "big": strings.Repeat("0", 3<<20)}), want: "larger than"},
		"many large files": {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta, "a": strings.Repeat("0", 2<<20-1), "b": strings.Repeat("0", 2<<20-1), "c": strings.Repeat("0", 2<<20-1), "d": strings.Repeat("0", 2<<20-1), "e": strings.Repeat("0", 2<<20-1), "f": strings.Repeat("0", 2<<20-1), "g": strings.Repeat("0", 2<<20-1), "h": strings.Repeat("0", 2<<20-1), "i": strings.Repeat("0", 2<<20-1)}), want: "larger than"},
		"out of its place": {archive: charttest.Package(t, "web/..", map[string]string{"../Chart.yaml": meta}), want: "chart"},
		"broken template":  {archive: charttest.Chart(t, "web", "1.0.0", "{{ .Values.x"), want: "objects.yaml"},
		"fails":            {archive: charttest.Chart(t, "web", "1.0.0", `{{ fail "set a host" }}`), want: "set a host"},
		"required":         {archive: charttest.Chart(t, "web", "1.0.0", `{{ required "image is needed" .Values.image }}`), want: "image is needed"},
		"no environment":   {archive: charttest.Chart(t, "web", "1.0.0", `{{ env "HOME" }}`), want: "env"},
		"own schema": {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta, "values.schema.json": `{"properties":{"n":{"type":"integer"}}}`}),
			values: map[string]any{"n": "x"}, want: "values.schema.json"},
		"schema elsewhere": {archive: charttest.Package(t, "web", map[string]string{"Chart.yaml": meta, "values.schema.json": `{"$ref":"http://127.0.0.1:1/x"}`}), want: "values.schema.json"},
	}
	r := renderer(t, charts.Options{Timeout: time.Minute})
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Render(t.Context(), orchestrator.ChartRelease{Archive: c.archive, Name: "api", Namespace: "ns", Values: c.values})
			require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), "%v", err)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("too large to look at", func(t *testing.T) {
		t.Parallel()
		_, _, err := r.Inspect(t.Context(), make([]byte, charts.MaxArchive+1))
		require.Equal(t, orchestrator.CodeTooLarge, orchestrator.CodeOf(err))
	})
}

// A template that never ends, or that wants everything, costs its own process only.
func TestChartsThatAskForTooMuch(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		template string
		timeout  time.Duration
		want     string
	}{
		"time":   {`{{ range $i := until 100000 }}{{ range $j := until 100000 }}{{ $x := $j }}{{ end }}{{ end }}`, 2 * time.Second, "longer than 2s"},
		"memory": {`{{ $x := repeat 400000000 "x" }}{{ $y := repeat 400000000 "y" }}{{ $z := print $x $y }}{{ len $z }}`, time.Minute, "memory"},
		"output": {`{{ range $i := until 20000 }}{{ repeat 1000 "x" }}{{ end }}`, time.Minute, "MiB"},
		"depth":  {`{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}`, time.Minute, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := renderer(t, charts.Options{Timeout: c.timeout})
			_, err := r.Render(t.Context(), orchestrator.ChartRelease{Archive: charttest.Chart(t, "web", "1.0.0", c.template), Name: "api", Namespace: "ns"})
			require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), "%v", err)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("nobody waits any more", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		_, err := renderer(t, charts.Options{}).Render(ctx, orchestrator.ChartRelease{Archive: charttest.Chart(t, "web", "1.0.0", cases["time"].template), Name: "a", Namespace: "n"})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("a program that is not there", func(t *testing.T) {
		t.Parallel()
		_, _, err := renderer(t, charts.Options{Program: []string{"/nonexistent/slipway"}}).Inspect(t.Context(), []byte("x"))
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
	})
}
