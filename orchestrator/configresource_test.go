package orchestrator_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
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

// The published definitions of the driver (resource, config, agent) work together as they are.
func TestPublishedContainerRunner(t *testing.T) {
	t.Parallel()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(root, "definitions", "*opentofu-container-runner-driver*.yaml"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the corpus of public definitions is not on this machine; set SLIPWAY_CORPUS to its path")
	}
	require.Len(t, files, 3)
	l, runs := newLife(t, sqlite(t)), &askedRuns{}
	registry := l.drivers.(knownDrivers).Registry
	tofu := container.NewOpenTofu(runs, "tofu")
	require.NoError(t, registry.Register(tofu.Descriptor(), tofu))
	others := drivers.NewRegistry()
	require.NoError(t, builtin.Register(others))
	for _, id := range []string{"humanitec/template", "humanitec/agent"} {
		driver, descriptor, _ := others.Get(id)
		require.NoError(t, registry.Register(descriptor, driver))
	}
	_, err = l.service.CreateResourceAccount(l.ctx, "acme", orchestrator.ResourceAccount{ID: "my-aws-account", Name: "aws", Type: "aws"},
		map[string]any{"aws_access_key_id": "the-id", "aws_secret_access_key": "the-key"}, orchestrator.AccountOptions{})
	require.NoError(t, err)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var d struct {
			Metadata starter.Metadata
			Entity   struct {
				starter.Entity
				DriverInputs orchestrator.DriverInputsRequest `json:"driver_inputs"`
			}
		}
		require.NoError(t, yaml.Unmarshal(raw, &d))
		var criteria []resource.Criteria
		for _, c := range d.Entity.Criteria {
			criteria = append(criteria, resource.Criteria{EnvType: c.EnvType, ResID: c.ResID})
		}
		inputs := &d.Entity.DriverInputs
		if d.Entity.Type == "s3" { // its password is in a store of somebody's
			inputs.SecretRefs, inputs.Secrets = nil, map[string]any{"source": map[string]any{"password": "the-password"}}
		}
		_, err = l.service.CreateDefinition(l.ctx, "acme", orchestrator.DefinitionRequest{ID: d.Metadata.ID, Name: d.Entity.Name, Type: d.Entity.Type,
			DriverType: d.Entity.DriverType, DriverAccount: d.Entity.DriverAccount, Criteria: criteria, DriverInputs: inputs})
		require.NoError(t, err, file)
	}
	l.deploy(needs{"store": "s3"}, succeeded)
	require.Len(t, runs.asked, 1)
	s := runs.asked[0]
	require.Equal(t, container.Cluster{Type: "eks", Account: "myOrg/myAccount", Values: map[string]any{
		"name": "my-eks-cluster", "region": "eu-north-1", "cluster_type": "eks", "loadbalancer": "10.10.10.10"}}, s.Cluster)
	require.Equal(t, &container.Terraform{Engine: container.EngineOpenTofu, State: container.StateOwn}, s.Terraform)
	require.Equal(t, map[string]string{"TF_VAR_bucket": "shop-development", "TF_VAR_region": "eu-west-3"}, s.Variables)
	require.Equal(t, map[string]string{"AWS_ACCESS_KEY_ID": "the-id", "AWS_SECRET_ACCESS_KEY": "the-key"}, s.SecretVariables)
	require.Equal(t, "the-password", s.Source.Password)
	require.Equal(t, "refs/heads/main", s.Source.Rev)
	require.Contains(t, s.Files["backend.tf"], s.GUResID+"/state/terraform.tfstate")
	require.Equal(t, map[string]any{"spec": map[string]any{"imagePullSecrets": []any{map[string]any{"name": "ghcr-private-registry"}}}}, s.PodTemplate)
}
