package orchestrator

import (
	"context"
	"strconv"
	"strings"
)

// LiveJobState is a job of a run with its steps.
type LiveJobState struct {
	PipelineJobView
	Run PipelineRun
}

// FollowPipelineRun follows a run from a position that an event had ("" = from
// the beginning) until ctx ends or the run has: the run, its jobs with their
// steps, its approval requests, and the lines that steps write. The last event
// is LiveEnd.
func (s *Service) FollowPipelineRun(ctx context.Context, key PipelineRunKey, position string) (*Follow, error) {
	renew := func(ctx context.Context) error { _, err := s.GetPipelineRun(ctx, key); return err }
	if err := renew(ctx); err != nil {
		return nil, err
	}
	at, err := parseLivePosition(position)
	if err != nil {
		return nil, err
	}
	r := &liveRun{s: s, key: key}
	return s.followObject(ctx, "run "+key.OrgID+"/"+key.AppID+"/"+key.PipelineID+"/"+key.ID, at, renew, r.read, func() liveSource { return liveSource{look: r.look} }), nil
}

// PipelineRunNow lists what FollowPipelineRun tells first, without lines.
func (s *Service) PipelineRunNow(ctx context.Context, key PipelineRunKey) ([]LiveEvent, error) {
	if _, err := s.GetPipelineRun(ctx, key); err != nil {
		return nil, err
	}
	return s.liveNow(ctx, (&liveRun{s: s, key: key}).look)
}

// liveRun looks at a run of a pipeline.
type liveRun struct {
	s   *Service
	key PipelineRunKey
}

// look reads the run first: when that is over, all the rest is there.
func (r *liveRun) look(ctx context.Context) (*liveState, error) {
	store, org := r.s.store, r.key.OrgID
	run, err := r.s.findRun(ctx, r.key)
	if err != nil {
		return nil, err
	}
	jobs, err := store.ListPipelineJobs(ctx, org, run.ID)
	if err != nil {
		return nil, err
	}
	steps, err := store.ListPipelineRunSteps(ctx, org, run.ID)
	if err != nil {
		return nil, err
	}
	approvals, err := store.ListPipelineApprovals(ctx, org, run.AppID, PipelineApprovalFilter{Runs: []string{run.ID}})
	if err != nil {
		return nil, err
	}
	heads, err := store.PipelineLogHeads(ctx, org, run.ID)
	if err != nil {
		return nil, err
	}
	facts := &liveFacts{keeper: r.s.keeper}
	for _, j := range jobs {
		view := PipelineJobView{PipelineJob: j, Steps: []PipelineStep{}}
		for _, step := range steps {
			if step.JobID == j.ID {
				view.Steps = append(view.Steps, step)
			}
		}
		facts.add("job/"+j.ID, LiveJob, LiveJobState{PipelineJobView: view, Run: PipelineRun{AppID: run.AppID, PipelineID: run.PipelineID, PipelineVersion: run.PipelineVersion}})
	}
	for _, a := range approvals {
		facts.add("approval/"+a.ID, LiveApproval, a)
	}
	facts.add(LiveRun, LiveRun, *run)
	state := &liveState{facts: facts.facts, heads: map[string]int64{}}
	for _, h := range heads {
		state.heads[stepLog(h.JobID, h.Index)] = int64(h.Line)
	}
	if PipelineEnded(run.Status) {
		state.over = liveEnded
	}
	return state, facts.err
}

// stepLog names the log of a step among those of a run.
func stepLog(job string, index int) string { return strconv.Itoa(index) + "/" + job }

func (r *liveRun) read(ctx context.Context, log string, after int64, limit int) ([]liveLine, error) {
	text, job, _ := strings.Cut(log, "/")
	index, err := strconv.Atoi(text)
	if err != nil {
		return nil, Invalidf("%q is no log of a step", shorten(log))
	}
	lines, err := r.s.store.ListPipelineLog(ctx, r.key.OrgID, r.key.ID, job, index, int(after), limit)
	out := make([]liveLine, 0, len(lines))
	for _, l := range lines {
		out = append(out, liveLine{number: int64(l.Line), data: l})
	}
	return out, err
}
