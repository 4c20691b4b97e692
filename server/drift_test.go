package server_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// deliveredShop is a deployed shop whose deployment has rendered nothing and was delivered.
func (h *harness) deliveredShop() (ref orchestrator.EnvRef, deployID string) {
	h.t.Helper()
	ctx := context.Background()
	h.deployedShop("k8s")
	ref = orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}
	env, err := h.store.GetEnvironment(ctx, ref)
	require.NoError(h.t, err)
	deployID = env.LastDeployID
	sealed, err := h.keeper.Encrypt([]byte("[]"), []byte("manifests|"+org+"|"+deployID))
	require.NoError(h.t, err)
	require.NoError(h.t, h.store.PutManifests(ctx, &orchestrator.ManifestSet{OrgID: org, DeploymentID: deployID, Sealed: sealed, CreatedAt: time.Now()}))
	require.NoError(h.t, h.store.PutInventory(ctx, []orchestrator.InventoryEntry{{
		OrgID: org, AppID: "shop", EnvID: "development", Target: "https://cluster", APIVersion: "v1", Kind: "Namespace", Name: "shop-development", DeploymentID: deployID,
	}}))
	return ref, deployID
}

// TestDriftScans: a scan is recorded, started once, ignores what it is told to, and says what it found.
func TestDriftScans(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	ref, deployID := h.deliveredShop()
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	image := objectdiff.Change{Path: "/spec/image", Before: "1", After: "2", By: "kubectl"}
	replicas := objectdiff.Change{Path: "/spec/replicas", Before: "1", After: "2"}
	object := func(name, state string, changes ...objectdiff.Change) orchestrator.ObjectComparison {
		return orchestrator.ObjectComparison{APIVersion: "apps/v1", Kind: "Deployment", Name: name, State: state, Changes: changes}
	}
	autoscaled, annotated := object("api", orchestrator.ObjectChanged, replicas), object("api", orchestrator.ObjectChanged, image, replicas)
	autoscaled.Autoscaled, annotated.IgnoredPaths = true, []string{"/spec"}
	for name, c := range map[string]struct {
		found  []orchestrator.ObjectComparison
		ignore string
		status string
		left   int // results
	}{
		"nothing":             {nil, `[]`, "clean", 0},
		"changed":             {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectChanged, image)}, `[]`, "drifted", 1},
		"missing":             {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectMissing)}, `[]`, "drifted", 1},
		"unknown is no drift": {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectUnknown)}, `[]`, "clean", 1},
		"autoscaled":          {[]orchestrator.ObjectComparison{autoscaled}, `[]`, "clean", 0},
		"by an annotation":    {[]orchestrator.ObjectComparison{annotated}, `[]`, "clean", 0},
		"a path ignored":      {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectChanged, image)}, `[{"kind":"Deployment","path":"/spec"}]`, "clean", 0},
		"another's path":      {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectChanged, image)}, `[{"name":"web","path":"/spec"}]`, "drifted", 1},
		"an object ignored":   {[]orchestrator.ObjectComparison{object("api", orchestrator.ObjectMissing)}, `[{"name":"api"}]`, "clean", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			cluster.differences = c.found
			h.do("PUT", devPath+"/drift/settings", `{"enabled":false,"every":"1h","redeploy":false,"ignore":`+c.ignore+`}`).must(http.StatusOK, nil)
			var scan, again api.DriftScan
			h.do("POST", devPath+"/drift", "").must(http.StatusCreated, &scan)
			h.do("POST", devPath+"/drift", "").must(http.StatusCreated, &again)
			require.Equal(t, scan.ID, again.ID, "one at a time")
			_, err := h.service.ScanDrift(system, ref, scan.ID)
			require.NoError(t, err)
			h.do("GET", devPath+"/drift/scans/"+scan.ID, "").must(http.StatusOK, &scan)
			require.Equal(t, c.status, scan.Status)
			require.Len(t, scan.Results, c.left)
			require.Equal(t, deployID, scan.DeployID)
			h.as(h.rival, "GET", devPath+"/drift/scans/"+scan.ID, "").fails(http.StatusNotFound, org)
		})
	}
	var all []api.DriftScan
	h.do("GET", devPath+"/drift", "").must(http.StatusOK, &all)
	require.Len(t, all, 9)
	h.do("GET", devPath+"/drift/scans/none", "").fails(http.StatusNotFound, "none")

	cluster.startErr = orchestrator.Errorf(orchestrator.CodeUnavailable, "Temporal is away")
	h.do("POST", devPath+"/drift", "").fails(http.StatusServiceUnavailable, "")
	cluster.startErr = nil
	h.do("GET", devPath+"/drift", "").must(http.StatusOK, &all)
	require.Equal(t, "failed", all[0].Status, "what could not be started does not look as if it ran")
	_, err := h.service.ScanDrift(context.Background(), ref, "x")
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
}

func TestDriftIsDeployedAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	ref, _ := h.deliveredShop()
	cluster.differences = []orchestrator.ObjectComparison{{Kind: "Deployment", Name: "api", State: orchestrator.ObjectMissing}}
	h.do("PUT", devPath+"/drift/settings", `{"enabled":true,"every":"1h","redeploy":true,"ignore":[]}`).must(http.StatusOK, nil)
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	before := len(h.workflows.items(orchestrator.QueueDeployment))
	result, err := h.service.ScanDrift(system, ref, "of-the-schedule")
	require.NoError(t, err)
	require.Equal(t, orchestrator.DriftFound, result.Status)
	require.NotEmpty(t, result.RedeployID)
	require.Contains(t, h.workflows.items(orchestrator.QueueDeployment)[before:], result.RedeployID, "through the queue")
	again, err := h.service.ScanDrift(system, ref, "of-the-schedule")
	require.NoError(t, err)
	require.Equal(t, result, again, "a repeated activity orders nothing anew")

	second, err := h.service.ScanDrift(system, ref, "second")
	require.NoError(t, err)
	require.Empty(t, second.RedeployID, "a newer deployment is on its way already")
	var scan api.DriftScan
	h.do("GET", devPath+"/drift/scans/second", "").must(http.StatusOK, &scan)
	require.Contains(t, scan.Message, "could not be deployed again")
	require.Equal(t, "schedule", scan.Cause)
}

func TestDriftSettings(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	var settings api.DriftSettings
	h.do("GET", devPath+"/drift/settings", "").must(http.StatusOK, &settings)
	require.Equal(t, api.DriftSettings{Every: "24h0m0s", Ignore: []api.IgnoredField{}}, settings, "off, unless somebody says otherwise")
	for name, body := range map[string]string{
		"no duration": `{"every":"often"}`, "too often": `{"every":"10s"}`, "too seldom": `{"every":"10000h"}`,
		"all ignored": `{"every":"1h","ignore":[{}]}`, "no pointer": `{"every":"1h","ignore":[{"path":"spec"}]}`, "no object": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			h.do("PUT", devPath+"/drift/settings", body).fails(http.StatusBadRequest, "")
		})
	}
	require.Empty(t, cluster.schedules.told)
	h.do("PUT", devPath+"/drift/settings", `{"enabled":true,"every":"2h","redeploy":true,"ignore":[{"path":"/x"}]}`).must(http.StatusOK, nil)
	h.do("GET", devPath+"/drift/settings", "").must(http.StatusOK, &settings)
	require.Equal(t, api.DriftSettings{Enabled: true, Every: "2h0m0s", Redeploy: true, Ignore: []api.IgnoredField{{Path: "/x"}}}, settings)
	h.do("PUT", devPath+"/drift/settings", `{"enabled":false,"every":"","redeploy":false,"ignore":[]}`).must(http.StatusOK, nil)
	require.Equal(t, []string{"drift.shop.development every 2h0m0s", "drift.shop.development off"}, cluster.schedules.told)
	h.do("POST", devPath+"/drift", "").fails(http.StatusConflict, "nothing was deployed")
	h.do("GET", devPath+"/diff", "").fails(http.StatusConflict, "k8s-cluster")
	h.do("GET", devPath+"/deploys/none/diff", "").fails(http.StatusNotFound, "none")
}

// someDrift stands for drivers that tell what has drifted.
type someDrift map[string]drivers.Drift // by GUResID

func (s someDrift) Detectable(_ context.Context, ref orchestrator.EnvRef) (out []orchestrator.ActiveResource, err error) {
	for _, id := range slices.Sorted(maps.Keys(s)) {
		out = append(out, orchestrator.ActiveResource{
			OrgID: ref.OrgID, GUResID: id, DriverType: "humanitec/terraform", Key: resource.Key{Type: "postgres", Class: "default", ID: id},
		})
	}
	return out, nil
}

func (s someDrift) DetectDrift(_ context.Context, res *orchestrator.ActiveResource, _ string) (drivers.Drift, error) {
	return s[res.GUResID], nil
}

// TestDriftOfResourcesAndObjects: one scan has both, each with its source.
func TestDriftOfResourcesAndObjects(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	ref, deployID := h.deliveredShop()
	cluster.differences = []orchestrator.ObjectComparison{{Kind: "Deployment", Name: "api", State: orchestrator.ObjectMissing}}
	ask := someDrift{"db": {Checked: 2, Changes: []drivers.Change{{
		Action: "update", Address: "aws_db.x", Kind: "aws_db", Attributes: []drivers.Attribute{{Path: "/password", Sensitive: true}, {Path: "/size"}},
	}}}, "other": {Checked: 1}}
	var nodes []orchestrator.Node
	for i, id := range []string{"db", "other"} {
		nodes = append(nodes, orchestrator.Node{
			OrgID: org, AppID: "shop", EnvID: "development", DeploymentID: deployID, Ordinal: i, GUResID: id,
			Key: resource.Key{Type: "postgres", Class: "default", ID: id}, Status: orchestrator.NodeSucceeded,
		})
	}
	require.NoError(t, h.store.CreateNodes(context.Background(), nodes))
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	_, err := h.service.ScanDriftWith(system, ref, "scan", ask)
	require.NoError(t, err)
	var scan api.DriftScan
	h.do("GET", devPath+"/drift/scans/scan", "").must(http.StatusOK, &scan)
	require.Equal(t, []any{"drifted", "", deployID, 3, 2}, []any{scan.Status, scan.Message, scan.DeployID, scan.Checked, scan.Drifted})
	require.Equal(t, []api.ObjectDiff{
		{Source: "kubernetes", Kind: "Deployment", Name: "api", State: "missing", Changes: []api.FieldChange{}},
		{Source: "humanitec/terraform", From: "postgres.default#db", Kind: "aws_db", Name: "aws_db.x", State: "changed",
			Changes: []api.FieldChange{{Path: "/password", Secret: true}, {Path: "/size"}}},
	}, scan.Results)
	_, err = h.service.ScanDriftWith(context.Background(), ref, "other", ask)
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
}

// TestDriftIgnores: what is ignored of an organization and of an application counts in each environment, and says where it is from.
func TestDriftIgnores(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := h.withCluster()
	ref, _ := h.deliveredShop()
	ofOrg, ofApp := "/orgs/"+org+"/drift/ignored", "/orgs/"+org+"/apps/shop/drift/ignored"
	var ignored api.DriftIgnores
	h.do("GET", ofOrg, "").must(http.StatusOK, &ignored)
	require.Equal(t, api.DriftIgnores{Ignore: []api.IgnoredField{}}, ignored)
	for _, body := range map[string]string{
		"everything": `{"ignore":[{}]}`, "no pointer": `{"ignore":[{"path":"spec"}]}`, "no object": `[]`, "too long": `{"ignore":[{"name":"` + strings.Repeat("x", 2001) + `"}]}`,
		"too many": `{"ignore":[` + strings.Repeat(`{"kind":"A"},`, 100) + `{"kind":"A"}]}`,
	} {
		h.do("PUT", ofOrg, body).fails(http.StatusBadRequest, "")
		h.do("PUT", ofApp, body).fails(http.StatusBadRequest, "")
	}
	h.as(h.rival, "GET", ofOrg, "").fails(http.StatusNotFound, org)
	h.as(h.rival, "PUT", ofApp, `{"ignore":[]}`).fails(http.StatusNotFound, org)
	h.do("PUT", "/orgs/"+org+"/apps/none/drift/ignored", `{"ignore":[]}`).fails(http.StatusNotFound, "none")
	h.do("GET", "/orgs/"+org+"/apps/none/drift/ignored", "").fails(http.StatusNotFound, "none")

	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	cluster.differences = []orchestrator.ObjectComparison{
		{Kind: "Secret", Name: "tls", State: orchestrator.ObjectChanged, Changes: []objectdiff.Change{{Path: "/data/tls.crt"}}},
		{Kind: "ConfigMap", Name: "flags", State: orchestrator.ObjectChanged, Changes: []objectdiff.Change{{Path: "/data/beta"}}},
		{Kind: "Deployment", Name: "api", State: orchestrator.ObjectChanged, Changes: []objectdiff.Change{{Path: "/spec/image"}}},
	}
	left := func(scan string) []string {
		_, err := h.service.ScanDrift(system, ref, scan)
		require.NoError(t, err)
		var found api.DriftScan
		h.do("GET", devPath+"/drift/scans/"+scan, "").must(http.StatusOK, &found)
		var names []string
		for _, r := range found.Results {
			names = append(names, r.Name)
		}
		return names
	}
	require.Equal(t, []string{"tls", "flags", "api"}, left("s1"))
	h.do("PUT", ofOrg, `{"ignore":[{"kind":"Secret"}]}`).must(http.StatusOK, &ignored)
	require.Equal(t, []string{"flags", "api"}, left("s2"))
	ignored = api.DriftIgnores{}
	h.do("PUT", ofApp, `{"ignore":[{"name":"flags","path":"/data"}],"inherited":[{"kind":"Deployment","from":"organization"}]}`).must(http.StatusOK, &ignored)
	require.Equal(t, []string{"api"}, left("s3"), "what is sent as inherited has no effect")
	require.Equal(t, api.DriftIgnores{
		Ignore: []api.IgnoredField{{Name: "flags", Path: "/data"}}, Inherited: []api.InheritedField{{Kind: "Secret", From: "organization"}},
	}, ignored)
	var settings api.DriftSettings
	h.do("PUT", devPath+"/drift/settings", `{"every":"1h","ignore":[{"name":"api"}]}`).must(http.StatusOK, &settings)
	require.Equal(t, []api.InheritedField{{Kind: "Secret", From: "organization"}, {Name: "flags", Path: "/data", From: "application"}}, settings.Inherited)
	require.Equal(t, []api.IgnoredField{{Name: "api"}}, settings.Ignore)
	require.Empty(t, left("s4"))
	h.do("PUT", ofOrg, `{"ignore":[]}`).must(http.StatusOK, &ignored)
	require.Equal(t, []string{"tls"}, left("s5"))
}
