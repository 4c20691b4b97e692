package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// TestGenericMode: the driver of a workload's resource reads the Score file as it was given, and what it makes is delivered.
func TestGenericMode(t *testing.T) {
	t.Parallel()
	score := m{"class": "run", "extensions": m{"kubernetes": m{"a": "b"}}, "spec": m{
		"apiVersion": "score.dev/v1b1", "containers": m{"main": m{"image": "i:1", "variables": m{"HOST": "${resources.redis.host}"}}},
	}}
	generic := deployset.Set{Workloads: map[string]map[string]any{"api": score}}
	t.Run("interpreted", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		p.create(template("run", "workload", "run", nil, m{"manifests": `
service.yaml:
  location: namespace
  data:
    apiVersion: serving.knative.dev/v1
    kind: Service
    metadata:
      name: {{ .resource.id }}
      annotations: {{ toRawJson .resource.extensions.kubernetes }}
    spec:
      host: {{ .resource.spec.containers.main.variables.HOST | quote }}`}))
		out := p.deploySet(p.env, generic).ok()
		object := out.object("Service", "api")
		require.Equal(t, m{"host": "${resources.redis.host}"}, object["spec"])
		require.Equal(t, m{"a": "b"}, object["metadata"].(m)["annotations"])
	})
	t.Run("interpreted by nobody", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		p.deploySet(p.env, generic).fails("workload api: no definition of type workload and class run matches")
	})
	t.Run("left alone by its definition", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		p.define("run", "workload", "run", m{"update": []any{}})
		require.Contains(t, p.logOf(p.deploySet(p.env, generic).ok()), "its driver humanitec/echo makes nothing of a Score file")
	})
}
