package server_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// fakeSchedules stand for the workflow engine's.
type fakeSchedules struct {
	mu        sync.Mutex
	away      bool
	known     map[string]orchestrator.Schedule
	told      []string
	triggered []string
	rounds    []string
	failures  []orchestrator.ScheduleFailure
}

func (f *fakeSchedules) locked() (func(), error) {
	f.mu.Lock()
	if f.known == nil {
		f.known = map[string]orchestrator.Schedule{}
	}
	if f.away {
		f.mu.Unlock()
		return func() {}, orchestrator.Errorf(orchestrator.CodeUnavailable, "away")
	}
	return f.mu.Unlock, nil
}

func (f *fakeSchedules) PutSchedule(_ context.Context, s orchestrator.Schedule) error {
	unlock, err := f.locked()
	if err != nil {
		return err
	}
	defer unlock()
	what := s.Cron
	switch {
	case s.Every > 0:
		what = "every " + s.Every.String()
	case s.At != nil:
		what = "at " + s.At.Format(time.RFC3339)
	}
	if s.Paused {
		what += " paused"
	}
	f.known[s.OrgID+"/"+s.ID] = s
	f.told = append(f.told, s.ID+" "+what)
	return nil
}

func (f *fakeSchedules) DeleteSchedule(_ context.Context, org, id string) error {
	unlock, err := f.locked()
	if err != nil {
		return err
	}
	defer unlock()
	delete(f.known, org+"/"+id)
	f.told = append(f.told, id+" off")
	return nil
}

func (f *fakeSchedules) ScheduleState(_ context.Context, org, id string) (*orchestrator.ScheduleState, error) {
	unlock, err := f.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	s, ok := f.known[org+"/"+id]
	if !ok {
		return nil, orchestrator.NotFoundf("no schedule %q", id)
	}
	return &orchestrator.ScheduleState{Paused: s.Paused, Note: s.Note, Next: []time.Time{time.Now().Add(time.Hour)}}, nil
}

func (f *fakeSchedules) ScheduleStates(_ context.Context, org string) (map[string]orchestrator.ScheduleState, error) {
	unlock, err := f.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	out := map[string]orchestrator.ScheduleState{}
	for _, s := range f.known {
		if s.OrgID == org {
			out[s.ID] = orchestrator.ScheduleState{Paused: s.Paused, Note: s.Note}
		}
	}
	return out, nil
}

func (f *fakeSchedules) ScheduleFailures(context.Context, string) ([]orchestrator.ScheduleFailure, bool, error) {
	done, err := f.locked()
	if err != nil {
		return nil, false, err
	}
	defer done()
	return f.failures, false, nil
}

func (f *fakeSchedules) ScheduleRuns(context.Context, string, string) ([]orchestrator.ScheduleRun, error) {
	unlock, err := f.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return []orchestrator.ScheduleRun{{At: time.Now(), StartedAt: time.Now(), WorkflowID: "w", RunID: "r", Status: "completed"}}, nil
}

func (f *fakeSchedules) TriggerSchedule(_ context.Context, _, id string) error {
	unlock, err := f.locked()
	if err != nil {
		return err
	}
	defer unlock()
	f.triggered = append(f.triggered, id)
	return nil
}

func (f *fakeSchedules) StartRetention(_ context.Context, _, id string) error {
	unlock, err := f.locked()
	if err != nil {
		return err
	}
	defer unlock()
	f.rounds = append(f.rounds, id)
	return nil
}

func (f *fakeSchedules) setAway(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
}

// has is a schedule as the workflow engine has it.
func (f *fakeSchedules) has(id string) (orchestrator.Schedule, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.known[org+"/"+id]
	return s, ok
}

const schedulesPath = "/orgs/" + org + "/schedules"

func scheduleIDs(all []api.Schedule) []string {
	out := []string{}
	for _, s := range all {
		out = append(out, s.ID)
	}
	return out
}

// TestSchedules: what there is follows from the records, is seen by those who may see it, paused and resumed, and outlives a
// workflow engine that is away or has lost everything.
func TestSchedules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	h.do("PUT", devPath+"/drift/settings", `{"enabled":true,"every":"2h"}`).must(http.StatusOK, nil)
	const drift = "drift.shop.development"
	var all []api.Schedule
	h.do("GET", schedulesPath, "").must(http.StatusOK, &all)
	require.Equal(t, []string{"cleanup", drift, "retention"}, scheduleIDs(all))
	require.Equal(t, "2h0m0s", all[1].Every)
	require.True(t, all[1].InSync)
	require.False(t, all[2].InSync, "nobody has told the workflow engine yet")
	h.do("GET", schedulesPath+"?kind=drift&app=shop&env=development", "").must(http.StatusOK, &all)
	require.Equal(t, []string{drift}, scheduleIDs(all))
	_, outsider := h.user("user", map[string]string{orchestrator.OrgObject(org): "member"})
	h.as(outsider, "GET", schedulesPath, "").must(http.StatusOK, &all)
	require.Equal(t, []string{"cleanup", "retention"}, scheduleIDs(all), "of applications that one may not read nothing is seen")
	h.as(outsider, "GET", schedulesPath+"/"+drift, "").fails(http.StatusNotFound, drift)
	h.as(outsider, "POST", schedulesPath+"/cleanup/pause", "").fails(http.StatusForbidden, "administrator")
	h.do("GET", schedulesPath+"/drift.shop.production", "").fails(http.StatusNotFound, "does not exist")
	h.do("POST", schedulesPath+"/nothing/trigger", "").fails(http.StatusNotFound, "does not exist")
	h.do("POST", schedulesPath+"/cleanup/pause", `{"note":"`+string(slices.Repeat([]byte("x"), 501))+`"}`).fails(http.StatusBadRequest, "note")

	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	require.NoError(t, h.service.SyncSchedules(system))
	_, told := h.schedules.has("retention")
	require.True(t, told)

	var one api.Schedule
	h.do("POST", schedulesPath+"/"+drift+"/pause", `{"note":"quiet, please"}`).must(http.StatusOK, &one)
	require.True(t, one.Paused && one.InSync)
	require.Empty(t, one.Next)
	is, _ := h.schedules.has(drift)
	require.True(t, is.Paused)
	require.Equal(t, "quiet, please", is.Note)

	h.schedules.setAway(true)
	h.do("POST", schedulesPath+"/"+drift+"/unpause", "").must(http.StatusOK, &one)
	require.False(t, one.Paused || one.InSync, "recorded, and told later")
	h.do("GET", schedulesPath, "").must(http.StatusOK, &all)
	require.Len(t, all, 3, "they are seen all the same")
	h.do("POST", schedulesPath+"/"+drift+"/trigger", "").fails(http.StatusServiceUnavailable, "")
	h.do("GET", schedulesPath+"/"+drift+"/history", "").fails(http.StatusServiceUnavailable, "")
	h.do("PUT", devPath+"/drift/settings", `{"enabled":true,"every":"3h"}`).must(http.StatusOK, nil)
	h.schedules.setAway(false)
	reconciler := orchestrator.NewReconciler(h.store, h.workflows, nil, h.log).WithSchedules(h.service)
	require.NoError(t, reconciler.Once(t.Context()))
	is, _ = h.schedules.has(drift)
	require.False(t, is.Paused)
	require.Equal(t, 3*time.Hour, is.Every)

	h.schedules.mu.Lock()
	paused := h.schedules.known[org+"/"+drift]
	paused.Paused, paused.Note = true, "by hand"
	clear(h.schedules.known) // all are lost, but one that was paused by hand, and one that nobody asks for
	h.schedules.known[org+"/"+drift] = paused
	h.schedules.known[org+"/drift.shop.gone"] = orchestrator.Schedule{OrgID: org, ID: "drift.shop.gone"}
	h.schedules.mu.Unlock()
	require.NoError(t, h.service.SyncSchedules(system))
	h.do("GET", schedulesPath+"/"+drift, "").must(http.StatusOK, &one)
	require.True(t, one.Paused)
	require.Equal(t, "by hand", one.Note)
	_, there := h.schedules.has("drift.shop.gone")
	require.False(t, there)
	_, there = h.schedules.has("cleanup")
	require.True(t, there)

	h.do("POST", schedulesPath+"/"+drift+"/trigger", "").must(http.StatusAccepted, nil)
	require.Equal(t, []string{drift}, h.schedules.triggered)
	var runs []api.ScheduleRun
	h.do("GET", schedulesPath+"/"+drift+"/history", "").must(http.StatusOK, &runs)
	require.Len(t, runs, 1)
	h.do("PUT", devPath+"/drift/settings", `{"enabled":false}`).must(http.StatusOK, nil)
	h.do("GET", schedulesPath+"/"+drift, "").fails(http.StatusNotFound, drift)
	_, err := h.store.GetScheduleRecord(t.Context(), org, drift)
	require.True(t, orchestrator.IsNotFound(err), "a schedule that comes again later is not paused")
}

// TestCleanUpEndsWhatIsDue: an environment whose timer was lost ends by the schedule; one that is not due stays.
func TestCleanUpEndsWhatIsDue(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	for id, ttl := range map[string]string{"short": "1h", "long": "5d"} {
		h.do("POST", shopPath+"/envs", `{"id":"`+id+`","name":"x","type":"development"}`).must(http.StatusCreated, nil)
		h.do("PATCH", shopPath+"/envs/"+id+"/lifetime", `{"ttl":"`+ttl+`"}`).must(http.StatusOK, nil)
	}
	later := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log,
		Now: func() time.Time { return time.Now().Add(2 * time.Hour) },
	})
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	_, err := later.RunScheduled(t.Context(), org, "cleanup", time.Now())
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
	did, err := later.RunScheduled(system, org, "cleanup", time.Now())
	require.NoError(t, err)
	require.Equal(t, "ended 1 environments", did)
	did, err = later.RunScheduled(system, org, "cleanup", time.Now())
	require.NoError(t, err)
	require.Equal(t, "ended 0 environments", did)
	h.do("GET", shopPath+"/envs/long", "").must(http.StatusOK, nil)
	env, err := h.store.GetEnvironment(t.Context(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "short"})
	if err == nil {
		require.Equal(t, orchestrator.StatusDeleting, env.Status)
	}
	did, err = later.RunScheduled(system, org, "drift.shop.none", time.Now())
	require.NoError(t, err)
	require.Contains(t, did, "no such schedule")
}

// TestRetention: settings are changed in part and checked, a dry round deletes nothing, and a round says what it did.
func TestRetention(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const path = "/orgs/" + org + "/retention"
	var settings api.RetentionSettings
	h.do("GET", path, "").must(http.StatusOK, &settings)
	require.True(t, settings.Enabled)
	require.Equal(t, api.RetentionRule{For: "180d", Newest: 50}, settings.Rules["deployments"])
	for name, body := range map[string]string{
		"unknown kind": `{"rules":{"people":{"for":"1d"}}}`, "too short": `{"rules":{"logs":{"for":"90m"}}}`, "no span": `{"rules":{"logs":{"for":"long"}}}`,
		"no count here": `{"rules":{"logs":{"for":"9d","newest":4}}}`, "nothing to roll back to": `{"rules":{"deployments":{"for":"9d","newest":1}}}`,
		"negative": `{"rules":{"deployments":{"for":"9d","newest":-1}}}`, "cron": `{"cron":"often"}`, "zone": `{"time_zone":"Nowhere"}`, "missing span": `{"rules":{"logs":{}}}`,
		"fixed": `{"rules":{"orphan_logs":{"for":"9d"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			h.do("PATCH", path, body).fails(http.StatusBadRequest, "")
		})
	}
	h.do("PATCH", path, `{"cron":"0 4 * * sun","time_zone":"Europe/Berlin","rules":{"logs":{"for":"14d"},"events":{"for":"0"}}}`).must(http.StatusOK, &settings)
	require.Equal(t, "14d", settings.Rules["logs"].For)
	require.Equal(t, "0", settings.Rules["events"].For)
	require.Equal(t, 50, settings.Rules["deployments"].Newest, "the others stay")
	is, _ := h.schedules.has("retention")
	require.Equal(t, "0 4 * * sun", is.Cron)

	var dry, again api.RetentionRun
	h.do("POST", path+"/runs", `{"dry_run":true}`).must(http.StatusCreated, &dry)
	h.do("POST", path+"/runs", `{"dry_run":true}`).must(http.StatusCreated, &again)
	require.Equal(t, dry.ID, again.ID, "one at a time")
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	_, err := h.service.Retain(system, org, dry.ID)
	require.NoError(t, err)
	_, err = h.service.Retain(system, org, "of-the-schedule")
	require.NoError(t, err)
	h.do("GET", path+"/runs/"+dry.ID, "").must(http.StatusOK, &dry)
	require.Equal(t, "succeeded", dry.Status)
	for _, r := range dry.Results {
		require.NotEqual(t, "events", r.Kind, "kept for ever")
		require.True(t, r.Done)
	}
	require.Len(t, dry.Results, 10)
	var rounds []api.RetentionRun
	h.do("GET", path+"/runs", "").must(http.StatusOK, &rounds)
	require.Equal(t, []string{"schedule", "request"}, []string{rounds[0].Cause, rounds[1].Cause})
	h.do("GET", path+"/runs/none", "").fails(http.StatusNotFound, "none")

	h.do("POST", path+"/runs", "").must(http.StatusCreated, &again)
	require.NoError(t, h.service.FailRetention(system, org, again.ID, "given up"))
	h.do("GET", path+"/runs/"+again.ID, "").must(http.StatusOK, &again)
	require.Equal(t, "failed", again.Status)
	h.do("PATCH", path, `{"enabled":false}`).must(http.StatusOK, nil)
	_, there := h.schedules.has("retention")
	require.False(t, there)
}

// TestPipelineSchedules: the triggers of a pipeline are schedules that come and go with it; each time starts one run, of times
// that were missed only the last does, and a trigger by hand starts one of its own.
func TestPipelineSchedules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"shop","name":"Shop"}`).must(http.StatusCreated, nil)
	document := func(schedules string) string {
		return "id: nightly\nname: Nightly\non: {schedule: [" + schedules + "]}\njobs: {a: {steps: [{uses: actions/humanitec/log, with: {message: tick}}]}}\n"
	}
	yaml := http.Header{"Content-Type": {"application/x-yaml"}}
	h.doWith(yaml, "POST", shopPath+"/pipelines", document(`{cron: "0 * * * *"}, {cron: "30 4 * * *", time-zone: Europe/Berlin}`)).must(http.StatusCreated, nil)
	var all []api.Schedule
	h.do("GET", schedulesPath+"?kind=pipeline", "").must(http.StatusOK, &all)
	require.Equal(t, []string{"pipeline.shop.nightly.0", "pipeline.shop.nightly.1"}, scheduleIDs(all))
	require.Equal(t, []string{"30 4 * * *", "Europe/Berlin", "buffer_one"}, []string{all[1].Cron, all[1].TimeZone, all[1].Overlap})
	require.True(t, all[1].InSync)
	h.doWith(yaml, "PATCH", shopPath+"/pipelines/nightly", document(`{cron: "15 * * * *"}`)).must(http.StatusOK, nil)
	is, _ := h.schedules.has("pipeline.shop.nightly.0")
	require.Equal(t, "15 * * * *", is.Cron)
	_, there := h.schedules.has("pipeline.shop.nightly.1")
	require.False(t, there)

	tick := time.Now().UTC().Truncate(time.Hour).Add(3*time.Hour + 15*time.Minute)
	now := tick.Add(time.Minute)
	later := orchestrator.New(orchestrator.Options{Store: h.store, Workflows: h.workflows, Schedules: h.schedules, Log: h.log, Now: func() time.Time { return now }})
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	runs := func() int {
		var all []api.PipelineRun
		h.do("GET", shopPath+"/pipelines/nightly/runs", "").must(http.StatusOK, &all)
		return len(all)
	}
	const id = "pipeline.shop.nightly.0"
	for range 2 {
		did, err := later.RunScheduled(system, org, id, tick)
		require.NoError(t, err)
		require.Contains(t, did, "started run")
	}
	require.Equal(t, 1, runs())
	did, err := later.RunScheduled(system, org, id, tick.Add(-time.Hour))
	require.NoError(t, err)
	require.Contains(t, did, "later time")
	_, err = later.RunScheduled(system, org, id, tick.Add(7*time.Second))
	require.NoError(t, err)
	require.Equal(t, 2, runs(), "by hand")

	now = tick.Add(time.Hour + 5*time.Minute)
	h.do("POST", schedulesPath+"/"+id+"/pause", "").must(http.StatusOK, nil)
	require.NoError(t, later.StartDuePipelines(system))
	require.Equal(t, 2, runs(), "paused")
	h.do("POST", schedulesPath+"/"+id+"/unpause", "").must(http.StatusOK, nil)
	require.NoError(t, later.StartDuePipelines(system))
	require.Equal(t, 3, runs(), "the safety net starts what nobody started")
	require.NoError(t, later.StartDuePipelines(system))
	require.Equal(t, 3, runs())

	h.do("DELETE", shopPath+"/pipelines/nightly", "").must(http.StatusNoContent, nil)
	_, there = h.schedules.has(id)
	require.False(t, there)
	did, err = later.RunScheduled(system, org, id, tick)
	require.NoError(t, err)
	require.Contains(t, did, "no such schedule")
}

// TestScheduledDeployments: an order is carried out at its time, once for each, as whoever gave it, and not when that is not
// allowed any more.
func TestScheduledDeployments(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.deployImages(app, map[string]string{"api": "registry.test/api:1"})
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA","type":"development"}`).must(http.StatusCreated, nil)
	const orders = shopPath + "/envs/qa/scheduled-deploys"
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	at := `"at":"` + soon.Format(time.RFC3339) + `"`
	for part, body := range map[string]string{
		"exactly one": `{}`, "at and cron": `{"cron":"0 4 * * *",` + at + `}`, "at most one": `{"set_id":"x","delta_id":"y",` + at + `}`,
		"from now": `{"at":"2001-01-01T00:00:00Z"}`, "cron": `{"cron":"often"}`, "time_zone": `{"cron":"0 4 * * *","time_zone":"Nowhere"}`,
		"set_id": `{"set_id":"none",` + at + `}`, "delta_id": `{"delta_id":"none",` + at + `}`, "from_env": `{"from_env":"none",` + at + `}`,
		"itself": `{"from_env":"qa",` + at + `}`, "never comes": `{"cron":"0 0 30 2 *"}`,
	} {
		h.do("POST", orders, body).fails(http.StatusBadRequest, part)
	}
	_, giver := h.user("user", map[string]string{
		orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer", orchestrator.EnvTypeObject(org, "development"): "deployer",
	})
	var once, often api.ScheduledDeployment
	h.as(giver, "POST", orders, `{"from_env":"development",`+at+`}`).must(http.StatusCreated, &once)
	h.do("POST", orders, `{"cron":"0 4 * * *","time_zone":"Europe/Berlin"}`).must(http.StatusCreated, &often)
	is, _ := h.schedules.has(once.ScheduleID)
	require.Equal(t, soon, *is.At)
	var all []api.Schedule
	h.do("GET", schedulesPath+"?kind=deployment&env=qa", "").must(http.StatusOK, &all)
	require.Len(t, all, 2)

	now := soon.Add(time.Second)
	later := orchestrator.New(orchestrator.Options{Store: h.store, Workflows: h.workflows, Schedules: h.schedules, Log: h.log, Now: func() time.Time { return now }})
	system := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	state := func(id string) (o api.ScheduledDeployment) {
		h.do("GET", orders+"/"+id, "").must(http.StatusOK, &o)
		return o
	}
	for range 2 {
		_, err := later.RunScheduled(system, org, often.ScheduleID, soon)
		require.NoError(t, err)
	}
	var deploys []api.Deployment
	h.do("GET", shopPath+"/envs/qa/deploys", "").must(http.StatusOK, &deploys)
	require.Len(t, deploys, 1, "a time is done once")
	require.Equal(t, deploys[0].ID, state(often.ID).LastDeployID)
	require.Equal(t, "active", state(often.ID).Status)

	did, err := later.RunScheduled(system, org, once.ScheduleID, soon)
	require.NoError(t, err)
	require.Contains(t, did, "no deployment of environment")
	require.Equal(t, "failed", state(once.ID).Status)
	require.Contains(t, state(once.ID).Message, "has succeeded")
	_, there := h.schedules.has(once.ScheduleID)
	require.False(t, there, "nothing more is to come")

	id, gone := h.user("user", map[string]string{
		orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer", orchestrator.EnvTypeObject(org, "development"): "deployer",
	})
	h.as(gone, "POST", orders, `{`+at+`}`).must(http.StatusCreated, &once)
	require.NoError(t, h.store.DeleteRole(t.Context(), org, id, orchestrator.AppObject(org, "shop")))
	did, err = later.RunScheduled(system, org, once.ScheduleID, soon)
	require.NoError(t, err)
	require.Contains(t, did, "refused")
	require.Equal(t, "failed", state(once.ID).Status)

	h.as(giver, "POST", orders, `{`+at+`}`).must(http.StatusCreated, &once)
	reconciler := orchestrator.NewReconciler(h.store, h.workflows, func() time.Time { return now.Add(5 * time.Minute) }, h.log).WithSchedules(later)
	require.NoError(t, reconciler.Once(t.Context()))
	require.Equal(t, "done", state(once.ID).Status, "the safety net does what was to happen once")
	h.as(giver, "POST", orders, `{`+at+`}`).must(http.StatusCreated, &once)
	now = soon.Add(3 * time.Hour)
	require.NoError(t, reconciler.Once(t.Context()))
	require.Equal(t, "missed", state(once.ID).Status)

	h.do("DELETE", orders+"/"+often.ID, "").must(http.StatusNoContent, nil)
	h.do("DELETE", orders+"/"+often.ID, "").fails(http.StatusNotFound, often.ID)
	_, there = h.schedules.has(often.ScheduleID)
	require.False(t, there)
	var left []api.ScheduledDeployment
	h.do("GET", orders, "").must(http.StatusOK, &left)
	require.Len(t, left, 4)
}
