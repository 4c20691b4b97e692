package orchestrator_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// askedRuns keeps the specs of containers and runs none.
type askedRuns struct{ asked []container.Spec }

func (r *askedRuns) Run(_ context.Context, s container.Spec, _ func(string)) (container.Outcome, error) {
	r.asked = append(r.asked, s)
	return container.Outcome{}, nil
}

// where is the cluster of the newest spec: its name, and its token.
func (r *askedRuns) where() []any {
	s := r.asked[len(r.asked)-1]
	return []any{s.Cluster.Values["name"], s.Cluster.Credentials["token"]}
}

// fixed is a driver whose outputs are its values, with a credential among the secrets.
type fixed struct{}

func (fixed) Provision(_ context.Context, r drivers.Request) (drivers.Result, error) {
	return drivers.Result{Values: r.Values, Secrets: map[string]any{"credentials": map[string]any{"token": "token-of-the-config"}}}, nil
}

func (fixed) Destroy(context.Context, drivers.Request) error { return nil }

func clusterNamed(name string) map[string]any {
	return map[string]any{"cluster": map[string]any{"cluster": map[string]any{"cluster_type": "k8s", "name": name}}}
}

// A driver that asks for a config resource gets what a definition says that matches the very id, and depends on it.
func TestConfigResourceOfADriver(t *testing.T) {
	t.Parallel()
	l, runs := newLife(t, sqlite(t)), &askedRuns{}
	registry := l.drivers.(knownDrivers).Registry
	tofu := container.NewOpenTofu(runs, "tofu")
	require.NoError(t, registry.Register(tofu.Descriptor(), tofu))
	require.NoError(t, registry.Register(drivers.Descriptor{ID: "test/fixed"}, fixed{}))
	l.define("bucket", "s3", container.OpenTofuID, map[string]any{"files": map[string]any{"main.tf": ""}}, resource.Criteria{})
	l.define("any-config", "config", "test/fixed", clusterNamed("chance"), resource.Criteria{})
	want := needs{"store": "s3"}
	l.deploy(want, succeeded)
	require.Equal(t, []any{nil, nil}, runs.where(), "a config for whatever else is none of the driver's")
	require.Len(t, l.list(nil), 1)

	l.define("far", "config", "test/fixed", clusterNamed("far"), resource.Criteria{ResID: "opentofu-container-runner", EnvType: "development"})
	l.define("farther", "config", "test/fixed", clusterNamed("farther"), resource.Criteria{ResID: "opentofu-container-runner", EnvType: "production"})
	l.deploy(want, succeeded)
	require.Equal(t, []any{"far", "token-of-the-config"}, runs.where())
	for _, r := range l.list(nil) {
		if r.Key.Type == "s3" {
			require.NotContains(t, r.Values, "config")
			require.Len(t, r.DependsOn, 1)
		}
	}

	_, err := l.service.ReplaceDefinition(l.ctx, "acme", "bucket", orchestrator.DefinitionRequest{ID: "bucket", Name: "bucket", Type: "s3", DriverType: container.OpenTofuID,
		Criteria: []resource.Criteria{{}}, DriverInputs: &orchestrator.DriverInputsRequest{
			Values: map[string]any{"files": map[string]any{"main.tf": ""}, "cluster": clusterNamed("named")["cluster"]}}})
	require.NoError(t, err)
	l.deploy(want, succeeded)
	require.Equal(t, []any{"named", nil}, runs.where(), "what the definition says itself counts")
}
