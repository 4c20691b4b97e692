package server_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// promoting is an application with a source that runs two workloads, a target,
// and a clock that tests move.
type promoting struct {
	*harness
	app     string
	now     time.Time
	cluster *fakeRuntime
}

func target(env string) orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: env}
}

// newPromoting makes a target that is delivered to a repository; with a cluster when one is given.
func newPromoting(t *testing.T, cluster *fakeRuntime) *promoting {
	t.Helper()
	h := newHarness(t)
	p := &promoting{harness: h, app: h.app("shop"), now: time.Now().UTC(), cluster: cluster}
	options := orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Now: func() time.Time { return p.now },
	}
	if cluster != nil {
		options.Logs = map[string]orchestrator.ContainerLogs{"k8s": cluster}
	}
	h.service = orchestrator.New(options)
	h.server = server.New(server.Options{Service: h.service, Log: h.log})
	h.do("POST", p.app+"/envs", `{"id":"prod","name":"Prod","type":"production"}`).must(http.StatusCreated, nil)
	p.runs("development", map[string]string{"api": "registry.test/api:1", "web": "registry.test/web:1"})
	return p
}

// runs deploys images to an environment, with success.
func (p *promoting) runs(env string, images map[string]string) string {
	p.t.Helper()
	p.deployImages(p.app, images)
	var from api.Environment
	p.do("GET", p.app+"/envs/development", "").must(200, &from)
	p.succeed(target("development"), from.LastDeploy.ID)
	if env == "development" {
		return from.LastDeploy.ID
	}
	var d api.Deployment
	p.do("POST", p.app+"/envs/"+env+"/deploys", `{"set_id":"`+from.LastDeploy.SetID+`"}`).must(http.StatusCreated, &d)
	p.succeed(target(env), d.ID)
	return d.ID
}

func (p *promoting) promote(body string) api.Promotion {
	p.t.Helper()
	var out api.Promotion
	p.do("POST", p.app+"/promotions", body).must(http.StatusCreated, &out)
	return out
}

func (p *promoting) get(id string) (out api.Promotion) {
	p.t.Helper()
	p.do("GET", p.app+"/promotions/"+id, "").must(http.StatusOK, &out)
	return out
}

// look does what the workflow does with one look.
func (p *promoting) look(id string) orchestrator.PromotionNext {
	p.t.Helper()
	next, err := p.service.AdvancePromotion(asSystem, orchestrator.PromotionKey{OrgID: org, AppID: "shop", ID: id})
	require.NoError(p.t, err)
	return next
}

func TestPromotionOfAnEnvironment(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	var dry api.Promotion
	p.do("POST", p.app+"/promotions", `{"from_env":"development","to_env":"prod","dry_run":true}`).must(http.StatusOK, &dry)
	require.Empty(t, dry.ID)
	require.Len(t, dry.Diff.Modules.Add, 2)
	var none []api.Promotion
	p.do("GET", p.app+"/promotions", "").must(200, &none)
	require.Empty(t, none, "a dry run starts nothing")

	made := p.promote(`{"from_env":"development","to_env":"prod","soak_seconds":100,"comment":"release"}`)
	require.Equal(t, []string{"in progress", "deploy"}, []string{made.Status, made.Phase})
	require.Len(t, made.Diff.Modules.Add, 2)
	require.Equal(t, "approval", made.Events[0].Phase)
	require.Contains(t, p.workflows.items(orchestrator.QueueDeployment), made.DeploymentID)
	p.do("POST", p.app+"/promotions", `{"from_env":"development","to_env":"prod"}`).fails(409, made.ID, "in progress")
	require.Equal(t, orchestrator.PromotionNext{Follow: true, Wait: 24 * time.Hour}, p.look(made.ID))

	p.succeed(target("prod"), made.DeploymentID)
	require.NoError(t, p.service.FollowPromotion(asSystem, orchestrator.PromotionKey{OrgID: org, AppID: "shop", ID: made.ID}), "it is over")
	require.Equal(t, orchestrator.PromotionNext{Wait: 10 * time.Second}, p.look(made.ID))
	require.Equal(t, "soak", p.get(made.ID).Phase)
	p.now = p.now.Add(95 * time.Second)
	require.Equal(t, orchestrator.PromotionNext{Wait: 5 * time.Second}, p.look(made.ID))
	p.now = p.now.Add(5 * time.Second)
	for range 2 { // a step may be repeated
		require.True(t, p.look(made.ID).Done, "without a cluster the deployment's success is its health")
	}
	over := p.get(made.ID)
	require.Equal(t, []string{"succeeded", "done", ""}, []string{over.Status, over.Phase, over.Message})
	require.Nil(t, over.Diff)
	p.do("POST", p.app+"/promotions/"+made.ID+"/cancel", "").fails(409, "over")
	p.do("GET", p.app+"/promotions?limit=1", "").must(200, &none)
	require.Len(t, none, 1)
	var d api.Deployment
	p.do("GET", p.app+"/envs/prod/deploys/"+made.DeploymentID, "").must(200, &d)
	require.Equal(t, "release", d.Comment)
}

func TestPromotionOfChosenWorkloads(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	p.runs("prod", map[string]string{"extra": "registry.test/extra:1"})
	p.runs("development", map[string]string{"api": "registry.test/api:2", "web": "registry.test/web:2"})
	made := p.promote(`{"from_env":"development","to_env":"prod","workloads":["web","web"]}`)
	require.Equal(t, []string{"web"}, made.Workloads)
	require.Len(t, made.Diff.Modules.Update, 1)
	require.Contains(t, made.Diff.Modules.Update, "web")
	var set api.Set
	p.do("GET", p.app+"/sets/"+made.SetID, "").must(200, &set)
	require.Len(t, set.Modules, 3, "what was not chosen stays")
	p.succeed(target("prod"), made.DeploymentID)
	require.True(t, p.look(made.ID).Done)
	require.Equal(t, "succeeded", p.get(made.ID).Status)
}

func TestPromotionsThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	p.do("POST", p.app+"/envs", `{"id":"empty","name":"Empty","type":"development"}`).must(http.StatusCreated, nil)
	for name, c := range map[string]struct {
		body   string
		status int
		part   string
	}{
		"no target":         {`{"from_env":"development"}`, 400, "to_env"},
		"unknown target":    {`{"from_env":"development","to_env":"none"}`, 400, "to_env"},
		"no source":         {`{"to_env":"prod"}`, 400, "from_env"},
		"two sources":       {`{"from_env":"development","from_deploy_id":"x","to_env":"prod"}`, 400, "exactly one"},
		"unknown source":    {`{"from_env":"none","to_env":"prod"}`, 400, "from_env"},
		"unknown deploy":    {`{"from_deploy_id":"none","to_env":"prod"}`, 400, "from_deploy_id"},
		"to itself":         {`{"from_env":"prod","to_env":"prod"}`, 400, "itself"},
		"nothing runs":      {`{"from_env":"empty","to_env":"prod"}`, 409, "nothing to promote"},
		"unknown workload":  {`{"from_env":"development","to_env":"prod","workloads":["none"]}`, 400, "none"},
		"negative soak":     {`{"from_env":"development","to_env":"prod","soak_seconds":-1}`, 400, "soak_seconds"},
		"endless soak":      {`{"from_env":"development","to_env":"prod","soak_seconds":9223372036854775807}`, 400, "soak_seconds"},
		"short deadline":    {`{"from_env":"development","to_env":"prod","deadline_seconds":1}`, 400, "deadline_seconds"},
		"dry run of no env": {`{"from_env":"development","to_env":"none","dry_run":true}`, 400, "to_env"},
	} {
		p.do("POST", p.app+"/promotions", c.body).fails(c.status, c.part)
		_ = name
	}
	const body = `{"from_env":"development","to_env":"prod"}`
	_, developer := p.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer"})
	p.as(developer, "POST", p.app+"/promotions", body).fails(403)
	p.as(p.rival, "POST", p.app+"/promotions", body).fails(404)
	p.workflows.fail(orchestrator.Errorf(orchestrator.CodeUnavailable, "away"))
	p.do("POST", p.app+"/promotions", body).fails(503)
	p.workflows.fail(nil)
	p.do("POST", "/orgs/"+org+"/env-types/production/freeze-windows", `{"cron":"`+p.now.Add(-2*time.Minute).Format("4 15")+` * * *","duration":"1h"}`).must(201, nil)
	p.do("POST", p.app+"/promotions", body).fails(409, "frozen")
	p.do("GET", p.app+"/promotions/none", "").fails(404)
	p.do("POST", p.app+"/promotions/none/cancel", "").fails(404)
	var all []api.Promotion
	p.do("GET", p.app+"/promotions", "").must(200, &all)
	require.Empty(t, all)
}

func TestPromotionThatFailsIsRolledBack(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	before := p.runs("prod", map[string]string{"api": "registry.test/api:0"})
	p.runs("development", map[string]string{"api": "registry.test/api:2"})
	const body = `{"from_env":"development","to_env":"prod","roll_back_on_failure":true}`
	made := p.promote(body)
	p.changed("prod", made.DeploymentID)
	p.end(target("prod"), made.DeploymentID, orchestrator.OutcomeFailed)
	require.Equal(t, orchestrator.PromotionNext{Follow: true}, p.look(made.ID))
	back := p.get(made.ID)
	require.Equal(t, "rollback", back.Phase)
	require.Contains(t, p.workflows.items(orchestrator.QueueDeployment), back.RollBackDeploymentID)
	was, err := p.store.GetDeployment(asSystem, target("prod"), before)
	require.NoError(t, err)
	is, err := p.store.GetDeployment(asSystem, target("prod"), back.RollBackDeploymentID)
	require.NoError(t, err)
	require.Equal(t, was.SetID, is.SetID)
	p.do("POST", p.app+"/promotions/"+made.ID+"/cancel", "").fails(409, back.RollBackDeploymentID)
	require.Equal(t, orchestrator.PromotionNext{Follow: true}, p.look(made.ID), "not over yet")
	p.succeed(target("prod"), back.RollBackDeploymentID)
	require.True(t, p.look(made.ID).Done)
	over := p.get(made.ID)
	require.Equal(t, "failed", over.Status)
	require.Contains(t, over.Message, "ended as failed")
	require.Contains(t, over.Events[len(over.Events)-1].Message, "rolled back by")

	untouched := p.promote(body)
	p.end(target("prod"), untouched.DeploymentID, orchestrator.OutcomeFailed)
	require.True(t, p.look(untouched.ID).Done)
	require.Empty(t, p.get(untouched.ID).RollBackDeploymentID, "nothing was changed")

	late := p.promote(`{"from_env":"development","to_env":"prod","deadline_seconds":60}`)
	p.now = p.now.Add(time.Minute)
	p.look(late.ID)
	require.True(t, p.look(late.ID).Done, "one that waits ends at once when it is cancelled")
	over = p.get(late.ID)
	require.Equal(t, "failed", over.Status)
	require.Contains(t, over.Message, "in time")
}

// changed records that a deployment has changed its target.
func (p *promoting) changed(env, id string) {
	p.t.Helper()
	d, err := p.store.GetDeployment(asSystem, target(env), id)
	require.NoError(p.t, err)
	d.Changed = true
	require.NoError(p.t, p.store.UpdateDeployment(asSystem, d))
}

func TestPromotionThatIsCancelled(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	p.runs("prod", map[string]string{"api": "registry.test/api:0"})
	const body = `{"from_env":"development","to_env":"prod","soak_seconds":60,"roll_back_on_failure":true}`
	waiting := p.promote(body)
	for range 2 {
		p.do("POST", p.app+"/promotions/"+waiting.ID+"/cancel", "").must(http.StatusAccepted, nil)
	}
	require.True(t, p.look(waiting.ID).Done)
	over := p.get(waiting.ID)
	require.Equal(t, []string{"cancelled", "cancelled on request"}, []string{over.Status, over.Message})
	require.Empty(t, over.RollBackDeploymentID, "it never began")

	soaking := p.promote(body)
	p.succeed(target("prod"), soaking.DeploymentID)
	p.look(soaking.ID)
	p.do("POST", p.app+"/promotions/"+soaking.ID+"/cancel", "").must(http.StatusAccepted, nil)
	require.True(t, p.look(soaking.ID).Follow)
	back := p.get(soaking.ID)
	require.Equal(t, "rollback", back.Phase)
	p.end(target("prod"), back.RollBackDeploymentID, orchestrator.OutcomeCancelled)
	require.True(t, p.look(soaking.ID).Done)
	over = p.get(soaking.ID)
	require.Equal(t, "cancelled", over.Status)
	require.Contains(t, over.Message, "ended as cancelled")

	overtaken := p.promote(body)
	p.succeed(target("prod"), overtaken.DeploymentID)
	p.look(overtaken.ID)
	p.runs("prod", map[string]string{"api": "registry.test/api:9"})
	require.True(t, p.look(overtaken.ID).Done)
	over = p.get(overtaken.ID)
	require.Equal(t, "failed", over.Status)
	require.Contains(t, over.Message, "followed")

	key := orchestrator.PromotionKey{OrgID: org, AppID: "shop", ID: p.promote(body).ID}
	for range 2 {
		require.NoError(t, p.service.AbandonPromotion(asSystem, key))
	}
	require.Equal(t, "failed", p.get(key.ID).Status)
	gone := p.promote(body)
	require.NoError(t, p.store.DeleteEnvironment(asSystem, target("prod")))
	require.True(t, p.look(gone.ID).Done)
	require.Contains(t, p.get(gone.ID).Message, "gone")
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(p.service.FollowPromotion(t.Context(), key)))
}

func TestPromotionWatchesTheTarget(t *testing.T) {
	t.Parallel()
	controller := func(status orchestrator.RuntimeStatus, message string) []orchestrator.RuntimeController {
		return []orchestrator.RuntimeController{
			{Workload: "api", Kind: "Deployment", Name: "api", Status: status, Message: message, Desired: 1, Replicas: 1},
			{Workload: "web", Kind: "Deployment", Name: "web", Status: orchestrator.RuntimeRunning, Desired: 1, Replicas: 1},
		}
	}
	type reading struct {
		controllers []orchestrator.RuntimeController
		err         error
	}
	well, fails := reading{controllers: controller(orchestrator.RuntimeRunning, "")}, reading{controllers: controller(orchestrator.RuntimeFailed, "it crashes")}
	starts, silent := reading{controllers: controller(orchestrator.RuntimeStarting, "")}, reading{err: orchestrator.Errorf(orchestrator.CodeUnavailable, "the cluster does not answer")}
	for name, c := range map[string]struct {
		soak     int // seconds; looks are 30 seconds apart
		readings []reading
		status   string
		message  string
	}{
		"well":                   {60, []reading{well, well}, "succeeded", ""},
		"fails once":             {90, []reading{well, fails, well}, "succeeded", ""},
		"fails twice":            {300, []reading{well, fails, fails}, "failed", "it crashes"},
		"fails at the end":       {30, []reading{fails, fails}, "failed", "it crashes"},
		"becomes well at last":   {30, []reading{starts, silent, well}, "succeeded", ""},
		"never becomes well":     {30, []reading{starts, starts, starts, starts, starts, starts, starts, starts, starts, starts, starts}, "failed", "Starting"},
		"the cluster is silent":  {30, []reading{silent, silent, silent, silent, silent, silent, silent, silent, silent, silent, silent}, "failed", "does not answer"},
		"nothing is there of it": {30, []reading{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}, "failed", "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPromoting(t, &fakeRuntime{})
			p.runs("prod", map[string]string{"api": "registry.test/api:2"})
			p.clusterResource("k8s")
			made := p.promote(`{"from_env":"prod","to_env":"development","workloads":["api"],"soak_seconds":` + strconv.Itoa(c.soak) + `}`)
			p.succeed(target("development"), made.DeploymentID)
			p.look(made.ID)
			for i, r := range c.readings {
				require.Empty(t, p.get(made.ID).FinishedAt, "reading %d", i)
				p.now = p.now.Add(30 * time.Second)
				p.cluster.state.Controllers, p.cluster.err = r.controllers, r.err
				p.look(made.ID)
			}
			over := p.get(made.ID)
			require.Equal(t, []string{c.status, "done"}, []string{over.Status, over.Phase})
			require.Contains(t, over.Message, c.message)
		})
	}
}

// TestPromotionsAreHandedOverAgain: one that was committed and not handed over is
// found, and one whose workflow may be gone is told again.
func TestPromotionsAreHandedOverAgain(t *testing.T) {
	t.Parallel()
	p := newPromoting(t, nil)
	made := p.promote(`{"from_env":"development","to_env":"prod"}`)
	key := orchestrator.PromotionKey{OrgID: org, AppID: "shop", ID: made.ID}
	record, err := p.store.GetPromotion(asSystem, org, "shop", made.ID)
	require.NoError(t, err)
	require.NotNil(t, record.HandedOverAt, "handed over after the commit")
	record.HandedOverAt = nil
	require.NoError(t, p.store.UpdatePromotion(asSystem, record))
	background := &fakeBackground{}
	reconcile := func() []orchestrator.PromotionKey {
		clock := func() time.Time { return p.now }
		require.NoError(t, orchestrator.NewReconciler(p.store, p.workflows, clock, nil).WithBackground(background).Once(t.Context()))
		return background.promotions
	}
	require.Empty(t, reconcile(), "it is still being handed over")
	p.now = p.now.Add(time.Minute)
	require.Equal(t, []orchestrator.PromotionKey{key}, reconcile())
	require.Len(t, reconcile(), 1, "it was told")
	p.now = p.now.Add(11 * time.Minute)
	require.Len(t, reconcile(), 2, "its workflow may be gone")
	require.NoError(t, p.service.AbandonPromotion(asSystem, key))
	p.now = p.now.Add(time.Hour)
	require.Len(t, reconcile(), 2, "it is over")
}
