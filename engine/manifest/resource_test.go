package manifest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func refs(objects []manifest.Object) []string {
	out := make([]string, len(objects))
	for i, object := range objects {
		out[i] = object.Ref()
	}
	return out
}

func TestFromResource(t *testing.T) {
	t.Parallel()
	object := func(kind string) map[string]any {
		return map[string]any{"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": "a"}, "status": map[string]any{}}
	}
	tests := map[string]struct {
		location string
		data     any
		want     []string
		err      string
	}{
		"object":               {location: "namespace", data: object("ConfigMap"), want: []string{"/ConfigMap/ns/a"}},
		"text":                 {location: "namespace", data: "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}", want: []string{"apps/Deployment/ns/a"}},
		"documents":            {location: "namespace", data: "---\n# nothing\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: x.io/v1\nkind: Thing\nmetadata: {name: b, namespace: other}\n", want: []string{"/Service/ns/a", "x.io/Thing/other/b"}},
		"list":                 {location: "namespace", data: map[string]any{"apiVersion": "v1", "kind": "List", "items": []any{object("ConfigMap"), object("Secret")}}, want: []string{"/ConfigMap/ns/a", "/Secret/ns/a"}},
		"array":                {location: "namespace", data: []any{object("ConfigMap")}, want: []string{"/ConfigMap/ns/a"}},
		"nothing":              {location: "namespace", data: nil, want: []string{}},
		"empty text":           {location: "cluster", data: " \n", want: []string{}},
		"of the cluster":       {location: "cluster", data: object("Namespace"), want: []string{"/Namespace//a"}},
		"volume in namespace":  {location: "namespace", data: object("PersistentVolume"), want: []string{"/PersistentVolume//a"}},
		"role name with colon": {location: "cluster", data: "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:a'}", want: []string{"rbac.authorization.k8s.io/ClusterRole//system:a"}},
		"custom Service":       {location: "cluster", data: "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}", want: []string{"serving.knative.dev/Service//a"}},
		"namespaced":           {location: "cluster", data: object("ConfigMap"), err: "[0].metadata.namespace: objects of this kind live in a namespace"},
		"location":             {location: "pods", data: object("ConfigMap"), err: `location: expected namespace or cluster, got "pods"`},
		"a number":             {location: "namespace", data: 5.0, err: "[0]: expected a Kubernetes object, got number"},
		"a word":               {location: "namespace", data: "word", err: "[0]: expected a Kubernetes object, got string"},
		"broken text":          {location: "namespace", data: "a: b\nc: [topsecret", err: "not valid YAML"},
		"key twice":            {location: "namespace", data: "apiVersion: v1\nkind: A\nkind: B\nmetadata: {name: topsecret}", err: "not valid YAML (line 3 of the document)"},
		"no kind":              {location: "namespace", data: map[string]any{"apiVersion": "v1", "metadata": map[string]any{"name": "a"}}, err: "[0].kind: expected the kind"},
		"name of a wrong type": {location: "namespace", data: map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": 5.0}}, err: "[0].metadata.name: expected string, got number"},
		"name with a slash":    {location: "namespace", data: map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": "a/b"}}, err: `"a/b" is not a valid name`},
		"label":                {location: "namespace", data: map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": "a", "labels": map[string]any{"x": "not ok", "y": true}}}, err: "[0].metadata.labels.y: expected string, got boolean"},
		"not JSON":             {location: "namespace", data: map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": "a"}, "x": struct{}{}}, err: "is not JSON"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects, err := manifest.FromResource(manifest.Manifest{Location: tc.location, Name: "m", Data: tc.data, From: "type.class#id"}, "ns")
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				require.NotContains(t, err.Error(), "topsecret")
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, refs(objects))
			for _, object := range objects {
				require.Equal(t, "type.class#id", object.From)
				require.NotContains(t, object.Tree, "status")
			}
		})
	}
}

func TestFromResourceSealsSecrets(t *testing.T) {
	t.Parallel()
	const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {x: topsecret}}\ntype: Opaque\nstringData: {p: topsecret}\ndata: {q: dG9wc2VjcmV0}"
	const other = "apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: a, labels: {l: v}, annotations: {x: topsecret}}\nspec: {p: topsecret}"
	tests := map[string]struct {
		data        any
		secret      bool
		annotations any
	}{
		"Secret":           {data: secret, annotations: map[string]any{"x": "topsecret"}},
		"secret Secret":    {data: secret, secret: true, annotations: map[string]any{"x": "(secret)"}},
		"secret manifest":  {data: other, secret: true, annotations: map[string]any{"x": "(secret)"}},
		"sealed text":      {data: placeholder.Secret{Value: other}, annotations: map[string]any{"x": "(secret)"}},
		"secret in a tree": {data: map[string]any{"apiVersion": "x.io/v1", "kind": "Thing", "metadata": map[string]any{"name": "a"}, "spec": map[string]any{"p": placeholder.Secret{Value: "topsecret"}}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects, err := manifest.FromResource(manifest.Manifest{Location: "namespace", Name: "m", Data: tc.data, Secret: tc.secret, From: "r"}, "ns")
			require.NoError(t, err)
			require.Len(t, objects, 1)
			shown, _ := placeholder.Redact(objects[0].Tree).(map[string]any)
			metadata, _ := shown["metadata"].(map[string]any)
			require.Equal(t, "a", objects[0].Name())
			require.Equal(t, tc.annotations, metadata["annotations"])
			delete(metadata, "annotations")
			raw, err := json.Marshal(shown)
			require.NoError(t, err)
			require.NotContains(t, string(raw), "topsecret")
			require.NotContains(t, string(raw), "dG9wc2VjcmV0")
			revealed, err := json.Marshal(placeholder.Reveal(objects[0].Tree))
			require.NoError(t, err)
			require.Contains(t, string(revealed), "topsecret")
		})
	}
	_, err := manifest.FromResource(manifest.Manifest{Location: "namespace", Data: map[string]any{"apiVersion": "v1", "kind": "A", "metadata": map[string]any{"name": placeholder.Secret{Value: "topsecret"}}}}, "ns")
	require.ErrorContains(t, err, "[0].metadata.name: a secret is not allowed here")
}

func TestSort(t *testing.T) {
	t.Parallel()
	ordered := []manifest.Object{
		object("v1", "Namespace", "a"), object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "a"), object("v1", "ServiceAccount", "a"),
		object("v1", "Secret", "a"), object("v1", "ConfigMap", "a"), object("v1", "ConfigMap", "b"), object("v1", "PersistentVolume", "a"),
		object("v1", "PersistentVolumeClaim", "a"), object("v1", "Service", "a"), object("x.io/v1", "Secret", "a"), object("x.io/v1", "Thing", "a"),
		object("apps/v1", "Deployment", "a"), object("batch/v1", "Job", "a"), object("autoscaling/v2", "HorizontalPodAutoscaler", "a"),
		object("networking.k8s.io/v1", "Ingress", "a"), object("networking.k8s.io/v1", "Ingress", "b"),
	}
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(ordered).Draw(t, "objects")
		manifest.Sort(shuffled)
		require.Equal(t, refs(ordered), refs(shuffled))
	})
}

func object(apiVersion, kind, name string) manifest.Object {
	return manifest.Object{Tree: map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": name}}}
}
