package cli_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// corpus finds a folder of the corpus of real definitions, or skips the test.
func corpus(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	dir, err := filepath.Abs(filepath.Join(root, folder))
	require.NoError(t, err)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus at %s; set SLIPWAY_CORPUS to the folder that holds %s", dir, folder)
	}
	return dir
}

// offline is a command line with no server and no settings.
func offline(t *testing.T) *world {
	t.Helper()
	return &world{t: t, dir: t.TempDir(), env: map[string]string{}}
}

// Every case of the corpus gives what it expects, through the command that a person would use.
func TestTestDefinitionCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t, "template-tests")
	index, err := os.Open(filepath.Join(dir, "index.tsv"))
	require.NoError(t, err)
	defer index.Close()
	exact, shape, refused := 0, 0, 0
	for scan := bufio.NewScanner(index); scan.Scan(); {
		col := strings.Split(scan.Text(), "\t")
		if col[0] == "case" || len(col) < 8 {
			continue
		}
		t.Run(col[0], func(t *testing.T) {
			w := offline(t)
			got := w.run("resources", "test-definition", filepath.Join(dir, col[1]), "--inputs", filepath.Join(dir, col[2]), "--default", "test", "-o", "json")
			if col[7] != "yes" {
				refused++
				got.fails(t, 1, "templates.manifests line 23", "range can't iterate over test")
				return
			}
			var have, want map[string]any
			got.into(t, &have)
			raw, err := os.ReadFile(filepath.Join(dir, col[3]))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(raw, &want))
			// With a cookie nothing is left to chance, whatever functions the templates have.
			if col[6] == "yes" || strings.HasSuffix(col[0], "__again") {
				exact++
				require.Equal(t, want, have)
				return
			}
			shape++
			require.Equal(t, shapeOf(want), shapeOf(have))
			require.Equal(t, want["random"], have["random"])
		})
	}
	require.Equal(t, []int{30, 9, 1}, []int{exact, shape, refused}, "cases compared exactly, by shape, and refused")
}

// shapeOf keeps the keys of a document and leaves its scalars out.
func shapeOf(v any) any {
	switch t := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, child := range t {
			out[k] = shapeOf(child)
		}
		return out
	case []any:
		out := []any{}
		for _, child := range t {
			out = append(out, shapeOf(child))
		}
		return out
	}
	return nil
}

// Every definition of the corpus is valid, and is tried or says that it is not run.
func TestDefinitionsCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t, "definitions")
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	w := offline(t)
	// Three are not: two whose comments text/template cannot read, and one of a type that must be created first.
	w.run("definitions", "validate", "-f", dir).fails(t, 1)
	invalid := []string{"break-a-loop-additional-resource__def-workload", "propagate-id__def-workload", "redis-dapr-state"}
	for _, file := range files {
		got := w.run("definitions", "validate", "-f", file)
		bad := slices.ContainsFunc(invalid, func(name string) bool { return strings.Contains(file, name) })
		require.Equal(t, bad, got.code != 0, "%s\n%s", file, got.err)
	}
	w.file("inputs.yaml", "placeholders: {context.res.id: modules.test.externals.test}\n")
	tried, notRun := 0, 0
	for _, file := range files {
		got := w.run("resources", "test-definition", file, "--inputs", "inputs.yaml", "--default", "1", "-o", "json")
		if got.code == 2 { // several definitions
			for _, id := range strings.Split(strings.TrimSpace(strings.SplitN(strings.SplitN(got.err, "--id: ", 2)[1], "\n", 2)[0]), ", ") {
				checkTried(t, w.run("resources", "test-definition", file, "--id", id, "--inputs", "inputs.yaml", "--default", "1", "-o", "json"), &tried, &notRun)
			}
			continue
		}
		checkTried(t, got, &tried, &notRun)
	}
	t.Logf("%d definitions tried, %d with drivers that are not run here", tried, notRun)
	require.Equal(t, []int{62, 10}, []int{tried, notRun})
}

// checkTried accepts a result, or an error of the definition's own making.
func checkTried(t *testing.T, got result, tried, notRun *int) {
	t.Helper()
	if got.code != 0 {
		require.Equal(t, 1, got.code, got.err)
		require.Contains(t, got.err, "error: definition ", got.args)
		// The comments are really wrong; the routes of these ingresses are made up.
		require.Regexp(t, `comment ends before closing delimiter|path "1" must start with a slash`, got.err, got.args)
		*tried++
		return
	}
	var out map[string]any
	got.into(t, &out)
	if out["not_run"] != nil {
		*notRun++
		require.NotNil(t, out["inputs"])
		return
	}
	*tried++
}

const trialDefinition = `apiVersion: entity.humanitec.io/v1b1
kind: Definition
metadata: {id: acme-db}
entity:
  type: postgres
  driver_type: humanitec/template
  driver_inputs:
    values:
      host: "${resources.dns.outputs.host}"
      tags: ["${context.app.id}-db", "${resources['config#tags'].outputs.list}"]
      templates:
        init: "name: {{ if .cookie }}{{ .cookie.name }}{{ else }}db-{{ .resource.size }}{{ end }}"
        outputs: "{host: {{ .driver.values.host }}, name: {{ .init.name }}}"
        secrets: "password: {{ .driver.secrets.password }}"
        cookie: "name: {{ .init.name }}"
    secret_refs:
      password: {store: vault, ref: db-password}
  criteria: [{}]
`

func TestTestDefinition(t *testing.T) {
	t.Parallel()
	full := "placeholders: {resources.dns.outputs.host: a.b, context.app.id: shop, 'resources[\"config#tags\"].outputs.list': [x]}\n"
	cases := map[string]struct {
		definition, inputs string
		args               []string
		code               int
		want               []string
		not                []string
	}{
		"everything is given": {
			inputs: full + "resource: {size: 3}\nsecretRefs: {password: hunter22}\n",
			want:   []string{`"host": "a.b"`, `"name": "db-3"`, `"password": "hunter22"`, `"init": {`, `"cookie": {`}, not: []string{"note:", "manifests"},
		},
		"a cookie is the memory of the run before": {inputs: full + "cookie: {name: old}\n", want: []string{`"name": "old"`}},
		"a secret without a value is said":         {inputs: full, want: []string{"note: secret password has no value in secretRefs"}},
		"a secret in the form of a definition":     {inputs: full + "secretRefs: {password: {value: hunter22}}\n", want: []string{`"password": "hunter22"`}},
		"yaml":                                     {inputs: full, args: []string{"-o", "yaml"}, want: []string{"driver: humanitec/template\n", "  host: a.b\n"}},
		"for people":                               {inputs: full, args: []string{"-o", "table"}, want: []string{"driver: humanitec/template\n"}},
		"missing placeholders are one error with all of them": {
			inputs: "placeholders: {resources.dns.output.host: a}\n", code: 1,
			want: []string{"context.app.id: used in /driver_inputs/values/tags/0", "resources.dns.outputs.host: used in /driver_inputs/values/host (given is resources.dns.output.host)",
				"resources.config#tags.outputs.list: used in /driver_inputs/values/tags/1"},
		},
		"a default for what is missing": {args: []string{"--default", "test"}, want: []string{`"placeholders_defaulted": [`, `"context.app.id"`, `"host": "test"`}},
		"unknown keys":                  {inputs: "placeholder: {}\nsecretrefs: {}\n", code: 1, want: []string{`placeholder is not known; did you mean "placeholders"?`, `secretrefs is not known; did you mean "secretRefs"?`}},
		"an unknown secret":             {inputs: full + "secretRefs: {pasword: x}\n", code: 1, want: []string{`secretRefs.pasword: there is no such secret; did you mean "password"?`}},
		"placeholders of a wrong form":  {inputs: "placeholders: {a b: 1}\n", code: 1, want: []string{`placeholders["a b"]`}},
		"a wrong kind":                  {inputs: "resource: [1]\n", code: 1, want: []string{"inputs.yaml: resource must be an object"}},
		"inputs that are no object":     {inputs: "- 1\n", code: 1, want: []string{"inputs.yaml: it must hold an object"}},
		"a template that fails": {
			definition: strings.Replace(trialDefinition, "db-{{ .resource.size }}", "{{ fail .resource.size }}", 1), inputs: full + "resource: {size: too small}\n", code: 1,
			want: []string{"definition acme-db: too small"},
		},
		"an unknown key of the definition": {
			definition: strings.Replace(trialDefinition, "driver_inputs:", "driver_input:", 1), code: 1, want: []string{`driver_input is not known; did you mean "driver_inputs"?`},
		},
		"an unknown driver": {
			definition: strings.Replace(trialDefinition, "humanitec/template", "humanitec/templat", 1), code: 1, want: []string{`did you mean "humanitec/template"?`},
		},
		"a root that definitions do not have": {
			definition: strings.Replace(trialDefinition, "${context.app.id}-db", "${externals.db.host}", 1), inputs: full, code: 1,
			want: []string{`/driver_inputs/values/tags/0: ${externals.db.host}: unknown root "externals"`},
		},
		"a heavy driver is not run": {
			definition: strings.Replace(trialDefinition, "humanitec/template", "humanitec/terraform", 1), inputs: full + "secretRefs: {password: hunter22}\n",
			want: []string{`"not_run": "driver humanitec/terraform`, `"host": "a.b"`, `"password": "hunter22"`, "note: driver humanitec/terraform"},
		},
		"one of containers needs no config resource": {
			definition: strings.Replace(trialDefinition, "humanitec/template", "humanitec/opentofu-container-runner", 1), inputs: full,
			want: []string{`would change something outside`, `"host": "a.b"`}, not: []string{`"config"`},
		},
		"and takes one that is given": {
			definition: strings.Replace(trialDefinition, "humanitec/template", "humanitec/opentofu-container-runner", 1),
			inputs:     strings.Replace(full, "{", `{'resources["config.default#opentofu-container-runner"].values': {cluster: {account: aws}}, `, 1),
			want:       []string{`"account": "aws"`},
		},
		"neither is one of the organization's own": {
			definition: strings.Replace(trialDefinition, "humanitec/template", "acme/pg", 1), inputs: full, want: []string{`"not_run": "driver acme/pg`},
		},
		"a secret in a plain output": {
			definition: strings.Replace(strings.Replace(trialDefinition, "humanitec/template", "humanitec/echo", 1), `host: "${resources.dns.outputs.host}"`, "host: is-hunter22", 1),
			inputs:     full + "secretRefs: {password: hunter22}\n", code: 1, want: []string{`the output value "host" contains a secret`}, not: []string{"hunter22"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := offline(t)
			definition := c.definition
			if definition == "" {
				definition = trialDefinition
			}
			w.file("def.yaml", definition)
			w.file("inputs.yaml", c.inputs)
			args := append([]string{"resources", "test-definition", "def.yaml", "--inputs", "inputs.yaml"}, c.args...)
			if !slices.Contains(args, "-o") {
				args = append(args, "-o", "json")
			}
			got := w.run(args...).fails(t, c.code, c.want...)
			for _, part := range c.not {
				require.NotContains(t, got.out+got.err, part)
			}
		})
	}
}

func TestTestDefinitionFiles(t *testing.T) {
	t.Parallel()
	w := offline(t)
	other := strings.ReplaceAll(trialDefinition, "acme-db", "other-db")
	app := "apiVersion: entity.humanitec.io/v1b1\nkind: Application\nmetadata: {id: shop}\n"
	w.file("two.yaml", app+"---\n"+trialDefinition+"---\n"+other)
	w.run("resources", "test-definition", "two.yaml", "--default", "x").fails(t, 2, "choose one with --id: acme-db, other-db")
	w.run("resources", "test-definition", "two.yaml", "--default", "x", "--id", "other-db").ok(t, "driver: humanitec/template")
	w.run("resources", "test-definition", "two.yaml", "--id", "none").fails(t, 1, "there is no definition none in it")
	w.file("app.yaml", app)
	w.run("resources", "test-definition", "app.yaml").fails(t, 1, "no document of kind Definition")
	w.run("resources", "test-definition", "none.yaml").fails(t, 1, "none.yaml does not exist")
	w.run("resources", "test-definition").fails(t, 2, "needs FILE")
	w.run("resources", "test-definition", "-", "--inputs", "-").fails(t, 2, "standard input")
	w.runWith(t.Context(), trialDefinition, "resources", "test-definition", "-", "--default", "x").ok(t, "driver: humanitec/template")
	w.file("def.yaml", trialDefinition)
	w.runWith(t.Context(), "cookie: {name: piped}\n", "resources", "test-definition", "def.yaml", "--inputs", "-", "--default", "x").ok(t, "name: piped")
}

func TestTestDefinitionOfOtherDrivers(t *testing.T) {
	t.Parallel()
	w := offline(t)
	w.file("ingress.yaml", `apiVersion: entity.humanitec.io/v1b1
kind: Definition
metadata: {id: my-ingress}
entity: {type: ingress, driver_type: humanitec/ingress, driver_inputs: {values: {class: nginx, tls_secret_name: tls}}}
`)
	w.run("resources", "test-definition", "ingress.yaml").fails(t, 1, "resources.dns.outputs.host: used in /driver_inputs/values/host", "resources.dns<route.outputs.path")
	w.file("inputs.yaml", `placeholders:
  resources.dns.outputs.host: api.example.com
  resources.dns<route.outputs.path: [/]
  resources.dns<route.outputs.port: [8080]
  resources.dns<route.outputs.service: [api]
`)
	var out struct {
		Values    map[string]any
		Manifests map[string]struct{ Location string }
	}
	w.run("resources", "test-definition", "ingress.yaml", "--inputs", "inputs.yaml", "-o", "json").into(t, &out)
	require.Equal(t, map[string]any{"id": "ingress-test-guresid"}, out.Values)
	require.Equal(t, "namespace", out.Manifests["ingress-ingress-test-guresid.yaml"].Location)
}

func TestDefinitionsValidate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		from, to string // changes trialDefinition
		code     int
		want     []string
	}{
		"as it is":                  {want: []string{"definition acme-db: valid"}},
		"an unknown type":           {from: "type: postgres", to: "type: postgers", code: 1, want: []string{`did you mean "postgres"?`}},
		"an own type":               {from: "type: postgres", to: "type: acme/pg", want: []string{"valid"}},
		"an unknown driver":         {from: "humanitec/template", to: "humanitec/templat", code: 1, want: []string{`did you mean "humanitec/template"?`}},
		"an own driver":             {from: "humanitec/template", to: "acme/thing", want: []string{"valid"}},
		"no driver":                 {from: "driver_type: humanitec/template", to: "name: x", code: 1, want: []string{"driver_type: a driver is required"}},
		"a placeholder's form":      {from: "${context.app.id}", to: "${context.app", code: 1, want: []string{"/driver_inputs/values/tags/0", "the closing } is missing"}},
		"a placeholder's root":      {from: "${context.app.id}", to: "${values.X}", code: 1, want: []string{`unknown root "values"`}},
		"a template's syntax":       {from: "{{ .init.name }}}", to: "{{ .init.name | nope }}}", code: 1, want: []string{"templates.outputs line 1", `function "nope" not defined`}},
		"a template's name":         {from: "        secrets:", to: "        secret:", code: 1, want: []string{`templates.secret is not a template this driver knows; did you mean "secrets"?`}},
		"a criterion's key":         {from: "[{}]", to: "[{env: x}]", code: 1, want: []string{`criteria[0].env is not known; did you mean "env_id"?`}},
		"criteria that are no list": {from: "[{}]", to: "{}", code: 1, want: []string{"criteria must be a list, not object"}},
		"a secret's form":           {from: "{store: vault, ref: db-password}", to: "{store: vault}", code: 1, want: []string{"driver_inputs.secret_refs.password: store and ref are both required"}},
		"both kinds of secrets":     {from: "    secret_refs:", to: "    secrets: {a: b}\n    secret_refs:", code: 1, want: []string{"either secrets or secret_refs, not both"}},
		"a bad id":                  {from: "acme-db", to: "Acme DB", code: 1, want: []string{`id: "Acme DB" is not valid`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := offline(t)
			w.file("defs/def.yaml", strings.Replace(trialDefinition, c.from, c.to, 1))
			w.run("definitions", "validate", "-f", "defs").fails(t, c.code, c.want...)
		})
	}
	w := offline(t)
	w.file("app.yaml", "apiVersion: entity.humanitec.io/v1b1\nkind: Application\nmetadata: {id: shop}\n")
	w.run("definitions", "validate", "-f", "app.yaml").fails(t, 1, "there is no document of kind Definition")
	w.run("definitions", "validate").fails(t, 2, "-f")
}

// The server gives the same with its own drivers, and hides secrets.
func TestDefinitionsTest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("draft.yaml", trialDefinition)
	w.file("inputs.yaml", "placeholders: {resources.dns.outputs.host: a.b, context.app.id: shop, 'resources[\"config#tags\"].outputs.list': [x]}\nresource: {size: 3}\nsecretRefs: {password: hunter22}\n")
	got := w.run("definitions", "test", "-f", "draft.yaml", "--inputs", "inputs.yaml", "-o", "json")
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, `"name": "db-3"`)
	require.Contains(t, got.out, `"password": "(secret)"`)
	require.NotContains(t, got.out+got.err, "hunter22")

	w.run("definitions", "test", "-f", "draft.yaml", "-o", "json").fails(t, 1, "the test of the definition failed")
	require.Zero(t, w.run("definitions", "test", "starter-redis", "--default", "test").code)
	w.run("definitions", "test", "nobody-has-it").fails(t, 1, "does not exist")
	w.run("definitions", "test").fails(t, 2, "name what to test")
}
