package orchestrator

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// pipelineToRun finds the version of a pipeline that a run is to be of: the
// newest one.
func (s *Service) pipelineToRun(ctx context.Context, req runRequest) (version, text string, err error) {
	p, err := s.store.GetPipeline(ctx, req.org, req.app, req.pipelineID)
	if err != nil {
		return "", "", err
	}
	v, err := s.store.GetPipelineVersion(ctx, req.org, req.app, req.pipelineID, p.VersionID)
	if err != nil {
		return "", "", err
	}
	return v.ID, v.Definition, nil
}

// requirePipeline answers CodeNotFound unless the pipeline exists.
func (s *Service) requirePipeline(ctx context.Context, org, app, id string) error {
	_, err := s.store.GetPipeline(ctx, org, app, id)
	return err
}

// pipelineFor is the pipeline whose criteria match a deployment request best.
func (s *Service) pipelineFor(ctx context.Context, env *Environment, kind string) (string, error) {
	all, err := s.store.ListPipelineCriteria(ctx, env.OrgID, env.AppID)
	if err != nil {
		return "", err
	}
	criteria := make([]pipeline.Criteria, 0, len(all))
	for _, c := range all {
		if c.Trigger == triggerRequest {
			criteria = append(criteria, c.Match())
		}
	}
	best, found := pipeline.Match(criteria, pipeline.Request{AppID: env.AppID, EnvID: env.ID, EnvType: env.TypeID, DeploymentType: kind})
	if !found {
		return "", NotFoundf("no criteria of a pipeline match a %s to environment %q (type %s); create criteria that do", kind, env.ID, env.TypeID)
	}
	return best.PipelineID, nil
}

// checkRunInputs checks the inputs of a run against what its trigger declares,
// and fills in defaults.
func checkRunInputs(def *pipeline.Document, req runRequest) (map[string]any, error) {
	if req.trigger != triggerCall {
		return orEmpty(req.inputs), nil
	}
	out, err := def.On.PipelineCall.CallInputs(req.inputs)
	if err != nil {
		return nil, Invalidf("inputs: %v", err)
	}
	return out, nil
}

// groupOf evaluates the concurrency group of a run.
func (s *Service) groupOf(ctx context.Context, run *PipelineRun, def *pipeline.Document) error {
	if def.ConcurrencyGroup == "" {
		return nil
	}
	scope, err := s.newPipelineScope(ctx, run, def, nil)
	if err != nil {
		return err
	}
	group, err := scope.value(def.ConcurrencyGroup)
	if err != nil {
		return Invalidf("concurrency.group: %s", messageOf(err))
	}
	run.ConcurrencyGroup = shorten(scope.hide().String(textOf(orText(group))))
	return nil
}

// collectForPipelines stores a new artefact version for every pipeline that it
// starts. It runs in the transaction that stores the version.
func (s *Service) collectForPipelines(ctx context.Context, v *ArtefactVersion) error {
	all, err := s.store.ListPipelines(ctx, v.OrgID, "")
	if err != nil {
		return err
	}
	var items []PipelineBatchItem
	for i := range all {
		p := &all[i]
		if !slices.Contains(p.TriggerTypes, triggerArtefact) {
			continue
		}
		def, err := s.currentDocument(ctx, p)
		if err != nil {
			return err
		}
		if def == nil || def.On.Artefact == nil || !slices.ContainsFunc(append(v.refs(), ""), func(ref string) bool {
			return (ref != "" || def.On.Artefact.MatchRef == "") && def.On.Artefact.Matches(v.Type, v.Name, ref)
		}) {
			continue
		}
		waiting, err := s.store.PipelineBatch(ctx, p.OrgID, p.AppID, p.ID, v.Type)
		if err != nil {
			return err
		}
		due := s.now().Add(s.window)
		if len(waiting) > 0 {
			due = waiting[0].DueAt // the window begins with the first of a batch
		}
		items = append(items, PipelineBatchItem{
			OrgID: p.OrgID, AppID: p.AppID, PipelineID: p.ID, ID: newUUID(), Type: v.Type, ArtefactVersionID: v.ID,
			Reference: v.Name + ":" + v.Tag, CreatedAt: s.now(), DueAt: due,
		})
	}
	return s.store.CreatePipelineBatchItems(ctx, items)
}

// currentDocument reads the newest version of a pipeline; nil when it cannot be
// read, which only concerns whoever runs it.
func (s *Service) currentDocument(ctx context.Context, p *Pipeline) (*pipeline.Document, error) {
	v, err := s.store.GetPipelineVersion(ctx, p.OrgID, p.AppID, p.ID, p.VersionID)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	def, _, err := pipeline.Parse([]byte(v.Definition))
	if err != nil {
		s.log.Warn("the definition of a pipeline cannot be read", "org", p.OrgID, "app", p.AppID, "pipeline", p.ID, "error", err)
		return nil, nil // it starts nothing
	}
	return def, nil
}

// droppedBatch marks what was collected for a pipeline that cannot be run.
const droppedBatch = "-"

// StartDuePipelines starts the runs that artefacts and the clock ask for; only
// for the system itself. What it does is harmless when done twice, or by several.
func (s *Service) StartDuePipelines(ctx context.Context) error {
	if err := requireSystem(ctx, "starts runs by artefacts and schedules"); err != nil {
		return err
	}
	due, err := s.store.DuePipelineBatches(ctx, s.now(), reconcileBatch)
	if err != nil {
		return err
	}
	begun := map[string]bool{}
	for _, item := range due {
		batch := item.OrgID + "/" + item.AppID + "/" + item.PipelineID + "/" + item.Type
		if begun[batch] {
			continue
		}
		begun[batch] = true
		if err := s.startBatch(ctx, item); err != nil {
			s.log.Warn("a batch of artefact versions was not run; the next round tries again", "batch", batch, "error", err)
		}
	}
	return s.startScheduled(ctx)
}

// startBatch starts one run with everything that waits for it.
func (s *Service) startBatch(ctx context.Context, first PipelineBatchItem) error {
	items, err := s.store.PipelineBatch(ctx, first.OrgID, first.AppID, first.PipelineID, first.Type)
	if err != nil || len(items) == 0 {
		return err
	}
	versions := make([]any, 0, len(items))
	for _, i := range items {
		versions = append(versions, i.ArtefactVersionID)
	}
	run, err := s.newRun(ctx, runRequest{
		org: first.OrgID, app: first.AppID, pipelineID: first.PipelineID, id: uuid.NewSHA1(uuid.NameSpaceOID, []byte(items[0].ID)).String(),
		trigger: triggerArtefact, inputs: map[string]any{first.Type + "_artefacts": versions},
	})
	taken := ""
	switch {
	case err == nil:
		taken = run.ID
	case IsNotFound(err) || CodeOf(err) == CodeInvalid:
		s.log.Warn("artefact versions start no run", "org", first.OrgID, "app", first.AppID, "pipeline", first.PipelineID, "error", err)
		taken = droppedBatch
	default:
		return err
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if run != nil {
			if err := s.store.CreatePipelineRun(ctx, run); err != nil {
				return err
			}
		}
		for i := range items {
			item := items[i]
			item.RunID = taken
			if err := s.store.UpdatePipelineBatchItem(ctx, &item); err != nil {
				return err
			}
		}
		return nil
	})
	if IsConflict(err) {
		return nil // somebody else did it
	}
	if err == nil && run != nil {
		s.handRun(ctx, run.Key())
	}
	return err
}

// startScheduled is the safety net behind the schedules of the workflow engine:
// it starts the runs of times that started none. Times that passed while nobody
// looked start one run, not many.
func (s *Service) startScheduled(ctx context.Context) error {
	orgs, err := s.store.AllOrganizations(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		all, err := s.store.ListPipelines(ctx, org.ID, "")
		if err != nil {
			return err
		}
		for i := range all {
			p := &all[i]
			if !slices.Contains(p.TriggerTypes, triggerSchedule) {
				continue
			}
			if err := s.startMissed(ctx, p); err != nil {
				s.log.Warn("schedules of a pipeline were not looked at; the next round tries again", "org", p.OrgID, "app", p.AppID, "pipeline", p.ID, "error", err)
			}
		}
	}
	return nil
}

// scheduleLookback bounds how long ago a time may be that still starts a run.
const scheduleLookback = time.Hour

// lastTime is the last time of a schedule that has come, after since; zero when
// none has.
func lastTime(schedule pipeline.Schedule, since, now time.Time) (time.Time, error) {
	if earliest := now.Add(-scheduleLookback); since.Before(earliest) {
		since = earliest
	}
	var last time.Time
	for {
		next, err := schedule.Next(since)
		if err != nil || next.IsZero() || next.After(now) {
			return last, err
		}
		last, since = next, next
	}
}
