package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/internal/charts"
	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// worker is a chart for a StatefulSet from containers and replicas.
const worker = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: {{ .Release.Name }}}
spec:
  replicas: {{ .Values.size }}
  template:
    metadata:
      annotations: {checksum: {{ toJson .Values.containers | sha256sum }}}
    spec:
      volumes: {{ toJson .Values.extraVolumes }}
      containers:
      {{- range $name, $c := .Values.containers }}
      - name: {{ $name }}
        image: {{ $c.image }}
        env:
        {{- range $key, $value := $c.variables }}
        - {name: {{ $key }}, value: {{ quote $value }}}
        {{- end }}
      {{- end }}
---
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-files}
stringData:
  conf: "password={{ .Values.containers.main.variables.PASSWORD }}"
data:
  raw: {{ .Values.containers.main.variables.PASSWORD | b64enc }}
`

// withChart is a platform with the profile acme/worker, whose chart has the template.
func withChart(t *testing.T, template string, definition m) *platform {
	t.Helper()
	renderer, err := charts.New(charts.Options{})
	require.NoError(t, err)
	p := newPlatformWith(t, func(s *orchestrator.Options, d *orchestrator.DeployerOptions) {
		s.Charts, d.Charts = renderer, renderer
	})
	_, err = p.service.AddWorkloadProfileChart(p.ctx, "acme", packaged(charttest.Chart(t, "worker", "1.0.0", template)))
	require.NoError(t, err)
	_, err = p.service.CreateWorkloadProfile(p.ctx, "acme", orchestrator.WorkloadProfileRequest{
		ID: "worker", SpecDefinition: definition, Chart: manifest.ChartReference{ID: "worker", Version: "latest"},
	})
	require.NoError(t, err)
	return p
}

var workerDefinition = m{"properties": m{
	"containers": m{"type": "collection", "properties": m{
		"image":     m{"type": "feature", "feature_name": "humanitec/image"},
		"variables": m{"type": "feature", "feature_name": "humanitec/variables"},
	}},
	"size": m{"type": "schema", "schema": m{"type": "integer", "minimum": 1}},
}}

func workerModule(profile string, size any, externals, variables m) map[string]m {
	made := module(externals, variables)
	made["profile"], made["spec"].(m)["size"] = profile, size
	return map[string]m{"api": made}
}

func TestAChartRendersAWorkload(t *testing.T) {
	t.Parallel()
	p := withChart(t, worker, workerDefinition)
	p.create(databaseFrom(m{"value": hidden}))
	p.create(template("disk", "volume", "", nil, m{"manifests": m{"v": m{"location": "volumes", "data": m{"name": "data", "emptyDir": m{}}}}}))
	out := p.deploy(workerModule("acme/worker", 3, m{"db": m{"type": "postgres"}, "data": m{"type": "volume"}},
		m{"PASSWORD": "${externals.db.password}", "PLAIN": "x"}), nil).ok()
	set := out.object("StatefulSet", "api")
	require.Equal(t, "shop", set["metadata"].(m)["namespace"])
	spec := set["spec"].(m)
	require.EqualValues(t, 3, spec["replicas"])
	pod := spec["template"].(m)["spec"].(m)
	require.Equal(t, []any{m{"name": "data", "emptyDir": m{}}}, pod["volumes"], "what resources add")
	env := pod["containers"].([]any)[0].(m)["env"].([]any)
	require.Equal(t, m{"name": "PLAIN", "value": "x"}, env[1])
	ref := env[0].(m)["valueFrom"].(m)["secretKeyRef"].(m)
	moved := out.object("Secret", ref["name"].(string))["data"].(m)
	require.Equal(t, hidden, decoded(reveal(moved[ref["key"].(string)])))
	files := out.object("Secret", "api-files")
	require.Equal(t, "password="+hidden, reveal(files["stringData"].(m)["conf"]))
	require.Equal(t, hidden, decoded(reveal(files["data"].(m)["raw"])))

	before := spec["template"].(m)["metadata"].(m)["annotations"].(m)["checksum"]
	again := p.deploy(workerModule("worker", 3, m{"db": m{"type": "postgres"}, "data": m{"type": "volume"}},
		m{"PASSWORD": "${externals.db.password}", "PLAIN": "x"}), nil).ok()
	require.Equal(t, set, again.object("StatefulSet", "api"), "the same spec gives the same objects, by its id alone too")
	_, err := p.service.PatchDefinition(p.ctx, "acme", "pg-db", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{Secrets: m{"password": "rotated"}}})
	require.NoError(t, err)
	rotated := p.deploy(workerModule("acme/worker", 3, m{"db": m{"type": "postgres"}, "data": m{"type": "volume"}},
		m{"PASSWORD": "${externals.db.password}", "PLAIN": "x"}), nil).ok()
	after := rotated.object("StatefulSet", "api")["spec"].(m)["template"].(m)["metadata"].(m)["annotations"].(m)["checksum"]
	require.NotEqual(t, before, after, "a changed secret rolls the pods")
}

func TestWorkloadsThatAChartCannotRender(t *testing.T) {
	t.Parallel()
	object := func(body string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n" + body
	}
	const password = "{{ .Values.containers.main.variables.PASSWORD }}"
	cases := map[string]struct {
		template, profile string
		size              any
		want              []string
	}{
		"unknown profile":         {profile: "acme/other", want: []string{"profile", `"acme/other"`}},
		"somebody else's profile": {profile: "rival/worker", want: []string{"profile", "rival/worker"}},
		"spec":                    {size: 0, want: []string{"size", "acme/worker"}},
		"unknown part of a spec":  {template: "x", size: "many", want: []string{"size"}},
		"fails":                   {template: `{{ fail "set a host" }}`, want: []string{"chart worker 1.0.0", "set a host"}},
		"no objects":              {template: "# nothing", want: []string{"gives no object"}},
		"no YAML":                 {template: "a: [", want: []string{"not valid YAML"}},
		"no object":               {template: "- a", want: []string{"Kubernetes object"}},
		"no name":                 {template: "apiVersion: v1\nkind: ConfigMap", want: []string{"metadata.name"}},
		"a hook":                  {template: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, annotations: {helm.sh/hook: pre-install}}", want: []string{"hooks"}},
		"a secret in a ConfigMap": {template: object("data: {a: " + password + "}"), want: []string{"data.a", "not allowed"}},
		"a secret as a key":       {template: object("data:\n  " + password + ": a"), want: []string{"not allowed"}},
		"a secret encoded":        {template: object("data: {a: {{ b64enc .Values.containers.main.variables.PASSWORD }} }"), want: []string{"data.a", "changes the text"}},
		"a secret changed":        {template: object("data: {a: {{ upper .Values.containers.main.variables.PASSWORD }} }"), want: []string{"data.a", "changes the text"}},
		"a secret not encoded":    {template: "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {a: " + password + "}", want: []string{"b64enc"}},
		"the running pod":         {template: object("data: {a: {{ quote .Values.containers.main.variables.NODE }} }"), want: []string{"downward"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.template == "" {
				c.template = worker
			}
			if c.profile == "" {
				c.profile = "acme/worker"
			}
			if c.size == nil {
				c.size = 1
			}
			p := withChart(t, c.template, workerDefinition)
			p.create(databaseFrom(m{"value": hidden}))
			p.deploy(workerModule(c.profile, c.size, m{"db": m{"type": "postgres"}},
				m{"PASSWORD": "${externals.db.password}", "NODE": "${pod.spec.nodeName}"}), nil).fails(c.want...)
		})
	}
}

func TestTheLatestVersionRenders(t *testing.T) {
	t.Parallel()
	const plain = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {chart: 'VERSION'}\n"
	p := withChart(t, plain, m{})
	deployed := func() any {
		return p.deploy(workerModule("acme/worker", 1, nil, nil), nil).ok().object("ConfigMap", "x")["data"].(m)["chart"]
	}
	require.Equal(t, "VERSION", deployed())
	_, err := p.service.AddWorkloadProfileChart(p.ctx, "acme", packaged(charttest.Chart(t, "worker", "0.9.0", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {chart: second}\n")))
	require.NoError(t, err)
	require.Equal(t, "second", deployed(), "the newest upload, whatever its number")
	_, err = p.service.UpdateWorkloadProfile(p.ctx, "acme", "worker", orchestrator.WorkloadProfileRequest{
		SpecDefinition: m{}, Chart: manifest.ChartReference{ID: "worker", Version: "1.0.0"},
	})
	require.NoError(t, err)
	require.Equal(t, "VERSION", deployed())
	require.NoError(t, p.service.DeleteWorkloadProfile(p.ctx, "acme", "worker"))
	p.deploy(workerModule("acme/worker", 1, nil, nil), nil).fails("no workload profile")
}

// packaged is a chart that is there.
func packaged(archive []byte) func() ([]byte, error) {
	return func() ([]byte, error) { return archive, nil }
}
