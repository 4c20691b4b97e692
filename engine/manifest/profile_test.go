package manifest_test

import (
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func schemaOf(t *testing.T, id string) *jsonschema.Schema {
	t.Helper()
	for _, p := range manifest.Profiles() {
		if p.QualifiedID() != id {
			continue
		}
		raw, err := json.Marshal(p.SpecSchema)
		require.NoError(t, err)
		var document any
		require.NoError(t, json.Unmarshal(raw, &document))
		compiler := jsonschema.NewCompiler()
		require.NoError(t, compiler.AddResource("spec.json", document))
		schema, err := compiler.Compile("spec.json")
		require.NoError(t, err)
		return schema
	}
	require.Fail(t, "no such profile", id)
	return nil
}

func TestProfileSchemasAgreeWithRendering(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"module": manifest.ProfileModule, "job": manifest.ProfileJob, "cronjob": manifest.ProfileCronJob,
		"daemonset": manifest.ProfileDaemonSet, "statefulset": manifest.ProfileStatefulSet} {
		schema := schemaOf(t, id)
		w := readInput(t, name)
		delete(w.Spec, "replicas") // given as text there, which rendering accepts and the schema does not ask for
		if variables, ok := w.Spec["containers"].(map[string]any)["main"].(map[string]any)["variables"].(map[string]any); ok {
			delete(variables, "GONE")
		}
		require.NoError(t, schema.Validate(placeholder.Reveal(w.Spec)), name)
		require.Error(t, schema.Validate(map[string]any{"containers": map[string]any{}}), name)
		require.Error(t, schema.Validate(map[string]any{"repicas": 1.0, "containers": w.Spec["containers"]}), name)
	}
}

func TestProfilesNameExistingFeatures(t *testing.T) {
	t.Parallel()
	features := map[string]bool{}
	for _, f := range manifest.Features() {
		require.NotNil(t, f.Schema)
		features[f.OrgID+"/"+f.ID] = true
	}
	require.Len(t, manifest.Profiles(), 5)
	var check func(p manifest.Property)
	check = func(p manifest.Property) {
		require.Contains(t, features, p.FeatureName)
		for _, child := range p.Properties {
			check(child)
		}
		for _, child := range p.RuntimeProperties {
			check(child)
		}
	}
	for _, p := range manifest.Profiles() {
		require.NotEmpty(t, p.Description)
		require.NotEmpty(t, p.Chart.ID)
		for _, property := range p.SpecDefinition.Properties {
			check(property)
		}
		for _, property := range p.SpecDefinition.RuntimeProperties {
			check(property)
		}
	}
}
