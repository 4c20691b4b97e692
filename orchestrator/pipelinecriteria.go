package orchestrator

import (
	"context"
	"slices"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// PipelineCriteriaView is criteria with the name of their pipeline.
type PipelineCriteriaView struct {
	PipelineCriteria
	PipelineName string
}

// PipelineCriteriaRequest says what criteria shall match.
type PipelineCriteriaRequest struct {
	Trigger        string // deployment_request
	AppID          string // "" or the application of the pipeline
	EnvType        string
	EnvID          string
	DeploymentType string
}

func criteriaObject(c *PipelineCriteria) string {
	return pipelineObject(c.OrgID, c.AppID, c.PipelineID) + "/criteria/" + c.ID
}

// ListPipelineCriteria lists the criteria of all pipelines of an application,
// oldest first; pipelineID "" lists all. match compares fields by their names in
// the API.
func (s *Service) ListPipelineCriteria(ctx context.Context, org, app, pipelineID string, match map[string]string) ([]PipelineCriteriaView, error) {
	pipelines, err := s.ListPipelines(ctx, org, app, PipelineFilter{})
	if err != nil {
		return nil, err
	}
	all, err := s.store.ListPipelineCriteria(ctx, org, app)
	if err != nil {
		return nil, err
	}
	nameOf := map[string]string{}
	for _, p := range pipelines {
		nameOf[p.ID] = p.Name
	}
	views := []PipelineCriteriaView{}
	for _, c := range all {
		fits, err := c.fits(match)
		if err != nil {
			return nil, err
		}
		if fits && (pipelineID == "" || c.PipelineID == pipelineID) {
			views = append(views, PipelineCriteriaView{c, nameOf[c.PipelineID]})
		}
	}
	return views, nil
}

func (c PipelineCriteria) fits(match map[string]string) (bool, error) {
	fields := map[string]string{
		"trigger": c.Trigger, "app_id": c.OnlyAppID, "env_type": c.EnvType, "env_id": c.EnvID, "deployment_type": c.DeploymentType,
		"pipeline_id": c.PipelineID, "id": c.ID,
	}
	for name, want := range match {
		have, known := fields[name]
		if !known {
			return false, Invalidf("query parameter match[%s]: criteria have no such field", shorten(name))
		}
		if have != want {
			return false, nil
		}
	}
	return true, nil
}

// GetPipelineCriteria returns criteria of a pipeline.
func (s *Service) GetPipelineCriteria(ctx context.Context, org, app, pipelineID, id string) (*PipelineCriteriaView, error) {
	p, err := s.GetPipeline(ctx, org, app, pipelineID, "")
	if err != nil {
		return nil, err
	}
	c, err := s.store.GetPipelineCriteria(ctx, org, app, pipelineID, id)
	if err != nil {
		return nil, err
	}
	return &PipelineCriteriaView{*c, p.Name}, nil
}

// CreatePipelineCriteria adds criteria to a pipeline. What they name need not
// exist: environments come and go.
func (s *Service) CreatePipelineCriteria(ctx context.Context, org, app, pipelineID string, req PipelineCriteriaRequest) (*PipelineCriteriaView, error) {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return nil, err
	}
	p, err := s.store.GetPipeline(ctx, org, app, pipelineID)
	if err != nil {
		return nil, err
	}
	if err := req.check(p); err != nil {
		return nil, err
	}
	c := &PipelineCriteria{
		OrgID: org, AppID: app, ID: newUUID(), PipelineID: pipelineID, Trigger: req.Trigger, OnlyAppID: req.AppID,
		EnvType: req.EnvType, EnvID: req.EnvID, DeploymentType: req.DeploymentType, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		all, err := s.store.ListPipelineCriteria(ctx, org, app)
		if err != nil {
			return Change{}, err
		}
		same := slices.IndexFunc(all, func(other PipelineCriteria) bool { return other.MatchKey() == c.MatchKey() })
		if same >= 0 {
			return Change{}, Conflictf("criteria %s of pipeline %q match the same deployment requests; delete them first, or say more than they do",
				all[same].ID, all[same].PipelineID)
		}
		return created(org, "pipeline-criteria", criteriaObject(c), c), s.store.CreatePipelineCriteria(ctx, c)
	})
	return &PipelineCriteriaView{*c, p.Name}, err
}

func (q PipelineCriteriaRequest) check(p *Pipeline) error {
	if q.Trigger != pipeline.TriggerDeploymentRequest {
		return Invalidf("trigger: expected %s, got %q", pipeline.TriggerDeploymentRequest, shorten(q.Trigger))
	}
	if !slices.Contains(p.TriggerTypes, q.Trigger) {
		return Invalidf("pipeline %q has no trigger %s; add it to the pipeline under on", p.ID, q.Trigger)
	}
	if q.AppID != "" && q.AppID != pipeline.Any && q.AppID != p.AppID {
		return Invalidf("app_id: the pipeline belongs to application %q and can match nothing of %q; leave it out", p.AppID, shorten(q.AppID))
	}
	if !pipeline.ValidDeploymentType(q.DeploymentType) {
		return Invalidf("deployment_type: expected %s or %s, got %q", pipeline.DeploymentTypeDeploy, pipeline.DeploymentTypeRedeployHyphen, shorten(q.DeploymentType))
	}
	for field, value := range map[string]string{"env_type": q.EnvType, "env_id": q.EnvID} {
		if value == "" || value == pipeline.Any {
			continue
		}
		if err := checkSlug(field, value, maxSlug); err != nil {
			return err
		}
	}
	return nil
}

// DeletePipelineCriteria removes criteria of a pipeline.
func (s *Service) DeletePipelineCriteria(ctx context.Context, org, app, pipelineID, id string) error {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesWrite); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		c, err := s.store.GetPipelineCriteria(ctx, org, app, pipelineID, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "pipeline-criteria", criteriaObject(c), c), s.store.DeletePipelineCriteria(ctx, org, app, pipelineID, id)
	})
}

// PipelineForRequest chooses the pipeline of a deployment request by the
// criteria of the application; CodeNotFound when none match. It asks for no
// permission: whoever carries out the request does.
func (s *Service) PipelineForRequest(ctx context.Context, org, app string, r pipeline.Request) (*Pipeline, *PipelineCriteria, error) {
	all, err := s.store.ListPipelineCriteria(ctx, org, app)
	if err != nil {
		return nil, nil, err
	}
	r.AppID = app
	byID, candidates := map[string]PipelineCriteria{}, []pipeline.Criteria{}
	for _, c := range all {
		if c.Trigger == pipeline.TriggerDeploymentRequest {
			byID[c.ID], candidates = c, append(candidates, c.Match())
		}
	}
	best, found := pipeline.Match(candidates, r)
	if !found {
		return nil, nil, NotFoundf("no pipeline of application %q has criteria that match a request to %s to environment %q; add criteria to a pipeline",
			app, r.DeploymentType, r.EnvID)
	}
	p, err := s.store.GetPipeline(ctx, org, app, best.PipelineID)
	if err != nil {
		return nil, nil, err
	}
	chosen := byID[best.ID]
	return p, &chosen, nil
}

// addDefaultPipeline gives a new application the pipeline that deploys what is
// asked for, for all its environments. It is part of the application's creation
// and leaves no entry of its own in the audit log.
func (s *Service) addDefaultPipeline(ctx context.Context, org, app string, at time.Time) error {
	document, err := readPipeline(pipeline.Default)
	if err != nil {
		return err
	}
	by := ActorFrom(ctx).UserID
	p := &Pipeline{OrgID: org, AppID: app, ID: pipeline.DefaultID, Status: StatusActive, CreatedAt: at, CreatedBy: by}
	if err := s.addPipeline(ctx, p, p.newVersion(document, pipeline.Default, at, by)); err != nil {
		return err
	}
	return s.store.CreatePipelineCriteria(ctx, &PipelineCriteria{
		OrgID: org, AppID: app, ID: newUUID(), PipelineID: p.ID, Trigger: pipeline.TriggerDeploymentRequest, CreatedAt: at, CreatedBy: by,
	})
}
