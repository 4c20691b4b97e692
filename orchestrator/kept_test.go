package orchestrator_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// withClaim is a definition whose resources bring a claim of their own, and more.
func withClaim(id string) orchestrator.DefinitionRequest {
	return template(id, "postgres", "", nil, m{
		"init":    "name: claim-{{ trunc 8 .id }}",
		"outputs": "host: {{ .init.name }}",
		"manifests": `claim.yaml:
  location: namespace
  data: {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: {{ .init.name }}}, spec: {accessModes: [ReadWriteOnce]}}
server.yaml:
  location: namespace
  data: {apiVersion: v1, kind: Service, metadata: {name: {{ .init.name }}}, spec: {ports: [{port: 5432}]}}
`})
}

// claims are the names of the objects of a kind that a deployment has delivered.
func (o outcome) names(kind string) []string {
	o.t.Helper()
	names := []string{}
	for _, object := range o.objects {
		if object.Kind() == kind {
			names = append(names, object.Name())
		}
	}
	slices.Sort(names)
	return names
}

const claim, service = "PersistentVolumeClaim", "Service"

// TestDataOfWhatIsDroppedStays until the resource is destroyed.
func TestDataOfWhatIsDroppedStays(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(withClaim("pg-def"))
	db := m{"db": m{"type": "postgres"}}
	first := p.deploy(nil, db).ok()
	names := first.names(claim)
	require.Len(t, names, 1)
	require.Equal(t, names, first.names(service))

	for range 2 {
		dropped := p.deploy(nil, nil).ok()
		require.Equal(t, names, dropped.names(claim))
		require.Empty(t, dropped.names(service), "it holds no data")
		require.Equal(t, "shop", dropped.object(claim, names[0])["metadata"].(m)["namespace"])
	}
	back := p.deploy(nil, db).ok()
	require.Equal(t, names, back.names(claim), "once, and the same")
	require.Equal(t, names, back.names(service))

	p.deploy(nil, nil).ok()
	p.destroy("shared.db")
	require.Empty(t, p.deploy(nil, nil).ok().names(claim), "it leaves with the delivery that follows")
}

// destroy deletes a resource and carries out the order.
func (p *platform) destroy(id string) {
	p.t.Helper()
	going, err := p.service.DeleteActiveResource(p.ctx, p.env, "postgres", id, false)
	require.NoError(p.t, err)
	require.True(p.t, going)
	yes := true
	leaving, err := p.service.ListActiveResources(p.ctx, p.env, &yes)
	require.NoError(p.t, err)
	for i := range leaving {
		require.NoError(p.t, p.deployer.DestroyResource(p.ctx, p.env, orchestrator.ResourceItem(&leaving[i]).ID))
	}
}

// TestDataOfWhatIsReplacedStays until the original is destroyed, which a success
// has to come before.
func TestDataOfWhatIsReplacedStays(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(withClaim("pg-def"))
	db := m{"db": m{"type": "postgres"}}
	old := p.deploy(nil, db).ok().names(claim)
	next := withClaim("pg-next")
	next.Criteria[0].AppID = "shop"
	p.create(next)
	both := p.deploy(nil, db).ok()
	require.Len(t, both.names(claim), 2)
	require.Subset(t, both.names(claim), old)
	require.Len(t, both.names(service), 1)
	yes := true
	leaving, err := p.service.ListActiveResources(p.ctx, p.env, &yes)
	require.NoError(t, err)
	require.Len(t, leaving, 1)
	require.NoError(t, p.deployer.DestroyResource(p.ctx, p.env, orchestrator.ResourceItem(&leaving[0]).ID))
	after := p.deploy(nil, db).ok()
	require.Len(t, after.names(claim), 1)
	require.NotContains(t, after.names(claim), old[0])
}

// TestDataThatWasNeverDelivered is not made because a resource is kept.
func TestDataThatWasNeverDelivered(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(withClaim("pg-def"))
	broken := template("redis-def", "redis", "", nil, m{"outputs": "host: {{ fail \"no room\" }}"})
	p.create(broken)
	p.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).fails("no room")
	require.Empty(t, p.deploy(nil, nil).ok().names(claim))
}

// TestDataOfWhatIsDetachedIsLeft: it is no part of a delivery and not removed by one.
func TestDataOfWhatIsDetachedIsLeft(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(withClaim("pg-def"))
	names := p.deploy(nil, m{"db": m{"type": "postgres"}}).ok().names(claim)
	p.deploy(nil, nil).ok()
	kinds := func() (out []string) {
		all, err := p.store.ListInventory(p.ctx, p.env)
		require.NoError(t, err)
		for _, e := range all {
			out = append(out, e.Kind+" "+e.Name)
		}
		return out
	}
	require.Contains(t, kinds(), claim+" "+names[0])
	_, err := p.service.DeleteActiveResource(p.ctx, p.env, "postgres", "shared.db", true)
	require.NoError(t, err)
	require.NotContains(t, kinds(), claim+" "+names[0], "what is not in the inventory is not removed")
	require.Contains(t, kinds(), "Namespace shop")
	require.Empty(t, p.deploy(nil, nil).ok().names(claim))
}

// TestDataStaysWhereItIs when the environment gets another namespace meanwhile.
func TestDataStaysWhereItIs(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.create(withClaim("pg-def"))
	names := p.deploy(nil, m{"db": m{"type": "postgres"}}).ok().names(claim)
	_, err := p.service.PatchDefinition(p.ctx, "acme", "namespace", orchestrator.DefinitionPatch{
		DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"namespace": "elsewhere"}}})
	require.NoError(t, err)
	for range 2 {
		moved := p.deploy(nil, nil).ok()
		require.Equal(t, names, moved.names(claim))
		require.Equal(t, "shop", moved.object(claim, names[0])["metadata"].(m)["namespace"])
		require.Equal(t, []string{"elsewhere", "shop"}, moved.names("Namespace"))
	}
	p.destroy("shared.db")
	require.Equal(t, []string{"elsewhere"}, p.deploy(nil, nil).ok().names("Namespace"))
}
