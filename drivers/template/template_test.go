package template_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/template"
)

func with(templates map[string]any, more ...map[string]any) drivers.Request {
	values := map[string]any{"templates": templates}
	for _, m := range more {
		for k, v := range m {
			values[k] = v
		}
	}
	return drivers.Request{GUResID: "a1b2", Type: "config", Class: "default", ID: "shared.x", Values: values}
}

func provision(t *testing.T, r drivers.Request) (drivers.Result, error) {
	t.Helper()
	return (&template.Driver{}).Provision(context.Background(), r)
}

func TestProvision(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request   drivers.Request
		values    map[string]any
		secrets   map[string]any
		manifests []drivers.Manifest
		cookie    string
	}{
		"every root is there": {
			request: drivers.Request{
				GUResID: "a1b2", Cookie: `{"n":7}`,
				Resource: map[string]any{"size": "big"},
				Secrets:  map[string]any{"token": "s3cr3t-token"},
				Values: map[string]any{"region": "eu", "templates": map[string]any{
					"init":    "name: {{ .driver.values.region }}-{{ .resource.size }}",
					"outputs": "id: {{ .id }}\nname: {{ .init.name }}\nn: {{ .cookie.n }}",
					"secrets": "url: {{ .driver.secrets.token }}@{{ .outputs.values.name }}",
					"cookie":  "n: {{ add .cookie.n 1 }}",
				}},
			},
			values:  map[string]any{"id": "a1b2", "name": "eu-big", "n": 7.0},
			secrets: map[string]any{"url": "s3cr3t-token@eu-big"},
			cookie:  `{"n":8}`,
		},
		"the cookie is nil at first": {
			request: with(map[string]any{"outputs": "first: {{ if .cookie }}no{{ else }}yes-it-is{{ end }}"}),
			values:  map[string]any{"first": "yes-it-is"},
		},
		"a structure is rendered leaf by leaf and stays text": {
			request: with(map[string]any{"outputs": map[string]any{
				"a": "{{ .id }}", "n": "{{ 5 }}", "typed": 5.0, "deep": map[string]any{"list": []any{"x-{{ .id }}", true}},
			}}),
			values: map[string]any{"a": "a1b2", "n": "5", "typed": 5.0, "deep": map[string]any{"list": []any{"x-a1b2", true}}},
		},
		"data texts of manifests are parsed, singular locations normalised, empty ones dropped": {
			request: with(map[string]any{"manifests": map[string]any{
				"b.yaml": map[string]any{"location": "volume", "data": "name: {{ .id }}-v\nemptyDir: {}"},
				"a.yaml": map[string]any{"location": "namespace", "data": map[string]any{"kind": "X", "metadata": map[string]any{"name": "{{ .id }}"}}},
				"c.yaml": map[string]any{"location": "cluster", "data": "{{ if .resource.never }}kind: Y{{ end }}"},
			}}),
			values: map[string]any{},
			manifests: []drivers.Manifest{
				{Location: "namespace", Data: map[string]any{"kind": "X", "metadata": map[string]any{"name": "a1b2"}}},
				{Location: "volumes", Data: map[string]any{"name": "a1b2-v", "emptyDir": map[string]any{}}},
			},
		},
		"only comments give nothing": {
			request: with(map[string]any{"manifests": "# none {{ .id }}\n", "outputs": "{{/* nothing */}}"}),
			values:  map[string]any{},
		},
		"secret outputs also from the secret template": {
			request: drivers.Request{GUResID: "a1b2",
				Values:  map[string]any{"host": "h", "templates": map[string]any{"secrets": "a: one"}},
				Secrets: map[string]any{"pw": "hunter22", "templates": map[string]any{"outputs": "b: {{ .driver.values.host }}:{{ .driver.secrets.pw }}"}}},
			values:  map[string]any{},
			secrets: map[string]any{"a": "one", "b": "h:hunter22"},
		},
		"whole numbers print whole and serve as counts": {
			request: with(map[string]any{"outputs": "big: {{ .driver.values.big | quote }}\nlist: {{ until .driver.values.n | toJson }}\nsame: {{ eq .driver.values.n 2 }}"},
				map[string]any{"big": 5000000.0, "n": 2.0}),
			values: map[string]any{"big": "5000000", "list": []any{0.0, 1.0}, "same": true},
		},
		"whole numbers format as fractions too": {
			request: with(map[string]any{"outputs": `a: {{ printf "%.0f %d %05d %v %5.1f %s" .driver.values.n .driver.values.n .driver.values.n .driver.values.n 2.5 "x" | quote }}`},
				map[string]any{"n": 5432.0}),
			values: map[string]any{"a": "5432 5432 05432 5432   2.5 x"},
		},
		"missing keys follow Go's default": {
			request: with(map[string]any{"outputs": `a: "{{ .resource.b.c }}"` + "\n" + `d: {{ .resource.x | default "y" }}`}),
			values:  map[string]any{"a": "<no value>", "d": "y"},
		},
		"keys and values come sorted": {
			request: with(map[string]any{"outputs": "k: {{ keys .driver.values.m | toJson }}\nv: {{ values .driver.values.m | first }}"},
				map[string]any{"m": map[string]any{"z": 1.0, "b": 2.0, "a": 3.0, "q": 4.0}}),
			values: map[string]any{"k": []any{"a", "b", "q", "z"}, "v": 3.0},
		},
		"dates stay text, merges and anchors work": {
			request: with(map[string]any{"outputs": "tag: 2024-05-01\nbase: &b {x: 1}\nmore:\n  <<: *b\n  y: no"}),
			values:  map[string]any{"tag": "2024-05-01", "base": map[string]any{"x": 1.0}, "more": map[string]any{"x": 1.0, "y": "no"}},
		},
		"templates may define and use their own": {
			request: with(map[string]any{"outputs": `{{ define "n" }}<{{ . }}>{{ end }}a: {{ template "n" .id }}`}),
			values:  map[string]any{"a": "<a1b2>"},
		},
		"without a cookie template the stored cookie stays": {
			request: func() drivers.Request { r := with(map[string]any{"outputs": "a: 1"}); r.Cookie = `{"k":1}`; return r }(),
			values:  map[string]any{"a": 1.0}, cookie: `{"k":1}`,
		},
		"a cookie of another driver counts as none": {
			request: func() drivers.Request {
				r := with(map[string]any{"outputs": "a: {{ empty .cookie }}", "cookie": "k: 1"})
				r.Cookie = "not json"
				return r
			}(),
			values: map[string]any{"a": true}, cookie: `{"k":1}`,
		},
		"an empty cookie template clears": {
			request: func() drivers.Request { r := with(map[string]any{"cookie": ""}); r.Cookie = `{"k":1}`; return r }(),
			values:  map[string]any{},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := provision(t, c.request)
			require.NoError(t, err)
			if c.secrets == nil {
				c.secrets = map[string]any{}
			}
			require.Equal(t, c.values, got.Values)
			require.Equal(t, c.secrets, got.Secrets)
			require.Equal(t, c.manifests, got.Manifests)
			require.Equal(t, c.cookie, got.Cookie)
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request drivers.Request
		code    string
		parts   []string
	}{
		"no templates":                    {drivers.Request{Values: map[string]any{}}, drivers.CodeInvalidInputs, []string{"values.templates"}},
		"syntax":                          {with(map[string]any{"init": "a: 1\nb: {{ .x"}), drivers.CodeFailed, []string{"templates.init line 2"}},
		"unknown function":                {with(map[string]any{"outputs": "\n\na: {{ toYaml . }}"}), drivers.CodeFailed, []string{"templates.outputs line 3", "toYaml"}},
		"environment is out of reach":     {with(map[string]any{"outputs": `a: {{ env "HOME" }}`}), drivers.CodeFailed, []string{`"env" not defined`}},
		"files and hosts are out":         {with(map[string]any{"outputs": `a: {{ getHostByName "x" }}`}), drivers.CodeFailed, []string{"not defined"}},
		"execution":                       {with(map[string]any{"manifests": "a: 1\nb: {{ index .driver.values.l 5 }}"}, map[string]any{"l": []any{}}), drivers.CodeFailed, []string{"templates.manifests line 2", "index .driver.values.l 5"}},
		"fail gives its message":          {with(map[string]any{"init": `{{ fail "set region to eu or us" }}`}), drivers.CodeFailed, []string{"set region to eu or us"}},
		"not YAML":                        {with(map[string]any{"outputs": "x: 1\na: b: {{ .id }}"}), drivers.CodeInvalidResult, []string{"templates.outputs", "line 2", "quotes"}},
		"a list for outputs":              {with(map[string]any{"outputs": "- a"}), drivers.CodeInvalidResult, []string{"templates.outputs", "a list"}},
		"several documents":               {with(map[string]any{"outputs": "a: 1\n---\nb: 1"}), drivers.CodeInvalidResult, []string{"one YAML document"}},
		"unknown location":                {with(map[string]any{"manifests": "x:\n  location: moon\n  data: {a: 1}"}), drivers.CodeInvalidResult, []string{`"x"`, "moon", "namespace"}},
		"no location":                     {with(map[string]any{"manifests": "x:\n  data: {a: 1}"}), drivers.CodeInvalidResult, []string{"needs a location"}},
		"infinite number":                 {with(map[string]any{"outputs": "a: .inf"}), drivers.CodeInvalidResult, []string{"JSON cannot hold"}},
		"leaf of a structure is named":    {with(map[string]any{"outputs": map[string]any{"a": map[string]any{"b": "{{ nope }}"}}}), drivers.CodeFailed, []string{"templates.outputs.a.b line 1"}},
		"colons in names do no harm":      {with(map[string]any{"outputs": map[string]any{"a:3:": "{{ index .driver.values.l 5 }}"}}, map[string]any{"l": []any{}}), drivers.CodeFailed, []string{"templates.outputs.a:3: line 1"}},
		"a panic in a function is caught": {with(map[string]any{"outputs": `a: {{ div 1 0 }}`}), drivers.CodeFailed, []string{"templates.outputs line 1", "divide by zero"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := provision(t, c.request)
			var e *drivers.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.code, e.Code)
			require.True(t, e.Permanent)
			for _, part := range c.parts {
				require.Contains(t, e.Message, part)
			}
		})
	}
}

func TestFailMessageStandsAlone(t *testing.T) {
	t.Parallel()
	_, err := provision(t, with(map[string]any{"init": `{{ printf "no %s" .id | fail }}`}))
	require.EqualError(t, err, "no a1b2")
}

func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	const secret = "Tr0ub4dor&3"
	cases := map[string]map[string]any{
		"fail":               {"init": `{{ fail .driver.secrets.pw }}`},
		"printed value":      {"init": `{{ range .driver.secrets.pw }}{{ end }}`},
		"argument":           {"init": `{{ mustToDate .driver.secrets.pw "x" }}`},
		"nested":             {"init": `{{ fail (printf "%q" .driver.secrets.deep) }}`},
		"rendered YAML":      {"outputs": "*{{ .driver.secrets.pw }}"},
		"rendered YAML text": {"outputs": "a: {{ .driver.secrets.pw }}: b: c\n\t- x"},
		"manifest location":  {"manifests": "x:\n  location: {{ .driver.secrets.pw }}\n  data: {a: 1}"},
		"manifest name":      {"manifests": "\"{{ .driver.secrets.pw }}\":\n  location: moon\n  data: {a: 1}"},
		"generated":          {"init": "password: {{ .driver.secrets.pw | quote }}", "outputs": `{{ fail .init.password }}`},
		"into an output":     {"outputs": `a: {{ .driver.secrets.pw | quote }}`},
		"in part of output":  {"outputs": `a: {{ printf "x%sx" .driver.secrets.pw | quote }}`},
	}
	for name, templates := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := with(templates)
			r.Secrets = map[string]any{"pw": secret, "deep": map[string]any{"l": []any{secret}}}
			_, err := provision(t, r)
			require.Error(t, err)
			for e := err; e != nil; e = errors.Unwrap(e) {
				require.NotContains(t, e.Error(), secret)
			}
		})
	}
	t.Run("cookie", func(t *testing.T) {
		t.Parallel()
		r := with(map[string]any{"init": `{{ fail .cookie.password }}`})
		r.Cookie = `{"password":"` + secret + `"}`
		_, err := provision(t, r)
		require.Error(t, err)
		require.NotContains(t, err.Error(), secret)
	})
	t.Run("text of the secret template", func(t *testing.T) {
		t.Parallel()
		r := with(map[string]any{})
		r.Secrets = map[string]any{"templates": map[string]any{"outputs": "a: {{ index \"" + secret + "\" 99 }}"}}
		_, err := provision(t, r)
		require.ErrorContains(t, err, "secrets.templates.outputs line 1")
		require.NotContains(t, err.Error(), secret)
	})
}

func TestRunawayTemplates(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"long list":              `{{ until 2000000000 }}`,
		"long list by steps":     `{{ untilStep 0 -2000000000 -1 }}`,
		"long sequence":          `{{ seq 0 2 2000000000 }}`,
		"silent loops":           `{{ $l := until 20000 }}{{ range $l }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}{{ end }}`,
		"range over a number":    `{{ range 2000000000 }}{{ end }}`,
		"range with else":        `{{ range $i := 2000000000 }}{{ if $i }}{{ end }}{{ else }}{{ end }}`,
		"much output":            `{{ $l := until 20000 }}{{ range $l }}{{ range $l }}0123456789{{ end }}{{ end }}`,
		"repeat":                 `{{ repeat 2000000000 "x" }}`,
		"indent":                 `{{ indent 2000000000 "x" }}`,
		"random text":            `{{ randAlphaNum 2000000000 }}`,
		"random bytes":           `{{ randBytes 2000000000 }}`,
		"wide printf":            `{{ printf "%2000000000d" 1 }}`,
		"computed width":         `{{ printf "%*d" 2000000000 1 }}`,
		"text doubled":           `{{ $s := "xxxxxxxx" }}{{ range until 64 }}{{ $s = printf "%s%s" $s $s }}{{ end }}`,
		"text doubled by join":   `{{ $s := "xxxxxxxx" }}{{ range until 64 }}{{ $s = join $s (list $s $s) }}{{ end }}`,
		"text doubled by cat":    `{{ $s := "xxxxxxxx" }}{{ range until 64 }}{{ $s = cat $s $s }}{{ end }}`,
		"replace":                `{{ $s := repeat 100000 "a" }}{{ replace "a" $s $s }}`,
		"regular expression":     `{{ $s := repeat 100000 "a" }}{{ regexReplaceAll "a" $s $s }}`,
		"nested list printed":    `{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ $l }}`,
		"dictionary in itself":   `{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}`,
		"list doubled":           `{{ $l := list 1 }}{{ range until 64 }}{{ $l = concat $l $l }}{{ end }}`,
		"deep list":              `{{ $l := list 1 }}{{ range until 5000 }}{{ $l = list $l }}{{ end }}{{ toPrettyJson $l }}`,
		"template calls itself":  `{{ define "a" }}{{ template "a" }}{{ template "a" }}{{ end }}{{ template "a" }}`,
		"many keys":              `{{ range until 100 }}{{ $_ := htpasswd "a" "b" }}{{ end }}`,
		"much in all":            `{{ $s := repeat 1000000 "a" }}{{ $d := dict }}{{ range $i := until 5000 }}{{ $_ := set $d (toString $i) (cat $s $i) }}{{ end }}`,
		"shuffled without bound": `{{ $s := repeat 1000000 "a" }}{{ range until 20000 }}{{ $x := shuffle $s }}{{ end }}`,
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := provision(t, with(map[string]any{"init": text}))
			var e *drivers.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, []string{drivers.CodeLimit, drivers.CodeInterrupted, drivers.CodeFailed}, e.Code, e.Message)
			require.Contains(t, e.Message, "templates.init")
			require.Less(t, time.Since(start), 30*time.Second)
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	d := &template.Driver{Limits: template.DefaultLimits()}
	d.Limits.Time = 50 * time.Millisecond
	d.Limits.Steps = 1 << 60
	_, err := d.Provision(context.Background(), with(map[string]any{"init": `{{ range 9000000000 }}{{ range 9000000000 }}{{ end }}{{ end }}`}))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "templates.init line 1 took longer than its time limit")
	require.False(t, drivers.IsPermanent(err))
}

func TestUnknownTemplatesAreMentioned(t *testing.T) {
	t.Parallel()
	r := with(map[string]any{"output": "a: 1"})
	var lines []string
	r.Log = func(line string) { lines = append(lines, line) }
	_, err := provision(t, r)
	require.NoError(t, err)
	require.Len(t, lines, 1)
	require.Contains(t, lines[0], "templates.output ")
}

// The worked example of a name that is drawn once and kept.
func TestCookieKeepsWhatWasDrawn(t *testing.T) {
	t.Parallel()
	r := with(map[string]any{
		"init":    "name: {{ if .cookie }}{{ .cookie.name }}{{ else }}n-{{ randAlphaNum 12 | lower }}{{ end }}",
		"cookie":  "name: {{ .init.name }}",
		"outputs": "name: {{ .init.name }}",
	})
	first, err := provision(t, r)
	require.NoError(t, err)
	r.Cookie = first.Cookie
	second, err := provision(t, r)
	require.NoError(t, err)
	require.Equal(t, first.Values, second.Values)
	r.Cookie = ""
	fresh, err := provision(t, r)
	require.NoError(t, err)
	require.NotEqual(t, first.Values, fresh.Values)
}

func TestConformance(t *testing.T) {
	random := with(map[string]any{
		"init":    "pw: {{ if .cookie }}{{ .cookie.pw }}{{ else }}{{ randAlphaNum 12 }}{{ end }}",
		"cookie":  `pw: {{ .init.pw | quote }}`,
		"secrets": `pw: {{ .init.pw | quote }}`,
	})
	writer := with(map[string]any{"init": `{{ $_ := set .driver.values "x" 1 }}{{ $_ := set .resource "y" 2 }}{{ $_ := unset .driver.secrets "pw" }}a: {{ values .driver.values.m | first }}`,
		"outputs": "a: {{ .init.a }}\nlist: {{ .driver.values.list | toJson }}"}, map[string]any{"m": map[string]any{"b": 1.0, "c": 2.0}, "list": []any{1.0}})
	writer.Secrets = map[string]any{"pw": "hunter22"}
	writer.Resource = map[string]any{"z": map[string]any{"q": 1.0}}
	failing := with(map[string]any{"init": `{{ fail (cat "no" .driver.secrets.pw) }}`})
	failing.Secrets = map[string]any{"pw": "hunter22"}
	structured := with(map[string]any{"outputs": map[string]any{"a": []any{map[string]any{"b": 1.0}}},
		"manifests": map[string]any{"m": map[string]any{"location": "cluster", "data": map[string]any{"kind": "X"}}}})
	drivertest.Run(t, func() drivers.Driver { return &template.Driver{} },
		drivertest.Case{Name: "random, kept by the cookie", Request: random, Random: true},
		drivertest.Case{Name: "template that writes to its inputs", Request: writer},
		drivertest.Case{Name: "structure", Request: structured},
		drivertest.Case{Name: "failing", Request: failing, Fails: true},
	)
}

// No text makes the driver panic, hang or answer with something that is not its own error.
func FuzzProvision(f *testing.F) {
	for _, seed := range []string{
		"a: {{ .id }}", "{{ range until 10 }}{{ . }}{{ end }}", "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
		"a: &x [*x]", "{{ printf \"%v\" . }}", "{{ with $x := dict }}{{ set $x \"a\" $x }}{{ end }}", "a: !!binary x", "? {a: b}\n: c",
		"{{ regexReplaceAll \"(a*)*\" \"aaaaaaaa\" \"$1$1\" }}", "{{ block \"b\" . }}{{ end }}", strings.Repeat("{{ (", 50), "{{ break }}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := &template.Driver{Limits: template.DefaultLimits()}
		d.Limits.Time = 2 * time.Second
		d.Limits.Steps = 20_000
		r := with(map[string]any{"init": text, "outputs": text, "manifests": text, "secrets": text, "cookie": text})
		r.Secrets = map[string]any{"pw": "hunter22"}
		_, err := d.Provision(context.Background(), r)
		if err == nil {
			return
		}
		var e *drivers.Error
		require.ErrorAs(t, err, &e)
		require.NotContains(t, e.Message, "hunter22")
	})
}

func BenchmarkProvision(b *testing.B) {
	r := with(map[string]any{
		"init":      "name: {{ .id | lower }}",
		"outputs":   "host: {{ .init.name }}\nport: 5432",
		"secrets":   "pw: {{ .id | b64enc }}",
		"manifests": "m:\n  location: namespace\n  data:\n    kind: X\n    metadata: {name: {{ .init.name | toRawJson }}}",
		"cookie":    "name: {{ .init.name }}",
	})
	d := &template.Driver{}
	for b.Loop() {
		if _, err := d.Provision(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}
