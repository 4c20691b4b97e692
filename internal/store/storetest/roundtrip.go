package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// aggregate is one type of record with how it is written and read.
type aggregate[T any] struct {
	place  func(v *T) // sets the fields that say where the record is
	keep   func(from, to *T)
	create func(v *T) error
	read   func() (*T, error)
	update func(v *T) error // nil: cannot be changed
}

// check creates a record with every field set, reads it back, changes every
// field that may change, and sets each of them to zero.
func check[T any](t *testing.T, a aggregate[T]) {
	t.Helper()
	var first T
	fill(&first, 1)
	a.place(&first)
	require.NoError(t, a.create(&first))
	got, err := a.read()
	require.NoError(t, err)
	require.Equal(t, &first, got)

	again := first
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(a.create(&again)), "creating it twice")
	if a.update == nil {
		return
	}
	var second, zero T
	fill(&second, 2)
	for _, next := range []*T{&second, &zero} { // tests go on with the zero values
		a.place(next)
		a.keep(got, next)
		require.NoError(t, a.update(next))
		got, err = a.read()
		require.NoError(t, err)
		require.Equal(t, next, got)
	}
}

func testRoundTrips(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	deployment := newDeployment(t, s, w.env)
	roundTripPeople(t, s)
	roundTripPlaces(t, s)
	roundTripDeployment(t, s, w, deployment)
	roundTripCatalogue(t, s)
	roundTripValues(t, s, w)
}

func roundTripPeople(t *testing.T, s orchestrator.Store) {
	t.Run("organization", func(t *testing.T) {
		check(t, aggregate[orchestrator.Organization]{
			place:  func(v *orchestrator.Organization) { v.ID = "other" },
			create: func(v *orchestrator.Organization) error { return s.CreateOrganization(ctx, v) },
			read:   func() (*orchestrator.Organization, error) { return s.GetOrganization(ctx, "other") },
		})
	})
	t.Run("user", func(t *testing.T) {
		check(t, aggregate[orchestrator.User]{
			place:  func(v *orchestrator.User) { v.ID = "ann" },
			keep:   func(from, to *orchestrator.User) { to.CreatedAt, to.Version = from.CreatedAt, from.Version },
			create: func(v *orchestrator.User) error { return s.CreateUser(ctx, v) },
			read:   func() (*orchestrator.User, error) { return s.GetUser(ctx, "ann") },
			update: func(v *orchestrator.User) error { return s.UpdateUser(ctx, v) },
		})
	})
	t.Run("token", func(t *testing.T) {
		check(t, aggregate[orchestrator.Token]{
			place:  func(v *orchestrator.Token) { v.UserID, v.ID, v.Hash = "ann", "ci", "abc" },
			create: func(v *orchestrator.Token) error { return s.CreateToken(ctx, v) },
			read:   func() (*orchestrator.Token, error) { return s.TokenByHash(ctx, "abc") },
		})
	})
}

func roundTripPlaces(t *testing.T, s orchestrator.Store) {
	t.Run("application", func(t *testing.T) {
		check(t, aggregate[orchestrator.Application]{
			place: func(v *orchestrator.Application) { v.OrgID, v.ID = "acme", "desk" },
			keep: func(from, to *orchestrator.Application) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Application) error { return s.CreateApplication(ctx, v) },
			read:   func() (*orchestrator.Application, error) { return s.GetApplication(ctx, "acme", "desk") },
			update: func(v *orchestrator.Application) error { return s.UpdateApplication(ctx, v) },
		})
	})
	t.Run("environment type", func(t *testing.T) {
		check(t, aggregate[orchestrator.EnvironmentType]{
			place:  func(v *orchestrator.EnvironmentType) { v.OrgID, v.ID = "acme", "prod" },
			keep:   func(_, _ *orchestrator.EnvironmentType) {},
			create: func(v *orchestrator.EnvironmentType) error { return s.CreateEnvironmentType(ctx, v) },
			read:   func() (*orchestrator.EnvironmentType, error) { return s.GetEnvironmentType(ctx, "acme", "prod") },
			update: func(v *orchestrator.EnvironmentType) error { return s.UpdateEnvironmentType(ctx, v) },
		})
	})
	t.Run("environment", func(t *testing.T) {
		ref := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "live"}
		check(t, aggregate[orchestrator.Environment]{
			place: func(v *orchestrator.Environment) { v.OrgID, v.AppID, v.ID, v.TypeID = "acme", "shop", "live", "test" },
			keep: func(from, to *orchestrator.Environment) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Environment) error { return s.CreateEnvironment(ctx, v) },
			read:   func() (*orchestrator.Environment, error) { return s.GetEnvironment(ctx, ref) },
			update: func(v *orchestrator.Environment) error { return s.UpdateEnvironment(ctx, v) },
		})
	})
	t.Run("delta", func(t *testing.T) {
		check(t, aggregate[orchestrator.Delta]{
			place: func(v *orchestrator.Delta) {
				v.OrgID, v.AppID, v.ID = "acme", "shop", "d1"
				if v.Content.Shared == nil {
					v.Content = sampleDelta(7)
				}
			},
			keep: func(from, to *orchestrator.Delta) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Delta) error { return s.CreateDelta(ctx, v) },
			read:   func() (*orchestrator.Delta, error) { return s.GetDelta(ctx, "acme", "shop", "d1") },
			update: func(v *orchestrator.Delta) error { return s.UpdateDelta(ctx, v) },
		})
	})
}

func roundTripDeployment(t *testing.T, s orchestrator.Store, w *world, run orchestrator.Deployment) {
	t.Run("deployment", func(t *testing.T) {
		id := deploymentID()
		check(t, aggregate[orchestrator.Deployment]{
			place: func(v *orchestrator.Deployment) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", id },
			keep: func(from, to *orchestrator.Deployment) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Deployment) error { return s.CreateDeployment(ctx, v) },
			read:   func() (*orchestrator.Deployment, error) { return s.GetDeployment(ctx, w.env, id) },
			update: func(v *orchestrator.Deployment) error { return s.UpdateDeployment(ctx, v) },
		})
	})
	t.Run("node", func(t *testing.T) {
		var first, second, zero orchestrator.Node
		fill(&first, 1)
		fill(&second, 2)
		nodes := []orchestrator.Node{first}
		place := func(n *orchestrator.Node) {
			n.OrgID, n.AppID, n.EnvID, n.DeploymentID, n.Ordinal = "acme", "shop", "qa", run.ID, 0
		}
		place(&nodes[0])
		require.NoError(t, s.CreateNodes(ctx, nodes))
		got, err := s.GetNode(ctx, "acme", run.ID, 0)
		require.NoError(t, err)
		require.Equal(t, &nodes[0], got)
		for _, next := range []*orchestrator.Node{&second, &zero} {
			place(next)
			next.Spec, next.Version = got.Spec, got.Version
			require.NoError(t, s.UpdateNode(ctx, next))
			got, err = s.GetNode(ctx, "acme", run.ID, 0)
			require.NoError(t, err)
			require.Equal(t, next, got)
		}
	})
	t.Run("active resource", func(t *testing.T) {
		k := resource.Key{Type: "s3", Class: "default", ID: "bucket"}
		var first, second, zero orchestrator.ActiveResource
		fill(&first, 1)
		fill(&second, 2)
		place := func(r *orchestrator.ActiveResource) {
			r.OrgID, r.AppID, r.EnvID, r.Key, r.GUResID = "acme", "shop", "qa", k, "guresid"
		}
		place(&first)
		got, err := s.ReserveResource(ctx, &first)
		require.NoError(t, err)
		first.Status, first.Retired, first.Version = orchestrator.ResourcePending, false, got.Version
		require.Equal(t, &first, got)
		for _, next := range []*orchestrator.ActiveResource{&second, &zero} {
			place(next)
			next.CreatedAt, next.Version = got.CreatedAt, got.Version
			require.NoError(t, s.UpdateActiveResource(ctx, next))
			got, err = s.FindActiveResource(ctx, w.env, "guresid")
			require.NoError(t, err)
			require.Equal(t, next, got)
		}
	})
}

func roundTripCatalogue(t *testing.T, s orchestrator.Store) {
	t.Run("resource type", func(t *testing.T) {
		check(t, aggregate[orchestrator.ResourceType]{
			place:  func(v *orchestrator.ResourceType) { v.OrgID, v.ID = "acme", "acme/s3" },
			keep:   func(from, to *orchestrator.ResourceType) { to.Version = from.Version },
			create: func(v *orchestrator.ResourceType) error { return s.CreateResourceType(ctx, v) },
			read:   func() (*orchestrator.ResourceType, error) { return s.GetResourceType(ctx, "acme", "acme/s3") },
			update: func(v *orchestrator.ResourceType) error { return s.UpdateResourceType(ctx, v) },
		})
	})
	t.Run("resource class", func(t *testing.T) {
		check(t, aggregate[orchestrator.ResourceClass]{
			place: func(v *orchestrator.ResourceClass) { v.OrgID, v.ResourceType, v.ID = "acme", "s3", "big" },
			keep: func(from, to *orchestrator.ResourceClass) {
				to.CreatedAt, to.CreatedBy = from.CreatedAt, from.CreatedBy
			},
			create: func(v *orchestrator.ResourceClass) error { return s.CreateResourceClass(ctx, v) },
			read:   func() (*orchestrator.ResourceClass, error) { return s.GetResourceClass(ctx, "acme", "s3", "big") },
			update: func(v *orchestrator.ResourceClass) error { return s.UpdateResourceClass(ctx, v) },
		})
	})
	t.Run("driver", func(t *testing.T) {
		check(t, aggregate[orchestrator.DriverDefinition]{
			place:  func(v *orchestrator.DriverDefinition) { v.OrgID, v.ID = "acme", "acme/d" },
			keep:   func(from, to *orchestrator.DriverDefinition) { to.Version = from.Version },
			create: func(v *orchestrator.DriverDefinition) error { return s.CreateDriver(ctx, v) },
			read:   func() (*orchestrator.DriverDefinition, error) { return s.GetDriver(ctx, "acme", "acme/d") },
			update: func(v *orchestrator.DriverDefinition) error { return s.UpdateDriver(ctx, v) },
		})
	})
	t.Run("definition", func(t *testing.T) {
		check(t, aggregate[orchestrator.Definition]{
			place: func(v *orchestrator.Definition) {
				v.OrgID, v.ID, v.ActiveVersionID = "acme", "def", "v1"
				v.Active.OrgID, v.Active.DefID, v.Active.ID = "acme", "def", "v1"
			},
			keep: func(from, to *orchestrator.Definition) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
				to.Active, to.Criteria = from.Active, from.Criteria
			},
			create: func(v *orchestrator.Definition) error { return s.CreateDefinition(ctx, v) },
			read:   func() (*orchestrator.Definition, error) { return s.GetDefinition(ctx, "acme", "def") },
			update: func(v *orchestrator.Definition) error { return s.UpdateDefinition(ctx, v) },
		})
	})
	t.Run("definition version", func(t *testing.T) {
		check(t, aggregate[orchestrator.DefinitionVersion]{
			place:  func(v *orchestrator.DefinitionVersion) { v.OrgID, v.DefID, v.ID = "acme", "def", "v2" },
			create: func(v *orchestrator.DefinitionVersion) error { return s.CreateDefinitionVersion(ctx, v) },
			read: func() (*orchestrator.DefinitionVersion, error) {
				return s.GetDefinitionVersion(ctx, "acme", "def", "v2")
			},
			keep: func(from, to *orchestrator.DefinitionVersion) {
				flags := *to
				*to = *from
				to.Active, to.Proposed, to.Archived = flags.Active, flags.Proposed, flags.Archived
			},
			update: func(v *orchestrator.DefinitionVersion) error { return s.UpdateDefinitionVersion(ctx, v) },
		})
	})
}

func roundTripValues(t *testing.T, s orchestrator.Store, w *world) {
	t.Run("value set version", func(t *testing.T) {
		check(t, aggregate[orchestrator.ValueSetVersion]{
			place: func(v *orchestrator.ValueSetVersion) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "v" },
			keep: func(from, to *orchestrator.ValueSetVersion) {
				changed := *to
				*to = *from
				to.Values, to.UpdatedAt = changed.Values, changed.UpdatedAt
			},
			create: func(v *orchestrator.ValueSetVersion) error { return s.CreateValueSetVersion(ctx, v) },
			read: func() (*orchestrator.ValueSetVersion, error) {
				return s.GetValueSetVersion(ctx, "acme", "shop", "qa", "v")
			},
			update: func(v *orchestrator.ValueSetVersion) error { return s.UpdateValueSetVersion(ctx, v) },
		})
	})
	t.Run("graph", func(t *testing.T) {
		var g orchestrator.GraphRecord
		fill(&g, 1)
		g.OrgID, g.AppID, g.EnvID, g.ID = "acme", "shop", "qa", "g"
		id, err := s.PutGraph(ctx, &g)
		require.NoError(t, err)
		require.Equal(t, "g", id)
		got, err := s.GetGraph(ctx, w.env, "g")
		require.NoError(t, err)
		require.Equal(t, &g, got)
	})
	t.Run("event", func(t *testing.T) {
		var e orchestrator.Event
		fill(&e, 1)
		e.OrgID, e.AppID, e.EnvID = "acme", "shop", "qa"
		require.NoError(t, s.AppendEvents(ctx, &e))
		got, err := s.ListEvents(ctx, "acme", e.DeploymentID, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []orchestrator.Event{e}, got)
	})
	t.Run("log line", func(t *testing.T) {
		var l orchestrator.LogLine
		fill(&l, 1)
		l.OrgID = "acme"
		require.NoError(t, s.AppendLog(ctx, &l))
		got, err := s.ListLog(ctx, "acme", l.DeploymentID, l.Node, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []orchestrator.LogLine{l}, got)
	})
}
