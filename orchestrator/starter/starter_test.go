package starter_test

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

func TestTypes(t *testing.T) {
	t.Parallel()
	types := starter.Types()
	require.GreaterOrEqual(t, len(types), 45)
	seen := map[string]bool{}
	names := []string{}
	for _, ty := range types {
		require.False(t, seen[ty.Type], ty.Type)
		seen[ty.Type] = true
		names = append(names, ty.Type)
		require.NotEmpty(t, ty.Name, ty.Type)
		require.NotEmpty(t, ty.Category, ty.Type)
		require.Contains(t, []string{resource.UseDirect, resource.UseIndirect, resource.UseImplicit}, ty.Use, ty.Type)
		require.Equal(t, "object", ty.InputsSchema["type"], ty.Type)
		require.NotContains(t, ty.InputsSchema, "additionalProperties", "schemas are open")
		require.NotContains(t, ty.InputsSchema, "required", "schemas are open")
		properties := ty.OutputsSchema["properties"].(map[string]any)
		require.Contains(t, properties, "values")
		require.Contains(t, properties, "secrets")
	}
	require.True(t, sort.StringsAreSorted(names))
	types[0].InputsSchema["type"] = "changed"
	require.Equal(t, "object", starter.Types()[0].InputsSchema["type"], "every call gives a copy")
}

func TestDefinitionsAreComplete(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, ty := range starter.Types() {
		known[ty.Type] = true
	}
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))
	definitions := starter.Definitions(starter.Options{})
	require.Len(t, definitions, len(starter.Files())-1, "every file but one of the two clusters")
	criteria, ids := map[string]string{}, map[string]bool{}
	for _, d := range definitions {
		id := d.Metadata.ID
		require.Equal(t, "entity.humanitec.io/v1b1", d.APIVersion, id)
		require.Equal(t, "Definition", d.Kind, id)
		require.False(t, ids[id], id)
		ids[id] = true
		require.NotEmpty(t, d.Entity.Name, id)
		require.True(t, known[d.Entity.Type], "%s has the unknown type %s", id, d.Entity.Type)
		_, _, err := registry.Resolve(d.Entity.DriverType)
		require.NoError(t, err, id)
		require.NotEmpty(t, d.Entity.Criteria, id)
		for _, c := range d.Entity.Criteria {
			key := d.Entity.Type + "." + c.Class
			require.Empty(t, criteria[key], "%s and %s answer the same", id, criteria[key])
			criteria[key] = id
		}
	}
}

func TestFilesAreManifestsToCopy(t *testing.T) {
	t.Parallel()
	for name, text := range starter.Files() {
		var d starter.Definition
		require.NoError(t, yaml.UnmarshalStrict([]byte(text), &d), name)
		require.True(t, strings.HasPrefix(text, "# "), "%s starts by saying what it is", name)
		require.True(t, strings.HasPrefix(d.Metadata.ID, "starter-"), name)
		require.NotContains(t, text, ":latest", name)
	}
}

func find(t *testing.T, opts starter.Options, id string) starter.Definition {
	t.Helper()
	for _, d := range starter.Definitions(opts) {
		if d.Metadata.ID == id {
			return d
		}
	}
	t.Fatalf("no definition %s", id)
	return starter.Definition{}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	plain := find(t, starter.Options{}, "starter-k8s-cluster")
	require.Equal(t, "humanitec/k8s-cluster", plain.Entity.DriverType)

	opts := starter.Options{GitURL: "https://git.example.com/r", Branch: "live", AgeRecipients: []string{"age1x"},
		Domain: "apps.example.com", IngressClass: "nginx", Storage: starter.StorageEphemeral}
	git := find(t, opts, "starter-k8s-cluster")
	require.Equal(t, "humanitec/k8s-cluster-git", git.Entity.DriverType)
	require.Equal(t, map[string]any{"url": "https://git.example.com/r", "branch": "live", "age_recipients": []any{"age1x"},
		"path": "${context.app.id}/${context.env.id}"}, git.Entity.DriverInputs.Values)
	require.Equal(t, "apps.example.com", find(t, opts, "starter-dns").Entity.DriverInputs.Values["domain"])
	require.Equal(t, "nginx", find(t, opts, "starter-ingress").Entity.DriverInputs.Values["class"])
	require.Equal(t, "ephemeral", find(t, opts, "starter-postgres").Entity.DriverInputs.Values["storage"])
	require.Equal(t, "ephemeral", find(t, opts, "starter-volume").Entity.DriverInputs.Values["storage"])
	require.NotContains(t, find(t, opts, "starter-route").Entity.DriverInputs.Values, "storage")
}

// Every placeholder of the files is one that the engine can read.
func TestPlaceholdersParse(t *testing.T) {
	t.Parallel()
	for _, d := range starter.Definitions(starter.Options{GitURL: "https://git.example.com/r"}) {
		text, err := json.Marshal(d.Entity.DriverInputs)
		require.NoError(t, err)
		var tree any
		require.NoError(t, json.Unmarshal(text, &tree))
		err = placeholder.Walk(tree, func(_ string, ref placeholder.Reference) error {
			if ref.Path[0] != "resources" {
				require.Equal(t, "context", ref.Path[0], d.Metadata.ID)
				return nil
			}
			_, err := resource.ParsePath(ref)
			return err
		})
		require.NoError(t, err, d.Metadata.ID)
	}
}
