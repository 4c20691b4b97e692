package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// timed are the records of schedules, retention and receivers in a world.
type timed struct {
	receiver orchestrator.Receiver
	order    orchestrator.ScheduledDeployment
	delivery orchestrator.ReceiverDelivery
	schedule orchestrator.ScheduleRecord
	settings orchestrator.RetentionSettings
	run      orchestrator.RetentionRun
}

func newTimed(t *testing.T, s orchestrator.Store, w *world) *timed {
	t.Helper()
	o := &timed{
		schedule: orchestrator.ScheduleRecord{OrgID: w.org, ID: "cleanup", Paused: true, ChangedAt: epoch},
		settings: orchestrator.RetentionSettings{OrgID: w.org, Cron: "0 3 * * *", TimeZone: "UTC", UpdatedAt: epoch},
		run:      orchestrator.RetentionRun{OrgID: w.org, ID: "round", Status: orchestrator.RetentionRunning, CreatedAt: epoch},
	}
	rule := orchestrator.PreviewRule{OrgID: w.org, AppID: "shop", ID: "received", CreatedAt: epoch}
	require.NoError(t, s.CreatePreviewRule(ctx, &rule))
	o.receiver = orchestrator.Receiver{OrgID: w.org, AppID: "shop", ID: "receiver-" + w.org, RuleID: rule.ID, Sealed: []byte{1}, CreatedAt: epoch}
	o.delivery = orchestrator.ReceiverDelivery{OrgID: w.org, ReceiverID: o.receiver.ID, ID: "d", Status: orchestrator.ReceivedPending, CreatedAt: epoch}
	o.order = orchestrator.ScheduledDeployment{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "order", Status: orchestrator.OrderActive, CreatedAt: epoch}
	require.NoError(t, s.CreateScheduledDeployment(ctx, &o.order))
	require.NoError(t, s.CreateReceiver(ctx, &o.receiver))
	require.NoError(t, s.CreateReceiverDelivery(ctx, &o.delivery))
	require.NoError(t, s.PutScheduleRecord(ctx, &o.schedule))
	require.NoError(t, s.PutRetentionSettings(ctx, &o.settings))
	require.NoError(t, s.CreateRetentionRun(ctx, &o.run))
	return o
}

func testSchedules(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	check(t, aggregate[orchestrator.ScheduleRecord]{
		place: func(v *orchestrator.ScheduleRecord) { v.OrgID, v.ID, v.Version = "acme", "cleanup", 0 },
		keep:  func(from, to *orchestrator.ScheduleRecord) { to.Version = from.Version },
		create: func(v *orchestrator.ScheduleRecord) error {
			v.Version = 0
			return s.PutScheduleRecord(ctx, v)
		},
		read:   func() (*orchestrator.ScheduleRecord, error) { return s.GetScheduleRecord(ctx, "acme", "cleanup") },
		update: func(v *orchestrator.ScheduleRecord) error { return s.PutScheduleRecord(ctx, v) },
	})
	at := epoch
	for id, synced := range map[string]*time.Time{"retention": nil, "drift.shop.qa": &at} {
		require.NoError(t, s.PutScheduleRecord(ctx, &orchestrator.ScheduleRecord{OrgID: "acme", ID: id, ChangedAt: epoch, SyncedAt: synced}))
	}
	id := func(r orchestrator.ScheduleRecord) string { return r.ID }
	open, err := s.UnsyncedSchedules(ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"cleanup", "retention"}, names(open, id), "changed longest ago first")
	all, err := s.ListScheduleRecords(ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, []string{"cleanup", "drift.shop.qa", "retention"}, names(all, id))
	old := all[2]
	changed := old
	require.NoError(t, s.PutScheduleRecord(ctx, &changed))
	require.True(t, orchestrator.IsNotFound(s.DeleteScheduleRecord(ctx, &old)), "it was changed meanwhile")
	require.NoError(t, s.DeleteScheduleRecord(ctx, &changed))
}

func testScheduledDeployments(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.ScheduledDeployment]{
		place: func(v *orchestrator.ScheduledDeployment) {
			v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "o1"
		},
		keep: func(from, to *orchestrator.ScheduledDeployment) {
			changed := *to
			*to = *from
			to.Status, to.Message, to.LastAt, to.LastDeployID = changed.Status, changed.Message, changed.LastAt, changed.LastDeployID
		},
		create: func(v *orchestrator.ScheduledDeployment) error { return s.CreateScheduledDeployment(ctx, v) },
		read:   func() (*orchestrator.ScheduledDeployment, error) { return s.GetScheduledDeployment(ctx, w.env, "o1") },
		update: func(v *orchestrator.ScheduledDeployment) error { return s.UpdateScheduledDeployment(ctx, v) },
	})
	at := epoch
	for id, status := range map[string]string{"o2": orchestrator.OrderActive, "o3": orchestrator.OrderDone} {
		require.NoError(t, s.CreateScheduledDeployment(ctx, &orchestrator.ScheduledDeployment{OrgID: "acme", AppID: "shop", EnvID: "qa", ID: id, Status: status, At: &at, CreatedAt: epoch.Add(time.Hour)}))
	}
	id := func(o orchestrator.ScheduledDeployment) string { return o.ID }
	due, err := s.OverdueDeployments(ctx, epoch.Add(time.Second), 5)
	require.NoError(t, err)
	require.Equal(t, []string{"o2"}, names(due, id))
	all, err := s.ListScheduledDeployments(ctx, orchestrator.EnvRef{OrgID: "acme"})
	require.NoError(t, err)
	require.Equal(t, []string{"o2", "o3", "o1"}, names(all, id), "newest first")
	require.NoError(t, s.DeleteScheduledDeployment(ctx, w.env, "o2"))
	require.True(t, orchestrator.IsNotFound(s.DeleteScheduledDeployment(ctx, w.env, "o2")))
}

func testReceivers(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	require.NoError(t, s.CreatePreviewRule(ctx, &orchestrator.PreviewRule{OrgID: "acme", AppID: "shop", ID: "rule", CreatedAt: epoch}))
	check(t, aggregate[orchestrator.Receiver]{
		place:  func(v *orchestrator.Receiver) { v.OrgID, v.AppID, v.ID, v.RuleID = "acme", "shop", "r1", "rule" },
		create: func(v *orchestrator.Receiver) error { return s.CreateReceiver(ctx, v) },
		read:   func() (*orchestrator.Receiver, error) { return s.FindReceiver(ctx, "r1") },
	})
	check(t, aggregate[orchestrator.ReceiverDelivery]{
		place: func(v *orchestrator.ReceiverDelivery) { v.OrgID, v.ReceiverID, v.ID = "acme", "r1", "d1" },
		keep: func(from, to *orchestrator.ReceiverDelivery) {
			to.Event, to.Kind, to.Branch, to.Commit, to.Version = from.Event, from.Kind, from.Branch, from.Commit, from.Version
		},
		create: func(v *orchestrator.ReceiverDelivery) error { return s.CreateReceiverDelivery(ctx, v) },
		read:   func() (*orchestrator.ReceiverDelivery, error) { return s.GetReceiverDelivery(ctx, "acme", "r1", "d1") },
		update: func(v *orchestrator.ReceiverDelivery) error { return s.UpdateReceiverDelivery(ctx, v) },
	})
	end := epoch
	for id, over := range map[string]*time.Time{"d2": nil, "d3": &end} {
		require.NoError(t, s.CreateReceiverDelivery(ctx, &orchestrator.ReceiverDelivery{OrgID: "acme", ReceiverID: "r1", ID: id, CreatedAt: epoch.Add(time.Hour), FinishedAt: over}))
	}
	id := func(d orchestrator.ReceiverDelivery) string { return d.ID }
	open, err := s.PendingReceiverDeliveries(ctx, epoch.Add(24*time.Hour), 5)
	require.NoError(t, err)
	require.Equal(t, []string{"d1", "d2"}, names(open, id), "oldest first")
	q := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainReceived, Before: epoch.Add(time.Minute), Limit: 10}
	require.Equal(t, 1, expire(t, s, q))
	require.NoError(t, s.DeletePreviewRule(ctx, "acme", "shop", "rule"))
	left, err := s.ListReceiverDeliveries(ctx, "acme", "r1", 0)
	require.NoError(t, err)
	require.Empty(t, left, "they go with receiver and rule")
}

func testRetention(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	check(t, aggregate[orchestrator.RetentionRun]{
		place: func(v *orchestrator.RetentionRun) { v.OrgID, v.ID = "acme", "r1" },
		keep: func(from, to *orchestrator.RetentionRun) {
			to.Cause, to.DryRun, to.CreatedAt, to.CreatedBy, to.Version = from.Cause, from.DryRun, from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(v *orchestrator.RetentionRun) error { return s.CreateRetentionRun(ctx, v) },
		read:   func() (*orchestrator.RetentionRun, error) { return s.GetRetentionRun(ctx, "acme", "r1") },
		update: func(v *orchestrator.RetentionRun) error { return s.UpdateRetentionRun(ctx, v) },
	})
	end := epoch.Add(time.Hour)
	require.NoError(t, s.CreateRetentionRun(ctx, &orchestrator.RetentionRun{OrgID: "acme", ID: "r2", CreatedAt: end, FinishedAt: &end}))
	require.NoError(t, s.DeleteRetentionRuns(ctx, "acme", end.Add(time.Second)))
	all, err := s.ListRetentionRuns(ctx, "acme", 5)
	require.NoError(t, err)
	require.Equal(t, []string{"r1"}, names(all, func(r orchestrator.RetentionRun) string { return r.ID }), "one that runs stays")

	var settings orchestrator.RetentionSettings
	fill(&settings, 1)
	settings.OrgID, settings.Version = "acme", 0
	require.NoError(t, s.PutRetentionSettings(ctx, &settings))
	got, err := s.GetRetentionSettings(ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, &settings, got)
	again := settings
	again.Version = 0
	require.True(t, orchestrator.IsConflict(s.PutRetentionSettings(ctx, &again)))
	settings.Enabled, settings.Rules = false, nil
	require.NoError(t, s.PutRetentionSettings(ctx, &settings))

	t.Run("deployments", func(t *testing.T) { expiredDeployments(t, s) })
	t.Run("pipeline runs", func(t *testing.T) { expiredPipelineRuns(t, s) })
	t.Run("webhooks", func(t *testing.T) { expiredWebhooks(t, s) })
}

// expire takes steps until there is no more.
func expire(t *testing.T, s orchestrator.Store, q orchestrator.RetentionQuery) int {
	t.Helper()
	found := 0
	for range 1000 {
		step, err := s.Expired(ctx, q)
		require.NoError(t, err)
		found += step.Found
		if step.Done {
			return found
		}
		q.Cursor = step.Cursor
	}
	t.Fatal("it does not end")
	return 0
}

// deployed stores a deployment of a day, with an event and a log line.
func deployed(t *testing.T, s orchestrator.Store, ref orchestrator.EnvRef, n int, status orchestrator.DeploymentStatus, from string) string {
	t.Helper()
	at := epoch.Add(time.Duration(n) * 24 * time.Hour)
	d := orchestrator.Deployment{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: fmt.Sprintf("%s-%02d", ref.EnvID, n), FromID: from, Status: status, CreatedAt: at, StatusChangedAt: at,
		GraphID: fmt.Sprintf("graph-%s-%02d", ref.EnvID, n),
	}
	require.NoError(t, s.CreateDeployment(ctx, &d))
	require.NoError(t, s.AppendEvents(ctx, &orchestrator.Event{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, DeploymentID: d.ID, At: at, Type: "log"}))
	require.NoError(t, s.AppendLog(ctx, &orchestrator.LogLine{OrgID: ref.OrgID, DeploymentID: d.ID, At: at, Level: "info", Text: d.ID}))
	return d.ID
}

// expiredDeployments: what is old goes, but nothing that is current or referred to.
func expiredDeployments(t *testing.T, s orchestrator.Store) {
	require.NoError(t, s.CreateEnvironment(ctx, &orchestrator.Environment{OrgID: "acme", AppID: "shop", ID: "old", TypeID: "test", CreatedAt: epoch}))
	ref := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "old"}
	failed, done := orchestrator.DeploymentFailed, orchestrator.DeploymentSucceeded
	for n, status := range []orchestrator.DeploymentStatus{
		failed,                         // 0: goes
		done,                           // 1: another environment starts from it
		failed,                         // 2: a resource is from it
		failed,                         // 3: goes
		done,                           // 4: the last one that succeeded
		orchestrator.DeploymentPending, // 5: unfinished
		failed,                         // 6: goes
		failed,                         // 7: what 8 was made from
		failed,                         // 8: among the newest
		failed,                         // 9: among the newest
		failed,                         // 10: the last one
	} {
		from := ""
		if n == 8 {
			from = "old-07"
		}
		deployed(t, s, ref, n, status, from)
	}
	env, err := s.GetEnvironment(ctx, ref)
	require.NoError(t, err)
	env.LastDeployID = "old-10"
	require.NoError(t, s.UpdateEnvironment(ctx, env))
	require.NoError(t, s.CreateEnvironment(ctx, &orchestrator.Environment{OrgID: "acme", AppID: "shop", ID: "copy", TypeID: "test", FromDeployID: "old-01", CreatedAt: epoch}))
	r, err := s.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: "acme", AppID: "shop", EnvID: "old", EnvType: "development", GUResID: "old-resource", DeployID: "old-02",
		Key: resource.Key{Type: "dns", Class: "default", ID: "x"}, Status: orchestrator.ResourcePending,
	})
	require.NoError(t, err)
	require.Equal(t, "old-02", r.DeployID)

	q := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainDeployments, Before: epoch.Add(365 * 24 * time.Hour), Newest: 3, Limit: 1}
	id := func(d orchestrator.Deployment) string { return d.ID }
	dry := q
	dry.DryRun = true
	require.Equal(t, 3, expire(t, s, dry))
	all, err := s.ListDeployments(ctx, ref, 0)
	require.NoError(t, err)
	require.Len(t, all, 11, "a dry run deletes nothing")

	young := q
	young.Before = epoch.Add(12 * time.Hour)
	require.Equal(t, 1, expire(t, s, young), "by age")
	other := q
	other.OrgID = "evil"
	require.Zero(t, expire(t, s, other))
	require.Equal(t, 2, expire(t, s, q))
	all, err = s.ListDeployments(ctx, ref, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"old-10", "old-09", "old-08", "old-07", "old-05", "old-04", "old-02", "old-01"}, names(all, id))
	events, err := s.ListEvents(ctx, "acme", "old-03", 0, 10)
	require.NoError(t, err)
	require.Empty(t, events, "they go with their deployment")
	require.Zero(t, expire(t, s, q), "nothing is left to be done")

	expiredRecords(t, s, ref)
}

// expiredRecords: what was written about deployments goes before they do.
func expiredRecords(t *testing.T, s orchestrator.Store, ref orchestrator.EnvRef) {
	t.Helper()
	lines := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainLogs, Before: epoch.Add(365 * 24 * time.Hour), Limit: 2}
	require.Equal(t, 6, expire(t, s, lines), "those of what runs and of what is unfinished stay")
	require.NoError(t, s.AppendLog(ctx, &orchestrator.LogLine{OrgID: "acme", DeploymentID: "gone", At: epoch, Level: "info", Text: "orphan"}))
	lines.Kind = orchestrator.RetainOrphanLogs
	require.Equal(t, 1, expire(t, s, lines))
	left, err := s.ListLog(ctx, "acme", "old-10", "", 0, 10)
	require.NoError(t, err)
	require.Len(t, left, 1)
	lines.Kind = orchestrator.RetainEvents
	require.Equal(t, 6, expire(t, s, lines))
	for kind, want := range map[string]int{orchestrator.RetainGraphs: 0, orchestrator.RetainTerraformPlans: 0, orchestrator.RetainTerraformRuns: 0} {
		q := orchestrator.RetentionQuery{OrgID: "acme", Kind: kind, Before: epoch.Add(365 * 24 * time.Hour), Limit: 2}
		require.Equal(t, want, expire(t, s, q), kind)
	}
	unused := orchestrator.GraphRecord{OrgID: "acme", AppID: "shop", EnvID: "old", ID: "unused", Hash: "h1", CreatedAt: epoch, UsedAt: epoch}
	used := orchestrator.GraphRecord{OrgID: "acme", AppID: "shop", EnvID: "old", ID: "graph-old-10", Hash: "h2", CreatedAt: epoch, UsedAt: epoch}
	for _, g := range []orchestrator.GraphRecord{unused, used} {
		_, err := s.PutGraph(ctx, &g)
		require.NoError(t, err)
	}
	graphs := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainGraphs, Before: epoch.Add(time.Hour), Limit: 2}
	require.Equal(t, 1, expire(t, s, graphs))
	_, err = s.GetGraph(ctx, ref, "graph-old-10")
	require.NoError(t, err)
	_, err = s.Expired(ctx, orchestrator.RetentionQuery{OrgID: "acme", Kind: "nothing"})
	require.Error(t, err)
}

// expiredPipelineRuns: of each pipeline the newest stay, and what started something that goes on.
func expiredPipelineRuns(t *testing.T, s orchestrator.Store) {
	for n := range 6 {
		at := epoch.Add(time.Duration(n) * time.Hour)
		run := orchestrator.PipelineRun{OrgID: "acme", AppID: "shop", PipelineID: "p", ID: fmt.Sprintf("run-%d", n), Status: "succeeded", CreatedAt: at, CompletedAt: &at}
		if n == 5 {
			run.CompletedAt, run.ParentRun, run.Status = nil, "run-1", "executing"
		}
		require.NoError(t, s.CreatePipelineRun(ctx, &run))
		require.NoError(t, s.CreatePipelineJobs(ctx, []orchestrator.PipelineJob{{OrgID: "acme", RunID: run.ID, ID: "j", CreatedAt: at, UpdatedAt: at}}))
		require.NoError(t, s.CreatePipelineStep(ctx, &orchestrator.PipelineStep{OrgID: "acme", RunID: run.ID, JobID: "j", CreatedAt: at}))
		require.NoError(t, s.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{{OrgID: "acme", RunID: run.ID, JobID: "j", At: at, Level: "info", Message: "m"}}))
	}
	q := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainPipelineRuns, Before: epoch.Add(24 * time.Hour), Newest: 2, Limit: 1, DryRun: true}
	require.Equal(t, 3, expire(t, s, q))
	q.DryRun = false
	require.Equal(t, 3, expire(t, s, q))
	runs, err := s.ListPipelineRuns(ctx, "acme", orchestrator.PipelineRunFilter{})
	require.NoError(t, err)
	require.Equal(t, []string{"run-5", "run-4", "run-1"}, names(runs, func(r orchestrator.PipelineRun) string { return r.ID }))
	q.Kind, q.DryRun = orchestrator.RetainPipelineLogs, true
	require.Equal(t, 2, expire(t, s, q))
	q.DryRun = false
	require.Equal(t, 2, expire(t, s, q))
	left, err := s.ListPipelineLog(ctx, "acme", "run-5", "j", 0, 0, 0)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func expiredWebhooks(t *testing.T, s orchestrator.Store) {
	require.NoError(t, s.CreateWebhook(ctx, &orchestrator.Webhook{OrgID: "acme", AppID: "shop", ID: "hook", CreatedAt: epoch}))
	at := epoch
	var made []orchestrator.WebhookDelivery
	for id, end := range map[string]*time.Time{"over": &at, "waits": nil} {
		status := "pending"
		if end != nil {
			status = "delivered"
		}
		made = append(made, orchestrator.WebhookDelivery{OrgID: "acme", AppID: "shop", WebhookID: "hook", ID: id, Status: status, CreatedAt: epoch, FinishedAt: end})
	}
	require.NoError(t, s.CreateWebhookDeliveries(ctx, made))
	q := orchestrator.RetentionQuery{OrgID: "acme", Kind: orchestrator.RetainWebhooks, Before: epoch.Add(time.Hour), Limit: 10}
	require.Equal(t, 1, expire(t, s, q))
	left, err := s.ListWebhookDeliveries(ctx, "acme", "hook", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"waits"}, names(left, func(d orchestrator.WebhookDelivery) string { return d.ID }))
}

// missingTimed are calls as an organization that knows the ids of another.
func missingTimed(s orchestrator.Store, o *timed, org string) map[string]func() error {
	schedule, settings, run := o.schedule, o.settings, o.run
	schedule.OrgID, settings.OrgID, run.OrgID = org, org, org
	receiver, delivery, order := o.receiver, o.delivery, o.order
	receiver.OrgID, delivery.OrgID, order.OrgID = org, org, org
	return map[string]func() error{
		"CreateScheduledDeployment": func() error { v := order; v.ID = unique("o"); return s.CreateScheduledDeployment(ctx, &v) },
		"GetScheduledDeployment":    func() error { return drop(s.GetScheduledDeployment(ctx, order.Ref(), "order")) },
		"UpdateScheduledDeployment": func() error { return s.UpdateScheduledDeployment(ctx, &order) },
		"DeleteScheduledDeployment": func() error { return s.DeleteScheduledDeployment(ctx, order.Ref(), "order") },
		"CreateReceiver":            func() error { v := receiver; v.ID = unique("r"); return s.CreateReceiver(ctx, &v) },
		"GetReceiver":               func() error { return drop(s.GetReceiver(ctx, org, "shop", receiver.ID)) },
		"DeleteReceiver":            func() error { return s.DeleteReceiver(ctx, org, "shop", receiver.ID) },
		"CreateReceiverDelivery":    func() error { v := delivery; v.ID = unique("d"); return s.CreateReceiverDelivery(ctx, &v) },
		"GetReceiverDelivery":       func() error { return drop(s.GetReceiverDelivery(ctx, org, receiver.ID, "d")) },
		"UpdateReceiverDelivery":    func() error { return s.UpdateReceiverDelivery(ctx, &delivery) },
		"PutScheduleRecord":         func() error { return s.PutScheduleRecord(ctx, &schedule) },
		"GetScheduleRecord":         func() error { return drop(s.GetScheduleRecord(ctx, org, "cleanup")) },
		"DeleteScheduleRecord":      func() error { return s.DeleteScheduleRecord(ctx, &schedule) },
		"PutRetentionSettings":      func() error { return s.PutRetentionSettings(ctx, &settings) },
		"GetRetentionSettings":      func() error { return drop(s.GetRetentionSettings(ctx, org)) },
		"GetRetentionRun":           func() error { return drop(s.GetRetentionRun(ctx, org, "round")) },
		"UpdateRetentionRun":        func() error { return s.UpdateRetentionRun(ctx, &run) },
		"CreateRetentionRun":        func() error { v := run; v.OrgID, v.ID = "none-such", unique("r"); return s.CreateRetentionRun(ctx, &v) },
	}
}

func emptyTimed(s orchestrator.Store, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListScheduledDeployments": count(func() ([]orchestrator.ScheduledDeployment, error) {
			return s.ListScheduledDeployments(ctx, orchestrator.EnvRef{OrgID: org})
		}),
		"ListReceivers": count(func() ([]orchestrator.Receiver, error) { return s.ListReceivers(ctx, org, "shop") }),
		"ListReceiverDeliveries": count(func() ([]orchestrator.ReceiverDelivery, error) {
			return s.ListReceiverDeliveries(ctx, org, "receiver-acme", 0)
		}),
		"ListScheduleRecords": count(func() ([]orchestrator.ScheduleRecord, error) { return s.ListScheduleRecords(ctx, org) }),
		"DueLifetimesIn":      count(func() ([]orchestrator.Lifetime, error) { return s.DueLifetimesIn(ctx, org) }),
		"ListRetentionRuns":   count(func() ([]orchestrator.RetentionRun, error) { return s.ListRetentionRuns(ctx, org, 0) }),
		"DeleteRetentionRuns": func() (int, error) { return 0, s.DeleteRetentionRuns(ctx, org, time.Now()) },
		"Expired": func() (int, error) {
			step, err := s.Expired(ctx, orchestrator.RetentionQuery{OrgID: org, Kind: orchestrator.RetainLogs, Before: time.Now(), Limit: 10})
			return step.Found, err
		},
	}
}

// timedOf reads everything of an organization.
func timedOf(s orchestrator.Store, w *world) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListScheduledDeployments(ctx, w.env) },
		func() (any, error) { return s.ListReceivers(ctx, w.org, "shop") },
		func() (any, error) { return s.ListReceiverDeliveries(ctx, w.org, w.timed.receiver.ID, 0) },
		func() (any, error) { return s.ListScheduleRecords(ctx, w.org) },
		func() (any, error) { return s.GetRetentionSettings(ctx, w.org) },
		func() (any, error) { return s.ListRetentionRuns(ctx, w.org, 0) },
	}
}
