package storetest

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// withoutOrganization lists the methods that isolation does not concern, with
// the reason.
var withoutOrganization = map[string]string{
	"InTx": "no records", "Ping": "no records", "Watch": "carries no content",
	"CreateOrganization": "makes the organization", "GetOrganization": "the organization itself",
	"AllOrganizations": "for the system itself", "FindDeployment": "for the system itself",
	"AllUnfinishedDeployments": "for the system itself", "DeletingEnvironments": "for the system itself", "DeletingResources": "for the system itself",
	"AllUnfinishedOperations": "for the system itself", "UnsyncedSchedules": "for the system itself", "OverdueDeployments": "for the system itself", "FindReceiver": "by its id, for the system itself", "PendingReceiverDeliveries": "for the system itself",
	"DuePullSecretTokens": "for the system itself", "CountWaitingGates": "for the system itself",
	"AllOpenPipelineRuns": "for the system itself", "DuePipelineBatches": "for the system itself",
	"ListOrganizations": "by user", "RolesOf": "by user",
	"CreateUser": "users are outside organizations", "GetUser": "users are outside organizations", "UpdateUser": "users are outside organizations",
	"CreateToken": "by user", "GetToken": "by user", "TokenByHash": "by hash", "ListTokens": "by user",
	"DeleteToken": "by user", "TouchToken": "by user",
	"CreateApplication": "own ids", "CreateEnvironmentType": "own ids", "CreateResourceType": "own ids",
	"CreateResourceClass": "own ids", "CreateDriver": "own ids", "CreateDefinition": "own ids",
	"AddSecret": "own ids", "AppendLog": "own lines", "PutRole": "own roles",
	"ListApplications": "checked apart", "ListEnvironmentTypes": "checked apart", "ListResourceTypes": "checked apart",
	"ListResourceClasses": "checked apart", "ListDrivers": "checked apart", "ListDefinitions": "checked apart",
	"DeleteInventory": "checked apart",
	"CreateArtefact":  "own ids", "EnvironmentsWithPushes": "for the system itself", "DueLifetimes": "for the system itself", "UnfinishedSpinUps": "for the system itself", "UnfinishedPromotions": "for the system itself", "UnfinishedDeploymentPlans": "for the system itself", "StaleDeliveries": "for the system itself",
}

// testIsolation calls every method as an organization that knows the ids of
// another one: nothing is found, nothing changes.
func testIsolation(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: "evil"}))
	plan := newPlan(t, s, w)
	before := snapshot(t, s, w)
	missing := missingCalls(s, w, "evil")
	empty := emptyCalls(s, w, "evil")
	maps.Copy(missing, missingAssets(s, w.assets, "evil"))
	maps.Copy(empty, emptyAssets(s, w.assets, "evil"))
	maps.Copy(missing, missingPiped(s, w.piped, "evil"))
	maps.Copy(empty, emptyPiped(s, "evil"))
	maps.Copy(missing, missingRan(s, w.ran, "evil"))
	maps.Copy(empty, emptyRan(s, "evil"))
	maps.Copy(missing, missingAutomated(s, w.automated, "evil"))
	maps.Copy(missing, missingLifecycle(s, w.lifecycle, "evil"))
	maps.Copy(empty, emptyLifecycle(s, "evil"))
	maps.Copy(empty, emptyAutomated(s, "evil"))
	maps.Copy(missing, missingGated(s, w.gated, "evil"))
	maps.Copy(empty, emptyGated(s, w.gated, "evil"))
	maps.Copy(missing, missingOperated(s, w.operated, "evil"))
	maps.Copy(missing, missingPlans(s, plan, "evil"))
	maps.Copy(empty, emptyPlans(s, "evil"))
	maps.Copy(empty, emptyAttention(s, w, "evil"))
	maps.Copy(empty, emptyOperated(s, "evil"))
	maps.Copy(missing, missingTimed(s, w.timed, "evil"))
	maps.Copy(empty, emptyTimed(s, "evil"))

	methods := reflect.TypeFor[orchestrator.Store]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		_, isMissing := missing[name]
		_, isEmpty := empty[name]
		require.True(t, isMissing || isEmpty || withoutOrganization[name]+ownAssets[name] != "", "%s is not checked", name)
	}
	for name, call := range missing {
		err := call()
		require.True(t, orchestrator.IsNotFound(err), "%s: %v", name, err)
	}
	for name, call := range empty {
		n, err := call()
		require.NoError(t, err, name)
		require.Zero(t, n, name)
	}
	stolen := w.inventory
	stolen.OrgID = "evil"
	require.NoError(t, s.DeleteInventory(ctx, []orchestrator.InventoryEntry{stolen}))
	for name, list := range map[string]func() (int, error){
		"applications":      count(func() ([]orchestrator.Application, error) { return s.ListApplications(ctx, "evil") }),
		"environment types": count(func() ([]orchestrator.EnvironmentType, error) { return s.ListEnvironmentTypes(ctx, "evil") }),
		"resource types":    count(func() ([]orchestrator.ResourceType, error) { return s.ListResourceTypes(ctx, "evil") }),
		"resource classes":  count(func() ([]orchestrator.ResourceClass, error) { return s.ListResourceClasses(ctx, "evil", "") }),
		"drivers":           count(func() ([]orchestrator.DriverDefinition, error) { return s.ListDrivers(ctx, "evil") }),
		"definitions":       count(func() ([]orchestrator.Definition, error) { return s.ListDefinitions(ctx, "evil", true) }),
	} {
		n, err := list()
		require.NoError(t, err, name)
		require.Zero(t, n, name)
	}
	require.Equal(t, before, snapshot(t, s, w), "nothing of the organization changed")
}

func count[T any](list func() ([]T, error)) func() (int, error) {
	return func() (int, error) {
		got, err := list()
		return len(got), err
	}
}

// as returns a copy of a record that claims to belong to the organization.
func as[T any](org string, v T) *T {
	reflect.ValueOf(&v).Elem().FieldByName("OrgID").SetString(org)
	return &v
}

func drop[T any](_ T, err error) error { return err }

func missingCalls(s orchestrator.Store, w *world, org string) map[string]func() error {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	id, k := w.deployment.ID, w.active.Key
	event := as(org, w.event)
	return map[string]func() error{
		"DeleteRole":            func() error { return s.DeleteRole(ctx, org, w.user, orchestrator.OrgObject(w.org)) },
		"GetApplication":        func() error { return drop(s.GetApplication(ctx, org, "shop")) },
		"UpdateApplication":     func() error { return s.UpdateApplication(ctx, as(org, w.app)) },
		"DeleteApplication":     func() error { return s.DeleteApplication(ctx, org, "shop") },
		"GetEnvironmentType":    func() error { return drop(s.GetEnvironmentType(ctx, org, "test")) },
		"UpdateEnvironmentType": func() error { return s.UpdateEnvironmentType(ctx, as(org, w.envType)) },
		"DeleteEnvironmentType": func() error { return s.DeleteEnvironmentType(ctx, org, "test") },
		"CreateEnvironment":     func() error { return s.CreateEnvironment(ctx, as(org, w.environ)) },
		"GetEnvironment":        func() error { return drop(s.GetEnvironment(ctx, ref)) },
		"LockEnvironment": func() error {
			return s.InTx(ctx, func(ctx context.Context) error { return drop(s.LockEnvironment(ctx, ref)) })
		},
		"UpdateEnvironment":       func() error { return s.UpdateEnvironment(ctx, as(org, w.environ)) },
		"DeleteEnvironment":       func() error { return s.DeleteEnvironment(ctx, ref) },
		"PutSet":                  func() error { return drop(s.PutSet(ctx, org, "shop", sampleSet())) },
		"GetSet":                  func() error { return drop(s.GetSet(ctx, org, "shop", w.set)) },
		"CreateDelta":             func() error { return s.CreateDelta(ctx, as(org, w.delta)) },
		"GetDelta":                func() error { return drop(s.GetDelta(ctx, org, "shop", w.delta.ID)) },
		"UpdateDelta":             func() error { return s.UpdateDelta(ctx, as(org, w.delta)) },
		"CreateDeployment":        func() error { d := *as(org, w.deployment); d.ID = deploymentID(); return s.CreateDeployment(ctx, &d) },
		"GetDeployment":           func() error { return drop(s.GetDeployment(ctx, ref, id)) },
		"FindDeploymentInApp":     func() error { return drop(s.FindDeploymentInApp(ctx, org, "shop", id)) },
		"UpdateDeployment":        func() error { return s.UpdateDeployment(ctx, as(org, w.deployment)) },
		"SetDeploymentErrors":     func() error { return s.SetDeploymentErrors(ctx, org, id, nil) },
		"CreateNodes":             func() error { return s.CreateNodes(ctx, []orchestrator.Node{*as(org, w.node)}) },
		"GetNode":                 func() error { return drop(s.GetNode(ctx, org, id, 0)) },
		"UpdateNode":              func() error { return s.UpdateNode(ctx, as(org, w.node)) },
		"AppendEvents":            func() error { return s.AppendEvents(ctx, event) },
		"GetResourceType":         func() error { return drop(s.GetResourceType(ctx, org, w.resType.ID)) },
		"UpdateResourceType":      func() error { return s.UpdateResourceType(ctx, as(org, w.resType)) },
		"DeleteResourceType":      func() error { return s.DeleteResourceType(ctx, org, w.resType.ID) },
		"GetResourceClass":        func() error { return drop(s.GetResourceClass(ctx, org, "postgres", "large")) },
		"UpdateResourceClass":     func() error { return s.UpdateResourceClass(ctx, as(org, w.class)) },
		"DeleteResourceClass":     func() error { return s.DeleteResourceClass(ctx, org, "postgres", "large") },
		"GetDriver":               func() error { return drop(s.GetDriver(ctx, org, w.driver.ID)) },
		"UpdateDriver":            func() error { return s.UpdateDriver(ctx, as(org, w.driver)) },
		"DeleteDriver":            func() error { return s.DeleteDriver(ctx, org, w.driver.ID) },
		"GetDefinition":           func() error { return drop(s.GetDefinition(ctx, org, "pg")) },
		"UpdateDefinition":        func() error { return s.UpdateDefinition(ctx, as(org, w.definition)) },
		"DeleteDefinition":        func() error { return s.DeleteDefinition(ctx, org, "pg") },
		"CreateDefinitionVersion": func() error { return s.CreateDefinitionVersion(ctx, as(org, w.definition.Active)) },
		"GetDefinitionVersion":    func() error { return drop(s.GetDefinitionVersion(ctx, org, "pg", w.definition.Active.ID)) },
		"UpdateDefinitionVersion": func() error { return s.UpdateDefinitionVersion(ctx, as(org, w.definition.Active)) },
		"PutCriteria":             func() error { return s.PutCriteria(ctx, org, "pg", []resource.Criteria{{ID: "x"}}) },
		"ReserveResource": func() error {
			r := *as(org, w.active)
			r.GUResID = unique("g")
			return drop(s.ReserveResource(ctx, &r))
		},
		"GetActiveResource": func() error { return drop(s.GetActiveResource(ctx, ref, k)) },
		"AddRetiredResource": func() error {
			r := *as(org, w.active)
			r.GUResID = unique("g")
			return s.AddRetiredResource(ctx, &r)
		},
		"FindActiveResource":      func() error { return drop(s.FindActiveResource(ctx, ref, w.active.GUResID)) },
		"DeleteDefinitionVersion": func() error { return s.DeleteDefinitionVersion(ctx, org, "pg", w.definition.Active.ID) },
		"UpdateActiveResource":    func() error { return s.UpdateActiveResource(ctx, as(org, w.active)) },
		"DeleteActiveResource":    func() error { return s.DeleteActiveResource(ctx, ref, w.active.GUResID) },
		"PutGraph":                func() error { return drop(s.PutGraph(ctx, as(org, w.graph))) },
		"GetGraph":                func() error { return drop(s.GetGraph(ctx, ref, w.graph.ID)) },
		"PutValue":                func() error { return s.PutValue(ctx, as(org, w.value)) },
		"DeleteValue":             func() error { return s.DeleteValue(ctx, org, "shop", "qa", "REGION") },
		"CreateValueSetVersion":   func() error { return s.CreateValueSetVersion(ctx, as(org, w.version)) },
		"GetValueSetVersion":      func() error { return drop(s.GetValueSetVersion(ctx, org, "shop", "qa", w.version.ID)) },
		"UpdateValueSetVersion":   func() error { return s.UpdateValueSetVersion(ctx, as(org, w.version)) },
		"GetSecret":               func() error { return drop(s.GetSecret(ctx, org, w.secret.Ref, 0)) },
		"DeleteSecret":            func() error { return s.DeleteSecret(ctx, org, w.secret.Ref, 0) },
		"PutManifests":            func() error { return s.PutManifests(ctx, as(org, w.manifests)) },
		"GetManifests":            func() error { return drop(s.GetManifests(ctx, org, id)) },
		"PutInventory":            func() error { return s.PutInventory(ctx, []orchestrator.InventoryEntry{*as(org, w.inventory)}) },
	}
}

func emptyCalls(s orchestrator.Store, w *world, org string) map[string]func() (int, error) {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	id := w.deployment.ID
	return map[string]func() (int, error){
		"RolesOn":                count(func() ([]orchestrator.RoleBinding, error) { return s.RolesOn(ctx, org, orchestrator.OrgObject(w.org)) }),
		"ListEnvironments":       count(func() ([]orchestrator.Environment, error) { return s.ListEnvironments(ctx, org, "shop") }),
		"ListEnvironmentNames":   count(func() ([]orchestrator.Environment, error) { return s.ListEnvironmentNames(ctx, org, []string{"shop"}) }),
		"ListEnvironmentsOfType": count(func() ([]orchestrator.Environment, error) { return s.ListEnvironmentsOfType(ctx, org, "test") }),
		"ListSets":               count(func() ([]deployset.Set, error) { return s.ListSets(ctx, org, "shop") }),
		"ListDeltas":             count(func() ([]orchestrator.Delta, error) { return s.ListDeltas(ctx, org, "shop", "", true) }),
		"ListDeployments":        count(func() ([]orchestrator.Deployment, error) { return s.ListDeployments(ctx, ref, 0) }),
		"FindDeploymentsInApp": count(func() ([]orchestrator.Deployment, error) {
			return s.FindDeploymentsInApp(ctx, org, "shop", []string{id})
		}),
		"UnfinishedDeployments":      count(func() ([]orchestrator.Deployment, error) { return s.UnfinishedDeployments(ctx, ref) }),
		"ListDeploymentErrors":       count(func() ([]orchestrator.DeploymentError, error) { return s.ListDeploymentErrors(ctx, org, id) }),
		"ListNodes":                  count(func() ([]orchestrator.Node, error) { return s.ListNodes(ctx, org, id) }),
		"ListNodeChanges":            count(func() ([]orchestrator.NodeChanges, error) { return s.ListNodeChanges(ctx, org, id) }),
		"CountNodes":                 func() (int, error) { n, err := s.CountNodes(ctx, org, id); return len(n), err },
		"ListEvents":                 count(func() ([]orchestrator.Event, error) { return s.ListEvents(ctx, org, id, 0, 10) }),
		"ListLog":                    count(func() ([]orchestrator.LogLine, error) { return s.ListLog(ctx, org, id, "", 0, 10) }),
		"NewestLogLine":              func() (int, error) { n, err := s.NewestLogLine(ctx, org, id, ""); return int(n), err },
		"ListDefinitionVersions":     count(func() ([]orchestrator.DefinitionVersion, error) { return s.ListDefinitionVersions(ctx, org, "pg") }),
		"ListActiveResources":        count(func() ([]orchestrator.ActiveResource, error) { return s.ListActiveResources(ctx, ref) }),
		"ListRetiredResources":       count(func() ([]orchestrator.ActiveResource, error) { return s.ListRetiredResources(ctx, ref) }),
		"ListActiveResourcesOf":      count(func() ([]orchestrator.ActiveResource, error) { return s.ListActiveResourcesOf(ctx, org, "pg") }),
		"CountActiveResourcesOfType": func() (int, error) { return s.CountActiveResourcesOfType(ctx, org, "postgres") },
		"ListValues":                 count(func() ([]orchestrator.Value, error) { return s.ListValues(ctx, org, "shop", "qa") }),
		"ListValueSetVersions": count(func() ([]orchestrator.ValueSetVersion, error) {
			return s.ListValueSetVersions(ctx, org, "shop", "qa", 0)
		}),
		"ListInventory": count(func() ([]orchestrator.InventoryEntry, error) { return s.ListInventory(ctx, ref) }),
	}
}

// snapshot reads everything of an organization.
func snapshot(t *testing.T, s orchestrator.Store, w *world) []any {
	t.Helper()
	id := w.deployment.ID
	var all []any
	for _, read := range slices.Concat(assetLists(s, w.org), pipedOf(s, w), automatedOf(s, w), lifecycleOf(s, w), operatedOf(s, w), timedOf(s, w), ranOf(s, w.org), []func() (any, error){
		func() (any, error) { return s.ListApplications(ctx, w.org) },
		func() (any, error) { return s.ListEnvironmentTypes(ctx, w.org) },
		func() (any, error) { return s.ListEnvironments(ctx, w.org, "shop") },
		func() (any, error) { return s.RolesOf(ctx, w.user) },
		func() (any, error) { return s.ListSets(ctx, w.org, "shop") },
		func() (any, error) { return s.ListDeltas(ctx, w.org, "shop", "", true) },
		func() (any, error) { return s.ListDeployments(ctx, w.env, 0) },
		func() (any, error) { return s.ListDeploymentErrors(ctx, w.org, id) },
		func() (any, error) { return s.ListNodes(ctx, w.org, id) },
		func() (any, error) { return s.CountNodes(ctx, w.org, id) },
		func() (any, error) { return s.ListEvents(ctx, w.org, id, 0, 100) },
		func() (any, error) { return s.ListLog(ctx, w.org, id, "", 0, 100) },
		func() (any, error) { return s.NewestLogLine(ctx, w.org, id, "") },
		func() (any, error) { return s.ListResourceTypes(ctx, w.org) },
		func() (any, error) { return s.ListResourceClasses(ctx, w.org, "") },
		func() (any, error) { return s.ListDrivers(ctx, w.org) },
		func() (any, error) { return s.ListDefinitions(ctx, w.org, true) },
		func() (any, error) { return s.ListActiveResources(ctx, w.env) },
		func() (any, error) { return s.GetGraph(ctx, w.env, w.graph.ID) },
		func() (any, error) { return s.ListValues(ctx, w.org, "shop", "") },
		func() (any, error) { return s.ListValues(ctx, w.org, "shop", "qa") },
		func() (any, error) { return s.ListValueSetVersions(ctx, w.org, "shop", "qa", 0) },
		func() (any, error) { return s.GetSecret(ctx, w.org, w.secret.Ref, 0) },
		func() (any, error) { return s.GetManifests(ctx, w.org, id) },
		func() (any, error) { return s.ListInventory(ctx, w.env) },
	}) {
		got, err := read()
		require.NoError(t, err)
		all = append(all, got)
	}
	return all
}

// testMissingParents stores records below what does not exist.
func testMissingParents(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	nowhere := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "none"}
	for name, c := range map[string]struct {
		call func() error
		want string
	}{
		"application": {func() error { return s.CreateApplication(ctx, &orchestrator.Application{OrgID: "none", ID: "a"}) }, `organization "none" does not exist`},
		"environment": {func() error {
			return s.CreateEnvironment(ctx, &orchestrator.Environment{OrgID: "acme", AppID: "none", ID: "e", TypeID: "test"})
		}, `application "none" does not exist`},
		"environment of no type": {func() error {
			return s.CreateEnvironment(ctx, &orchestrator.Environment{OrgID: "acme", AppID: "shop", ID: "e", TypeID: "none"})
		}, `environment type "none" does not exist`},
		"change to no type": {func() error { e := w.environ; e.TypeID = "none"; return s.UpdateEnvironment(ctx, &e) }, `environment type "none" does not exist`},
		"deployment": {func() error {
			return s.CreateDeployment(ctx, &orchestrator.Deployment{OrgID: "acme", AppID: "shop", EnvID: "none", ID: deploymentID()})
		}, `environment "none" does not exist`},
		"value": {func() error {
			return s.PutValue(ctx, &orchestrator.Value{OrgID: "acme", AppID: "shop", EnvID: "none", Key: "K"})
		}, `environment "none" does not exist`},
		"value set version": {func() error {
			return s.CreateValueSetVersion(ctx, &orchestrator.ValueSetVersion{OrgID: "acme", AppID: "none", ID: "v"})
		}, `application "none" does not exist`},
		"set": {func() error { return drop(s.PutSet(ctx, "acme", "none", sampleSet())) }, `application "none" does not exist`},
		"graph": {func() error {
			return drop(s.PutGraph(ctx, &orchestrator.GraphRecord{OrgID: "acme", AppID: "shop", EnvID: "none", ID: "g"}))
		}, `environment "none" does not exist`},
		"events": {func() error {
			return s.AppendEvents(ctx, &orchestrator.Event{OrgID: nowhere.OrgID, AppID: nowhere.AppID, EnvID: nowhere.EnvID, At: time.Now()})
		}, `environment "none" does not exist`},
		"token":         {func() error { return s.CreateToken(ctx, &orchestrator.Token{UserID: "none", ID: "t", Hash: "h"}) }, `user "none" does not exist`},
		"resource type": {func() error { return s.CreateResourceType(ctx, &orchestrator.ResourceType{OrgID: "none", ID: "t"}) }, `organization "none" does not exist`},
		"criteria":      {func() error { return s.PutCriteria(ctx, "acme", "none", nil) }, `resource definition "none" does not exist`},
		"role of nobody": {func() error {
			return s.PutRole(ctx, orchestrator.RoleBinding{OrgID: "acme", SubjectID: "none", Object: "/orgs/acme"})
		}, `organization "acme" or user "none" does not exist`},
		"manifests": {func() error {
			return s.PutManifests(ctx, &orchestrator.ManifestSet{OrgID: "acme", DeploymentID: "none"})
		}, `deployment "none" does not exist`},
		"nodes": {func() error { return s.CreateNodes(ctx, []orchestrator.Node{{OrgID: "acme", DeploymentID: "none"}}) }, `deployment "none" does not exist`},
	} {
		err := c.call()
		require.True(t, orchestrator.IsNotFound(err), "%s: %v", name, err)
		require.EqualError(t, err, c.want, name)
	}
}
