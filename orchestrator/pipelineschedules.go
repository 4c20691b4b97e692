package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// pipelineSchedules are those of the triggers of a document, in its order.
func pipelineSchedules(p *Pipeline, def *pipeline.Document) []Schedule {
	var out []Schedule
	for n, s := range def.On.Schedules {
		out = append(out, Schedule{
			OrgID: p.OrgID, ID: pipelineScheduleID(p.AppID, p.ID, n), Kind: SchedulePipeline, AppID: p.AppID, PipelineID: p.ID, Index: n,
			Cron: s.Cron, TimeZone: s.TimeZone, Buffer: true, CatchUp: ScheduleCatchUp, What: "run pipeline " + p.ID + " of " + p.OrgID + "/" + p.AppID,
		})
	}
	return out
}

func pipelineScheduleID(app, id string, n int) string {
	return ScheduleID(SchedulePipeline, app, id, strconv.Itoa(n))
}

// pipelineSchedule finds the n-th schedule of a pipeline; nil when there is none.
func (s *Service) pipelineSchedule(ctx context.Context, org, app, id, index string) (*Schedule, error) {
	n, err := strconv.Atoi(index)
	if err != nil {
		return nil, nil //nolint:nilerr // an id that names no schedule
	}
	p, err := s.store.GetPipeline(ctx, org, app, id)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	def, err := s.currentDocument(ctx, p)
	if err != nil || def == nil || n < 0 || n >= len(def.On.Schedules) {
		return nil, err
	}
	return &pipelineSchedules(p, def)[n], nil
}

// pipelineSchedulesIn lists those of all pipelines of an organization.
func (s *Service) pipelineSchedulesIn(ctx context.Context, org string) ([]Schedule, error) {
	all, err := s.store.ListPipelines(ctx, org, "")
	if err != nil {
		return nil, err
	}
	var out []Schedule
	for i := range all {
		if !slices.Contains(all[i].TriggerTypes, triggerSchedule) {
			continue
		}
		def, err := s.currentDocument(ctx, &all[i])
		if err != nil {
			return nil, err
		}
		if def != nil {
			out = append(out, pipelineSchedules(&all[i], def)...)
		}
	}
	return out, nil
}

// touchPipeline notes that the schedules of a pipeline change with it: those of
// the version before, and those of the new one (nil = it is deleted).
func (s *Service) touchPipeline(ctx context.Context, p *Pipeline, before, after *pipeline.Document) ([]string, error) {
	n := 0
	for _, def := range []*pipeline.Document{before, after} {
		if def != nil {
			n = max(n, len(def.On.Schedules))
		}
	}
	var ids []string
	for i := range n {
		ids = append(ids, pipelineScheduleID(p.AppID, p.ID, i))
	}
	return ids, s.touchSchedules(ctx, p.OrgID, ids...)
}

// scheduledRunID names the run for one time of a schedule, so that each time
// starts one run, whoever looks.
func scheduledRunID(p *Pipeline, n int, at time.Time) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprintf("%s/pipelines/%s/schedule/%d/%d", AppObject(p.OrgID, p.AppID), p.ID, n, at.Unix()))).String()
}

// runScheduledPipeline starts the run that a time of a schedule asks for. Of
// times that were missed only the last starts one. A time that is none of the
// schedule's is that of a trigger by hand.
func (s *Service) runScheduledPipeline(ctx context.Context, found *Schedule, due time.Time) (string, error) {
	p, err := s.store.GetPipeline(ctx, found.OrgID, found.AppID, found.PipelineID)
	if err != nil {
		return "", err
	}
	def, err := s.currentDocument(ctx, p)
	if err != nil {
		return "", err
	}
	if def == nil || found.Index >= len(def.On.Schedules) {
		return "the pipeline has no such schedule any more", nil
	}
	schedule := def.On.Schedules[found.Index]
	tick := due.Truncate(time.Second)
	id := scheduledRunID(p, found.Index, tick)
	next, err := schedule.Next(tick.Add(-time.Second))
	switch {
	case err != nil || !next.Equal(tick):
		id = scheduledRunID(p, -1-found.Index, due)
	default:
		if last, err := lastTime(schedule, tick, s.now()); err == nil && !last.IsZero() {
			return "a later time has come: " + last.Format(time.RFC3339), nil
		}
	}
	return "started run " + id, s.startScheduledRun(ctx, p, schedule, id, tick)
}

// startScheduledRun starts a run unless it is there.
func (s *Service) startScheduledRun(ctx context.Context, p *Pipeline, schedule pipeline.Schedule, id string, at time.Time) error {
	if _, err := s.store.GetPipelineRun(ctx, p.OrgID, id); err == nil || !IsNotFound(err) {
		return err
	}
	run, err := s.newRun(ctx, runRequest{org: p.OrgID, app: p.AppID, pipelineID: p.ID, id: id, trigger: triggerSchedule, inputs: schedule.Inputs})
	if err != nil {
		return err
	}
	if err := s.store.CreatePipelineRun(ctx, run); err != nil && !IsConflict(err) {
		return err
	}
	s.log.InfoContext(ctx, "a schedule starts a pipeline run", "org", p.OrgID, "app", p.AppID, "pipeline", p.ID, "run", id, "at", at)
	s.handRun(ctx, run.Key())
	return nil
}

// scheduleGrace is how long a time may be over before the safety net starts its run.
const scheduleGrace = 2 * time.Minute

// startMissed starts the runs of times that came and started none, as when
// Temporal had lost a schedule. What is paused, here or in Temporal, starts
// none, and neither do times from before it was resumed.
func (s *Service) startMissed(ctx context.Context, p *Pipeline) error {
	def, err := s.currentDocument(ctx, p)
	if err != nil || def == nil {
		return err
	}
	for n, schedule := range def.On.Schedules {
		id := pipelineScheduleID(p.AppID, p.ID, n)
		record, err := s.scheduleRecord(ctx, p.OrgID, id)
		if err != nil {
			return err
		}
		if record.Paused {
			continue
		}
		at, err := lastTime(schedule, laterOf(p.UpdatedAt, record.ChangedAt), s.now().Add(-scheduleGrace))
		if err != nil || at.IsZero() {
			continue // it never comes, or has not come since the pipeline changed
		}
		run := scheduledRunID(p, n, at)
		if _, err := s.store.GetPipelineRun(ctx, p.OrgID, run); err == nil || !IsNotFound(err) {
			if err != nil {
				return err
			}
			continue
		}
		if state, err := s.schedules.ScheduleState(ctx, p.OrgID, id); err == nil && state.Paused {
			continue
		}
		if err := s.startScheduledRun(ctx, p, schedule, run, at); err != nil {
			return err
		}
	}
	return nil
}
