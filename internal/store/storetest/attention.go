package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// everywhere is a filter for an application that has nothing, all of them, one of them and a limit.
func everywhere[T any](t *testing.T, want []string, id func(T) string, list func(orchestrator.AttentionFilter) ([]T, error)) {
	t.Helper()
	for _, c := range []struct {
		filter orchestrator.AttentionFilter
		want   []string
	}{
		{orchestrator.AttentionFilter{OrgID: "acme", Limit: 100}, want},
		{orchestrator.AttentionFilter{OrgID: "acme", Apps: []string{"shop", "none"}, Limit: 100}, want},
		{orchestrator.AttentionFilter{OrgID: "acme", Limit: 1}, want[:1]},
		{orchestrator.AttentionFilter{OrgID: "acme", Apps: []string{"none"}, Limit: 100}, []string{}},
		{orchestrator.AttentionFilter{OrgID: "acme", Apps: []string{}, Limit: 100}, []string{}},
		{orchestrator.AttentionFilter{OrgID: "other", Limit: 100}, []string{}},
	} {
		got, err := list(c.filter)
		require.NoError(t, err)
		require.Equal(t, c.want, names(got, id), "%+v", c.filter)
	}
}

// attended makes environments for a test about attention.
type attended struct {
	t *testing.T
	s orchestrator.Store
}

func shopEnv(id string) orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: id}
}

func (a attended) env(id, status string) orchestrator.EnvRef {
	a.t.Helper()
	ref := shopEnv(id)
	require.NoError(a.t, a.s.CreateEnvironment(ctx, &orchestrator.Environment{
		OrgID: "acme", AppID: "shop", ID: id, Name: "The " + id, TypeID: "test", Status: status, CreatedAt: epoch, StatusChangedAt: epoch,
	}))
	return ref
}

// deploy stores a deployment as the newest of its environment.
func (a attended) deploy(ref orchestrator.EnvRef, status orchestrator.DeploymentStatus, outcome orchestrator.Outcome, at time.Time) string {
	a.t.Helper()
	d := orchestrator.Deployment{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: deploymentID(), Status: status, Outcome: outcome, CreatedAt: at, StatusChangedAt: at,
	}
	require.NoError(a.t, a.s.CreateDeployment(ctx, &d))
	e, err := a.s.GetEnvironment(ctx, ref)
	require.NoError(a.t, err)
	e.LastDeployID = d.ID
	require.NoError(a.t, a.s.UpdateEnvironment(ctx, e))
	return d.ID
}

func (a attended) scan(ref orchestrator.EnvRef, id string, status orchestrator.DriftStatus, base string, at time.Time) {
	a.t.Helper()
	require.NoError(a.t, a.s.CreateDriftScan(ctx, &orchestrator.DriftScan{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: id, Status: status, BaseID: base, Checked: 3, Drifted: 1, CreatedAt: at,
		Results: []orchestrator.DriftResult{{State: orchestrator.DriftStateMissing}},
	}))
}

const (
	failed    = orchestrator.DeploymentFailed
	succeeded = orchestrator.DeploymentSucceeded
	underway  = orchestrator.DeploymentInProgress
)

func testFailedEnvironments(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	a := attended{t, s}
	ran := a.env("ran", orchestrator.StatusActive)
	a.deploy(ran, succeeded, orchestrator.OutcomeSucceeded, epoch)
	again := a.deploy(ran, failed, orchestrator.OutcomeFailed, epoch.Add(time.Minute))
	require.NoError(t, s.SetDeploymentErrors(ctx, "acme", again, []orchestrator.DeploymentError{{Summary: "no such image"}, {Summary: "and more"}}))
	a.deploy(a.env("first", orchestrator.StatusActive), failed, orchestrator.OutcomeRejected, epoch)
	a.deploy(a.env("cancelled", orchestrator.StatusActive), failed, orchestrator.OutcomeCancelled, epoch)
	a.deploy(a.env("superseded", orchestrator.StatusActive), failed, orchestrator.OutcomeSuperseded, epoch)
	a.deploy(a.env("going", orchestrator.StatusDeleting), failed, orchestrator.OutcomeFailed, epoch)
	repaired := a.env("repaired", orchestrator.StatusActive)
	a.deploy(repaired, failed, orchestrator.OutcomeFailed, epoch)
	a.deploy(repaired, succeeded, orchestrator.OutcomeSucceeded, epoch)
	tried := a.env("tried", orchestrator.StatusActive)
	a.deploy(tried, failed, orchestrator.OutcomeFailed, epoch)
	trying := a.deploy(tried, underway, "", epoch)

	everywhere(t, []string{"ran", "first"}, func(f orchestrator.FailedEnvironment) string { return f.EnvID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.FailedEnvironment, error) {
			return s.FailedEnvironments(ctx, f)
		})
	found, err := s.FailedEnvironments(ctx, orchestrator.AttentionFilter{OrgID: "acme", Limit: 10})
	require.NoError(t, err)
	require.Equal(t, again, found[0].ID)
	require.Equal(t, "no such image", found[0].Cause)
	require.True(t, found[0].Runs)
	require.Empty(t, found[1].Cause)
	require.False(t, found[1].Runs)
	require.Equal(t, orchestrator.OutcomeRejected, found[1].Outcome)

	waits := a.deploy(a.env("waits", orchestrator.StatusActive), underway, "", epoch)
	require.NoError(t, s.CreateGate(ctx, &orchestrator.Gate{OrgID: "acme", AppID: "shop", EnvID: "waits", DeploymentID: waits, Node: "db", State: orchestrator.GateWaiting, CreatedAt: epoch}))
	everywhere(t, []string{trying}, func(d orchestrator.Deployment) string { return d.ID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.Deployment, error) {
			return s.DeploymentsUnderway(ctx, f)
		})
	everywhere(t, []string{waits}, func(g orchestrator.Gate) string { return g.DeploymentID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.Gate, error) { return s.GatesWaiting(ctx, f) })
	everywhere(t, []string{"going"}, func(e orchestrator.Environment) string { return e.ID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.Environment, error) {
			return s.GoingEnvironments(ctx, f)
		})
	require.NoError(t, s.CreateGateApproval(ctx, &orchestrator.GateApproval{OrgID: "acme", DeploymentID: waits, ID: "said", By: "ann", CreatedAt: epoch}))
	said, err := s.ListGateApprovalsOf(ctx, "acme", []string{waits, trying})
	require.NoError(t, err)
	require.Equal(t, []string{"ann"}, names(said, func(g orchestrator.GateApproval) string { return g.By }))
	promotionsOfDeployments(t, s, waits, trying, again)
}

// promotionsOfDeployments: those whose deployment waits for people, and those that go on.
func promotionsOfDeployments(t *testing.T, s orchestrator.Store, waits, trying, again string) {
	t.Helper()
	waiting := orchestrator.Promotion{OrgID: "acme", AppID: "shop", ID: "waiting", EnvID: "waits", DeploymentID: waits, Phase: orchestrator.PhaseApproval, CreatedAt: epoch}
	goesOn := orchestrator.Promotion{OrgID: "acme", AppID: "shop", ID: "goes-on", EnvID: "tried", DeploymentID: trying, Phase: orchestrator.PhaseDeploy, CreatedAt: epoch}
	over := orchestrator.Promotion{OrgID: "acme", AppID: "shop", ID: "over", EnvID: "ran", DeploymentID: again, Phase: orchestrator.PhaseDone, CreatedAt: epoch, FinishedAt: &goesOn.CreatedAt}
	for _, p := range []*orchestrator.Promotion{&waiting, &goesOn, &over} {
		require.NoError(t, s.CreatePromotion(ctx, p))
	}
	id := func(p orchestrator.Promotion) string { return p.ID }
	everywhere(t, []string{"goes-on"}, id, func(f orchestrator.AttentionFilter) ([]orchestrator.Promotion, error) {
		return s.PromotionsUnderway(ctx, f)
	})
	promotions, err := s.PromotionsWaiting(ctx, "acme", []string{waits, again})
	require.NoError(t, err)
	require.Equal(t, []string{"waiting"}, names(promotions, id))
	for name, deployment := range map[string]string{"waiting": waits, "goes-on": trying} {
		require.NoError(t, s.CreateSpinUp(ctx, &orchestrator.SpinUp{OrgID: "acme", AppID: "shop", ID: name, EnvID: "tried", DeploymentID: deployment, CreatedAt: epoch}))
	}
	everywhere(t, []string{"goes-on"}, func(u orchestrator.SpinUp) string { return u.ID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.SpinUp, error) { return s.SpinUpsUnderway(ctx, f) })

	environments, err := s.FindEnvironmentNames(ctx, "acme", []orchestrator.EnvRef{shopEnv("ran"), shopEnv("tried"), {OrgID: "acme", AppID: "none", EnvID: "first"}})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"The ran", "The tried"}, names(environments, func(e orchestrator.Environment) string { return e.Name }))
	apps, err := s.FindApplicationNames(ctx, "acme", []string{"shop", "none"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"shop": "Shop"}, apps)
}

func testDriftedEnvironments(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	a := attended{t, s}
	active := orchestrator.StatusActive
	bad, good := orchestrator.DriftFound, orchestrator.DriftClean
	a.scan(a.env("bad", active), "1", bad, "", epoch.Add(time.Minute))
	a.scan(a.env("unknown", active), "2", orchestrator.DriftFailed, "", epoch)
	again := a.env("again", active)
	a.scan(again, "3", good, "", epoch)
	a.scan(again, "4", bad, "", epoch.Add(2*time.Minute))
	a.scan(again, "5", orchestrator.DriftRunning, "", epoch.Add(3*time.Minute))
	over := a.env("over", active)
	a.scan(over, "6", bad, "", epoch)
	a.scan(over, "7", good, "", epoch.Add(time.Second))
	a.scan(a.env("going", orchestrator.StatusDeleting), "8", bad, "", epoch)
	deployed := a.env("deployed", active)
	base := a.deploy(deployed, succeeded, orchestrator.OutcomeSucceeded, epoch)
	a.scan(deployed, "9", bad, base, epoch.Add(time.Second))
	everywhere(t, []string{"again", "bad", "deployed", "unknown"}, func(d orchestrator.DriftScan) string { return d.EnvID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.DriftScan, error) {
			return s.DriftedEnvironments(ctx, f)
		})
	a.deploy(deployed, failed, orchestrator.OutcomeFailed, epoch)
	found, err := s.DriftedEnvironments(ctx, orchestrator.AttentionFilter{OrgID: "acme", Limit: 10})
	require.NoError(t, err)
	require.Len(t, found, 4)
	require.Empty(t, found[0].Results)
	require.Equal(t, 1, found[0].Drifted)
	a.deploy(deployed, succeeded, orchestrator.OutcomeSucceeded, epoch)
	found, err = s.DriftedEnvironments(ctx, orchestrator.AttentionFilter{OrgID: "acme", Limit: 10})
	require.NoError(t, err)
	require.Len(t, found, 3, "what was deployed since was not looked at")
}

func testEndingEnvironments(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	a := attended{t, s}
	const week, days = 7 * 24 * time.Hour, 48 * time.Hour
	now := epoch.Add(100 * 24 * time.Hour)
	in := func(d time.Duration) *time.Time { at := now.Add(d); return &at }
	life := func(id string, l orchestrator.Lifetime) orchestrator.EnvRef {
		ref := a.env(id, orchestrator.StatusActive)
		l.OrgID, l.AppID, l.EnvID = "acme", "shop", id
		if l.NextAt == nil {
			l.NextAt = &now
		}
		require.NoError(t, s.CreateLifetime(ctx, &l))
		return ref
	}
	life("soon", orchestrator.Lifetime{ExpiresAt: in(time.Hour)})
	life("past", orchestrator.Lifetime{ExpiresAt: in(-time.Hour)})
	life("later", orchestrator.Lifetime{ExpiresAt: in(week)})
	life("kept", orchestrator.Lifetime{ExpiresAt: in(time.Hour), Protected: true})
	life("never", orchestrator.Lifetime{})
	life("looked at later", orchestrator.Lifetime{ExpiresAt: in(time.Hour), NextAt: in(week)})
	a.deploy(life("idle", orchestrator.Lifetime{IdleAfter: week}), succeeded, orchestrator.OutcomeSucceeded, now.Add(2*time.Hour-week))
	a.deploy(life("used", orchestrator.Lifetime{IdleAfter: week}), succeeded, orchestrator.OutcomeSucceeded, now.Add(-time.Hour))
	a.deploy(life("busy", orchestrator.Lifetime{IdleAfter: week}), underway, "", now.Add(-week))
	a.deploy(life("short", orchestrator.Lifetime{IdleAfter: 4 * time.Hour}), succeeded, orchestrator.OutcomeSucceeded, now.Add(-time.Hour))
	life("new rule", orchestrator.Lifetime{IdleAfter: week, IdleSince: now})
	life("idle first", orchestrator.Lifetime{IdleAfter: week, IdleSince: now.Add(3*time.Hour - week), ExpiresAt: in(40 * time.Hour)})
	everywhere(t, []string{"past", "soon", "idle", "idle first"}, func(e orchestrator.EndingEnvironment) string { return e.Ref.EnvID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.EndingEnvironment, error) {
			return s.EndingEnvironments(ctx, f, now, days)
		})
	found, err := s.EndingEnvironments(ctx, orchestrator.AttentionFilter{OrgID: "acme", Limit: 10}, now, days)
	require.NoError(t, err)
	require.Equal(t, []time.Time{*in(-time.Hour), *in(time.Hour), *in(2 * time.Hour), *in(3 * time.Hour)},
		[]time.Time{found[0].EndsAt, found[1].EndsAt, found[2].EndsAt, found[3].EndsAt})
	require.Equal(t, []string{"expired", "expired", "idle", "idle"}, names(found, func(e orchestrator.EndingEnvironment) string { return e.Reason }))
}

func testRefusedAndFailed(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	a := attended{t, s}
	for i, id := range []string{"newest", "older"} {
		a.env(id, orchestrator.StatusActive)
		require.NoError(t, s.CreatePause(ctx, &orchestrator.Pause{OrgID: "acme", AppID: "shop", EnvID: id, CreatedAt: epoch.Add(-time.Duration(i) * time.Hour)}))
	}
	everywhere(t, []string{"newest", "older"}, func(p orchestrator.Pause) string { return p.EnvID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.Pause, error) {
			return s.PausedEnvironments(ctx, f)
		})

	at, long := epoch, epoch.Add(-time.Hour)
	for id, o := range map[string]orchestrator.ScheduledDeployment{
		"refused": {Status: orchestrator.OrderFailed, Message: "no", LastAt: &at}, "again": {Status: orchestrator.OrderActive, Message: "no", LastAt: &at},
		"good": {Status: orchestrator.OrderActive, LastAt: &at, LastDeployID: "d"}, "done": {Status: orchestrator.OrderDone, LastAt: &at, LastDeployID: "d"},
		"waits": {Status: orchestrator.OrderActive}, "long ago": {Status: orchestrator.OrderFailed, Message: "no", LastAt: &long},
	} {
		o.OrgID, o.AppID, o.EnvID, o.ID, o.CreatedAt = "acme", "shop", "qa", id, epoch
		require.NoError(t, s.CreateScheduledDeployment(ctx, &o))
	}
	everywhere(t, []string{"again", "refused"}, func(o orchestrator.ScheduledDeployment) string { return o.ID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.ScheduledDeployment, error) {
			return s.RefusedOrders(ctx, f, long)
		})

	for i, r := range []orchestrator.PipelineRun{
		{ID: "a1", PipelineID: "a", Status: orchestrator.PipelineSucceeded, CompletedAt: &at},
		{ID: "a2", PipelineID: "a", Status: orchestrator.PipelineFailed, CompletedAt: &at},
		{ID: "b1", PipelineID: "b", Status: orchestrator.PipelineFailed, CompletedAt: &at},
		{ID: "b2", PipelineID: "b", Status: orchestrator.PipelineSucceeded, CompletedAt: &at},
		{ID: "c1", PipelineID: "c", Status: orchestrator.PipelineFailed, Trigger: "pipeline_call", CompletedAt: &at},
		{ID: "d1", PipelineID: "d", Status: orchestrator.PipelineExecuting},
		{ID: "e1", PipelineID: "e", Status: orchestrator.PipelineExecuting},
	} {
		r.OrgID, r.AppID, r.CreatedAt, r.Definition = "acme", "shop", epoch.Add(time.Duration(i)*time.Second), "text"
		if r.Trigger == "" {
			r.Trigger = "schedule"
		}
		require.NoError(t, s.CreatePipelineRun(ctx, &r))
	}
	require.NoError(t, s.CreatePipelineApproval(ctx, &orchestrator.PipelineApproval{
		OrgID: "acme", AppID: "shop", PipelineID: "e", RunID: "e1", ID: "asked", EnvID: "qa", Status: orchestrator.ApprovalWaiting, CreatedAt: epoch,
	}))
	require.NoError(t, s.CreatePipelineApproval(ctx, &orchestrator.PipelineApproval{
		OrgID: "acme", AppID: "shop", PipelineID: "d", RunID: "d1", ID: "given", EnvID: "qa", Status: orchestrator.ApprovalApproved, CreatedAt: epoch,
	}))
	run := func(r orchestrator.PipelineRun) string { return r.ID + r.Definition }
	everywhere(t, []string{"a2"}, run, func(f orchestrator.AttentionFilter) ([]orchestrator.PipelineRun, error) {
		return s.FailedPipelines(ctx, f)
	})
	everywhere(t, []string{"d1"}, run, func(f orchestrator.AttentionFilter) ([]orchestrator.PipelineRun, error) {
		return s.PipelineRunsUnderway(ctx, f)
	})
	everywhere(t, []string{"asked"}, func(a orchestrator.PipelineApproval) string { return a.ID },
		func(f orchestrator.AttentionFilter) ([]orchestrator.PipelineApproval, error) {
			return s.PipelineApprovalsWaiting(ctx, f)
		})

	reserved, err := s.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: "acme", AppID: "shop", EnvID: "qa", Key: resource.Key{Type: "postgres", Class: "default", ID: "db"}, GUResID: unique("guresid"), CreatedAt: epoch, UpdatedAt: epoch,
	})
	require.NoError(t, err)
	places, err := s.PlacesOfResources(ctx, "acme", []string{reserved.GUResID, "none"})
	require.NoError(t, err)
	require.Equal(t, map[string]orchestrator.EnvRef{reserved.GUResID: {OrgID: "acme", AppID: "shop", EnvID: "qa"}}, places)
}

func testResourcesEverywhere(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	a := attended{t, s}
	qa, prod := a.env("qb", orchestrator.StatusActive), a.env("prod_eu", orchestrator.StatusActive)
	for i, r := range []orchestrator.ActiveResource{
		{EnvID: qa.EnvID, EnvType: "test", Key: resource.Key{Type: "postgres", Class: "default", ID: "shared.db"}, DefID: "pg", DriverType: "acme/pg", Status: orchestrator.ResourceActive},
		{EnvID: qa.EnvID, EnvType: "test", Key: resource.Key{Type: "s3", Class: "large", ID: "shared.Files"}, DefID: "bucket", DriverType: "acme/s3", Status: orchestrator.ResourceDeleting, ScheduledDeletion: true},
		{EnvID: prod.EnvID, EnvType: "live", Key: resource.Key{Type: "postgres", Class: "default", ID: "shared.db"}, DefID: "pg", DriverType: "acme/pg", Status: orchestrator.ResourceActive, DeployID: "d"},
		{EnvID: prod.EnvID, EnvType: "live", Key: resource.Key{Type: "dns", Class: "default", ID: "reserved"}, Status: orchestrator.ResourcePending},
		{EnvID: prod.EnvID, EnvType: "live", Key: resource.Key{Type: "dns", Class: "default", ID: "failed"}, Status: orchestrator.ResourcePending, DeployID: "d"},
	} {
		status, deploy := r.Status, r.DeployID
		r.OrgID, r.AppID, r.GUResID, r.CreatedAt, r.UpdatedAt = "acme", "shop", string(rune('a'+i))+unique("-guresid"), epoch, epoch
		made, err := s.ReserveResource(ctx, &r)
		require.NoError(t, err)
		made.Status, made.DeployID, made.ScheduledDeletion, made.Sealed, made.Values = status, deploy, r.ScheduledDeletion, []byte{1}, map[string]any{"host": "x"}
		require.NoError(t, s.UpdateActiveResource(ctx, made))
	}
	going := true
	for name, c := range map[string]struct {
		f    orchestrator.ActiveResourceFilter
		want []string
	}{
		"all":              {orchestrator.ActiveResourceFilter{}, []string{"prod_eu/shared.db", "prod_eu/failed", "qb/shared.db", "qb/shared.Files"}},
		"of applications":  {orchestrator.ActiveResourceFilter{Apps: []string{"none"}}, []string{}},
		"of none":          {orchestrator.ActiveResourceFilter{Apps: []string{}}, []string{}},
		"environment":      {orchestrator.ActiveResourceFilter{EnvID: "qb"}, []string{"qb/shared.db", "qb/shared.Files"}},
		"environment type": {orchestrator.ActiveResourceFilter{EnvType: "live"}, []string{"prod_eu/shared.db", "prod_eu/failed"}},
		"type":             {orchestrator.ActiveResourceFilter{Type: "postgres"}, []string{"prod_eu/shared.db", "qb/shared.db"}},
		"class":            {orchestrator.ActiveResourceFilter{Class: "large"}, []string{"qb/shared.Files"}},
		"driver":           {orchestrator.ActiveResourceFilter{Driver: "acme/s3"}, []string{"qb/shared.Files"}},
		"definition":       {orchestrator.ActiveResourceFilter{Definition: "pg", EnvType: "test"}, []string{"qb/shared.db"}},
		"status":           {orchestrator.ActiveResourceFilter{Status: "pending"}, []string{"prod_eu/failed"}},
		"going":            {orchestrator.ActiveResourceFilter{ScheduledDeletion: &going}, []string{"qb/shared.Files"}},
		"text":             {orchestrator.ActiveResourceFilter{Text: "SHARED.f"}, []string{"qb/shared.Files"}},
		"text of a key":    {orchestrator.ActiveResourceFilter{Text: "dns.default#"}, []string{"prod_eu/failed"}},
		"text with _":      {orchestrator.ActiveResourceFilter{Text: "d_e"}, []string{"prod_eu/shared.db", "prod_eu/failed"}},
		"no pattern":       {orchestrator.ActiveResourceFilter{Text: "shared%db"}, []string{}},
	} {
		c.f.Limit = 100
		place := func(r orchestrator.ActiveResource) string { return r.EnvID + "/" + r.Key.ID }
		found, err := s.ListActiveResourcesIn(ctx, "acme", c.f)
		require.NoError(t, err, name)
		require.Equal(t, c.want, names(found, place), name)
		var paged []string
		for c.f.Limit = 1; ; {
			page, err := s.ListActiveResourcesIn(ctx, "acme", c.f)
			require.NoError(t, err, name)
			if len(page) == 0 {
				break
			}
			require.Empty(t, page[0].Sealed)
			require.Equal(t, map[string]any{"host": "x"}, page[0].Values)
			paged = append(paged, place(page[0]))
			c.f.After = &orchestrator.ActiveResourcePlace{AppID: page[0].AppID, EnvID: page[0].EnvID, GUResID: page[0].GUResID}
		}
		require.ElementsMatch(t, c.want, paged, name)
	}
}

// emptyAttention are the reads over a whole organization that find nothing in another one.
func emptyAttention(s orchestrator.Store, w *world, org string) map[string]func() (int, error) {
	f := orchestrator.AttentionFilter{OrgID: org, Limit: 100}
	far := epoch.Add(1000 * time.Hour)
	deployments := []string{w.deployment.ID}
	return map[string]func() (int, error){
		"FailedEnvironments":       count(func() ([]orchestrator.FailedEnvironment, error) { return s.FailedEnvironments(ctx, f) }),
		"DriftedEnvironments":      count(func() ([]orchestrator.DriftScan, error) { return s.DriftedEnvironments(ctx, f) }),
		"EndingEnvironments":       count(func() ([]orchestrator.EndingEnvironment, error) { return s.EndingEnvironments(ctx, f, far, time.Hour) }),
		"PausedEnvironments":       count(func() ([]orchestrator.Pause, error) { return s.PausedEnvironments(ctx, f) }),
		"GoingEnvironments":        count(func() ([]orchestrator.Environment, error) { return s.GoingEnvironments(ctx, f) }),
		"RefusedOrders":            count(func() ([]orchestrator.ScheduledDeployment, error) { return s.RefusedOrders(ctx, f, time.Unix(0, 1)) }),
		"FailedPipelines":          count(func() ([]orchestrator.PipelineRun, error) { return s.FailedPipelines(ctx, f) }),
		"GatesWaiting":             count(func() ([]orchestrator.Gate, error) { return s.GatesWaiting(ctx, f) }),
		"ListGateApprovalsOf":      count(func() ([]orchestrator.GateApproval, error) { return s.ListGateApprovalsOf(ctx, org, deployments) }),
		"PromotionsWaiting":        count(func() ([]orchestrator.Promotion, error) { return s.PromotionsWaiting(ctx, org, deployments) }),
		"PipelineApprovalsWaiting": count(func() ([]orchestrator.PipelineApproval, error) { return s.PipelineApprovalsWaiting(ctx, f) }),
		"DeploymentsUnderway":      count(func() ([]orchestrator.Deployment, error) { return s.DeploymentsUnderway(ctx, f) }),
		"PromotionsUnderway":       count(func() ([]orchestrator.Promotion, error) { return s.PromotionsUnderway(ctx, f) }),
		"SpinUpsUnderway":          count(func() ([]orchestrator.SpinUp, error) { return s.SpinUpsUnderway(ctx, f) }),
		"PipelineRunsUnderway":     count(func() ([]orchestrator.PipelineRun, error) { return s.PipelineRunsUnderway(ctx, f) }),
		"FindEnvironmentNames": count(func() ([]orchestrator.Environment, error) {
			return s.FindEnvironmentNames(ctx, org, []orchestrator.EnvRef{{OrgID: org, AppID: "shop", EnvID: "qa"}})
		}),
		"FindApplicationNames": func() (int, error) {
			found, err := s.FindApplicationNames(ctx, org, []string{"shop"})
			return len(found), err
		},
		"ListActiveResourcesIn": count(func() ([]orchestrator.ActiveResource, error) {
			return s.ListActiveResourcesIn(ctx, org, orchestrator.ActiveResourceFilter{Limit: 100})
		}),
		"PlacesOfResources": func() (int, error) {
			found, err := s.PlacesOfResources(ctx, org, []string{w.active.GUResID})
			return len(found), err
		},
	}
}
