package manifest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
)

func problemsOf(t *testing.T, err error) []string {
	t.Helper()
	var failed *manifest.Error
	require.ErrorAs(t, err, &failed)
	out := make([]string, len(failed.Problems))
	for i, problem := range failed.Problems {
		out[i] = problem.String()
	}
	return out
}

func TestRenderProblems(t *testing.T) {
	t.Parallel()
	const secretHere = ": a secret is not allowed here; secrets may be used in variables and files of containers only"
	container := func(extra string) string { return "containers: {c: {image: i, " + extra + "}}" }
	tests := map[string]struct {
		spec    string
		profile string
		want    []string
	}{
		"no containers":          {spec: "{}", want: []string{"spec.containers: expected at least one container"}},
		"containers are a list":  {spec: "containers: []", want: []string{"spec.containers: expected object, got array"}},
		"no image":               {spec: "containers: {c: {}}", want: []string{"spec.containers.c.image: expected the reference of an image"}},
		"image is a number":      {spec: "containers: {c: {image: 5}}", want: []string{"spec.containers.c.image: expected string, got number"}},
		"image not given":        {spec: `containers: {c: {image: "."}}`, want: []string{`spec.containers.c.image: "." stands for an image that is given when deploying, and none was given`}},
		"slip in top-level key":  {spec: "repicas: 1\n" + container(""), want: []string{`spec.repicas: unknown field; did you mean "replicas"?`}},
		"slip in container key":  {spec: container("livenessProbe: {}"), want: []string{`spec.containers.c.livenessProbe: unknown field; did you mean "liveness_probe"?`}},
		"slip in a native field": {spec: "pod: {nodeselector: {a: b}}\n" + container(""), want: []string{`spec.pod.nodeselector: unknown field; did you mean "nodeSelector"?`}},
		"deep native path":       {spec: "tolerations: [{key: a}, {key: 5, effekt: b}]\n" + container(""), want: []string{`spec.tolerations[1].effekt: unknown field; did you mean "effect"?`, "spec.tolerations[1].key: expected string, got number"}},
		"all at once": {
			spec: "replicas: many\n" + container("args: word, stdin: 3, workingDir: [a]"),
			want: []string{
				"spec.containers.c.args: expected array, got string", "spec.containers.c.stdin: expected boolean, got number",
				"spec.containers.c.workingDir: expected string, got array", "spec.replicas: expected whole number, got string",
			},
		},
		"fraction of a replica":   {spec: "replicas: 1.5\n" + container(""), want: []string{"spec.replicas: expected whole number, got number"}},
		"too many replicas":       {spec: "replicas: 3000000000\n" + container(""), want: []string{"spec.replicas: 3000000000 is out of range"}},
		"selector is ours":        {spec: "deployment: {selector: {}, template: {}, paused: true}\n" + container(""), want: []string{"spec.deployment.paused: cannot be set: the profile does", "spec.deployment.selector: cannot be set: the profile does", "spec.deployment.template: cannot be set: the profile does"}},
		"containers in pod":       {spec: "pod: {containers: []}\n" + container(""), want: []string{"spec.pod.containers: containers belong into spec.containers (or spec.extraContainers in Kubernetes' own form)"}},
		"selector label":          {spec: "labels: {app.kubernetes.io/name: other}\n" + container(""), want: []string{`spec.labels["app.kubernetes.io/name"]: this label selects the pods of the workload and is always "api"`}},
		"label value":             {spec: "pod: {labels: {a: 'not ok'}}\n" + container(""), want: []string{"spec.pod.labels.a: not a valid label value: at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit"}},
		"secret annotation":       {spec: "pod: {annotations: {a: 'secret:x'}}\n" + container(""), want: []string{"spec.pod.annotations.a" + secretHere}},
		"secret label":            {spec: "labels: {a: 'secret:x'}\n" + container(""), want: []string{"spec.labels.a" + secretHere}},
		"secret image":            {spec: "containers: {c: {image: 'secret:x'}}", want: []string{"spec.containers.c.image" + secretHere}},
		"secret args":             {spec: container("args: [a, 'secret:x']"), want: []string{"spec.containers.c.args[1]" + secretHere}},
		"secret native env":       {spec: container("env: [{name: A, value: 'secret:x'}]"), want: []string{"spec.containers.c.env[0].value" + secretHere}},
		"secret in native field":  {spec: "affinity: {nodeAffinity: 'secret:x'}\n" + container(""), want: []string{"spec.affinity.nodeAffinity" + secretHere}},
		"secret mode":             {spec: container("files: {/a/b: {mode: 'secret:0644', value: x}}"), want: []string{`spec.containers.c.files["/a/b"].mode` + secretHere}},
		"secret probe port":       {spec: container("liveness_probe: {type: tcp, port: 'secret:80'}"), want: []string{"spec.containers.c.liveness_probe.port" + secretHere}},
		"secret ConfigMap":        {spec: "extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: 'secret:x'}}]\n" + container(""), want: []string{"spec.extraObjects[0].data.a" + secretHere}},
		"secret name of a Secret": {spec: "extraObjects: [{apiVersion: v1, kind: Secret, metadata: {name: 'secret:x'}}]\n" + container(""), want: []string{"spec.extraObjects[0].metadata.name" + secretHere}},
		"whole variables secret":  {spec: container("variables: 'secret:x'"), want: []string{"spec.containers.c.variables" + secretHere}},
		"variable name":           {spec: container("variables: {'a b': x}"), want: []string{`spec.containers.c.variables["a b"]: not a valid name of a variable: letters, digits, _, - and . are allowed, and no digit in front`}},
		"secret and pod value":    {spec: container("variables: {A: 'secret:x $(_DOWNWARD_API_pod.metadata.name)'}"), want: []string{"spec.containers.c.variables.A: a secret and a pod or containers placeholder cannot be combined in one variable"}},
		"pod value in a label":    {spec: "labels: {a: $(_DOWNWARD_API_pod.metadata.name)}\n" + container(""), want: []string{"spec.labels.a: pod and containers placeholders work in variables, env, command and args only"}},
		"resources of a stranger": {spec: container("variables: {A: $(_DOWNWARD_API_containers.other.limits.cpu)}"), want: []string{`spec.containers.c: variable _DOWNWARD_API_containers.other.limits.cpu asks for the resources of container "other", which this pod does not have`}},
		"file without a name":     {spec: container("files: {/: {value: x}}"), want: []string{`spec.containers.c.files["/"]: expected the path of a file`}},
		"sub path":                {spec: "volumes: {v: {type: emptyDir}}\n" + container("volume_mounts: {/a: {id: v, sub_path: ../x}, b: {id: v, read_only: 3}}"), want: []string{"spec.containers.c.volume_mounts.b: expected an absolute path without :", "spec.containers.c.volume_mounts.b.read_only: expected boolean, got number", `spec.containers.c.volume_mounts["/a"].sub_path: expected a path inside the volume, without ..`}},
		"relative file":           {spec: container("files: {a/b: {value: x}, /a/../b: {value: x}}"), want: []string{`spec.containers.c.files["/a/../b"]: expected an absolute path without : and without . or .. elements`, `spec.containers.c.files["a/b"]: expected an absolute path without : and without . or .. elements`}},
		"file in a file":          {spec: container("files: {/a/b: {value: x}, /a/b/c/d: {value: x}}"), want: []string{`spec.containers.c.files["/a/b/c/d"]: /a/b is a file too and cannot also be a directory`}},
		"file in a volume":        {spec: "volumes: {v: {type: emptyDir}}\n" + container("volume_mounts: {/a: {id: v}}, files: {/a/b: {value: x}}"), want: []string{`spec.containers.c.files["/a/b"]: a file cannot lie inside the volume that is mounted at /a`}},
		"file over a volume":      {spec: "volumes: {v: {type: emptyDir}}\n" + container("volume_mounts: {/a/b: {id: v}}, files: {/a/b: {value: x}}"), want: []string{"spec.containers.c: two volumes are mounted at /a/b"}},
		"file mode":               {spec: container("files: {/a/b: {mode: '9', value: x}, /a/c: {mode: '1777', value: x}, /a/d: {mode: 420, value: x}}"), want: []string{`spec.containers.c.files["/a/b"].mode: expected octal digits from 0000 to 0777, got "9"`, `spec.containers.c.files["/a/c"].mode: expected octal digits from 0000 to 0777, got "1777"`, `spec.containers.c.files["/a/d"].mode: expected string, got number`}},
		"file content":            {spec: container("files: {/a/b: {}, /a/c: {value: x, binaryContent: eA==}, /a/d: {binaryContent: '?'}}"), want: []string{`spec.containers.c.files["/a/b"]: expected exactly one of value and binaryContent`, `spec.containers.c.files["/a/c"]: expected exactly one of value and binaryContent`, `spec.containers.c.files["/a/d"].binaryContent: expected base64 text`}},
		"unknown volume":          {spec: "volumes: {v: {type: emptyDir}}\n" + container("volume_mounts: {/a: {id: w}, /b: {id: externals.x}}"), want: []string{`spec.containers.c.volume_mounts["/a"].id: no volume "w"; known here: v`, `spec.containers.c.volume_mounts["/b"].id: resource externals.x brings no volume: it needs a definition whose manifests have one with location volumes`}},
		"native mount of nothing": {spec: container("volumeMounts: [{name: v, mountPath: /a}]"), want: []string{`spec.containers.c: mount /a refers to volume "v", which this pod does not have`}},
		"volume type":             {spec: "volumes: {v: {type: nfs}}\n" + container(""), want: []string{"spec.volumes.v.source: expected the source of the volume, with the fields of Kubernetes' NFSVolumeSource"}},
		"volume of another module": {spec: "volumes: {v: {type: secret}, w: {type: projected, configMap: {items: [{key: k, path: p}]}}}\n" + container(""), want: []string{
			"spec.volumes.v: spec.variables hold nothing for this volume; declare what it brings there, or name another source",
			"spec.volumes.w: spec.variables have no k"}},
		"a secret picked as plain": {spec: "variables: {k: 'secret:topsecret'}\nvolumes: {w: {type: projected, configMap: {items: [{key: k, path: p}]}}}\n" + container(""), want: []string{
			"spec.volumes.w: k is to be picked from secret: what is secret in spec.variables is kept in the Secret, the rest in the ConfigMap"}},
		"replicas of a daemonset": {profile: manifest.ProfileDaemonSet, spec: "replicas: 3\n" + container(""), want: []string{
			"spec.replicas: a DaemonSet has one pod on each node; choose nodes with nodeSelector or affinity"}},
		"template of a statefulset": {profile: manifest.ProfileStatefulSet, spec: "statefulset: {template: {}, serviceNam: x}\n" + container(""), want: []string{
			"spec.statefulset.serviceNam: unknown field; did you mean \"serviceName\"?", "spec.statefulset.template: cannot be set: the profile does"}},
		"two volumes of a name":     {spec: "volumes: {v: {type: emptyDir}}\nextraVolumes: [{name: v, nfs: {server: s, path: /}}]\n" + container(""), want: []string{`spec.extraVolumes[0]: another volume of this pod is named "v" already`}},
		"two containers of a name":  {spec: "extraContainers: [{name: c, image: i}]\n" + container(""), want: []string{`spec.extraContainers[0]: another container of this pod is named "c" already`}},
		"probe without type":        {spec: container("liveness_probe: {periodSeconds: 3}"), want: []string{"spec.containers.c.liveness_probe.type: expected one of http, tcp, grpc, command"}},
		"probe port":                {spec: container("liveness_probe: {type: tcp, port: 70000}, readiness_probe: {type: http, path: /}"), want: []string{"spec.containers.c.liveness_probe.port: expected a port from 1 to 65535, got 70000", "spec.containers.c.readiness_probe.port: expected a port"}},
		"quantity":                  {spec: container("resources: {limits: {cpu: lots}}"), want: []string{`spec.containers.c.resources.limits.cpu: expected quantity such as 250m or 64Mi, got "lots"`}},
		"request over limit":        {spec: container("resources: {limits: {cpu: 250m}, requests: {cpu: 1}}"), want: []string{"spec.containers.c.resources.requests.cpu: 1 is more than the limit 250m"}},
		"service ports":             {spec: "service: {ports: {a: {service_port: 80}, b: {service_port: '80'}, c: {service_port: web}, d: {service_port: 1, protocol: SMTP}}}\n" + container(""), want: []string{"spec.service.ports.b: TCP 80 is the port a already", `spec.service.ports.c.service_port: expected the number of a port, got "web"`, "spec.service.ports.d.protocol: expected TCP or UDP"}},
		"service port key":          {spec: "service: {ports: {a: {port: 80}}}\n" + container(""), want: []string{`spec.service.ports.a.port: unknown field; known here: container_port, name, protocol, service_port`, "spec.service.ports.a.service_port: expected a port"}},
		"schedules of a deployment": {spec: "schedules: {a: {schedule: '@daily'}}\n" + container(""), want: []string{"spec.schedules: schedules need the profile humanitec/default-cronjob"}},
		"restarting job":            {profile: manifest.ProfileJob, spec: "restartPolicy: Always\n" + container(""), want: []string{`spec.restartPolicy: expected Never or OnFailure, got "Always": a Job ends`}},
		"ending deployment":         {spec: "pod: {restartPolicy: Never}\n" + container(""), want: []string{`spec.restartPolicy: expected Always, got "Never": the pods of a Deployment always restart`}},
		"no schedules":              {profile: manifest.ProfileCronJob, spec: container(""), want: []string{"spec.schedules: expected at least one schedule"}},
		"bad schedule":              {profile: manifest.ProfileCronJob, spec: "schedules: {a: {schedule: '61 * * * *'}}\n" + container(""), want: []string{`spec.schedules.a.schedule: "61" is not a valid minute (0 to 59)`}},
		"override of a stranger":    {profile: manifest.ProfileCronJob, spec: "schedules: {a: {schedule: '@daily', containers: {d: {args: []}}}}\n" + container(""), want: []string{"spec.schedules.a.containers.d: unknown field; known here: c"}},
		"unknown profile":           {profile: "acme/own", spec: container(""), want: []string{`profile: no profile "acme/own"; known here: humanitec/default-cronjob, humanitec/default-daemonset, humanitec/default-job, humanitec/default-module, humanitec/default-statefulset`}},
		"extra object":              {spec: "extraObjects: [{kind: ConfigMap, metadata: {generateName: x-}}, 5]\n" + container(""), want: []string{"spec.extraObjects[0].apiVersion: expected a version such as v1 or apps/v1", "spec.extraObjects[0].metadata.name: expected a name; generateName would create another object with every deployment", "spec.extraObjects[1]: expected object, got number"}},
		"object twice":              {spec: "extraObjects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}}]\n" + container(""), want: []string{`spec.extraObjects: Deployment "api" exists twice in this workload`}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := module(t, tc.spec)
			w.Profile = tc.profile
			objects, err := manifest.Render(w)
			require.Nil(t, objects)
			require.Equal(t, tc.want, problemsOf(t, err))
		})
	}
}

func TestRenderRefusesNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		id, namespace, container, want string
	}{
		"upper case":       {id: "Api", namespace: "ns", container: "c", want: `id: "Api" is not a DNS label`},
		"too long":         {id: strings.Repeat("a", 64), namespace: "ns", container: "c", want: "is not a DNS label"},
		"empty":            {namespace: "ns", container: "c", want: `id: "" is not a DNS label`},
		"no namespace":     {id: "api", container: "c", want: `namespace: "" is not a DNS label`},
		"container":        {id: "api", namespace: "ns", container: "c_d", want: `spec.containers.c_d: "c_d" is not a DNS label`},
		"digit of Service": {id: "1api", namespace: "ns", container: "c", want: `id: "1api" cannot be the name of a Service`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := module(t, "service: {ports: {a: {service_port: 80}}}\ncontainers: {"+tc.container+": {image: i}}")
			w.ID, w.Namespace = tc.id, tc.namespace
			_, err := manifest.Render(w)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// No message may hold the text of a secret, wherever the secret stands.
func TestProblemsNeverShowSecrets(t *testing.T) {
	t.Parallel()
	for _, place := range []string{
		"containers: {c: {image: 'secret:topsecret'}}",
		"containers: {c: {image: i, variables: {'1 A': 'secret:topsecret', B: ['secret:topsecret']}, files: {/a: {value: 'secret:topsecret'}, /a/b: {binaryContent: 'secret:topsecret'}, /a/c: {mode: 'secret:topsecret'}}}}",
		"containers: {c: {image: i, resources: {limits: {cpu: 'secret:topsecret'}}, env: [{name: 'secret:topsecret'}], volume_mounts: {/a: {id: 'secret:topsecret'}}}}",
		"containers: {c: {image: i}}\nextraObjects: [{apiVersion: v1, kind: 'secret:topsecret', metadata: 'secret:topsecret'}]\nschedules: {a: {schedule: 'secret:topsecret'}}",
		"containers: {c: {image: i}}\nservice: {ports: {a: {service_port: 'secret:topsecret', name: 'secret:topsecret'}}}\nvolumes: {v: {type: 'secret:topsecret'}}",
	} {
		for _, profile := range []string{"", manifest.ProfileJob, manifest.ProfileCronJob, manifest.ProfileDaemonSet, manifest.ProfileStatefulSet} {
			w := module(t, place)
			w.Profile = profile
			_, err := manifest.Render(w)
			var failed *manifest.Error
			require.ErrorAs(t, err, &failed, place)
			require.NotContains(t, err.Error(), "topsecret")
		}
	}
}
