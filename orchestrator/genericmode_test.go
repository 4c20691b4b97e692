package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// TestGenericMode: the driver of a workload's resource reads the Score file as it was given, and what it makes is delivered.
// TestNativeScore: a Score file of the default class that no driver makes anything of is interpreted by Slipway itself.
func TestNativeScore(t *testing.T) {
	t.Parallel()
	file := func(name string, image any) m {
		return m{
			"spec": m{
				"apiVersion": "score.dev/v1b1", "metadata": m{"name": name},
				"containers": m{"main": m{"image": image, "variables": m{"HOST": "${resources.db.host}", "SHARED": "${resources.cache.host}", "PLAIN": "$${HOME}"}}},
				"service":    m{"ports": m{"http": m{"port": 80}}},
				"resources":  m{"db": m{"type": "postgres"}, "cache": m{"type": "redis", "id": "one"}},
			},
			"extensions": m{"kubernetes": m{"spec": m{"labels": m{"team": "a"}}, "deploy": m{"timeout": 60}}},
		}
	}
	set := func(id string, content m) deployset.Set {
		return deployset.Set{Workloads: map[string]map[string]any{id: content}}
	}
	resources := func(p *platform) {
		p.define("database", "postgres", "", m{"host": "db.internal", "port": 5432, "name": "x"})
		p.define("cache", "redis", "", m{"host": "cache.internal", "port": 6379})
	}
	t.Run("without a definition", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		resources(p)
		out := p.deploySet(p.env, set("api", file("api", "i:1"))).ok()
		require.Equal(t, m{"HOST": "db.internal", "SHARED": "cache.internal", "PLAIN": "${HOME}"}, out.object("ConfigMap", "api-configmap-main")["data"])
		out.object("Service", "api")
		pod := out.object("Deployment", "api")["spec"].(m)["template"].(m)
		require.Equal(t, "a", pod["metadata"].(m)["labels"].(m)["team"])
	})
	t.Run("with updates of its definition", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		resources(p)
		p.define("workload-updates", "workload", "", m{"update": []any{m{"op": "add", "path": "/spec/containers/main/variables/X", "value": "${context.env.id}"}}})
		out := p.deploySet(p.env, set("api", file("api", "i:1"))).ok()
		require.Equal(t, "development", out.object("ConfigMap", "api-configmap-main")["data"].(m)["X"])
	})
	t.Run("interpreted by a driver", func(t *testing.T) {
		t.Parallel()
		p := newPlatform(t)
		p.create(template("runs-scores", "workload", "", nil, m{"manifests": `
deployment.yaml:
  location: namespace
  data: {apiVersion: apps/v1, kind: Deployment, metadata: {name: theirs}, spec: {template: {metadata: {labels: {a: b}}}}}`}))
		object := p.deploySet(p.env, set("api", file("api", "i:1"))).ok().object("Deployment", "theirs")
		require.Equal(t, "api", object["metadata"].(m)["labels"].(m)["humanitec.io/workload"], "its state and logs are found by the label")
		require.Equal(t, m{"a": "b", "humanitec.io/workload": "api"}, object["spec"].(m)["template"].(m)["metadata"].(m)["labels"])
	})
	for name, c := range map[string]struct {
		set  deployset.Set
		want string
	}{
		"no Score file":      {set("api", m{"spec": "x"}), "workload api: /spec: it must be a Score file"},
		"no containers":      {set("api", m{"spec": m{"apiVersion": "score.dev/v1b1", "metadata": m{"name": "api"}}}), "workload api"},
		"another name":       {set("api", file("web", "i:1")), `metadata.name of its Score file is "web"`},
		"no image":           {set("api", file("api", ".")), "image"},
		"strange extensions": {set("api", m{"spec": file("api", "i:1")["spec"], "extensions": m{"kubernetes": "x"}}), "/extensions/kubernetes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			resources(p)
			p.deploySet(p.env, c.set).fails(c.want)
		})
	}
}

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
