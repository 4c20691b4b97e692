package manifest_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestImageIn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		image, registry string
		want            bool
	}{
		"the domain":                  {"ghcr.io/acme/api:1", "ghcr.io", true},
		"another domain":              {"ghcr.io/acme/api:1", "quay.io", false},
		"a longer domain":             {"ghcr.io.example/acme/api:1", "ghcr.io", false},
		"a path":                      {"ghcr.io/acme/api:1", "ghcr.io/acme", true},
		"another path":                {"ghcr.io/acmeplus/api:1", "ghcr.io/acme", false},
		"a whole repository":          {"ghcr.io/acme/api:1", "ghcr.io/acme/api", true},
		"a whole repository, digest":  {"ghcr.io/acme/api@sha256:00", "ghcr.io/acme/api", true},
		"a port":                      {"registry.local:5000/api", "registry.local:5000", true},
		"a port that is another":      {"registry.local:5001/api", "registry.local:5000", false},
		"the domain without its port": {"registry.local:5000/api", "registry.local", false},
		"capital letters":             {"GHCR.io/acme/api", "ghcr.IO", true},
		"no domain":                   {"nginx:1", "docker.io", true},
		"a user of docker.io":         {"acme/api", "docker.io/acme", true},
		"the old name":                {"acme/api", "index.docker.io", true},
		"no domain, of elsewhere":     {"acme/api", "ghcr.io", false},
		"localhost":                   {"localhost/api", "docker.io", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, manifest.ImageIn(c.image, c.registry))
		})
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	w := module(t, `
containers: {main: {image: "a:1"}, other: {image: "b:1"}, broken: {image: 5}}
extraContainers: [{name: x, image: "c:1"}]
pod: {initContainers: [{name: y, image: "d:1"}, {name: z, image: "a:1"}]}`)
	w.Injected = []manifest.Injection{
		{Location: "containers", Data: map[string]any{"name": "s", "image": "e:1"}},
		{Location: "container", Data: "name: t\nimage: f:1"},
		{Location: "containers", Data: "{"},
		{Location: "volumes", Data: map[string]any{"name": "v", "image": "not one"}},
	}
	require.Equal(t, []string{"a:1", "b:1", "c:1", "d:1", "e:1", "f:1"}, manifest.Images(w))
}

func TestPullSecret(t *testing.T) {
	t.Parallel()
	for registry, key := range map[string]string{"ghcr.io/acme": "ghcr.io/acme", "docker.io": "https://index.docker.io/v1/"} {
		o := manifest.PullSecret{ID: "images", Registry: registry, Username: "ada", Password: "hunter2", Namespace: "ns"}.Object()
		require.Equal(t, "/Secret/ns/slipway-registry-images", o.Ref())
		leaf, sealed := o.Tree["data"].(map[string]any)[".dockerconfigjson"].(placeholder.Secret)
		require.True(t, sealed)
		raw, err := base64.StdEncoding.DecodeString(leaf.Value.(string))
		require.NoError(t, err)
		require.JSONEq(t, `{"auths": {"`+key+`": {"username": "ada", "password": "hunter2", "auth": "YWRhOmh1bnRlcjI="}}}`, string(raw))
	}
}
