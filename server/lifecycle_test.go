package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

var asSystem = orchestrator.WithActor(context.Background(), orchestrator.SystemActor)

// succeed ends a deployment as its workflow would.
func (h *harness) succeed(ref orchestrator.EnvRef, id string) {
	h.end(ref, id, orchestrator.OutcomeSucceeded)
}

func (h *harness) end(ref orchestrator.EnvRef, id string, outcome orchestrator.Outcome) {
	h.t.Helper()
	d, err := h.store.GetDeployment(asSystem, ref, id)
	require.NoError(h.t, err)
	now := time.Now().UTC()
	d.Status, d.Outcome, d.StartedAt, d.FinishedAt, d.StatusChangedAt = orchestrator.DeploymentFailed, outcome, &now, &now, now
	if outcome == orchestrator.OutcomeSucceeded {
		d.Status = orchestrator.DeploymentSucceeded
	}
	require.NoError(h.t, h.store.UpdateDeployment(asSystem, d))
}

func (h *harness) request(app, body string) api.EnvironmentRequest {
	h.t.Helper()
	var up api.EnvironmentRequest
	h.do("POST", app+"/env-requests", body).must(http.StatusCreated, &up)
	return up
}

// carryOut carries out a request as its workflow does.
func (h *harness) carryOut(app string, up api.EnvironmentRequest) (removing bool) {
	h.t.Helper()
	key := orchestrator.SpinUpKey{OrgID: org, AppID: app, ID: up.ID}
	outcome, err := h.service.FollowSpinUp(asSystem, key)
	require.NoError(h.t, err)
	for range 2 { // a step may be repeated
		removing, err = h.service.FinishSpinUp(asSystem, key, outcome)
		require.NoError(h.t, err)
	}
	return removing
}

func TestCloneOfAnEnvironment(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	for _, body := range []string{`{"key":"REGION","value":"eu"}`, `{"key":"LEVEL","value":"info"}`, `{"key":"PASSWORD","value":"top","is_secret":true}`} {
		h.do("POST", app+"/values", body).must(http.StatusCreated, nil)
	}
	for _, body := range []string{`{"key":"REGION","value":"us"}`, `{"key":"LEVEL","value":"debug"}`, `{"key":"PASSWORD","value":"own","is_secret":true}`} {
		h.do("POST", app+"/envs/development/values", body).must(http.StatusCreated, nil)
	}
	h.deployImages("/orgs/"+org+"/apps/shop", map[string]string{"api": "registry.test/api:1"})
	var source api.Environment
	h.do("GET", app+"/envs/development", "").must(http.StatusOK, &source)
	h.succeed(orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}, source.LastDeploy.ID)

	up := h.request(app, `{"id":"copy","from_env":"development","copy_values":true,"deploy":true,"values":[{"key":"LEVEL","value":"warn"}],"ttl":"3d","comment":"try"}`)
	require.Equal(t, "clone", up.Kind)
	require.Equal(t, "in progress", up.Status)
	require.Equal(t, source.LastDeploy.ID, up.FromDeployID)
	require.Contains(t, h.workflows.items(orchestrator.QueueDeployment), up.DeploymentID)
	copied := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "copy"}
	values, err := h.store.ListValues(asSystem, org, "shop", "copy")
	require.NoError(t, err)
	got := map[string]string{}
	for _, v := range values {
		got[v.Key] = v.Value
		if v.IsSecret {
			require.Contains(t, v.SecretKey, "--envs--copy--", "a secret of its own, which stays when the source goes")
			secret, err := h.store.GetSecret(asSystem, org, v.SecretKey, 0)
			require.NoError(t, err)
			plain, err := h.keeper.Decrypt(secret.Sealed, orchestrator.SecretPlace(org, v.SecretKey))
			require.NoError(t, err)
			require.Equal(t, "own", string(plain))
		}
	}
	require.Equal(t, map[string]string{"REGION": "us", "LEVEL": "warn", "PASSWORD": ""}, got)
	var env api.Environment
	h.do("GET", app+"/envs/copy", "").must(http.StatusOK, &env)
	require.Equal(t, source.LastDeploy.SetID, env.LastDeploy.SetID)
	require.Equal(t, "try", env.LastDeploy.Comment)
	require.Equal(t, source.Type, env.Type)

	h.succeed(copied, up.DeploymentID)
	require.False(t, h.carryOut("shop", up))
	h.do("GET", app+"/env-requests/"+up.ID, "").must(http.StatusOK, &up)
	require.Equal(t, []string{"succeeded", "done"}, []string{up.Status, up.Phase})
	var events []api.EnvironmentRequestEvent
	h.do("GET", app+"/env-requests/"+up.ID+"/events?after=1", "").must(http.StatusOK, &events)
	require.Len(t, events, 1)
	request := httptest.NewRequest(http.MethodGet, app+"/env-requests/"+up.ID+"/events", nil)
	request.Header.Set("Authorization", "Bearer "+h.token)
	request.Header.Set("Accept", "text/event-stream")
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	require.Contains(t, recorder.Body.String(), "id: 2\nevent: environment-request.status\n")
	h.do("POST", app+"/env-requests/"+up.ID+"/cancel", "").fails(http.StatusConflict, "over")
	require.NotContains(t, h.logs.String(), `"own"`)
}

func TestRequestsForEnvironmentsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.do("POST", app+"/values", `{"key":"PASSWORD","value":"top","is_secret":true}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/envs/development/values", `{"key":"PASSWORD","value":"own","is_secret":true}`).must(http.StatusCreated, nil)
	for name, c := range map[string]struct {
		body   string
		status int
		part   string
	}{
		"no id":               {`{}`, 400, "id"},
		"taken":               {`{"id":"development"}`, 409, "development"},
		"unknown source":      {`{"id":"xx","from_env":"none"}`, 400, "from_env"},
		"unknown deployment":  {`{"id":"xx","from_deploy_id":"none"}`, 400, "from_deploy_id"},
		"two sources":         {`{"id":"xx","from_env":"development","from_deploy_id":"y"}`, 400, "use one"},
		"values of nothing":   {`{"id":"xx","copy_values":true}`, 400, "from_env"},
		"unknown type":        {`{"id":"xx","type":"none"}`, 400, "type"},
		"unknown value":       {`{"id":"xx","values":[{"key":"NONE","value":"1"}]}`, 400, "NONE"},
		"empty value":         {`{"id":"xx","values":[{"key":"PASSWORD"}]}`, 400, "PASSWORD"},
		"value twice":         {`{"id":"xx","values":[{"key":"PASSWORD","value":"1"},{"key":"PASSWORD","value":"2"}]}`, 400, "twice"},
		"bad span":            {`{"id":"xx","ttl":"soon"}`, 400, "ttl"},
		"too short":           {`{"id":"xx","ttl":"1ms"}`, 400, "ttl"},
		"too long":            {`{"id":"xx","ttl":"99999w"}`, 400, "ttl"},
		"what on failure":     {`{"id":"xx","on_failure":"cry"}`, 400, "on_failure"},
		"protected, and gone": {`{"id":"xx","on_failure":"teardown","protected":true}`, 400, "protected"},
	} {
		h.do("POST", app+"/env-requests", c.body).fails(c.status, c.part)
		_ = name
	}
	_, deployer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer", orchestrator.EnvTypeObject(org, "production"): "deployer",
	})
	h.as(deployer, "POST", app+"/env-requests", `{"id":"steal","type":"production","from_env":"development","copy_values":true}`).fails(403, "development")
	h.as(deployer, "POST", app+"/env-requests", `{"id":"fine","type":"production","from_env":"development"}`).must(201, nil)
	h.workflows.fail(orchestrator.Errorf(orchestrator.CodeUnavailable, "away"))
	h.do("POST", app+"/env-requests", `{"id":"later"}`).fails(503)
	h.workflows.fail(nil)
	h.do("GET", app+"/envs/later", "").fails(404)
	h.do("GET", app+"/env-requests/none", "").fails(404)
	var all []api.EnvironmentRequest
	h.do("GET", app+"/env-requests?limit=5", "").must(200, &all)
	require.Len(t, all, 1)
}

func TestAFirstDeploymentThatFails(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	kept := h.request(app, `{"id":"kept","deploy":true}`)
	h.end(orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "kept"}, kept.DeploymentID, orchestrator.OutcomeTimedOut)
	require.False(t, h.carryOut("shop", kept))
	h.do("GET", app+"/env-requests/"+kept.ID, "").must(200, &kept)
	require.Equal(t, "failed", kept.Status)
	require.Contains(t, kept.Message, "timed_out")
	h.do("GET", app+"/envs/kept", "").must(200, nil)

	gone := h.request(app, `{"id":"gone","deploy":true,"on_failure":"teardown"}`)
	h.do("POST", app+"/env-requests/"+gone.ID+"/cancel", "").must(202, nil)
	require.True(t, h.carryOut("shop", gone))
	require.NotEmpty(t, h.workflows.items(orchestrator.QueueTeardown))
	var env api.Environment
	h.do("GET", app+"/envs/gone", "").must(200, &env)
	require.Equal(t, "deleting", env.Status)
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "gone"}
	ended := make(chan error, 1)
	key := orchestrator.SpinUpKey{OrgID: org, AppID: "shop", ID: gone.ID}
	go func() { ended <- h.service.AwaitRemoval(asSystem, key) }()
	require.NoError(t, h.store.DeleteEnvironment(asSystem, ref))
	require.NoError(t, <-ended)
	h.do("GET", app+"/env-requests/"+gone.ID, "").must(200, &gone)
	require.Equal(t, []string{"cancelled", "done", "cancelled on request"}, []string{gone.Status, gone.Phase, gone.Message})

	removed := h.request(app, `{"id":"removed","deploy":true}`)
	require.NoError(t, h.store.DeleteEnvironment(asSystem, orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "removed"}))
	require.False(t, h.carryOut("shop", removed))
	h.do("GET", app+"/env-requests/"+removed.ID, "").must(200, &removed)
	require.Equal(t, "failed", removed.Status, "somebody deleted it meanwhile")
}

func TestLifetimeOfAnEnvironment(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.do("POST", app+"/webhooks", `{"id":"hook","url":"a.test","triggers":[{"scope":"environment","type":"expiring"}]}`).must(201, nil)
	up := h.request(app, `{"id":"brief","ttl":"1h","warn_before":"2h","deploy":true}`)
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "brief"}
	var l api.EnvironmentLifetime
	h.do("GET", app+"/envs/brief/lifetime", "").must(200, &l)
	require.Equal(t, []string{"expired", "2h0m0s"}, []string{l.Reason, l.WarnBefore})
	for range 2 { // webhooks are told once
		step, err := h.service.CheckLifetime(asSystem, ref)
		require.NoError(t, err)
		require.False(t, step.Over)
	}
	var told []api.WebhookDelivery
	h.do("GET", app+"/webhooks/hook/deliveries", "").must(200, &told)
	require.Len(t, told, 1)
	require.Equal(t, "environment.expiring", told[0].Event)

	h.do("PATCH", app+"/envs/brief/lifetime", `{"extend_by":"2h"}`).must(200, &l)
	require.Greater(t, time.Until(l.EndsAt.Time), time.Hour)
	l = api.EnvironmentLifetime{}
	h.do("PATCH", app+"/envs/brief/lifetime", `{"ttl":"1s","protected":true}`).must(200, &l)
	require.Nil(t, l.EndsAt, "a protected environment does not end by itself")
	h.later(time.Minute)
	step, err := h.service.CheckLifetime(asSystem, ref)
	require.NoError(t, err)
	require.True(t, step.Over)
	h.do("GET", app+"/envs/brief", "").must(200, nil)

	h.do("PATCH", app+"/envs/brief/lifetime", `{"protected":false}`).must(200, &l)
	due, err := h.store.DueLifetimes(asSystem, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, due, 1, "the reconciler finds what nobody looks after")
	step, err = h.service.CheckLifetime(asSystem, ref)
	require.NoError(t, err)
	require.True(t, step.Over)
	require.Len(t, h.workflows.items(orchestrator.QueueTeardown), 1, "through its queue")
	h.do("PATCH", app+"/envs/brief/lifetime", `{"ttl":"1h"}`).fails(409, "being deleted")
	due, err = h.store.DueLifetimes(asSystem, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, due)
	step, err = h.service.CheckLifetime(asSystem, orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "none"})
	require.NoError(t, err)
	require.True(t, step.Over)
	_, err = h.service.CheckLifetime(context.Background(), ref)
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
	_ = up
	for body, part := range map[string]string{`{"ttl":"1h","extend_by":"1h"}`: "use one", `{"idle_after":"x"}`: "idle_after", `{"extend_by":"0s"}`: "extend_by"} {
		h.do("PATCH", app+"/envs/development/lifetime", body).fails(400, part)
	}
	h.do("GET", app+"/envs/none/lifetime", "").fails(404)
}

func TestAnEnvironmentThatNobodyDeploysTo(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.request(app, `{"id":"quiet"}`)
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "quiet"}
	var l api.EnvironmentLifetime
	h.do("PATCH", app+"/envs/quiet/lifetime", `{"idle_after":"1h"}`).must(200, &l)
	require.Equal(t, "idle", l.Reason)
	var d api.Deployment
	h.do("POST", app+"/envs/quiet/deploys", `{}`).must(201, &d)
	h.later(2 * time.Hour)
	step, err := h.service.CheckLifetime(asSystem, ref)
	require.NoError(t, err)
	require.False(t, step.Over, "a deployment is under way")
	h.succeed(ref, d.ID) // by the clock on the wall, two hours ago
	step, err = h.service.CheckLifetime(asSystem, ref)
	require.NoError(t, err)
	require.True(t, step.Over)
	require.Len(t, h.workflows.items(orchestrator.QueueTeardown), 1)
}

func TestFreezeWindow(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	const windows = "/orgs/" + org + "/env-types/development/freeze-windows"
	for body, part := range map[string]string{
		`{"cron":"x","duration":"1h"}`:                                        "cron",
		`{"cron":"@daily","duration":"1h"}`:                                   "cron",
		`{"cron":"TZ=UTC 0 0 * * *","duration":"1h"}`:                         "cron",
		`{"cron":"0 0 30 2 *","duration":"1h"}`:                               "never",
		`{"cron":"0 0 * * *"}`:                                                "duration",
		`{"cron":"0 0 * * *","duration":"25h"}`:                               "again",
		`{"cron":"0 0 * * *","duration":"1h","time_zone":"Mars"}`:             "time_zone",
		`{"cron":"0 0 * * *","duration":"1h","time_zone":"../../etc/passwd"}`: "time_zone",
		`{"cron":"0 0 1 1 *","duration":"60d"}`:                               "duration",
	} {
		h.do("POST", windows, body).fails(400, part)
	}
	h.do("POST", "/orgs/"+org+"/env-types/none/freeze-windows", `{"cron":"0 0 * * *","duration":"1h"}`).fails(404)
	var w api.FreezeWindow
	h.do("POST", windows, `{"cron":"0 0 1 * *","duration":"27d","time_zone":"Europe/Berlin","description":"quiet"}`).must(201, &w)
	var second api.FreezeWindow
	h.do("POST", windows, `{"cron":"0 0 20 * *","duration":"8d","time_zone":"UTC"}`).must(201, &second)
	h.do("POST", windows, `{"cron":"0 0 27 * *","duration":"5d"}`).must(201, nil)
	refused := h.do("POST", app+"/envs/development/deploys", `{}`)
	refused.fails(409, "frozen until")
	require.Contains(t, refused.Body, "ENV-FROZEN")
	require.Contains(t, refused.Body, "ends_at")
	h.do("POST", app+"/env-requests", `{"id":"new","deploy":true}`).fails(409, "frozen until")
	h.do("GET", app+"/envs/new", "").fails(404)

	_, developer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer", orchestrator.EnvTypeObject(org, "development"): "deployer",
	})
	h.as(developer, "POST", app+"/envs/development/deploys", `{"freeze_override":"hotfix"}`).fails(403, "freeze:override")
	h.do("POST", app+"/envs/development/deploys", `{"freeze_override":"hotfix 17"}`).must(201, nil)
	entries, err := h.store.ListAudit(asSystem, org, orchestrator.AuditFilter{Action: "deploy"}, 1)
	require.NoError(t, err)
	require.Equal(t, "hotfix 17", entries[0].After["freeze_override"])
	var status api.ApplicationStatus
	h.do("GET", app+"/status", "").must(200, &status)
	require.NotNil(t, status.Environments[0].FrozenUntil)

	h.do("DELETE", "/orgs/"+org+"/env-types/production/freeze-windows/"+w.ID, "").fails(404)
	var all []api.FreezeWindow
	h.do("GET", "/orgs/"+org+"/freeze-windows", "").must(200, &all)
	require.Len(t, all, 3)
	for _, w := range all {
		h.do("DELETE", windows+"/"+w.ID, "").must(204, nil)
	}
	h.do("POST", app+"/envs/development/deploys", `{}`).must(201, nil)
}

func TestWhatRunsWhere(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.deployImages("/orgs/"+org+"/apps/shop", map[string]string{"api": "registry.test/api:1"})
	var env api.Environment
	h.do("GET", app+"/envs/development", "").must(200, &env)
	h.succeed(orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}, env.LastDeploy.ID)
	h.deployImages("/orgs/"+org+"/apps/shop", map[string]string{"api": "registry.test/api:2"}) // not over yet
	h.request(app, `{"id":"aa-prod","type":"production","ttl":"1d"}`)
	var path api.PromotionPath
	h.do("GET", app+"/promotion-path", "").must(200, &path)
	require.Empty(t, path.Steps)
	h.do("PUT", app+"/promotion-path", `{"steps":[{"env":"development"},{"type":"production"},{"type":"later"}]}`).must(200, &path)
	require.Equal(t, []string{"aa-prod"}, path.Steps[1].Environments)
	var status api.ApplicationStatus
	h.do("GET", app+"/status", "").must(200, &status)
	require.Len(t, status.Path, 3)
	require.Equal(t, []string{"development", "aa-prod"}, []string{status.Environments[0].ID, status.Environments[1].ID})
	development := status.Environments[0]
	require.Equal(t, "registry.test/api:1", development.Workloads[0].Containers[0].Image)
	require.Equal(t, env.LastDeploy.ID, development.Running.ID)
	require.Equal(t, "pending", development.LastDeploy.Status)
	require.Empty(t, status.Environments[1].Workloads)
	require.NotNil(t, status.Environments[1].EndsAt)
	for body, part := range map[string]string{
		`{"steps":[{}]}`: "either", `{"steps":[{"env":"a1","type":"b1"}]}`: "either", `{"steps":[{"env":"a1"},{"env":"a1"}]}`: "twice", `{"steps":[{"env":"A!"}]}`: "not valid",
	} {
		h.do("PUT", app+"/promotion-path", body).fails(400, part)
	}
	h.do("PUT", app+"/promotion-path", `{"steps":[]}`).must(200, &path)
	require.Empty(t, path.Steps)
	h.do("GET", "/orgs/"+org+"/apps/none/status", "").fails(404)
}
