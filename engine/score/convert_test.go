package score_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

const hello = `
apiVersion: score.dev/v1b1
metadata: {name: hello}
containers:
  main:
    image: busybox
    variables:
      DB: ${resources.db.host}
      E: ${resources.env.KEY}
      S: ${resources.other.name}
      L: $${resources.x}
resources:
  db: {type: postgres}
  env: {type: environment}
  other: {type: service}
`

func parse(t testing.TB, text string) map[string]any {
	t.Helper()
	spec, err := score.ParseYAML([]byte(text))
	require.NoError(t, err)
	return spec
}

func TestVectorB12(t *testing.T) {
	t.Parallel()
	out, err := score.Convert(score.Input{Spec: parse(t, hello)})
	require.NoError(t, err)
	require.Equal(t, "hello", out.Name)
	require.Empty(t, out.Shared)
	require.JSONEq(t, `{"hello": {
		"profile": "humanitec/default-module",
		"spec": {
			"annotations": {"humanitec.io/managed-by": "score-humanitec"},
			"containers": {"main": {"id": "main", "image": "busybox", "variables": {
				"DB": "${externals.db.host}", "E": "${values.KEY}", "S": "${modules.other.service.name}", "L": "${resources.x}"}}}},
		"externals": {"db": {"type": "postgres", "class": "default"}}}}`, asJSON(t, out.Modules))
}

func asJSON(t require.TestingT, v any) string {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

// workload wraps the body of container "main" and further top-level sections.
func workload(container, rest string) string {
	indented := strings.ReplaceAll(strings.TrimSpace(container), "\n", "\n    ")
	return "apiVersion: score.dev/v1b1\nmetadata:\n  name: web\n  tier: gold\n  price: 5$\n  annotations: {my.org/version: '1.2', owner: ops}\n" +
		"containers:\n  main:\n    image: nginx\n    " + indented + "\n" + rest
}

const someResources = `
resources:
  db: {type: postgres, class: large, params: {ext: {a: 1}, host: "${resources.dns.host}"}}
  dns: {type: dns}
  env: {type: environment}
  other: {type: service}
  vol: {type: volume}
  cache: {type: redis, id: main-cache}
  bucket: {type: s3, id: main, class: admin}
  dotted: {type: s3, id: a.b}
  annotated: {type: s3, metadata: {annotations: {score.humanitec.io/resId: shared.old}}}
  theirs: {type: s3, metadata: {annotations: {score.humanitec.io/resId: modules.api.externals.files}}}
  renamed: {type: s3, metadata: {annotations: {score.humanitec.io/resId: externals.else}}}
`

func TestContainers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ container, want string }{
		"command and args": {
			container: "command: [/bin/sh, -c]\nargs: ['echo ${HOME} $$ ${VAR:-x} $${GREETING}', '${resources.dns.host}', '${pod}']",
			want:      `{"command": ["/bin/sh", "-c"], "args": ["echo $\\{HOME} $$ $\\{VAR:-x} $\\{GREETING}", "${externals.dns.host}", "$\\{pod}"]}`,
		},
		"compute resources": {
			container: "resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {memory: 64Mi}}",
			want:      `{"resources": {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"memory": "64Mi"}}}`,
		},
		"http probes": {
			container: `livenessProbe: {httpGet: {path: /live, port: 80, scheme: HTTPS, host: example.com, httpHeaders: [{name: X-A, value: b}]}}
readinessProbe: {httpGet: {path: /ready, port: 8080}}`,
			want: `{"liveness_probe": {"type": "http", "path": "/live", "port": 80, "scheme": "HTTPS", "host": "example.com", "headers": {"X-A": "b"}},
				"readiness_probe": {"type": "http", "path": "/ready", "port": 8080}}`,
		},
		"exec probes win": {
			container: "livenessProbe: {exec: {command: [ls, '${X}']}, httpGet: {path: /, port: 80}}",
			want:      `{"liveness_probe": {"type": "command", "command": ["ls", "$\\{X}"]}}`,
		},
		"files by path": {
			container: `files:
  /etc/a: {content: "h=${resources.db.host} $$5 $${FOO} $${values.X}", mode: "0600"}
  /etc/b: {content: "${FOO} $$", noExpand: true}
  /etc/c: {binaryContent: aGVsbG8gJHt4fQ==}
  /etc/d: {binaryContent: AP8=}
  /etc/e: {content: ""}`,
			want: `{"files": {
				"/etc/a": {"mode": "0600", "value": "h=${externals.db.host} $5 $\\{FOO} ${values.X}"},
				"/etc/b": {"value": "$\\{FOO} $$"},
				"/etc/c": {"value": "hello $\\{x}"},
				"/etc/d": {"binaryContent": "AP8="},
				"/etc/e": {"value": ""}}}`,
		},
		"files as a list": {
			container: "files:\n- {target: /etc/a, content: [one, '${metadata.name}', 3]}\n- {target: /etc/b, content: x}",
			want:      `{"files": {"/etc/a": {"value": "one\nweb\n3"}, "/etc/b": {"value": "x"}}}`,
		},
		"volumes by path": {
			container: "volumes:\n  /data: {source: '${resources.vol}', path: sub, readOnly: true}\n  /tmp: {source: scratch}",
			want:      `{"volume_mounts": {"/data": {"id": "externals.vol", "sub_path": "sub", "read_only": true}, "/tmp": {"id": "scratch"}}}`,
		},
		"volumes as a list": {
			container: "volumes:\n- {source: '${resources.cache}', target: /data, read_only: false}",
			want:      `{"volume_mounts": {"/data": {"id": "shared.main-cache", "read_only": false}}}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := score.Convert(score.Input{Spec: parse(t, workload(tc.container, someResources))})
			require.NoError(t, err)
			container := out.Modules["web"]["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
			require.Equal(t, "main", container["id"])
			require.Equal(t, "nginx", container["image"])
			delete(container, "id")
			delete(container, "image")
			require.JSONEq(t, tc.want, asJSON(t, container))
			checkOutput(t, name, out)
		})
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ in, want string }{
		"private resource":              {`${resources.db.host}`, `${externals.db.host}`},
		"nested output":                 {`${resources.db.tls.ca}`, `${externals.db.tls.ca}`},
		"quoted output":                 {`${resources.db["ca.crt"]}`, `${externals.db["ca.crt"]}`},
		"escaped dot":                   {`${resources.db.ca\.crt}`, `${externals.db["ca.crt"]}`},
		"resource itself":               {`${resources.db}`, `externals.db`},
		"mixed text":                    {`a ${resources.db.host}:${resources.db.port} b`, `a ${externals.db.host}:${externals.db.port} b`},
		"by id":                         {`${resources.cache.host}`, `${shared.main-cache.host}`},
		"by id and class":               {`${resources.bucket.arn}`, `${shared.main-class-admin.arn}`},
		"by id with a dot":              {`${resources.dotted.arn}`, `${shared["a.b"].arn}`},
		"by annotation":                 {`${resources.annotated.arn}`, `${shared.old.arn}`},
		"of another module":             {`${resources.theirs.arn}`, `${modules.api.externals.files.arn}`},
		"under another name":            {`${resources.renamed.arn}`, `${externals.else.arn}`},
		"environment":                   {`${resources.env.KEY}`, `${values.KEY}`},
		"environment key with dots":     {`${resources.env.my.key}`, `${values["my.key"]}`},
		"environment itself":            {`${resources.env}`, `values`},
		"service":                       {`${resources.other.name}`, `${modules.other.service.name}`},
		"metadata":                      {`${metadata.name}-${metadata.tier}`, `web-gold`},
		"annotation":                    {`${metadata.annotations.owner}`, `ops`},
		"annotation, dotted":            {`${metadata.annotations.my.org/version}`, `1.2`},
		"annotation, quoted":            {`${metadata.annotations["my.org/version"]}`, `1.2`},
		"annotation, escaped":           {`${metadata.annotations.my\.org/version}`, `1.2`},
		"metadata object":               {`${metadata.annotations}`, `{"my.org/version":"1.2","owner":"ops"}`},
		"literal dollars do not join":   {`${metadata.price}{x}`, `5$\{x}`},
		"dollar":                        {`$5 $$ $`, `$5 $ $`},
		"escaped":                       {`$${resources.x}`, `${resources.x}`},
		"native, escaped":               {`$${values.X} $${pod.status.hostIP}`, `${values.X} ${pod.status.hostIP}`},
		"native, plain":                 {`${values.X} ${externals.db.x} ${shared.q.x} ${context.env.id}`, `${values.X} ${externals.db.x} ${shared.q.x} ${context.env.id}`},
		"shell, escaped":                {`$${HOME} $${X:-1}`, `$\{HOME} $\{X:-1}`},
		"two dollars and a placeholder": {`$$$${values.x}`, `$${values.x}`},
		"three dollars":                 {`$$${resources.db.host}`, `$${externals.db.host}`},
		"escaped the native way":        {`$\{x}`, `$\{x}`},
		"not closed":                    {`${resources.db`, `$\{resources.db`},
		"not closed, escaped":           {`$${resources.db`, `$\{resources.db`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := parse(t, workload("", someResources))
			container := spec["containers"].(map[string]any)["main"].(map[string]any)
			container["variables"] = map[string]any{"V": tc.in}
			spec["resources"].(map[string]any)["probe"] = map[string]any{"type": "s3", "params": map[string]any{"list": []any{tc.in, 1.0}}}
			out, err := score.Convert(score.Input{Spec: spec})
			require.NoError(t, err)
			module := out.Modules["web"]
			got := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)["variables"].(map[string]any)["V"]
			require.Equal(t, tc.want, got)
			params := module["externals"].(map[string]any)["probe"].(map[string]any)["params"]
			require.Equal(t, map[string]any{"list": []any{tc.want, 1.0}}, params)
			checkOutput(t, name, out)
		})
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	out, err := score.Convert(score.Input{
		Spec:        parse(t, workload("", someResources)),
		TypeAliases: map[string]string{"redis": "my-org/redis", "dns": "my-org/dns"},
	})
	require.NoError(t, err)
	require.JSONEq(t, `{
		"db": {"type": "postgres", "class": "large", "params": {"ext": {"a": 1}, "host": "${externals.dns.host}"}},
		"dns": {"type": "my-org/dns", "class": "default"},
		"vol": {"type": "volume", "class": "default"},
		"else": {"type": "s3", "class": "default"}}`, asJSON(t, out.Modules["web"]["externals"]))
	require.JSONEq(t, `{
		"main-cache": {"type": "my-org/redis", "class": "default"},
		"main-class-admin": {"type": "s3", "class": "admin", "id": "shared.main"},
		"a.b": {"type": "s3", "class": "default"},
		"old": {"type": "s3", "class": "default"}}`, asJSON(t, out.Shared))
}

func TestOneResourceUnderTwoNames(t *testing.T) {
	t.Parallel()
	out, err := score.Convert(score.Input{Spec: parse(t, workload("variables: {A: '${resources.one.x}', B: '${resources.two.x}'}",
		"resources:\n  one: {type: s3, id: both}\n  two: {type: s3, id: both, params: {a: 1}}\n"))})
	require.NoError(t, err)
	require.JSONEq(t, `{"both": {"type": "s3", "class": "default", "params": {"a": 1}}}`, asJSON(t, out.Shared))

	_, err = score.Convert(score.Input{Spec: parse(t, workload("",
		"resources:\n  one: {type: s3, id: both, params: {a: 2}}\n  two: {type: s3, id: both, params: {a: 1}}\n"))})
	require.ErrorContains(t, err, "resources.two: this and resources.one are the same resource shared.both")
}

func TestServiceAndAnnotations(t *testing.T) {
	t.Parallel()
	out, err := score.Convert(score.Input{Spec: parse(t, workload("",
		"service: {ports: {www: {port: 80, targetPort: 8080}, dns: {port: 53, protocol: UDP}}}"))})
	require.NoError(t, err)
	spec := out.Modules["web"]["spec"].(map[string]any)
	require.JSONEq(t, `{"ports": {"www": {"service_port": 80, "container_port": 8080, "protocol": "TCP"},
		"dns": {"service_port": 53, "container_port": 53, "protocol": "UDP"}}}`, asJSON(t, spec["service"]))
	require.JSONEq(t, `{"humanitec.io/managed-by": "score-humanitec", "my.org/version": "1.2", "owner": "ops"}`, asJSON(t, spec["annotations"]))

	out, err = score.Convert(score.Input{Spec: parse(t, workload("", "service: {ports: {}}"))})
	require.NoError(t, err)
	require.NotContains(t, out.Modules["web"]["spec"], "service")
}

func TestExtensions(t *testing.T) {
	t.Parallel()
	spec := parse(t, workload("livenessProbe: {httpGet: {path: /, port: 80}}\nresources: {limits: {cpu: 1m}}", someResources))
	ext := parse(t, `
apiVersion: humanitec.org/v1b1
profile: my-org/job
spec:
  labels: {"${metadata.name}-label": "${resources.db.name}"}
  containers:
    main:
      liveness_probe: {initialDelaySeconds: 3, port: 81}
      resources: null
    side: {image: x, args: ["echo ${HOME} $${values.A}"]}
  schedules: {nightly: {schedule: "0 0 * * *"}}
deploy: {when: before, success: complete, timeout: 30}
resources: {dns: {scope: shared}, vol: {scope: external}}
`)
	out, err := score.Convert(score.Input{Spec: spec, Extensions: ext})
	require.NoError(t, err)
	module := out.Modules["web"]
	require.Equal(t, "my-org/job", module["profile"])
	require.JSONEq(t, `{"when": "before", "success": "complete", "timeout": 30}`, asJSON(t, module["deploy"]))
	got := module["spec"].(map[string]any)
	require.JSONEq(t, `{"web-label": "${externals.db.name}"}`, asJSON(t, got["labels"]))
	require.JSONEq(t, `{
		"main": {"id": "main", "image": "nginx", "liveness_probe": {"type": "http", "path": "/", "port": 81, "initialDelaySeconds": 3}},
		"side": {"image": "x", "args": ["echo $\\{HOME} ${values.A}"]}}`, asJSON(t, got["containers"]))
	require.Contains(t, got, "schedules")
	require.Contains(t, out.Shared, "dns")
	require.NotContains(t, module["externals"], "dns")
	checkOutput(t, "extensions", out)
}

func TestExtensionErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ ext, err string }{
		"no version":       {`{profile: x}`, `extensions.apiVersion: expected "humanitec.org/v1b1"`},
		"profile":          {`{apiVersion: humanitec.org/v1b1, profile: 1}`, "extensions.profile: expected the name"},
		"spec":             {`{apiVersion: humanitec.org/v1b1, spec: []}`, "extensions.spec: expected an object"},
		"unknown key":      {`{apiVersion: humanitec.org/v1b1, sepc: {}}`, "extensions.sepc: this is not part"},
		"when":             {`{apiVersion: humanitec.org/v1b1, deploy: {when: later}}`, "extensions.deploy.when: expected one of [before deploy after]"},
		"when is a list":   {`{apiVersion: humanitec.org/v1b1, deploy: {when: [before]}}`, "extensions.deploy.when"},
		"timeout":          {`{apiVersion: humanitec.org/v1b1, deploy: {timeout: 1.5}}`, "extensions.deploy.timeout: expected a whole number"},
		"deploy key":       {`{apiVersion: humanitec.org/v1b1, deploy: {x: 1}}`, "extensions.deploy.x"},
		"scope":            {`{apiVersion: humanitec.org/v1b1, resources: {db: {}}}`, "extensions.resources.db.scope"},
		"unknown resource": {`{apiVersion: humanitec.org/v1b1, resources: {db: {scope: shared}}}`, "extensions.resources.db: the workload has no such resource; it declares: none"},
		"placeholder":      {`{apiVersion: humanitec.org/v1b1, spec: {x: ["${resources.q.w}"]}}`, `extensions.spec.x.0: placeholder ${resources.q.w}: the workload declares no resource "q"`},
		"keys collide":     {`{apiVersion: humanitec.org/v1b1, spec: {"${metadata.name}": 1, web: 2}}`, `two keys become "web"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := score.Convert(score.Input{Spec: parse(t, workload("", "")), Extensions: parse(t, tc.ext)})
			require.ErrorContains(t, err, tc.err)
		})
	}
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	spec := parse(t, strings.Replace(workload("variables: {A: a, B: b}\nargs: [x, y]", "service: {ports: {www: {port: 80}}}"), "nginx", ".", 1))
	before := asJSON(t, spec)
	out, err := score.Convert(score.Input{
		Spec:      spec,
		Image:     "app:7",
		Overrides: map[string]any{"containers": map[string]any{"main": map[string]any{"variables": map[string]any{"A": nil, "C": "c"}, "args": []any{"z", "q"}}}, "service": nil},
		PropertyOverrides: map[string]any{
			"containers.main.variables.D":       "d",
			"containers.main.variables.B":       nil,
			"containers.main.variables.x\\.y":   "dotted",
			"containers.main.args.1":            "second",
			"containers.side":                   map[string]any{"image": "."},
			"containers.side.variables.NEW":     "n",
			"containers.main.nothing.here":      nil,
			"metadata.annotations.example\\.io": "yes",
		},
	})
	require.NoError(t, err)
	require.Equal(t, before, asJSON(t, spec), "the input changed")
	got := out.Modules["web"]["spec"].(map[string]any)
	require.JSONEq(t, `{
		"main": {"id": "main", "image": "app:7", "args": ["z", "second"], "variables": {"C": "c", "D": "d", "x.y": "dotted"}},
		"side": {"id": "side", "image": "app:7", "variables": {"NEW": "n"}}}`, asJSON(t, got["containers"]))
	require.NotContains(t, got, "service")

	for path, want := range map[string]string{
		"containers.main.args.2":       `property_overrides["containers.main.args.2"]: "args" is a list of 2, it has no element "2"`,
		"containers.main.args.2.x":     `it has no element "2"`,
		"containers.main.args.-1":      `it has no element "-1"`,
		"containers.main.args.0.x":     "neither an object nor a list",
		"containers.main.image.x":      `"image" is neither an object nor a list`,
		"containers..image":            "empty part",
		"":                             "empty part",
		"containers.main.variables.É ": "", //nolint:gocritic // the blank is the point
	} {
		_, err := score.Convert(score.Input{Spec: spec, Image: "app:7", PropertyOverrides: map[string]any{path: "x"}})
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

func TestImage(t *testing.T) {
	t.Parallel()
	text := `{apiVersion: score.dev/v1b1, metadata: {name: web}, containers: {a1: {image: .}, b2: {}, c3: {image: keep}, d4: {image: null}}}`
	out, err := score.Convert(score.Input{Spec: parse(t, text), Image: "app:1"})
	require.NoError(t, err)
	for name, want := range map[string]string{"a1": "app:1", "b2": "app:1", "c3": "keep", "d4": "app:1"} {
		container := out.Modules["web"]["spec"].(map[string]any)["containers"].(map[string]any)[name].(map[string]any)
		require.Equal(t, want, container["image"], name)
	}
	_, err = score.Convert(score.Input{Spec: parse(t, text)})
	require.ErrorContains(t, err, "containers.a1.image: the container leaves its image open")
	require.ErrorContains(t, err, "containers.b2.image")
}

func TestConvertIsDeterministic(t *testing.T) {
	t.Parallel()
	bad := strings.ReplaceAll(workload("variables: {A: '${resources.q.a}', B: '${x}', C: '${resources.z.a}'}\nfiles: {/a: {source: x}, /b: {source: y}}", ""), "nginx", ".")
	good := parse(t, workload("variables: {A: '${resources.db.a}'}", someResources))
	_, first := score.Convert(score.Input{Spec: parse(t, bad), Image: "x"})
	require.Error(t, first)
	want, err := score.Convert(score.Input{Spec: good})
	require.NoError(t, err)
	for range 50 {
		_, again := score.Convert(score.Input{Spec: parse(t, bad), Image: "x"})
		require.Equal(t, first.Error(), again.Error())
		got, err := score.Convert(score.Input{Spec: good})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
