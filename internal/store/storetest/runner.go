package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// RunnerStore is what a runner keeps, with what the suite needs to set the scene.
type RunnerStore interface {
	runner.Store
	orchestrator.Store
}

// RunRunner checks what runner.Store promises.
func RunRunner(t *testing.T, open func(t *testing.T) RunnerStore) {
	t.Helper()
	for name, part := range map[string]func(*testing.T, RunnerStore){
		"one active run":               testOneActiveRun,
		"fencing":                      testFencing,
		"states":                       testStates,
		"journal":                      testJournal,
		"cancel":                       testRunCancel,
		"a run fails before it begins": testRunFailsPending,
		"plans":                        testPlans,
		"changes":                      testChanges,
		"old runs of one kind":         testPruneLike,
		"isolation":                    testRunnerIsolation,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			for _, org := range []string{"acme", "evil"} {
				require.NoError(t, s.CreateOrganization(ctx, &orchestrator.Organization{ID: org, Name: org, CreatedAt: epoch}))
			}
			part(t, s)
		})
	}
}

func newRun(t *testing.T, s RunnerStore, id string, at time.Time) *record.Run {
	t.Helper()
	r := &record.Run{
		OrgID: "acme", ID: id, GUResID: "g", DeploymentID: "d", Node: "n", Action: "provision", Fingerprint: "f",
		Spec: []byte{0, 1}, CreatedAt: at,
	}
	require.NoError(t, s.CreateRun(ctx, r))
	return r
}

// take acquires a run at the given time, with a lease of one second and no grace.
func take(t *testing.T, s RunnerStore, r *record.Run, at time.Time) bool {
	t.Helper()
	r.Host, r.Boot, r.WorkDir = "h", "b", "/w"
	taken, err := s.AcquireRun(ctx, r, "owner", at, at, at.Add(time.Second))
	require.NoError(t, err)
	return taken
}

func testOneActiveRun(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	err := s.CreateRun(ctx, &record.Run{OrgID: "acme", ID: "r2", GUResID: "g", CreatedAt: epoch})
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err))
	require.True(t, take(t, s, r, epoch))
	require.False(t, take(t, s, r, epoch.Add(time.Hour)), "a run is taken once")
	r.Status, r.Result, r.FinishedAt = record.Succeeded, []byte("x"), epoch.Add(time.Second)
	require.NoError(t, s.FinishRun(ctx, r))
	require.NoError(t, s.MarkReported(ctx, "acme", "r1"))
	got, err := s.GetRun(ctx, "acme", "r1")
	require.NoError(t, err)
	r.Reported = true
	require.Equal(t, r, got)
	next := newRun(t, s, "r2", epoch.Add(time.Minute))
	require.True(t, take(t, s, next, epoch.Add(time.Minute)), "a lease that was given back is free at once")
	require.Equal(t, int64(2), next.Token)
}

func testFencing(t *testing.T, s RunnerStore) {
	old := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, old, epoch))
	_, err := s.PutState(ctx, old, &record.State{Lineage: "l", Serial: 1})
	require.NoError(t, err)
	lost, err := s.LoseRun(ctx, old, epoch.Add(500*time.Millisecond), epoch)
	require.NoError(t, err)
	require.False(t, lost, "the lease has not run out")
	_, err = s.RenewLease(ctx, old, epoch.Add(500*time.Millisecond), epoch.Add(2*time.Second))
	require.NoError(t, err)
	lost, err = s.LoseRun(ctx, old, epoch.Add(3*time.Second), epoch.Add(3*time.Second))
	require.NoError(t, err)
	require.True(t, lost)

	fenced := func(err error) {
		t.Helper()
		require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(err), "%v", err)
	}
	stale := func() {
		t.Helper()
		_, err := s.RenewLease(ctx, old, epoch, epoch.Add(time.Hour))
		fenced(err)
		_, err = s.PutState(ctx, old, &record.State{Lineage: "l", Serial: 9})
		fenced(err)
		fenced(s.PutJournal(ctx, old, []record.Entry{{Address: "a"}}))
		fenced(s.AppendRunEvents(ctx, old, []record.Event{{Type: "log"}}))
		fenced(s.SetPhase(ctx, old, "apply"))
		fenced(s.PruneRuns(ctx, old, 0))
		fenced(s.PruneLike(ctx, old, 0))
		fenced(s.FinishRun(ctx, old))
	}
	stale()
	next := newRun(t, s, "r2", epoch.Add(time.Minute))
	require.True(t, take(t, s, next, epoch.Add(time.Minute)))
	require.Greater(t, next.Token, old.Token)
	stale()
	st, err := s.GetState(ctx, "acme", "g")
	require.NoError(t, err)
	require.Equal(t, int64(1), st.Serial)
	require.Equal(t, next.Token, st.Token)
}

func testStates(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, r, epoch))
	for _, c := range []struct {
		lineage string
		serial  int64
		stored  bool
	}{{"l", 3, true}, {"l", 3, false}, {"l", 2, false}, {"other", 9, false}, {"l", 4, true}} {
		stored, err := s.PutState(ctx, r, &record.State{Lineage: c.lineage, Serial: c.serial, Sealed: []byte{byte(c.serial)}, UpdatedAt: epoch})
		require.NoError(t, err)
		require.Equal(t, c.stored, stored, "%v", c)
	}
	st, err := s.GetState(ctx, "acme", "g")
	require.NoError(t, err)
	require.Equal(t, &record.State{OrgID: "acme", GUResID: "g", Token: r.Token, RunID: "r1", Lineage: "l", Serial: 4, Sealed: []byte{4}, UpdatedAt: epoch}, st)
	require.NoError(t, s.PutLockFile(ctx, "acme", "k", "one", epoch))
	require.NoError(t, s.PutLockFile(ctx, "acme", "k", "two", epoch))
	content, err := s.GetLockFile(ctx, "acme", "k")
	require.NoError(t, err)
	require.Equal(t, "two", content)
	require.NoError(t, s.PruneRuns(ctx, r, 0))
	_, err = s.GetState(ctx, "acme", "g")
	require.True(t, orchestrator.IsNotFound(err))
}

func testJournal(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, r, epoch))
	require.NoError(t, s.PutJournal(ctx, r, []record.Entry{
		{Address: "b", RunID: "r1", Action: "create", Step: record.Planned, UpdatedAt: epoch},
		{Address: "a", RunID: "r1", Action: "create", Step: record.Planned, UpdatedAt: epoch},
	}))
	require.NoError(t, s.StepEntry(ctx, r, "a", record.Done, "id-1", epoch))
	require.NoError(t, s.StepEntry(ctx, r, "b", record.Uncertain, "", epoch))
	require.NoError(t, s.AppendRunEvents(ctx, r, []record.Event{{Level: "info", Type: "log", Message: "one", At: epoch}, {Level: "warn", Type: "log", Message: "two", At: epoch}}))
	lines, err := s.ListLog(ctx, "acme", "d", "n", 0, 0)
	require.NoError(t, err)
	require.Len(t, lines, 2)
	_, err = s.ResolveEntry(ctx, "acme", "r1", "b", record.Retry, "", epoch)
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err), "the run does not wait")
	r.Status, r.FinishedAt = record.Stopped, epoch
	require.NoError(t, s.FinishRun(ctx, r))
	stopped, err := s.StoppedRuns(ctx, "acme")
	require.NoError(t, err)
	require.Len(t, stopped, 1)
	_, err = s.ResolveEntry(ctx, "acme", "r1", "a", record.Retry, "", epoch)
	require.True(t, orchestrator.IsNotFound(err), "it is not uncertain")
	over, err := s.ResolveEntry(ctx, "acme", "r1", "b", record.Import, "id-2", epoch)
	require.NoError(t, err)
	require.True(t, over)
	entries, err := s.Journal(ctx, "acme", "g")
	require.NoError(t, err)
	require.Equal(t, "id-1", entries[0].ObjectID)
	require.Equal(t, record.Import, entries[1].Step)
	got, err := s.GetRun(ctx, "acme", "r1")
	require.NoError(t, err)
	require.Equal(t, record.Resolved, got.Status)
}

func testPlans(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, r, epoch))
	put := func(id string, at time.Time, keep int, since time.Time) {
		require.NoError(t, s.PutPlan(ctx, r, &record.Plan{
			ID: id, Inputs: "i", Lineage: "l", Serial: 3, Engine: "terraform", Version: "1.2.3", Sealed: []byte{1}, CreatedAt: at,
		}, keep, since))
	}
	have := func(ids ...string) {
		t.Helper()
		for _, id := range []string{"p1", "p2", "p3", "p4"} {
			_, err := s.GetPlan(ctx, "acme", id)
			require.Equal(t, slices.Contains(ids, id), err == nil, "%s: %v", id, err)
		}
	}
	put("p1", epoch, 2, epoch)
	put("p2", epoch.Add(1), 2, epoch)
	put("p3", epoch.Add(2), 2, epoch)
	have("p2", "p3")
	put("p4", epoch.Add(time.Hour), 9, epoch.Add(2))
	have("p3", "p4")
	require.NoError(t, s.StepPlan(ctx, r, "p3", record.PlanBegun))
	p, err := s.GetPlan(ctx, "acme", "p3")
	require.NoError(t, err)
	require.Equal(t, &record.Plan{
		OrgID: "acme", ID: "p3", GUResID: "g", RunID: "r1", Status: record.PlanBegun, BegunBy: "f", Inputs: "i", Lineage: "l", Serial: 3,
		Engine: "terraform", Version: "1.2.3", Sealed: []byte{1}, CreatedAt: epoch.Add(2),
	}, p)
	require.NoError(t, s.StepPlan(ctx, r, "p3", record.PlanApplied))
	p, err = s.GetPlan(ctx, "acme", "p3")
	require.NoError(t, err)
	require.Empty(t, p.Sealed)
	require.True(t, orchestrator.IsNotFound(s.StepPlan(ctx, r, "p1", record.PlanBegun)))
	stale := *r
	stale.Token--
	require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(s.StepPlan(ctx, &stale, "p4", record.PlanBegun)))
	require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(s.PutPlan(ctx, &stale, &record.Plan{ID: "p5"}, 1, epoch)))
	require.NoError(t, s.PruneRuns(ctx, r, 0))
	have()
}

// testChanges: what a run is about to do lives as long as its deployment, and only the run that has the resource tells it.
func testChanges(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, r, epoch))
	require.NoError(t, s.PutChanges(ctx, r, &record.Changes{At: epoch}), "a run of no deployment leaves no note")

	w := newBase(t, s, "other")
	d := newDeployment(t, s, w.env)
	r = &record.Run{OrgID: "other", ID: "r2", GUResID: "g", DeploymentID: d.ID, Node: "n", Action: "provision", Fingerprint: "f", Spec: []byte{0}, CreatedAt: epoch}
	require.NoError(t, s.CreateRun(ctx, r))
	require.True(t, take(t, s, r, epoch))
	change := drivers.Change{Action: "update", Address: "a.b", Kind: "a", Attributes: []drivers.Attribute{{Path: "/x", Sensitive: true}}}
	require.NoError(t, s.PutChanges(ctx, r, &record.Changes{At: epoch}))
	require.NoError(t, s.PutChanges(ctx, r, &record.Changes{At: epoch, Summary: "one", Counts: map[string]int{"update": 1}, First: []drivers.Change{change}}))
	got, err := s.ListNodeChanges(ctx, "other", d.ID)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.NodeChanges{{
		OrgID: "other", DeploymentID: d.ID, Node: "n", RunID: "r2", At: epoch, Summary: "one", Counts: map[string]int{"update": 1}, Changes: []drivers.Change{change},
	}}, got)
	got, err = s.ListNodeChanges(ctx, "evil", d.ID)
	require.NoError(t, err)
	require.Empty(t, got)
	planned := func(message string) orchestrator.Event {
		return orchestrator.Event{OrgID: "other", AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID, At: epoch, Type: "node.changes", Node: "n", Status: "planned", Message: message}
	}
	told := func() (out []orchestrator.Event) {
		events, err := s.ListEvents(ctx, "other", d.ID, 0, 0)
		require.NoError(t, err)
		for _, e := range events {
			e.Seq = 0
			out = append(out, e)
		}
		return out
	}
	require.Equal(t, []orchestrator.Event{planned(""), planned("one")}, told())
	d.Status = orchestrator.DeploymentFailed
	require.NoError(t, s.UpdateDeployment(ctx, &d))
	require.NoError(t, s.PutChanges(ctx, r, &record.Changes{At: epoch, Summary: "late"}))
	require.Len(t, told(), 2, "the end of a deployment is the last that is told")
	stale := *r
	stale.Token--
	require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(s.PutChanges(ctx, &stale, &record.Changes{At: epoch})))
	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	got, err = s.ListNodeChanges(ctx, "other", d.ID)
	require.NoError(t, err)
	require.Empty(t, got)
}

func testRunCancel(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	first, err := s.ClaimLaunch(ctx, "acme", "r1", epoch.Add(-time.Second), epoch)
	require.NoError(t, err)
	again, err := s.ClaimLaunch(ctx, "acme", "r1", epoch.Add(-time.Second), epoch)
	require.NoError(t, err)
	require.True(t, first)
	require.False(t, again)
	require.NoError(t, s.RequestCancel(ctx, "acme", "r1", epoch))
	require.False(t, take(t, s, r, epoch), "a run that was cancelled before it began is not taken")
	next := newRun(t, s, "r2", epoch)
	require.True(t, take(t, s, next, epoch))
	cancelled, err := s.RenewLease(ctx, next, epoch, epoch.Add(time.Second))
	require.NoError(t, err)
	require.False(t, cancelled)
	require.NoError(t, s.RequestCancel(ctx, "acme", "r2", epoch))
	cancelled, err = s.RenewLease(ctx, next, epoch, epoch.Add(time.Second))
	require.NoError(t, err)
	require.True(t, cancelled)
}

func testRunnerIsolation(t *testing.T, s RunnerStore) {
	r := newRun(t, s, "r1", epoch)
	require.True(t, take(t, s, r, epoch))
	_, err := s.PutState(ctx, r, &record.State{Lineage: "l", Serial: 1})
	require.NoError(t, err)
	require.NoError(t, s.PutJournal(ctx, r, []record.Entry{{Address: "a", Step: record.Planned}}))
	require.NoError(t, s.PutLockFile(ctx, "acme", "k", "x", epoch))
	require.NoError(t, s.PutPlan(ctx, r, &record.Plan{ID: "p", CreatedAt: epoch}, 1, epoch))
	evil := *r
	evil.OrgID = "evil"
	for name, missing := range map[string]error{
		"run": drop(s.GetRun(ctx, "evil", "r1")), "lease": drop(s.GetLease(ctx, "evil", "g")), "state": drop(s.GetState(ctx, "evil", "g")),
		"lock file": drop(s.GetLockFile(ctx, "evil", "k")), "plan": drop(s.GetPlan(ctx, "evil", "p")), "report": s.MarkReported(ctx, "evil", "r1"),
		"answer": drop(s.ResolveEntry(ctx, "evil", "r1", "a", record.Retry, "", epoch)),
	} {
		require.True(t, orchestrator.IsNotFound(missing), "%s: %v", name, missing)
	}
	require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(s.SetPhase(ctx, &evil, "x")))
	require.Equal(t, orchestrator.CodePrecondition, orchestrator.CodeOf(s.PutJournal(ctx, &evil, nil)))
	for _, list := range []func() (int, error){
		count(func() ([]record.Run, error) { return s.ListRuns(ctx, "evil", "g", 0) }),
		count(func() ([]record.Entry, error) { return s.Journal(ctx, "evil", "g") }),
		count(func() ([]record.Run, error) { return s.StoppedRuns(ctx, "evil") }),
	} {
		n, err := list()
		require.NoError(t, err)
		require.Zero(t, n)
	}
}
