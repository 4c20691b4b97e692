// Package architecture checks that the house's arrows point down
// (docs/architecture.md), transitively, which a linter of imports cannot see.
package architecture

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/slipway-dev/slipway/"

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		packages  string
		forbidden []string
	}{
		"the engine is pure": {
			packages: "./engine/...",
			forbidden: []string{"gorm.io/", "github.com/labstack/echo", "go.temporal.io/",
				module + "orchestrator", module + "internal", module + "workflows", module + "activities", module + "server", module + "drivers"},
		},
		"workflows know neither engine nor internals": {
			packages: "./workflows",
			forbidden: []string{"gorm.io/", "github.com/labstack/echo",
				module + "engine", module + "orchestrator", module + "internal", module + "activities", module + "server", module + "drivers"},
		},
		"the orchestrator knows no transport and no storage": {
			packages: "./orchestrator/...",
			forbidden: []string{"gorm.io/", "github.com/labstack/echo", "go.temporal.io/",
				module + "internal", module + "workflows", module + "activities", module + "server"},
		},
		"drivers know nothing of the house": {
			packages:  "./drivers/...",
			forbidden: []string{"gorm.io/", "github.com/labstack/echo", "go.temporal.io/", module + "orchestrator", module + "internal", module + "workflows", module + "server"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("go", "list", "-deps", c.packages)
			cmd.Dir = "../.."
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			deps := strings.Fields(string(out))
			require.NotEmpty(t, deps)
			for _, dep := range deps {
				for _, bad := range c.forbidden {
					require.False(t, strings.HasPrefix(dep, bad), "%s must not depend on %s", c.packages, dep)
				}
			}
		})
	}
}
