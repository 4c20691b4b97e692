package orchestrator

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// PipelineFilter narrows lists of pipelines; empty fields do not count.
type PipelineFilter struct {
	AppIDs   []string
	Trigger  string
	Metadata map[string]string
}

// pipelineObject is the pipeline's name in the audit log.
func pipelineObject(org, app, id string) string { return AppObject(org, app) + "/pipelines/" + id }

// ListPipelinesInOrg lists the pipelines of all applications that the one who
// asks may read.
func (s *Service) ListPipelinesInOrg(ctx context.Context, org string, filter PipelineFilter) ([]Pipeline, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.store.ListPipelines(ctx, org, "")
	if err != nil {
		return nil, err
	}
	hidden := func(p Pipeline) bool { return !s.may(ctx, PermAppRead, onApp(org, p.AppID)) || !filter.keeps(p) }
	return slices.DeleteFunc(all, hidden), nil
}

// ListPipelines lists the pipelines of an application.
func (s *Service) ListPipelines(ctx context.Context, org, app string, filter PipelineFilter) ([]Pipeline, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	all, err := s.store.ListPipelines(ctx, org, app)
	return slices.DeleteFunc(all, func(p Pipeline) bool { return !filter.keeps(p) }), err
}

func (f PipelineFilter) keeps(p Pipeline) bool {
	if len(f.AppIDs) > 0 && !slices.Contains(f.AppIDs, p.AppID) || f.Trigger != "" && !slices.Contains(p.TriggerTypes, f.Trigger) {
		return false
	}
	for name, value := range f.Metadata {
		if have, there := p.Metadata[name]; !there || have != value {
			return false
		}
	}
	return true
}

// GetPipeline returns a pipeline as its current version says, or as the given
// one said.
func (s *Service) GetPipeline(ctx context.Context, org, app, id, version string) (*Pipeline, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	p, err := s.store.GetPipeline(ctx, org, app, id)
	if err != nil || version == "" || version == p.VersionID {
		return p, err
	}
	v, err := s.store.GetPipelineVersion(ctx, org, app, id, version)
	if err != nil {
		return nil, err
	}
	p.Name, p.VersionID, p.TriggerTypes, p.Metadata = v.Name, v.ID, v.TriggerTypes, v.Metadata
	return p, nil
}

// PipelineDefinition returns a version of a pipeline with its text; version ""
// is the current one.
func (s *Service) PipelineDefinition(ctx context.Context, org, app, id, version string) (*PipelineVersion, error) {
	p, err := s.GetPipeline(ctx, org, app, id, version)
	if err != nil {
		return nil, err
	}
	return s.store.GetPipelineVersion(ctx, org, app, id, p.VersionID)
}

// ListPipelineVersions lists the versions of a pipeline, newest first, without
// their texts.
func (s *Service) ListPipelineVersions(ctx context.Context, org, app, id string) ([]PipelineVersion, error) {
	if _, err := s.GetPipeline(ctx, org, app, id, ""); err != nil {
		return nil, err
	}
	return s.store.ListPipelineVersions(ctx, org, app, id)
}

// PipelineSchema returns the JSON schema of pipelines.
func (s *Service) PipelineSchema(ctx context.Context, org string) (map[string]any, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return pipeline.Schema(), nil
}

// readPipeline reads a text as a pipeline; all that is wrong is in the message
// and, one by one, in the details.
func readPipeline(definition string) (*pipeline.Document, error) {
	document, _, err := pipeline.Parse([]byte(definition))
	var invalid *pipeline.Invalid
	if !errors.As(err, &invalid) {
		return document, err
	}
	const shown = 20
	problems := invalid.Problems[:min(len(invalid.Problems), shown)]
	list := make([]any, len(problems))
	for i, p := range problems {
		list[i] = map[string]any{"line": p.Line, "column": p.Column, "path": p.Path, "message": p.Message}
	}
	out := Invalidf("the pipeline is not valid: %s", (&pipeline.Invalid{Problems: problems}).Error())
	out.Details = map[string]any{"problems": list}
	return nil, out
}

// requirePipelineAuthor lets those pass who may define pipelines in the
// application and hold the roles that the pipeline is given: nobody can do
// through a pipeline what they cannot do themselves.
func (s *Service) requirePipelineAuthor(ctx context.Context, org, app string, p pipeline.Permissions) error {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return err
	}
	for _, perm := range rolePermissions[p.Application] {
		if err := s.requirePerm(ctx, perm, onApp(org, app)); err != nil {
			return err
		}
	}
	for _, envType := range slices.Sorted(maps.Keys(p.EnvTypes)) {
		if err := s.requirePerm(ctx, PermDeploy, onEnvType(org, envType)); err != nil {
			return err
		}
	}
	return nil
}

// CreatePipeline adds a pipeline to an application. With dryRun it is judged
// only; the answer is then nil.
func (s *Service) CreatePipeline(ctx context.Context, org, app, definition string, dryRun bool) (*Pipeline, error) {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return nil, err
	}
	if _, err := s.store.GetApplication(ctx, org, app); err != nil {
		return nil, err
	}
	document, err := readPipeline(definition)
	if err != nil {
		return nil, err
	}
	if err := s.requirePipelineAuthor(ctx, org, app, document.Permissions); err != nil {
		return nil, err
	}
	p := &Pipeline{OrgID: org, AppID: app, ID: document.ID, Status: StatusActive, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID}
	if p.ID == "" {
		p.ID = newUUID()
	}
	if _, err := s.store.GetPipeline(ctx, org, app, p.ID); !IsNotFound(err) {
		if err == nil {
			err = Conflictf("pipeline %q already exists in application %q; change it with PATCH, or choose another id", p.ID, app)
		}
		return nil, err
	}
	if dryRun {
		return nil, nil
	}
	version := p.newVersion(document, definition, p.CreatedAt, p.CreatedBy)
	var schedules []string
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.addPipeline(ctx, p, version); err != nil {
			return Change{}, err
		}
		schedules, err = s.touchPipeline(ctx, p, nil, document)
		return created(org, "pipeline", pipelineObject(org, app, p.ID), p), err
	})
	if err == nil {
		s.tellSchedules(ctx, org, schedules...)
	}
	return p, err
}

func (s *Service) addPipeline(ctx context.Context, p *Pipeline, v *PipelineVersion) error {
	if err := s.store.CreatePipeline(ctx, p); err != nil {
		return err
	}
	return s.store.CreatePipelineVersion(ctx, v)
}

// UpdatePipeline gives a pipeline a new version. A non-empty etag must be that
// of the current one, or "*". With dryRun the change is judged only; the answer
// is then nil.
func (s *Service) UpdatePipeline(ctx context.Context, org, app, id, definition, etag string, dryRun bool) (*Pipeline, error) {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return nil, err
	}
	if _, err := s.store.GetPipeline(ctx, org, app, id); err != nil {
		return nil, err
	}
	document, err := readPipeline(definition)
	if err != nil {
		return nil, err
	}
	if document.ID != "" && document.ID != id {
		return nil, Invalidf("id: the document says %q and the pipeline is %q; the id of a pipeline cannot change", document.ID, id)
	}
	if err := s.requirePipelineAuthor(ctx, org, app, document.Permissions); err != nil {
		return nil, err
	}
	var p *Pipeline
	var schedules []string
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		if p, err = s.matchingPipeline(ctx, org, app, id, etag); err != nil {
			return Change{}, err
		}
		if err := s.checkCriteriaKept(ctx, p, document); err != nil || dryRun {
			return Change{}, err
		}
		before := *p
		old, err := s.currentDocument(ctx, p)
		if err != nil {
			return Change{}, err
		}
		if schedules, err = s.touchPipeline(ctx, p, old, document); err != nil {
			return Change{}, err
		}
		now := s.now()
		version := p.newVersion(document, definition, now, ActorFrom(ctx).UserID)
		if err := stale(s.store.UpdatePipeline(ctx, p)); err != nil {
			return Change{}, err
		}
		return updated(org, "pipeline", pipelineObject(org, app, id), before, p), s.store.CreatePipelineVersion(ctx, version)
	})
	if err != nil || dryRun {
		return nil, err
	}
	s.tellSchedules(ctx, org, schedules...)
	return p, nil
}

// checkCriteriaKept refuses a document without a trigger that criteria of the
// pipeline are for.
func (s *Service) checkCriteriaKept(ctx context.Context, p *Pipeline, document *pipeline.Document) error {
	if document.On.DeploymentRequest {
		return nil
	}
	all, err := s.store.ListPipelineCriteria(ctx, p.OrgID, p.AppID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c PipelineCriteria) bool { return c.PipelineID == p.ID }) {
		return Conflictf("pipeline %q has criteria for %s, a trigger that the new version does not have; delete the criteria first",
			p.ID, pipeline.TriggerDeploymentRequest)
	}
	return nil
}

// DeletePipeline removes a pipeline with its versions and criteria. A non-empty
// etag must be that of the current version, or "*".
func (s *Service) DeletePipeline(ctx context.Context, org, app, id, etag string) error {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return err
	}
	var schedules []string
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		p, err := s.matchingPipeline(ctx, org, app, id, etag)
		if err != nil {
			return Change{}, err
		}
		old, err := s.currentDocument(ctx, p)
		if err != nil {
			return Change{}, err
		}
		if schedules, err = s.touchPipeline(ctx, p, old, nil); err != nil {
			return Change{}, err
		}
		return deleted(org, "pipeline", pipelineObject(org, app, id), p), s.store.DeletePipeline(ctx, org, app, id)
	})
	if err == nil {
		s.tellSchedules(ctx, org, schedules...)
	}
	return err
}

// matchingPipeline reads a pipeline and compares its etag with the one asked for.
func (s *Service) matchingPipeline(ctx context.Context, org, app, id, etag string) (*Pipeline, error) {
	p, err := s.store.GetPipeline(ctx, org, app, id)
	if err != nil {
		return nil, err
	}
	if etag != "" && etag != "*" && etag != p.ETag() {
		return nil, Errorf(CodePrecondition, "pipeline %q has changed: its etag is %s, not %s; read it again and repeat the change", id, p.ETag(), shorten(etag))
	}
	return p, nil
}
