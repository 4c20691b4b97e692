package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// world is an organization with one of everything.
type world struct {
	org, user  string
	env        orchestrator.EnvRef
	app        orchestrator.Application
	envType    orchestrator.EnvironmentType
	environ    orchestrator.Environment
	token      orchestrator.Token
	set        string
	delta      orchestrator.Delta
	deployment orchestrator.Deployment
	node       orchestrator.Node
	event      orchestrator.Event
	line       orchestrator.LogLine
	resType    orchestrator.ResourceType
	class      orchestrator.ResourceClass
	driver     orchestrator.DriverDefinition
	definition orchestrator.Definition
	active     orchestrator.ActiveResource
	graph      orchestrator.GraphRecord
	value      orchestrator.Value
	version    orchestrator.ValueSetVersion
	secret     orchestrator.StoredSecret
	manifests  orchestrator.ManifestSet
	inventory  orchestrator.InventoryEntry
	assets     assets
	piped      *piped
	ran        *ran
	lifecycle  *lifecycle
	gated      *gated
	automated  *automated
	operated   *operated
	timed      *timed
}

var counter atomic.Int64

// unique returns a name that no other call returns.
func unique(prefix string) string { return fmt.Sprintf("%s-%d", prefix, counter.Add(1)) }

// deploymentID returns a new deployment id; later ones sort later.
func deploymentID() string { return fmt.Sprintf("%016x", epoch.UnixNano()+counter.Add(1)) }

// newBase makes an organization with a user, an application and an environment.
func newBase(t *testing.T, s orchestrator.Store, org string) *world {
	t.Helper()
	w := &world{org: org, user: "user-of-" + org, env: orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}}
	require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: org, Name: org, CreatedAt: epoch, CreatedBy: w.user}))
	require.NoError(t, s.CreateUser(ctx, &orchestrator.User{ID: w.user, Type: "user", CreatedAt: epoch}))
	w.app = orchestrator.Application{OrgID: org, ID: "shop", Name: "Shop", Status: orchestrator.StatusActive, CreatedAt: epoch}
	require.NoError(t, s.CreateApplication(ctx, &w.app))
	w.envType = orchestrator.EnvironmentType{OrgID: org, ID: "test", Description: "for tests"}
	require.NoError(t, s.CreateEnvironmentType(ctx, &w.envType))
	w.environ = newEnvironment(t, s, w.env)
	return w
}

func newEnvironment(t *testing.T, s orchestrator.Store, ref orchestrator.EnvRef) orchestrator.Environment {
	t.Helper()
	e := orchestrator.Environment{
		OrgID: ref.OrgID, AppID: ref.AppID, ID: ref.EnvID, TypeID: "test", Status: orchestrator.StatusActive, CreatedAt: epoch,
	}
	require.NoError(t, s.CreateEnvironment(ctx, &e))
	return e
}

func newDeployment(t *testing.T, s orchestrator.Store, ref orchestrator.EnvRef) orchestrator.Deployment {
	t.Helper()
	d := orchestrator.Deployment{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: deploymentID(), SetID: deployset.ZeroID,
		Status: orchestrator.DeploymentPending, CreatedAt: epoch, StatusChangedAt: epoch,
	}
	require.NoError(t, s.CreateDeployment(ctx, &d))
	return d
}

func newDefinition(org, id string, criteria ...resource.Criteria) *orchestrator.Definition {
	version := unique("version")
	return &orchestrator.Definition{
		OrgID: org, ID: id, Type: "postgres", ActiveVersionID: version, CreatedAt: epoch, UpdatedAt: epoch,
		Active: orchestrator.DefinitionVersion{
			OrgID: org, DefID: id, ID: version, Type: "postgres", DriverType: "humanitec/echo", Active: true, CreatedAt: epoch,
		},
		Criteria: criteria,
	}
}

func sampleSet() deployset.Set {
	return deployset.Set{Modules: map[string]map[string]any{"api": {"spec": map[string]any{"x": 1.5}}}}
}

// newWorld makes one of everything.
func newWorld(t *testing.T, s orchestrator.Store, org string) *world {
	t.Helper()
	w := newBase(t, s, org)
	var err error
	w.token = orchestrator.Token{UserID: w.user, ID: "ci", Hash: unique("hash"), CreatedAt: epoch}
	require.NoError(t, s.CreateToken(ctx, &w.token))
	for _, on := range []string{orchestrator.OrgObject(org), orchestrator.AppObject(org, "shop"), orchestrator.EnvTypeObject(org, "test")} {
		require.NoError(t, s.PutRole(ctx, orchestrator.RoleBinding{OrgID: org, SubjectID: w.user, Object: on, Role: "member"}))
	}
	w.set, err = s.PutSet(ctx, org, "shop", sampleSet())
	require.NoError(t, err)
	w.delta = orchestrator.Delta{OrgID: org, AppID: "shop", ID: "delta", EnvID: "qa", CreatedAt: epoch}
	require.NoError(t, s.CreateDelta(ctx, &w.delta))
	w.deployment = newDeployment(t, s, w.env)
	require.NoError(t, s.SetDeploymentErrors(ctx, org, w.deployment.ID, []orchestrator.DeploymentError{{Code: "RES-101"}}))
	w.addRun(t, s)
	w.addResources(t, s)
	w.addValues(t, s)
	w.assets = newAssets(t, s, org)
	w.piped = newPiped(t, s, w)
	w.ran = newRan(t, s, w.org)
	w.lifecycle = newLifecycle(t, s, w)
	w.gated = newGated(t, s, w)
	w.automated = newAutomated(t, s, w)
	w.operated = newOperated(t, s, w)
	w.timed = newTimed(t, s, w)
	return w
}

func (w *world) addRun(t *testing.T, s orchestrator.Store) {
	t.Helper()
	nodes := []orchestrator.Node{{OrgID: w.org, AppID: "shop", EnvID: "qa", DeploymentID: w.deployment.ID, Status: orchestrator.NodePending}}
	require.NoError(t, s.CreateNodes(ctx, nodes))
	w.node = nodes[0]
	w.event = orchestrator.Event{OrgID: w.org, AppID: "shop", EnvID: "qa", DeploymentID: w.deployment.ID, At: epoch, Type: "log"}
	require.NoError(t, s.AppendEvents(ctx, &w.event))
	w.line = orchestrator.LogLine{OrgID: w.org, DeploymentID: w.deployment.ID, At: epoch, Level: "info", Text: "hello"}
	require.NoError(t, s.AppendLog(ctx, &w.line))
	w.manifests = orchestrator.ManifestSet{OrgID: w.org, DeploymentID: w.deployment.ID, Sealed: []byte{1}, Objects: 1, CreatedAt: epoch}
	require.NoError(t, s.PutManifests(ctx, &w.manifests))
	w.inventory = orchestrator.InventoryEntry{
		OrgID: w.org, AppID: "shop", EnvID: "qa", Target: "cluster", APIVersion: "v1", Kind: "Service", Namespace: "ns", Name: "api",
	}
	require.NoError(t, s.PutInventory(ctx, []orchestrator.InventoryEntry{w.inventory}))
}

func (w *world) addResources(t *testing.T, s orchestrator.Store) {
	t.Helper()
	w.resType = orchestrator.ResourceType{OrgID: w.org, ID: "acme/thing", Use: "direct"}
	require.NoError(t, s.CreateResourceType(ctx, &w.resType))
	w.class = orchestrator.ResourceClass{OrgID: w.org, ResourceType: "postgres", ID: "large", CreatedAt: epoch}
	require.NoError(t, s.CreateResourceClass(ctx, &w.class))
	w.driver = orchestrator.DriverDefinition{OrgID: w.org, ID: "acme/driver"}
	require.NoError(t, s.CreateDriver(ctx, &w.driver))
	w.definition = *newDefinition(w.org, "pg", resource.Criteria{ID: "c1", Class: "default"})
	require.NoError(t, s.CreateDefinition(ctx, &w.definition))
	reserved, err := s.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: w.org, AppID: "shop", EnvID: "qa", Key: resource.Key{Type: "postgres", Class: "default", ID: "db"},
		GUResID: unique("guresid"), DefID: "pg", CreatedAt: epoch, UpdatedAt: epoch,
	})
	require.NoError(t, err)
	w.active = *reserved
	w.graph = orchestrator.GraphRecord{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "graph", Hash: "hash", CreatedAt: epoch, UsedAt: epoch}
	_, err = s.PutGraph(ctx, &w.graph)
	require.NoError(t, err)
}

func (w *world) addValues(t *testing.T, s orchestrator.Store) {
	t.Helper()
	for _, env := range []string{"", "qa"} {
		w.value = orchestrator.Value{OrgID: w.org, AppID: "shop", EnvID: env, Key: "REGION", Value: "eu", CreatedAt: epoch}
		require.NoError(t, s.PutValue(ctx, &w.value))
		w.version = orchestrator.ValueSetVersion{OrgID: w.org, AppID: "shop", EnvID: env, ID: unique("values"), CreatedAt: epoch}
		require.NoError(t, s.CreateValueSetVersion(ctx, &w.version))
	}
	w.secret = orchestrator.StoredSecret{OrgID: w.org, Ref: "orgs--x", Sealed: []byte{1, 2}, CreatedAt: epoch}
	require.NoError(t, s.AddSecret(ctx, &w.secret))
}

// soon is how long a test waits for what must happen.
const soon = 20 * time.Second
