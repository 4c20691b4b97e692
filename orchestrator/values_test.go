package orchestrator_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
)

const zeroUUID = "00000000-0000-0000-0000-000000000000"

// newValues builds a service over a real store with the application "shop" and
// its environment "development", and a context of Slipway itself.
func newValues(t *testing.T) (context.Context, *orchestrator.Service, orchestrator.EnvRef) {
	t.Helper()
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	file := filepath.Join(t.TempDir(), "slipway.db")
	migrated.Database(t, file)
	records, err := store.Open(ctx, store.Options{DSN: file})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	service := orchestrator.New(orchestrator.Options{Store: records, Keeper: keeper, Drivers: newCatalogue(t)})
	_, err = service.Seed(ctx, orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada",
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}}})
	require.NoError(t, err)
	_, err = service.CreateApplication(ctx, "acme", orchestrator.ApplicationRequest{ID: "shop", Name: "Shop"})
	require.NoError(t, err)
	return ctx, service, orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"}
}

func text(s string) *string { return &s }

func TestDeploymentsSeeTheValuesOfTheirEnvironment(t *testing.T) {
	t.Parallel()
	ctx, service, env := newValues(t)
	app := orchestrator.EnvRef{OrgID: env.OrgID, AppID: env.AppID}

	first, err := service.ValueSetFor(ctx, env, "")
	require.NoError(t, err)
	require.Empty(t, first.Values)
	again, err := service.ValueSetFor(ctx, env, zeroUUID)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID, "the first, empty version is made once")

	_, err = service.CreateValue(ctx, app, orchestrator.NewValue{Key: "A", Value: text("app")})
	require.NoError(t, err)
	ofApp, err := service.ValueSetFor(ctx, env, "")
	require.NoError(t, err)
	require.Equal(t, "app", ofApp.Values["A"].Value)
	_, err = service.CreateValue(ctx, env, orchestrator.NewValue{Key: "A", Value: text("env")})
	require.NoError(t, err)
	_, err = service.CreateValue(ctx, app, orchestrator.NewValue{Key: "B", Value: text("late")})
	require.NoError(t, err)

	latest, err := service.ValueSetFor(ctx, env, "")
	require.NoError(t, err)
	require.Equal(t, "env", latest.Values["A"].Value)
	require.Equal(t, "late", latest.Values["B"].Value)
	former, err := service.ValueSetFor(ctx, env, ofApp.ID)
	require.NoError(t, err)
	require.Equal(t, "app", former.Values["A"].Value, "a redeployment sees what it saw")
	_, err = service.ValueSetFor(ctx, env, "unknown")
	require.Equal(t, orchestrator.CodeNotFound, orchestrator.CodeOf(err))
}

func TestRevealSecret(t *testing.T) {
	t.Parallel()
	ctx, service, env := newValues(t)
	app := orchestrator.EnvRef{OrgID: env.OrgID, AppID: env.AppID}
	made, err := service.CreateValue(ctx, app, orchestrator.NewValue{Key: "K", Value: text("one"), IsSecret: true})
	require.NoError(t, err)
	_, err = service.PatchValue(ctx, app, "K", orchestrator.ValueUpdate{Value: text("two")})
	require.NoError(t, err)

	for name, tc := range map[string]struct {
		org, store, ref, version string
		want                     string
		code                     orchestrator.Code
	}{
		"a version":                  {"acme", "humanitec", made.SecretKey, "1", "one", ""},
		"the newest":                 {"acme", "humanitec", made.SecretKey, "", "two", ""},
		"unknown version":            {"acme", "humanitec", made.SecretKey, "3", "", orchestrator.CodeNotFound},
		"no version":                 {"acme", "humanitec", made.SecretKey, "x", "", orchestrator.CodeInvalid},
		"version 0":                  {"acme", "humanitec", made.SecretKey, "0", "", orchestrator.CodeInvalid},
		"unknown reference":          {"acme", "humanitec", "nope", "", "", orchestrator.CodeNotFound},
		"of another organization":    {"rival", "humanitec", made.SecretKey, "1", "", orchestrator.CodeNotFound},
		"a store that only it knows": {"acme", "vault", made.SecretKey, "1", "", orchestrator.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := service.RevealSecret(ctx, tc.org, tc.store, tc.ref, tc.version)
			require.Equal(t, tc.code, orchestrator.CodeOf(err), "%v", err)
			require.Equal(t, tc.want, got)
		})
	}
}
