package docs_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/orchestrator/starter"
	"github.com/slipway-dev/slipway/server"
)

// fakeRuns takes Terraform runs and makes nothing: what is checked of a
// definition is that its driver reads it.
type fakeRuns struct{}

func (fakeRuns) Run(context.Context, terraform.Spec, func(string)) (terraform.Outcome, error) {
	return terraform.Outcome{}, nil
}

// fakeContainers does the same for containers.
type fakeContainers struct{}

func (fakeContainers) Run(context.Context, container.Spec, func(string)) (container.Outcome, error) {
	return container.Outcome{}, nil
}

// TestDefinitionsRun runs every resource definition on the pages twice: the
// second run, with the cookie of the first, must give the same.
func TestDefinitionsRun(t *testing.T) {
	t.Parallel()
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))
	tf := terraform.New(fakeRuns{})
	require.NoError(t, registry.Register(tf.Descriptor(), tf))
	containers := container.New(fakeContainers{})
	require.NoError(t, registry.Register(containers.Descriptor(), containers))
	for _, d := range []*container.TerraformDriver{container.NewTerraform(fakeContainers{}, "tf"), container.NewOpenTofu(fakeContainers{}, "tofu")} {
		require.NoError(t, registry.Register(d.Descriptor(), d))
	}
	run := 0
	for _, p := range readPages(t) {
		found, _ := p.blocks(t)
		for _, b := range found {
			if b.language != "yaml" || !strings.Contains(b.text(), "kind: Definition") {
				continue
			}
			run++
			t.Run(fmt.Sprintf("%s:%d", p.path, b.line), func(t *testing.T) { runDefinition(t, registry, b.text()) })
		}
	}
	require.Positive(t, run)
}

func runDefinition(t *testing.T, registry *drivers.Registry, text string) {
	t.Helper()
	var d starter.Definition
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), &d))
	require.NotEmpty(t, d.Metadata.ID)
	require.NotEmpty(t, d.Entity.Criteria, "a definition without criteria is never used")
	require.NoError(t, checkSecretRefs(d.Entity.DriverInputs.SecretRefs))
	driver, descriptor, err := registry.Resolve(d.Entity.DriverType)
	require.NoError(t, err)
	if descriptor.ResourceType != drivers.AnyType {
		require.Equal(t, descriptor.ResourceType, d.Entity.Type)
	}
	named := func(ref placeholder.Reference) (any, error) { return "value-of-" + ref.Path[len(ref.Path)-1], nil }
	values, err := placeholder.Resolve(d.Entity.DriverInputs.Values, named)
	require.NoError(t, err)
	request := drivers.Request{
		GUResID: strings.Repeat("0123456789", 4), Type: d.Entity.Type, Class: "default", ID: "shared.example",
		Values: values.(map[string]any), Resource: map[string]any{},
	}
	if d.Entity.DriverAccount != "" {
		request.Secrets = map[string]any{"account": map[string]any{"AccessKeyId": "an-id", "SecretAccessKey": "a-key"}}
	}
	first, err := driver.Provision(context.Background(), request.Clone())
	require.NoError(t, err)
	request.Cookie = first.Cookie
	second, err := driver.Provision(context.Background(), request.Clone())
	require.NoError(t, err)
	require.Equal(t, first, second, "what is drawn at random must be kept in the cookie")
}

// checkSecretRefs checks that leaves are references: {value} or {store, ref}.
func checkSecretRefs(refs map[string]any) error {
	for name, child := range refs {
		m, ok := child.(map[string]any)
		if !ok {
			return fmt.Errorf("secret_refs.%s is no reference", name)
		}
		if m["value"] != nil || m["ref"] != nil {
			continue
		}
		if err := checkSecretRefs(m); err != nil {
			return err
		}
	}
	return nil
}

// TestOperationsExist compares the operations that the API page lists with the route table.
func TestOperationsExist(t *testing.T) {
	t.Parallel()
	routes := map[string]bool{}
	for _, r := range server.Routes() {
		routes[r.Method+" "+r.Path] = true
	}
	listed := 0
	for _, p := range readPages(t) {
		if filepath.Base(p.path) == "compatibility.md" {
			continue // lists what is not served, too; test/compat holds it
		}
		for _, code := range codeOf(t, p) {
			method, path, _ := strings.Cut(code, " ")
			if !strings.HasPrefix(path, "/orgs/{") {
				continue
			}
			listed++
			require.True(t, routes[method+" "+path], "%s lists %q, which the server does not have", p.path, code)
		}
	}
	require.Positive(t, listed)
}
