package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

func testResourceTypes(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	newBase(t, s, "zeta")
	for _, r := range []orchestrator.ResourceType{
		{OrgID: orchestrator.BuiltinOrg, ID: "s3", Name: "built in"}, {OrgID: orchestrator.BuiltinOrg, ID: "dns", Name: "built in"},
		{OrgID: "acme", ID: "acme/x"}, {OrgID: "acme", ID: "s3", Name: "own"}, {OrgID: "zeta", ID: "zeta/y"}, {OrgID: "zeta", ID: "dns", Name: "own"},
	} {
		require.NoError(t, s.CreateResourceType(ctx, &r))
	}
	label := func(r orchestrator.ResourceType) string { return r.ID + ":" + r.Name }
	for org, want := range map[string][]string{
		"acme": {"acme/x:", "dns:built in", "s3:own"},
		"zeta": {"dns:own", "s3:built in", "zeta/y:"},
	} {
		got, err := s.ListResourceTypes(ctx, org)
		require.NoError(t, err)
		require.Equal(t, want, names(got, label))
		for _, want := range got {
			one, err := s.GetResourceType(ctx, org, want.ID)
			require.NoError(t, err)
			require.Equal(t, want, *one)
		}
	}
	require.True(t, orchestrator.IsNotFound(s.DeleteResourceType(ctx, "acme", "dns")), "a built-in type is not the organization's")

	for _, c := range []orchestrator.ResourceClass{{ResourceType: "s3", ID: "b"}, {ResourceType: "s3", ID: "a"}, {ResourceType: "dns", ID: "c"}} {
		c.OrgID = "acme"
		require.NoError(t, s.CreateResourceClass(ctx, &c))
	}
	class := func(c orchestrator.ResourceClass) string { return c.ID }
	got, err := s.ListResourceClasses(ctx, "acme", "")
	require.NoError(t, err)
	require.Equal(t, []string{"c", "a", "b"}, names(got, class))
	got, err = s.ListResourceClasses(ctx, "acme", "s3")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names(got, class))
}

func testDefinitions(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	for _, id := range []string{"b", "a", "gone"} {
		require.NoError(t, s.CreateDefinition(ctx, newDefinition("acme", id,
			resource.Criteria{ID: id + "2", EnvID: id + "2"}, resource.Criteria{ID: id + "1", EnvID: id + "1", Class: "large"})))
	}
	gone, err := s.GetDefinition(ctx, "acme", "gone")
	require.NoError(t, err)
	require.Equal(t, []resource.Criteria{{ID: "gone2", EnvID: "gone2", Class: "default"}, {ID: "gone1", EnvID: "gone1", Class: "large"}}, gone.Criteria)
	gone.IsDeleted = true
	require.NoError(t, s.UpdateDefinition(ctx, gone))

	id := func(d orchestrator.Definition) string { return d.ID }
	some, err := s.ListDefinitions(ctx, "acme", false)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names(some, id))
	all, err := s.ListDefinitions(ctx, "acme", true)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "gone"}, names(all, id))
	for _, d := range all {
		one, err := s.GetDefinition(ctx, "acme", d.ID)
		require.NoError(t, err)
		require.Equal(t, d, *one, "the list shows what Get shows")
	}
	testDefinitionVersions(t, s, all[0])
	require.NoError(t, s.DeleteDefinition(ctx, "acme", "a"))
	left, err := s.ListDefinitionVersions(ctx, "acme", "a")
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, s.CreateDefinition(ctx, newDefinition("acme", "a", resource.Criteria{ID: "a1"})), "nothing is left behind")
}

func testDefinitionVersions(t *testing.T, s orchestrator.Store, d orchestrator.Definition) {
	next := d.Active
	next.ID, next.DriverType, next.CreatedAt = "next", "humanitec/template", epoch.Add(time.Second)
	require.NoError(t, s.CreateDefinitionVersion(ctx, &next))
	versions, err := s.ListDefinitionVersions(ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.DefinitionVersion{next, d.Active}, versions, "newest first")
	d.ActiveVersionID = "next"
	require.NoError(t, s.UpdateDefinition(ctx, &d))
	got, err := s.GetDefinition(ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Equal(t, next, got.Active)
}

func testCriteria(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	newBase(t, s, "zeta")
	same := func(id string) resource.Criteria {
		return resource.Criteria{ID: id, AppID: "shop", EnvType: "prod", Class: "default"}
	}
	require.NoError(t, s.CreateDefinition(ctx, newDefinition("acme", "one", same("c1"))))
	require.NoError(t, s.CreateDefinition(ctx, newDefinition("zeta", "one", same("c1"))), "another organization")
	otherType := newDefinition("acme", "dns", same("c1"))
	otherType.Type = "dns"
	require.NoError(t, s.CreateDefinition(ctx, otherType), "another type")
	preset := newDefinition("acme", "preset", same("c1"))
	preset.IsDefault = true
	require.NoError(t, s.CreateDefinition(ctx, preset), "a default may be equal")
	two := newDefinition("acme", "two")
	require.NoError(t, s.CreateDefinition(ctx, two))

	noClass := same("c2")
	noClass.Class = ""
	for name, criteria := range map[string][]resource.Criteria{
		"equal to another's":         {{ID: "c3"}, same("c2")},
		"equal, class left out":      {noClass},
		"twice on itself":            {{ID: "c3", ResID: "x"}, {ID: "c4", ResID: "x"}},
		"twice, one by default only": {{ID: "c3", Class: "default"}, {ID: "c4"}},
	} {
		err := s.PutCriteria(ctx, "acme", "two", criteria)
		require.True(t, orchestrator.IsConflict(err), "%s: %v", name, err)
		require.ErrorContains(t, err, `"two"`, name)
	}
	err := s.PutCriteria(ctx, "acme", "two", []resource.Criteria{same("c2")})
	require.ErrorContains(t, err, `"one"`, "the message names both")
	got, err := s.GetDefinition(ctx, "acme", "two")
	require.NoError(t, err)
	require.Empty(t, got.Criteria, "a refused change changes nothing")
	testCriteriaOfDeleted(t, s, same)
	require.True(t, orchestrator.IsNotFound(s.PutCriteria(ctx, "acme", "nothing", nil)))
}

func testCriteriaOfDeleted(t *testing.T, s orchestrator.Store, same func(string) resource.Criteria) {
	one, err := s.GetDefinition(ctx, "acme", "one")
	require.NoError(t, err)
	one.IsDeleted = true
	require.NoError(t, s.UpdateDefinition(ctx, one))
	require.NoError(t, s.PutCriteria(ctx, "acme", "two", []resource.Criteria{same("c2")}), "the other is deleted")
	require.NoError(t, s.PutCriteria(ctx, "acme", "two", []resource.Criteria{same("c9")}), "replaces its own")
	one.IsDeleted = false
	err = s.UpdateDefinition(ctx, one)
	require.True(t, orchestrator.IsConflict(err), "it cannot come back as an equal: %v", err)
	got, err := s.GetDefinition(ctx, "acme", "one")
	require.NoError(t, err)
	require.True(t, got.IsDeleted)
	require.Equal(t, got.Version, one.Version, "a refused update leaves the version alone")
}

func testCriteriaAtOnce(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	const rivals = 6
	for i := range rivals {
		require.NoError(t, s.CreateDefinition(ctx, newDefinition("acme", string(rune('a'+i)))))
	}
	errs := atOnce(rivals, func(i int) error {
		return s.PutCriteria(ctx, "acme", string(rune('a'+i)), []resource.Criteria{{ID: "c", EnvID: "qa"}})
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.True(t, orchestrator.IsConflict(err), "%v", err)
	}
	require.Equal(t, 1, won)
}

// atOnce runs n calls concurrently and returns their errors by index.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	running.Wait()
	return errs
}

func testActiveResources(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	other := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "live"}
	newEnvironment(t, s, other)
	reserve := func(ref orchestrator.EnvRef, key resource.Key, def string) *orchestrator.ActiveResource {
		r, err := s.ReserveResource(ctx, &orchestrator.ActiveResource{
			OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, Key: key, GUResID: unique("guresid"), DefID: def, Status: orchestrator.ResourceActive,
		})
		require.NoError(t, err)
		return r
	}
	bucket := reserve(w.env, resource.Key{Type: "s3", Class: "default", ID: "b"}, "one")
	require.Equal(t, orchestrator.ResourcePending, bucket.Status)
	reserve(w.env, resource.Key{Type: "s3", Class: "default", ID: "a"}, "two")
	reserve(w.env, resource.Key{Type: "dns", Class: "default", ID: "z"}, "three")
	reserve(other, resource.Key{Type: "s3", Class: "default", ID: "b"}, "one")
	again := reserve(w.env, resource.Key{Type: "s3", Class: "default", ID: "b"}, "changed")
	require.Equal(t, bucket, again, "what exists is kept")

	id := func(r orchestrator.ActiveResource) string { return r.EnvID + "/" + r.Key.Type + "/" + r.Key.ID }
	got, err := s.ListActiveResources(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []string{"qa/dns/z", "qa/s3/a", "qa/s3/b"}, names(got, id))
	got, err = s.ListActiveResourcesOf(ctx, "acme", "one")
	require.NoError(t, err)
	require.Equal(t, []string{"live/s3/b", "qa/s3/b"}, names(got, id))
	n, err := s.CountActiveResourcesOfType(ctx, "acme", "s3")
	require.NoError(t, err)
	require.Equal(t, 3, n)

	_, err = s.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: "acme", AppID: "shop", EnvID: "qa", Key: resource.Key{Type: "s3", Class: "default", ID: "new"}, GUResID: bucket.GUResID,
	})
	require.True(t, orchestrator.IsConflict(err), "a GUResID names one resource: %v", err)
	testRetiredResources(t, s, bucket)
	require.NoError(t, s.DeleteActiveResource(ctx, w.env, bucket.GUResID))
	require.True(t, orchestrator.IsNotFound(s.DeleteActiveResource(ctx, w.env, bucket.GUResID)))
}

// testRetiredResources puts other resources beside the one of a key and lets
// them change places.
func testRetiredResources(t *testing.T, s orchestrator.Store, bucket *orchestrator.ActiveResource) {
	ref := orchestrator.EnvRef{OrgID: bucket.OrgID, AppID: bucket.AppID, EnvID: bucket.EnvID}
	next := *bucket
	next.GUResID, next.DefID, next.CreatedAt = unique("guresid"), "one", epoch
	require.NoError(t, s.AddRetiredResource(ctx, &next))
	require.True(t, next.Retired)
	again := next
	require.True(t, orchestrator.IsConflict(s.AddRetiredResource(ctx, &again)), "a GUResID names one resource")

	got, err := s.GetActiveResource(ctx, ref, bucket.Key)
	require.NoError(t, err)
	require.Equal(t, bucket, got, "the key stands for the one that is not retired")
	got, err = s.FindActiveResource(ctx, ref, next.GUResID)
	require.NoError(t, err)
	require.Equal(t, &next, got)
	reserved, err := s.ReserveResource(ctx, bucket)
	require.NoError(t, err)
	require.Equal(t, bucket.GUResID, reserved.GUResID)
	active, err := s.ListActiveResources(ctx, ref)
	require.NoError(t, err)
	require.Len(t, active, 3)
	retired, err := s.ListRetiredResources(ctx, ref)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.ActiveResource{next}, retired)
	made, err := s.ListActiveResourcesOf(ctx, "acme", "one")
	require.NoError(t, err)
	require.Len(t, made, 3)
	n, err := s.CountActiveResourcesOfType(ctx, "acme", "s3")
	require.NoError(t, err)
	require.Equal(t, 4, n)

	next.Retired = false
	require.Error(t, s.InTx(ctx, func(ctx context.Context) error { return s.UpdateActiveResource(ctx, &next) }), "one of a key at a time")
	require.NoError(t, s.InTx(ctx, func(ctx context.Context) error {
		bucket.Retired, bucket.Status = true, orchestrator.ResourceDeleting
		if err := s.UpdateActiveResource(ctx, bucket); err != nil {
			return err
		}
		return s.UpdateActiveResource(ctx, &next)
	}))
	got, err = s.GetActiveResource(ctx, ref, bucket.Key)
	require.NoError(t, err)
	require.Equal(t, next.GUResID, got.GUResID)
	deleting, err := s.DeletingResources(ctx, 0)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.ActiveResource{*bucket}, deleting)
}

func testReserveAtOnce(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	const callers = 8
	got := make([]*orchestrator.ActiveResource, callers)
	errs := atOnce(callers, func(i int) (err error) {
		got[i], err = s.ReserveResource(ctx, &orchestrator.ActiveResource{
			OrgID: "acme", AppID: "shop", EnvID: "qa", Key: resource.Key{Type: "s3", Class: "default", ID: "b"}, GUResID: unique("guresid"),
		})
		return err
	})
	for i, err := range errs {
		require.NoError(t, err)
		require.Equal(t, got[0], got[i], "everybody gets the same resource")
	}
}

func testGraphs(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	put := func(id, hash string, used time.Time) string {
		got, err := s.PutGraph(ctx, &orchestrator.GraphRecord{
			OrgID: "acme", AppID: "shop", EnvID: "qa", ID: id, Hash: hash, CreatedAt: used, UsedAt: used,
		})
		require.NoError(t, err)
		return got
	}
	later := epoch.Add(time.Hour)
	require.Equal(t, "one", put("one", "h1", epoch))
	require.Equal(t, "two", put("two", "h2", epoch))
	require.Equal(t, "one", put("three", "h1", later), "equal content is stored once")
	g, err := s.GetGraph(ctx, w.env, "one")
	require.NoError(t, err)
	require.Equal(t, epoch, g.CreatedAt)
	require.Equal(t, later, g.UsedAt)
	_, err = s.GetGraph(ctx, w.env, "three")
	require.True(t, orchestrator.IsNotFound(err))
}
