package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func TestLeastRoles(t *testing.T) {
	t.Parallel()
	found := map[orchestrator.Permission]orchestrator.LeastRole{}
	for _, r := range orchestrator.LeastRoles() {
		require.NotEmpty(t, r.Role, r.Permission)
		found[r.Permission] = r
	}
	for p, want := range map[orchestrator.Permission]struct{ on, role string }{
		orchestrator.PermOrgRead:        {"organization", orchestrator.RoleOrgViewer},
		orchestrator.PermAppCreate:      {"organization", orchestrator.RoleManager},
		orchestrator.PermArtefactsWrite: {"organization", orchestrator.RoleManager},
		orchestrator.PermAuditRead:      {"organization", orchestrator.RoleAdministrator},
		orchestrator.PermAppRead:        {"application", orchestrator.RoleViewer},
		orchestrator.PermAppDeploy:      {"application", orchestrator.RoleDeveloper},
		orchestrator.PermPipelinesWrite: {"application", orchestrator.RoleOwner},
		orchestrator.PermDeploy:         {"environment type", orchestrator.RoleDeployer},
	} {
		require.Equal(t, orchestrator.LeastRole{Permission: p, On: want.on, Role: want.role}, found[p])
	}
}
