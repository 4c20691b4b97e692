package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// piped are the records of pipelines in a world.
type piped struct {
	pipeline orchestrator.Pipeline
	version  orchestrator.PipelineVersion
	criteria orchestrator.PipelineCriteria
}

// newPiped adds one of each to an organization.
func newPiped(t *testing.T, s orchestrator.Store, w *world) *piped {
	t.Helper()
	p := &piped{
		pipeline: orchestrator.Pipeline{OrgID: w.org, AppID: "shop", ID: "pipe", Name: "Pipe", Status: orchestrator.StatusActive, VersionID: "v1", CreatedAt: epoch},
		version:  orchestrator.PipelineVersion{OrgID: w.org, AppID: "shop", PipelineID: "pipe", ID: "v1", Definition: "name: Pipe\n", CreatedAt: epoch},
		criteria: orchestrator.PipelineCriteria{OrgID: w.org, AppID: "shop", PipelineID: "pipe", ID: "crit", Trigger: "deployment_request", CreatedAt: epoch},
	}
	require.NoError(t, s.CreatePipeline(ctx, &p.pipeline))
	require.NoError(t, s.CreatePipelineVersion(ctx, &p.version))
	require.NoError(t, s.CreatePipelineCriteria(ctx, &p.criteria))
	return p
}

func testPipelines(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	check(t, aggregate[orchestrator.Pipeline]{
		place: func(p *orchestrator.Pipeline) { p.OrgID, p.AppID, p.ID = "acme", "shop", "one" },
		keep: func(from, to *orchestrator.Pipeline) {
			to.OrgID, to.AppID, to.ID, to.CreatedAt, to.CreatedBy, to.Version = from.OrgID, from.AppID, from.ID, from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(p *orchestrator.Pipeline) error { return s.CreatePipeline(ctx, p) },
		read:   func() (*orchestrator.Pipeline, error) { return s.GetPipeline(ctx, "acme", "shop", "one") },
		update: func(p *orchestrator.Pipeline) error { return s.UpdatePipeline(ctx, p) },
	})
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "blog", Name: "Blog"}))
	require.NoError(t, s.CreatePipeline(ctx, &orchestrator.Pipeline{OrgID: "acme", AppID: "blog", ID: "one"}))
	all, err := s.ListPipelines(ctx, "acme", "")
	require.NoError(t, err)
	require.Equal(t, []string{"blog/one", "shop/one"}, names(all, func(p orchestrator.Pipeline) string { return p.AppID + "/" + p.ID }))
	all, err = s.ListPipelines(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.True(t, orchestrator.IsNotFound(s.CreatePipeline(ctx, &orchestrator.Pipeline{OrgID: "acme", AppID: "none", ID: "p"})))
	require.True(t, orchestrator.IsConflict(s.CreatePipeline(ctx, &orchestrator.Pipeline{OrgID: "acme", AppID: "shop", ID: "one"})))

	testPipelineVersions(t, s)
	testPipelineCriteria(t, s)
	require.NoError(t, s.DeletePipeline(ctx, "acme", "shop", "one"))
	versions, err := s.ListPipelineVersions(ctx, "acme", "shop", "one")
	require.NoError(t, err)
	require.Empty(t, versions, "versions go with their pipeline")
	criteria, err := s.ListPipelineCriteria(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Empty(t, criteria, "criteria go with their pipeline")
}

func testPipelineVersions(t *testing.T, s orchestrator.Store) {
	t.Helper()
	var first, second orchestrator.PipelineVersion
	fill(&first, 1)
	fill(&second, 2)
	for _, v := range []*orchestrator.PipelineVersion{&first, &second} {
		v.OrgID, v.AppID, v.PipelineID = "acme", "shop", "one"
		require.NoError(t, s.CreatePipelineVersion(ctx, v))
	}
	got, err := s.GetPipelineVersion(ctx, "acme", "shop", "one", first.ID)
	require.NoError(t, err)
	require.Equal(t, &first, got)
	_, err = s.GetPipelineVersion(ctx, "acme", "shop", "other", first.ID)
	require.True(t, orchestrator.IsNotFound(err), "a version belongs to its pipeline")
	first.Definition, second.Definition = "", ""
	listed, err := s.ListPipelineVersions(ctx, "acme", "shop", "one")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.PipelineVersion{second, first}, listed, "newest first")
	require.True(t, orchestrator.IsNotFound(s.CreatePipelineVersion(ctx, &orchestrator.PipelineVersion{OrgID: "acme", AppID: "shop", PipelineID: "none", ID: "v"})))
}

func testPipelineCriteria(t *testing.T, s orchestrator.Store) {
	t.Helper()
	var c orchestrator.PipelineCriteria
	fill(&c, 1)
	c.OrgID, c.AppID, c.PipelineID = "acme", "shop", "one"
	require.NoError(t, s.CreatePipelineCriteria(ctx, &c))
	got, err := s.GetPipelineCriteria(ctx, "acme", "shop", "one", c.ID)
	require.NoError(t, err)
	require.Equal(t, &c, got)
	_, err = s.GetPipelineCriteria(ctx, "acme", "shop", "other", c.ID)
	require.True(t, orchestrator.IsNotFound(err), "criteria belong to their pipeline")
	same := c
	same.ID = "same"
	require.True(t, orchestrator.IsConflict(s.CreatePipelineCriteria(ctx, &same)), "the same criteria twice")
	later := orchestrator.PipelineCriteria{OrgID: "acme", AppID: "shop", PipelineID: "one", ID: "later", CreatedAt: c.CreatedAt.Add(1)}
	require.NoError(t, s.CreatePipelineCriteria(ctx, &later))
	listed, err := s.ListPipelineCriteria(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.PipelineCriteria{c, later}, listed)
	require.True(t, orchestrator.IsNotFound(s.DeletePipelineCriteria(ctx, "acme", "shop", "other", "later")))
	require.NoError(t, s.DeletePipelineCriteria(ctx, "acme", "shop", "one", "later"))
}

// missingPiped are calls as an organization that knows the ids of another.
func missingPiped(s orchestrator.Store, p *piped, org string) map[string]func() error {
	pipe, version, criteria := p.pipeline, p.version, p.criteria
	pipe.OrgID, version.OrgID, criteria.OrgID = org, org, org
	return map[string]func() error{
		"CreatePipeline":         func() error { x := pipe; return s.CreatePipeline(ctx, &x) },
		"GetPipeline":            func() error { return drop(s.GetPipeline(ctx, org, "shop", "pipe")) },
		"UpdatePipeline":         func() error { return s.UpdatePipeline(ctx, &pipe) },
		"DeletePipeline":         func() error { return s.DeletePipeline(ctx, org, "shop", "pipe") },
		"CreatePipelineVersion":  func() error { return s.CreatePipelineVersion(ctx, &version) },
		"GetPipelineVersion":     func() error { return drop(s.GetPipelineVersion(ctx, org, "shop", "pipe", "v1")) },
		"CreatePipelineCriteria": func() error { return s.CreatePipelineCriteria(ctx, &criteria) },
		"GetPipelineCriteria":    func() error { return drop(s.GetPipelineCriteria(ctx, org, "shop", "pipe", "crit")) },
		"DeletePipelineCriteria": func() error { return s.DeletePipelineCriteria(ctx, org, "shop", "pipe", "crit") },
	}
}

func emptyPiped(s orchestrator.Store, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListPipelines": count(func() ([]orchestrator.Pipeline, error) { return s.ListPipelines(ctx, org, "") }),
		"ListPipelineVersions": count(func() ([]orchestrator.PipelineVersion, error) {
			return s.ListPipelineVersions(ctx, org, "shop", "pipe")
		}),
		"ListPipelineCriteria": count(func() ([]orchestrator.PipelineCriteria, error) { return s.ListPipelineCriteria(ctx, org, "shop") }),
	}
}

// pipedOf reads everything of an organization.
func pipedOf(s orchestrator.Store, w *world) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListPipelines(ctx, w.org, "") },
		func() (any, error) { return s.GetPipelineVersion(ctx, w.org, "shop", "pipe", "v1") },
		func() (any, error) { return s.ListPipelineCriteria(ctx, w.org, "shop") },
	}
}
