package score_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

func TestParseYAML(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ in, want string }{
		"scalars":         {"a: 1\nb: 1.5\nc: true\nd: null\ne: text\nf: '1'\ng: 0x10\nh: yes\ni:", `{"a":1,"b":1.5,"c":true,"d":null,"e":"text","f":"1","g":16,"h":"yes","i":null}`},
		"dates are text":  {"a: 2024-01-02", `{"a":"2024-01-02"}`},
		"keys are text":   {"80: x\ntrue: y", `{"80":"x","true":"y"}`},
		"aliases":         {"a: &x {b: 1}\nc: *x", `{"a":{"b":1},"c":{"b":1}}`},
		"merge keys":      {"a: &x {b: 1, c: 1}\nd: {<<: *x, b: 2}\ne: {<<: [*x, {f: 3}]}", `{"a":{"b":1,"c":1},"d":{"b":2,"c":1},"e":{"b":1,"c":1,"f":3}}`},
		"JSON":            {`{"a": [1, {"b": "\u00e9"}]}`, `{"a":[1,{"b":"é"}]}`},
		"document marks":  {"---\na: 1\n---\n", `{"a":1}`},
		"block text":      {"a: |\n  x\n  y\n", `{"a":"x\ny\n"}`},
		"empty structure": {"a: {}\nb: []", `{"a":{},"b":[]}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := score.ParseYAML([]byte(tc.in))
			require.NoError(t, err)
			require.JSONEq(t, tc.want, asJSON(t, out))
		})
	}
}

func TestParseYAMLErrors(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x, x]\n"
	for i := 1; i < 30; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	long := "a: &a " + strings.Repeat("x", 100_000) + "\nb: [" + strings.Repeat("*a,", 1000) + "]"
	cases := map[string]struct{ in, err string }{
		"empty":           {"", "it is empty"},
		"comment only":    {"# x", "it is empty"},
		"text":            {"hello", "must be an object"},
		"list":            {"- a", "must be an object"},
		"syntax":          {"a: 1\nb: [", "line 2"},
		"tab":             {"a:\n\tb: 1", "line 2"},
		"duplicate":       {"a: 1\nb:\n  c: 1\n  c: 2", `line 4: the key "c" is there twice`},
		"two documents":   {"a: 1\n---\nb: 2", "line 2: a second document"},
		"second broken":   {"a: 1\n---\nb: [", "score file: yaml"},
		"alias bomb":      {bomb, "too large once its aliases are expanded"},
		"long aliases":    {long, "too large once its aliases are expanded"},
		"alias to itself": {"a: &a [*a]", "nested deeper than 100 levels"},
		"unknown alias":   {"a: *b", "unknown anchor"},
		"deep":            {"a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "line 1: nested deeper"},
		"key object":      {"? {a: 1}\n: b", "line 1: a key must be text"},
		"infinity":        {"a: .inf", "line 1: .inf is not a number"},
		"tag":             {"a: !secret x", "line 1: the YAML tag !secret is not supported"},
		"binary":          {"a: !!binary aGk=", "not supported"},
		"bad merge":       {"a: {<<: 1}", "line 1: << takes an object"},
		"no UTF-8":        {"a: \xff", "not valid UTF-8"},
		"size":            {strings.Repeat("#", 5<<20), "are more than"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := score.ParseYAML([]byte(tc.in))
			require.ErrorContains(t, err, tc.err)
			require.ErrorContains(t, err, "score file: ")
		})
	}
}

func FuzzParseAndConvert(f *testing.F) {
	for _, seed := range []string{hello, workload("variables: {A: '$$ ${x} $${y} ${metadata.price}{'}", someResources),
		workload("files: [{target: /a, content: [x]}]\nvolumes: [{target: /b, source: v}]", "service: {ports: {ab: {port: 1}}}")} {
		f.Add([]byte(seed), "containers.main.image", "${resources.db.x}")
	}
	f.Fuzz(func(t *testing.T, raw []byte, path, text string) {
		spec, err := score.ParseYAML(raw)
		if err != nil {
			return
		}
		out, err := score.Convert(score.Input{
			Spec: spec, Image: "x", PropertyOverrides: map[string]any{path: text},
			Extensions: map[string]any{"apiVersion": score.ExtensionsVersion, "spec": map[string]any{text: text}},
		})
		if err != nil {
			return
		}
		checkOutput(t, "fuzz", out)
	})
}

func BenchmarkConvert(b *testing.B) {
	raw := []byte(workload(`command: [/bin/app]
variables: {A: '${resources.db.host}', B: 'x-${resources.db.port}', C: '${resources.env.KEY}', D: plain}
files: {/etc/app.conf: {content: "host = ${resources.db.host}\n"}}
resources: {limits: {cpu: 500m, memory: 1Gi}}
livenessProbe: {httpGet: {path: /live, port: 80}}
readinessProbe: {httpGet: {path: /ready, port: 80}}`, someResources+"service: {ports: {www: {port: 80}}}\n"))
	if file := os.Getenv("SLIPWAY_BENCH_SCORE"); file != "" {
		var err error
		raw, err = os.ReadFile(filepath.Clean(file))
		require.NoError(b, err)
	}
	b.Run("parse and convert", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			spec, err := score.ParseYAML(raw)
			require.NoError(b, err)
			_, err = score.Convert(score.Input{Spec: spec, Image: "x"})
			require.NoError(b, err)
		}
	})
	spec := parse(b, string(raw))
	b.Run("convert", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := score.Convert(score.Input{Spec: spec, Image: "x"})
			require.NoError(b, err)
		}
	})
}
