package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// A newer release brings its built-in definitions up to date; one that somebody
// changed stays as it is.
func TestSeedRefreshesWhatNobodyTouched(t *testing.T) {
	t.Parallel()
	ctx, service, _ := newValues(t)
	seed := func(host string) {
		t.Helper()
		in := orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada"}
		for _, id := range []string{"kept", "own"} {
			in.Definitions = append(in.Definitions, orchestrator.SeedDefinition{
				ID: id, Name: id, Type: "redis", DriverType: "humanitec/echo", Criteria: []resource.Criteria{{ResID: id}},
				DriverInputs: &orchestrator.DriverInputs{Values: map[string]any{"host": host, "port": 6379.0}},
			})
		}
		_, err := service.Seed(ctx, in)
		require.NoError(t, err)
	}
	get := func(id string) *orchestrator.Definition {
		t.Helper()
		d, err := service.GetDefinition(ctx, "acme", id, false)
		require.NoError(t, err)
		return d
	}
	seed("one")
	first := get("kept").ActiveVersionID
	seed("one")
	require.Equal(t, first, get("kept").ActiveVersionID, "equal content makes no version")

	person := orchestrator.WithActor(ctx, orchestrator.Actor{UserID: "ada", Roles: map[string]string{"/orgs/acme": "administrator"}})
	_, err := service.ReplaceDefinition(person, "acme", "own", orchestrator.DefinitionRequest{
		Name: "own", DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"host": "mine"}},
	})
	require.NoError(t, err)
	seed("two")
	require.Equal(t, "two", get("kept").Active.DriverInputs.Values["host"])
	require.NotEqual(t, first, get("kept").ActiveVersionID)
	require.Equal(t, "mine", get("own").Active.DriverInputs.Values["host"])
	versions, err := service.ListDefinitionVersions(ctx, "acme", "kept", false)
	require.NoError(t, err)
	active := 0
	for _, v := range versions {
		if v.Active {
			active++
		}
	}
	require.Equal(t, 1, active)
}
