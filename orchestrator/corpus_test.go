package orchestrator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// TestPublicDefinitionsFitTheirDrivers: what public definitions give their drivers passes the drivers' own schemas.
// The corpus is that of server.TestPublicDefinitionsAreAccepted.
func TestPublicDefinitionsFitTheirDrivers(t *testing.T) {
	t.Parallel()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(root, "definitions", "*.yaml"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the corpus of public definitions is not on this machine; set SLIPWAY_CORPUS to its path")
	}
	p := newPlatform(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var d starter.Definition
			require.NoError(t, yaml.Unmarshal(text, &d))
			accept(t, p, d)
		})
	}
}

// TestStarterDefinitionsFitTheirDrivers is the same for what Slipway brings.
func TestStarterDefinitionsFitTheirDrivers(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for _, d := range starter.Definitions(starter.Options{GitURL: "https://git.example.com/x.git", Branch: "main", Domain: "example.com"}) {
		accept(t, p, d)
	}
}

// accept creates a definition without its criteria, which may repeat those of others, and deletes it again.
func accept(t *testing.T, p *platform, d starter.Definition) {
	t.Helper()
	provision := map[string]resource.Provision{}
	for key, brought := range d.Entity.Provision {
		provision[key] = resource.Provision(brought)
	}
	_, err := p.service.CreateDefinition(p.ctx, "acme", orchestrator.DefinitionRequest{
		ID: d.Metadata.ID, Name: d.Entity.Name, Type: d.Entity.Type, DriverType: d.Entity.DriverType, DriverAccount: d.Entity.DriverAccount,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: d.Entity.DriverInputs.Values, SecretRefs: d.Entity.DriverInputs.SecretRefs}, Provision: provision,
	})
	require.NoError(t, err)
	require.NoError(t, p.service.DeleteDefinition(p.ctx, "acme", d.Metadata.ID, true))
}
