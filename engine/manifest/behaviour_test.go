package manifest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func render(t testing.TB, w manifest.Workload) []manifest.Object {
	t.Helper()
	objects, err := manifest.Render(w)
	require.NoError(t, err)
	return objects
}

func deploymentOf(t testing.TB, w manifest.Workload) *appsv1.Deployment {
	t.Helper()
	return find[*appsv1.Deployment](t, render(t, w), "Deployment", w.ID)
}

func TestSecretsStaySealedUntilRevealed(t *testing.T) {
	t.Parallel()
	objects := render(t, readInput(t, "module"))
	for _, object := range objects {
		require.Equal(t, object.Kind() == "Secret", placeholder.ContainsSecret(object.Tree), object.Ref())
		raw, err := json.Marshal(object.Tree)
		require.NoError(t, err)
		for _, value := range []string{"p4ss", "cDRzcw==", "hunter2", "PRIVATE", "module-token"} {
			require.NotContains(t, string(raw), value)
		}
	}
	variables := find[*corev1.Secret](t, objects, "Secret", "api-secrets-main")
	require.Equal(t, "p4ss", string(variables.Data["PASSWORD"]))
	files := find[*corev1.Secret](t, objects, "Secret", "api-secrets")
	require.Equal(t, "PRIVATE", string(files.Data["file-bc074faaafc5-key.pem"]))
	require.Equal(t, "hunter2", find[*corev1.Secret](t, objects, "Secret", "extra").StringData["password"])
}

func TestSecretValuesBecomeText(t *testing.T) {
	t.Parallel()
	w := module(t, "containers: {c: {image: i}}")
	container := w.Spec["containers"].(map[string]any)["c"].(map[string]any)
	container["variables"] = map[string]any{
		"NUMBER": placeholder.Secret{Value: 5432.0},
		"TREE":   map[string]any{"user": "u", "password": placeholder.Secret{Value: "<p>"}},
	}
	container["files"] = map[string]any{
		"/a/tree": map[string]any{"value": map[string]any{"k": placeholder.Secret{Value: true}}},
		"/a/bin":  map[string]any{"binaryContent": placeholder.Secret{Value: "/w=="}},
	}
	objects := render(t, w)
	secret := find[*corev1.Secret](t, objects, "Secret", "api-secrets-c")
	require.Equal(t, "5432", string(secret.Data["NUMBER"]))
	require.JSONEq(t, `{"password":"<p>","user":"u"}`, string(secret.Data["TREE"]))
	values := map[string]bool{}
	for _, value := range find[*corev1.Secret](t, objects, "Secret", "api-secrets").Data {
		values[string(value)] = true
	}
	require.Equal(t, map[string]bool{`{"k":true}`: true, "\xff": true}, values)
}

func TestChecksums(t *testing.T) {
	t.Parallel()
	annotations := func(spec, key string) map[string]string {
		w := module(t, spec)
		w.ChecksumKey = []byte(key)
		return deploymentOf(t, w).Spec.Template.Annotations
	}
	spec := "containers: {c: {image: i, variables: {A: x, S: 'secret:y'}}}"
	base := annotations(spec, "k")
	require.Len(t, base["checksum/config"], 64)
	require.Len(t, base["checksum/secrets"], 64)
	require.Equal(t, base, annotations(spec, "k"))
	require.Empty(t, annotations(spec, "")["checksum/secrets"], "no digest of secrets without a key")
	require.NotEqual(t, base["checksum/secrets"], annotations(spec, "other")["checksum/secrets"])

	variable := annotations(strings.Replace(spec, "A: x", "A: z", 1), "k")
	require.NotEqual(t, base["checksum/config"], variable["checksum/config"])
	require.Equal(t, base["checksum/secrets"], variable["checksum/secrets"])
	secret := annotations(strings.Replace(spec, "secret:y", "secret:z", 1), "k")
	require.Equal(t, base["checksum/config"], secret["checksum/config"])
	require.NotEqual(t, base["checksum/secrets"], secret["checksum/secrets"])

	bare := annotations("containers: {c: {image: i}}", "k")
	require.Empty(t, bare, "nothing to sum")
}

func TestEqualSecretsOfTwoWorkloadsHaveDifferentChecksums(t *testing.T) {
	t.Parallel()
	sum := func(id string) string {
		w := module(t, "containers: {c: {image: i, variables: {S: 'secret:y'}}}")
		w.ID, w.ChecksumKey = id, []byte("k")
		return deploymentOf(t, w).Spec.Template.Annotations["checksum/secrets"]
	}
	require.NotEqual(t, sum("a"), sum("b"))
}

func TestNewFormOverridesOldKeyByKey(t *testing.T) {
	t.Parallel()
	d := deploymentOf(t, module(t, `
annotations: {a: old, b: old}
labels: {a: old, b: old}
hostname: old
subdomain: old
minReadySeconds: 1
progressDeadlineSeconds: 1
pod: {annotations: {a: new, c: 5}, labels: {a: new, c: true}, hostname: new}
deployment: {minReadySeconds: 2, annotations: {d: x}}
containers: {c: {image: i}}`))
	require.Equal(t, map[string]string{"a": "new", "b": "old", "c": "5"}, d.Spec.Template.Annotations)
	require.Equal(t, "new", d.Spec.Template.Labels["a"])
	require.Equal(t, "old", d.Spec.Template.Labels["b"])
	require.Equal(t, "true", d.Spec.Template.Labels["c"])
	require.Equal(t, "new", d.Spec.Template.Spec.Hostname)
	require.Equal(t, "old", d.Spec.Template.Spec.Subdomain)
	require.Equal(t, int32(2), d.Spec.MinReadySeconds)
	require.Equal(t, int32(1), *d.Spec.ProgressDeadlineSeconds)
	require.Equal(t, map[string]string{"d": "x"}, d.Annotations)
	require.Nil(t, d.Spec.Replicas, "without a number an autoscaler owns the field")
}

func TestServiceOnlyWithPorts(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]string{
		"no service":  "containers: {c: {image: i}}",
		"empty ports": "service: {ports: {}, labels: {a: b}}\ncontainers: {c: {image: i}}",
		"a job":       "service: {ports: {a: {service_port: 80}}}\ncontainers: {c: {image: i}}",
	} {
		w := module(t, spec)
		if name == "a job" {
			w.Profile = manifest.ProfileJob
		}
		for _, object := range render(t, w) {
			require.NotEqual(t, "Service", object.Kind(), name)
		}
	}
}

func TestInjection(t *testing.T) {
	t.Parallel()
	sidecar := func(from, image string) manifest.Injection {
		return manifest.Injection{Location: "container", Name: "s", From: from, Data: map[string]any{"name": "s", "image": image}}
	}
	volume := func(from, name string, references ...string) manifest.Injection {
		return manifest.Injection{Location: "volume", Name: name, From: from, References: references, Data: "name: " + name + "\nemptyDir: {}"}
	}
	tests := map[string]struct {
		spec     string
		injected []manifest.Injection
		want     string
	}{
		"same sidecar twice":       {injected: []manifest.Injection{sidecar("a", "x"), sidecar("b", "x")}},
		"different sidecars":       {injected: []manifest.Injection{sidecar("a", "x"), sidecar("b", "y")}, want: `another container of this pod is named "s" already`},
		"sidecar with a secret":    {injected: []manifest.Injection{{Location: "containers", Name: "s", From: "a", Data: map[string]any{"name": "s", "image": "i", "args": []any{placeholder.Secret{Value: "x"}}}}}, want: "args[0]: a secret is not allowed here"},
		"sidecar of a wrong shape": {injected: []manifest.Injection{{Location: "containers", Name: "s", From: "a", Data: map[string]any{"name": "s", "image": 5.0}}}, want: "manifest s of a.image: expected string, got number"},
		"not YAML":                 {injected: []manifest.Injection{{Location: "containers", Name: "s", From: "a", Data: "a: [topsecret"}}, want: "manifest s of a: not valid YAML"},
		"a list":                   {injected: []manifest.Injection{{Location: "volumes", Name: "s", From: "a", Data: []any{}}}, want: "expected object, got array"},
		"another location":         {injected: []manifest.Injection{{Location: "cluster", Name: "s", From: "a"}}, want: `expected location containers or volumes, got "cluster"`},
		"linked volume":            {spec: "volume_mounts: {/d: {id: shared.d}}", injected: []manifest.Injection{volume("a", "v", "externals.d", "shared.d")}},
		"two volumes of one":       {spec: "volume_mounts: {/d: {id: externals.d}}", injected: []manifest.Injection{volume("a", "v", "externals.d"), volume("a", "w", "externals.d")}, want: "resource externals.d brings 2 volumes (v, w); name the one to mount"},
		"one of two volumes":       {spec: "volume_mounts: {/d: {id: w}}", injected: []manifest.Injection{volume("a", "v", "externals.d"), volume("a", "w", "externals.d")}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := module(t, "containers: {c: {image: i, "+tc.spec+"}}")
			w.Injected = tc.injected
			objects, err := manifest.Render(w)
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				require.NotContains(t, err.Error(), "topsecret")
				return
			}
			require.NoError(t, err)
			pod := find[*appsv1.Deployment](t, objects, "Deployment", "api").Spec.Template.Spec
			for _, mount := range pod.Containers[0].VolumeMounts {
				require.Contains(t, []string{"v", "w"}, mount.Name)
			}
			require.LessOrEqual(t, len(pod.Containers), 2)
		})
	}
}

func TestOrderOfInjectionsDoesNotMatter(t *testing.T) {
	t.Parallel()
	w := readInput(t, "module")
	want := toYAML(t, render(t, w))
	for i := range w.Injected {
		w.Injected[0], w.Injected[i] = w.Injected[i], w.Injected[0]
		require.Equal(t, want, toYAML(t, render(t, w)))
	}
}

func TestNativeFormsOfProbesAndHooks(t *testing.T) {
	t.Parallel()
	c := deploymentOf(t, module(t, `containers: {c: {image: i,
  liveness_probe: {httpGet: {path: /, port: 80}, periodSeconds: "3"},
  readiness_probe: {path: /ready, port: "8080", scheme: https, headers: [{name: A, value: b}]},
  startup_probe: {command: [true, x]},
  lifecycle: {preStop: {sleep: {seconds: 5}}, postStart: {type: tcp, port: 1, host: h}}}}`)).Spec.Template.Spec.Containers[0]
	require.Equal(t, int32(3), c.LivenessProbe.PeriodSeconds)
	require.Equal(t, 80, c.LivenessProbe.HTTPGet.Port.IntValue())
	require.Equal(t, corev1.URISchemeHTTPS, c.ReadinessProbe.HTTPGet.Scheme)
	require.Equal(t, []string{"true", "x"}, c.StartupProbe.Exec.Command)
	require.Equal(t, int64(5), c.Lifecycle.PreStop.Sleep.Seconds)
	require.Equal(t, "h", c.Lifecycle.PostStart.TCPSocket.Host)
}

func TestJobIsReplacedAndNeverRestarts(t *testing.T) {
	t.Parallel()
	w := module(t, "containers: {c: {image: i}}\ndeployment: {annotations: {a: b}}\nreplicas: 2")
	w.Profile = manifest.ProfileJob
	job := find[*batchv1.Job](t, render(t, w), "Job", "api")
	require.Equal(t, "true", job.Annotations[manifest.AnnotationForce])
	require.NotContains(t, job.Annotations, "a", "fields of a Deployment do not touch a Job")
	require.Equal(t, corev1.RestartPolicyNever, job.Spec.Template.Spec.RestartPolicy)
}

func TestLongNamesAreCutAndStayApart(t *testing.T) {
	t.Parallel()
	w := readInput(t, "cronjob")
	names := map[string]bool{}
	for _, suffix := range []string{"a", "b"} {
		id := strings.Repeat("x", 60) + suffix
		w.Spec["schedules"] = map[string]any{id: map[string]any{"schedule": "@daily"}}
		for _, object := range render(t, w) {
			if object.Kind() == "CronJob" {
				require.LessOrEqual(t, len(object.Name()), 52)
				names[object.Name()] = true
			}
		}
	}
	require.Len(t, names, 2)
}

func TestTooLargeConfig(t *testing.T) {
	t.Parallel()
	w := module(t, "containers: {c: {image: i, files: {/a/b: {value: x}}}}")
	file := w.Spec["containers"].(map[string]any)["c"].(map[string]any)["files"].(map[string]any)["/a/b"].(map[string]any)
	file["value"] = strings.Repeat("x", 1<<20)
	_, err := manifest.Render(w)
	require.ErrorContains(t, err, "in api-configmap, at most 1048576 fit")
}

func TestRenderDoesNotChangeItsInput(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"module", "job", "cronjob"} {
		w := readInput(t, name)
		render(t, w)
		require.Equal(t, readInput(t, name), w)
	}
}

func TestOldFormsOfNumbers(t *testing.T) {
	t.Parallel()
	w := module(t, "containers: {c: {image: i}}")
	w.Spec["replicas"] = 2
	w.Spec["terminationGracePeriodSeconds"] = json.Number("7")
	w.Spec["hostNetwork"] = "true"
	d := deploymentOf(t, w)
	require.Equal(t, int32(2), *d.Spec.Replicas)
	require.Equal(t, int64(7), *d.Spec.Template.Spec.TerminationGracePeriodSeconds)
	require.True(t, d.Spec.Template.Spec.HostNetwork)
}
