package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// TestRollOnReferences: what a resource brings rolls the pods that take from it when it changes, and no others.
func TestRollOnReferences(t *testing.T) {
	t.Parallel()
	from := func(kind, name string, data map[string]any) manifest.Object {
		return manifest.Object{From: "config.default#shared.x", Tree: map[string]any{"apiVersion": "v1", "kind": kind,
			"metadata": map[string]any{"name": name, "namespace": "ns"}, "data": data}}
	}
	plain := func(v string) manifest.Object { return from("ConfigMap", "settings", map[string]any{"a": v}) }
	secret := func(v string) manifest.Object {
		return from("Secret", "password", map[string]any{"a": placeholder.Secret{Value: v}})
	}
	digest := func(t *testing.T, spec, key string, others ...manifest.Object) any {
		w := module(t, spec)
		objects, err := manifest.Render(w)
		require.NoError(t, err)
		objects = append(objects, others...)
		manifest.RollOnReferences(objects, func(manifest.Object) []byte { return []byte(key) })
		for _, o := range objects {
			if o.Kind() != "Deployment" {
				continue
			}
			metadata := o.Tree["spec"].(map[string]any)["template"].(map[string]any)["metadata"].(map[string]any)
			annotations, _ := metadata["annotations"].(map[string]any)
			return annotations["checksum/references"]
		}
		return nil
	}
	uses := map[string]string{
		"envFrom":          `containers: {c: {image: i, envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: password}}]}}`,
		"env":              `containers: {c: {image: i, env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}, {name: B, valueFrom: {secretKeyRef: {name: password, key: a}}}]}}`,
		"volumes":          "containers: {c: {image: i}}\nvolumes: {v: {type: configMap, source: {name: settings}}, w: {type: secret, source: {secretName: password}}}",
		"projected":        "containers: {c: {image: i}}\nvolumes: {v: {type: projected, configMap: {name: settings}, secret: {name: password}}}",
		"an initContainer": "containers: {c: {image: i}}\npod: {initContainers: [{name: one, image: i, envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: password}}]}]}",
	}
	for name, spec := range uses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := digest(t, spec, "k", plain("1"), secret("x"))
			require.NotEmpty(t, first)
			require.Equal(t, first, digest(t, spec, "k", secret("x"), plain("1")), "the order is of no matter")
			require.NotEqual(t, first, digest(t, spec, "k", plain("2"), secret("x")))
			require.NotEqual(t, first, digest(t, spec, "k", plain("1"), secret("y")))
			require.NotEqual(t, first, digest(t, spec, "another", plain("1"), secret("x")), "nobody can guess a secret without the key")
			require.Nil(t, digest(t, spec, "k"), "what is not Slipway's is not known")
		})
	}
	t.Run("its own are covered elsewhere", func(t *testing.T) {
		t.Parallel()
		require.Nil(t, digest(t, `containers: {c: {image: i, variables: {A: b, P: "secret:topsecret"}, files: {/a/b: {value: c}}}}`, "k", plain("1")))
	})
	t.Run("one that says so rolls nothing", func(t *testing.T) {
		t.Parallel()
		quiet := plain("1")
		quiet.Tree["metadata"].(map[string]any)["annotations"] = map[string]any{manifest.AnnotationRoll: "false"}
		require.Nil(t, digest(t, `containers: {c: {image: i, envFrom: [{configMapRef: {name: settings}}]}}`, "k", quiet))
	})
	t.Run("pull secrets do not count", func(t *testing.T) {
		t.Parallel()
		require.Nil(t, digest(t, "imagePullSecrets: [{name: password}]\ncontainers: {c: {image: i}}", "k", secret("x")))
	})
}
