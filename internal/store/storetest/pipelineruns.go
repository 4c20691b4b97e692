package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// ran are the records of one run of a pipeline in a world.
type ran struct {
	run      orchestrator.PipelineRun
	job      orchestrator.PipelineJob
	step     orchestrator.PipelineStep
	approval orchestrator.PipelineApproval
	item     orchestrator.PipelineBatchItem
}

// newRan adds one of each to an organization.
func newRan(t *testing.T, s orchestrator.Store, org string) *ran {
	t.Helper()
	r := &ran{
		run:  orchestrator.PipelineRun{OrgID: org, AppID: "shop", PipelineID: "pipe", ID: "run", Status: orchestrator.PipelineQueued, ConcurrencyGroup: "g", ParentRun: "parent", IdempotencyKey: "key", CreatedBy: "ann", CreatedAt: epoch},
		job:  orchestrator.PipelineJob{OrgID: org, RunID: "run", ID: "job", Status: orchestrator.PipelineQueued, CreatedAt: epoch, UpdatedAt: epoch},
		step: orchestrator.PipelineStep{OrgID: org, RunID: "run", JobID: "job", Status: orchestrator.PipelineExecuting, CreatedAt: epoch},
		approval: orchestrator.PipelineApproval{
			OrgID: org, AppID: "shop", PipelineID: "pipe", RunID: "run", JobID: "job", ID: "approval", Status: orchestrator.ApprovalWaiting, CreatedAt: epoch,
		},
		item: orchestrator.PipelineBatchItem{
			OrgID: org, AppID: "shop", PipelineID: "pipe", ID: "item", Type: orchestrator.ArtefactContainer, CreatedAt: epoch, DueAt: epoch,
		},
	}
	require.NoError(t, s.CreatePipelineRun(ctx, &r.run))
	require.NoError(t, s.CreatePipelineJobs(ctx, []orchestrator.PipelineJob{r.job}))
	require.NoError(t, s.CreatePipelineStep(ctx, &r.step))
	require.NoError(t, s.CreatePipelineApproval(ctx, &r.approval))
	require.NoError(t, s.CreatePipelineBatchItems(ctx, []orchestrator.PipelineBatchItem{r.item}))
	require.NoError(t, s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{{OrgID: org, RunID: "run", JobID: "job", At: epoch, Level: "INFO", Message: "hello"}}))
	r.job.Version, r.item.Version = 1, 1
	return r
}

func testPipelineRuns(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	check(t, aggregate[orchestrator.PipelineRun]{
		place: func(v *orchestrator.PipelineRun) { v.OrgID, v.AppID, v.ID = "acme", "shop", "run" },
		keep: func(from, to *orchestrator.PipelineRun) {
			changed := *to
			*to = *from
			to.Status, to.StatusMessage, to.EnvIDs, to.WaitingFor, to.ConcurrencyGroup = changed.Status, changed.StatusMessage, changed.EnvIDs, changed.WaitingFor, changed.ConcurrencyGroup
			to.ExecutingAt, to.CancelRequestedAt, to.CancelRequestedBy = changed.ExecutingAt, changed.CancelRequestedAt, changed.CancelRequestedBy
			to.CompletedAt, to.HandedOverAt = changed.CompletedAt, changed.HandedOverAt
		},
		create: func(v *orchestrator.PipelineRun) error { return s.CreatePipelineRun(ctx, v) },
		read:   func() (*orchestrator.PipelineRun, error) { return s.GetPipelineRun(ctx, "acme", "run") },
		update: func(v *orchestrator.PipelineRun) error { return s.UpdatePipelineRun(ctx, v) },
	})
	check(t, aggregate[orchestrator.PipelineJob]{
		place: func(v *orchestrator.PipelineJob) { v.OrgID, v.RunID, v.ID, v.Version = "acme", "run", "job", 1 },
		keep: func(from, to *orchestrator.PipelineJob) {
			changed := *to
			*to = *from
			to.Status, to.WaitingFor, to.StatusMessage, to.Outputs = changed.Status, changed.WaitingFor, changed.StatusMessage, changed.Outputs
			to.UpdatedAt, to.ExecutingAt, to.CancelRequestedAt, to.CompletedAt = changed.UpdatedAt, changed.ExecutingAt, changed.CancelRequestedAt, changed.CompletedAt
		},
		create: func(v *orchestrator.PipelineJob) error {
			return s.CreatePipelineJobs(ctx, []orchestrator.PipelineJob{*v})
		},
		read:   func() (*orchestrator.PipelineJob, error) { return s.GetPipelineJob(ctx, "acme", "run", "job") },
		update: func(v *orchestrator.PipelineJob) error { return s.UpdatePipelineJob(ctx, v) },
	})
	check(t, aggregate[orchestrator.PipelineStep]{
		place: func(v *orchestrator.PipelineStep) { v.OrgID, v.RunID, v.JobID, v.Index = "acme", "run", "job", 0 },
		keep: func(from, to *orchestrator.PipelineStep) {
			changed := *to
			*to = *from
			to.Status, to.StatusMessage, to.Outputs, to.Related, to.State, to.CompletedAt = changed.Status, changed.StatusMessage, changed.Outputs, changed.Related, changed.State, changed.CompletedAt
		},
		create: func(v *orchestrator.PipelineStep) error { return s.CreatePipelineStep(ctx, v) },
		read: func() (*orchestrator.PipelineStep, error) {
			steps, err := s.ListPipelineSteps(ctx, "acme", "run", "job")
			if err != nil || len(steps) == 0 {
				return nil, err
			}
			return &steps[0], nil
		},
		update: func(v *orchestrator.PipelineStep) error { return s.UpdatePipelineStep(ctx, v) },
	})
	check(t, aggregate[orchestrator.PipelineApproval]{
		place: func(v *orchestrator.PipelineApproval) { v.OrgID, v.AppID, v.RunID, v.ID = "acme", "shop", "run", "ap" },
		keep: func(from, to *orchestrator.PipelineApproval) {
			changed := *to
			*to = *from
			to.Status, to.DecidedAt, to.DecidedBy = changed.Status, changed.DecidedAt, changed.DecidedBy
		},
		create: func(v *orchestrator.PipelineApproval) error { return s.CreatePipelineApproval(ctx, v) },
		read:   func() (*orchestrator.PipelineApproval, error) { return s.GetPipelineApproval(ctx, "acme", "ap") },
		update: func(v *orchestrator.PipelineApproval) error { return s.UpdatePipelineApproval(ctx, v) },
	})
	pipelineLogs(t, s)
	pipelineLists(t, s)
	require.NoError(t, s.DeletePipelineRun(ctx, "acme", "run"))
	_, err := s.GetPipelineJob(ctx, "acme", "run", "job")
	require.True(t, orchestrator.IsNotFound(err), "jobs go with their run")
	_, err = s.GetPipelineApproval(ctx, "acme", "ap")
	require.True(t, orchestrator.IsNotFound(err), "requests go with their run")
}

func pipelineLogs(t *testing.T, s orchestrator.Store) {
	t.Helper()
	line := func(message string) orchestrator.PipelineLogLine {
		return orchestrator.PipelineLogLine{OrgID: "acme", RunID: "run", JobID: "job", At: epoch, Level: "INFO", Message: message}
	}
	require.NoError(t, s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{line("one"), line("two")}))
	require.NoError(t, s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{line("three")}))
	read := func(after, limit int) []string {
		lines, err := s.ListPipelineLog(ctx, "acme", "run", "job", 0, after, limit)
		require.NoError(t, err)
		return names(lines, func(l orchestrator.PipelineLogLine) string { return l.Message })
	}
	require.Equal(t, []string{"one", "two", "three"}, read(0, 0))
	require.Equal(t, []string{"two"}, read(1, 1))
	none := line("x")
	none.Index = 9
	require.True(t, orchestrator.IsNotFound(s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{none})))
}

func pipelineLists(t *testing.T, s orchestrator.Store) {
	t.Helper()
	at := func(n int) time.Time { return epoch.Add(time.Duration(n) * time.Minute) }
	add := func(id string, n int, set func(r *orchestrator.PipelineRun)) {
		r := orchestrator.PipelineRun{
			OrgID: "acme", AppID: "shop", PipelineID: "p", ID: id, Definition: "text", Status: orchestrator.PipelineQueued, CreatedAt: at(n), CreatedBy: "ann",
		}
		set(&r)
		require.NoError(t, s.CreatePipelineRun(ctx, &r))
	}
	ended := at(9)
	add("r1", 1, func(r *orchestrator.PipelineRun) { r.ConcurrencyGroup, r.EnvIDs = "group", []string{"qa"} })
	add("r2", 2, func(r *orchestrator.PipelineRun) {
		r.ConcurrencyGroup, r.CompletedAt, r.Status = "group", &ended, orchestrator.PipelineFailed
	})
	add("r3", 3, func(r *orchestrator.PipelineRun) {
		r.ConcurrencyGroup, r.ParentRun, r.IdempotencyKey = "group", "r1", "once"
	})
	id := func(r orchestrator.PipelineRun) string { return r.ID }
	yes, no := true, false
	for name, c := range map[string]struct {
		filter orchestrator.PipelineRunFilter
		want   []string
	}{
		"all of a pipeline": {orchestrator.PipelineRunFilter{Apps: []string{"shop"}, Pipelines: []string{"p"}}, []string{"r3", "r2", "r1"}},
		"no application":    {orchestrator.PipelineRunFilter{Apps: []string{}, Pipelines: []string{"p"}}, []string{}},
		"environment":       {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, EnvID: "qa", Limit: 1}, []string{"r1"}},
		"status":            {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, Statuses: []string{"failed"}}, []string{"r2"}},
		"completed":         {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, Completed: &yes}, []string{"r2"}},
		"not completed":     {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, Completed: &no}, []string{"r3", "r1"}},
		"after":             {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, CreatedAfter: at(2)}, []string{"r3"}},
		"before":            {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, CreatedBefore: at(2)}, []string{"r1"}},
		"limit":             {orchestrator.PipelineRunFilter{Pipelines: []string{"p"}, Limit: 2}, []string{"r3", "r2"}},
	} {
		got, err := s.ListPipelineRuns(ctx, "acme", c.filter)
		require.NoError(t, err, name)
		require.Equal(t, c.want, names(got, id), name)
		for _, r := range got {
			require.Empty(t, r.Definition, "lists go without definitions")
		}
	}
	open, err := s.OpenPipelineRuns(ctx, "acme", "shop", "group")
	require.NoError(t, err)
	require.Equal(t, []string{"r1", "r3"}, names(open, id), "oldest first, without what has ended")
	called, err := s.PipelineRunsCalledBy(ctx, "acme", "r1")
	require.NoError(t, err)
	require.Equal(t, []string{"r3"}, names(called, id))
	all, err := s.AllOpenPipelineRuns(ctx, at(3), 0)
	require.NoError(t, err)
	require.Contains(t, names(all, id), "r1")
	require.NotContains(t, names(all, id), "r2")
	require.NotContains(t, names(all, id), "r3", "too young")
	found, err := s.FindPipelineRun(ctx, "acme", "shop", "p", "ann", "once")
	require.NoError(t, err)
	require.Equal(t, "r3", found.ID)
	again := orchestrator.PipelineRun{OrgID: "acme", AppID: "shop", PipelineID: "p", ID: "r4", IdempotencyKey: "once", CreatedBy: "ann"}
	require.True(t, orchestrator.IsConflict(s.CreatePipelineRun(ctx, &again)), "an idempotency key is used once")
	pipelineApprovals(t, s)
	pipelineBatches(t, s)
}

func pipelineApprovals(t *testing.T, s orchestrator.Store) {
	t.Helper()
	for i, status := range []string{orchestrator.ApprovalWaiting, orchestrator.ApprovalDenied} {
		require.NoError(t, s.CreatePipelineApproval(ctx, &orchestrator.PipelineApproval{
			OrgID: "acme", AppID: "shop", PipelineID: "p", RunID: "r1", ID: status, Status: status, CreatedAt: epoch.Add(time.Duration(i+1) * time.Hour),
		}))
	}
	id := func(a orchestrator.PipelineApproval) string { return a.ID }
	for name, c := range map[string]struct {
		filter orchestrator.PipelineApprovalFilter
		want   []string
	}{
		"of a pipeline": {orchestrator.PipelineApprovalFilter{Pipelines: []string{"p"}}, []string{"denied", "waiting"}},
		"of a run":      {orchestrator.PipelineApprovalFilter{Runs: []string{"r1"}}, []string{"denied", "waiting"}},
		"of another":    {orchestrator.PipelineApprovalFilter{Runs: []string{"r2"}}, []string{}},
		"status":        {orchestrator.PipelineApprovalFilter{Status: "waiting"}, []string{"waiting"}},
	} {
		got, err := s.ListPipelineApprovals(ctx, "acme", "shop", c.filter)
		require.NoError(t, err, name)
		require.Equal(t, c.want, names(got, id), name)
	}
}

func pipelineBatches(t *testing.T, s orchestrator.Store) {
	t.Helper()
	var first orchestrator.PipelineBatchItem
	fill(&first, 1)
	first.OrgID, first.AppID, first.PipelineID, first.RunID, first.Version = "acme", "shop", "p", "", 1
	second := first
	second.ID, second.Type, second.CreatedAt, second.DueAt = "i2", "other", first.CreatedAt.Add(1), first.DueAt.Add(time.Hour)
	require.NoError(t, s.CreatePipelineBatchItems(ctx, []orchestrator.PipelineBatchItem{second, first}))
	waiting, err := s.PipelineBatch(ctx, "acme", "shop", "p", "")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.PipelineBatchItem{first, second}, waiting, "oldest first")
	due, err := s.DuePipelineBatches(ctx, second.DueAt, 10)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.PipelineBatchItem{first}, due)
	first.RunID = "r1"
	require.NoError(t, s.UpdatePipelineBatchItem(ctx, &first))
	waiting, err = s.PipelineBatch(ctx, "acme", "shop", "p", "other")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.PipelineBatchItem{second}, waiting)
	stale := first
	stale.Version--
	require.True(t, orchestrator.IsConflict(s.UpdatePipelineBatchItem(ctx, &stale)))
}

// missingRan are calls as an organization that knows the ids of another.
func missingRan(s orchestrator.Store, r *ran, org string) map[string]func() error {
	run, job, step, approval, item := as(org, r.run), as(org, r.job), as(org, r.step), as(org, r.approval), as(org, r.item)
	return map[string]func() error{
		"CreatePipelineRun":  func() error { c := *run; c.ID = unique("r"); return s.CreatePipelineRun(ctx, &c) },
		"GetPipelineRun":     func() error { return drop(s.GetPipelineRun(ctx, org, "run")) },
		"FindPipelineRun":    func() error { return drop(s.FindPipelineRun(ctx, org, "shop", "pipe", "ann", "key")) },
		"UpdatePipelineRun":  func() error { return s.UpdatePipelineRun(ctx, run) },
		"DeletePipelineRun":  func() error { return s.DeletePipelineRun(ctx, org, "run") },
		"CreatePipelineJobs": func() error { return s.CreatePipelineJobs(ctx, []orchestrator.PipelineJob{*job}) },
		"GetPipelineJob":     func() error { return drop(s.GetPipelineJob(ctx, org, "run", "job")) },
		"UpdatePipelineJob":  func() error { return s.UpdatePipelineJob(ctx, job) },
		"CreatePipelineStep": func() error { c := *step; c.Index = 7; return s.CreatePipelineStep(ctx, &c) },
		"UpdatePipelineStep": func() error { return s.UpdatePipelineStep(ctx, step) },
		"AppendPipelineLog": func() error {
			return s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{{OrgID: org, RunID: "run", JobID: "job"}})
		},
		"CreatePipelineApproval":   func() error { c := *approval; c.ID = unique("a"); return s.CreatePipelineApproval(ctx, &c) },
		"GetPipelineApproval":      func() error { return drop(s.GetPipelineApproval(ctx, org, "approval")) },
		"UpdatePipelineApproval":   func() error { return s.UpdatePipelineApproval(ctx, approval) },
		"CreatePipelineBatchItems": func() error { return s.CreatePipelineBatchItems(ctx, []orchestrator.PipelineBatchItem{*item}) },
		"UpdatePipelineBatchItem":  func() error { return s.UpdatePipelineBatchItem(ctx, item) },
	}
}

func emptyRan(s orchestrator.Store, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListPipelineRuns": count(func() ([]orchestrator.PipelineRun, error) {
			return s.ListPipelineRuns(ctx, org, orchestrator.PipelineRunFilter{})
		}),
		"OpenPipelineRuns":     count(func() ([]orchestrator.PipelineRun, error) { return s.OpenPipelineRuns(ctx, org, "shop", "g") }),
		"PipelineRunsCalledBy": count(func() ([]orchestrator.PipelineRun, error) { return s.PipelineRunsCalledBy(ctx, org, "parent") }),
		"ListPipelineJobs":     count(func() ([]orchestrator.PipelineJob, error) { return s.ListPipelineJobs(ctx, org, "run") }),
		"ListPipelineSteps":    count(func() ([]orchestrator.PipelineStep, error) { return s.ListPipelineSteps(ctx, org, "run", "job") }),
		"ListPipelineRunSteps": count(func() ([]orchestrator.PipelineStep, error) { return s.ListPipelineRunSteps(ctx, org, "run") }),
		"PipelineLogHeads":     count(func() ([]orchestrator.PipelineLogLine, error) { return s.PipelineLogHeads(ctx, org, "run") }),
		"ListPipelineLog": count(func() ([]orchestrator.PipelineLogLine, error) {
			return s.ListPipelineLog(ctx, org, "run", "job", 0, 0, 0)
		}),
		"ListPipelineApprovals": count(func() ([]orchestrator.PipelineApproval, error) {
			return s.ListPipelineApprovals(ctx, org, "shop", orchestrator.PipelineApprovalFilter{})
		}),
		"PipelineBatch": count(func() ([]orchestrator.PipelineBatchItem, error) { return s.PipelineBatch(ctx, org, "shop", "pipe", "") }),
	}
}

// ranOf reads everything of a run.
func ranOf(s orchestrator.Store, org string) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.GetPipelineRun(ctx, org, "run") },
		func() (any, error) { return s.ListPipelineJobs(ctx, org, "run") },
		func() (any, error) { return s.ListPipelineSteps(ctx, org, "run", "job") },
		func() (any, error) { return s.ListPipelineLog(ctx, org, "run", "job", 0, 0, 0) },
		func() (any, error) { return s.ListPipelineRunSteps(ctx, org, "run") },
		func() (any, error) { return s.PipelineLogHeads(ctx, org, "run") },
		func() (any, error) {
			return s.ListPipelineApprovals(ctx, org, "shop", orchestrator.PipelineApprovalFilter{})
		},
		func() (any, error) { return s.PipelineBatch(ctx, org, "shop", "pipe", "") },
	}
}
