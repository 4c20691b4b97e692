package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const runsPath = shopPath + "/pipelines/log/runs"

func newRunsHarness(t *testing.T) *harness {
	t.Helper()
	h := newHarness(t)
	h.app("shop")
	h.definePipeline("log", logPipeline, orchestrator.PipelineCriteria{ID: "any", EnvType: "development"})
	return h
}

func TestStartingPipelineRuns(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	h.definePipeline("only", "name: Only\non: {deployment_request: {}}\njobs: {a: {steps: [{uses: actions/humanitec/log, with: {message: x}}]}}\n",
		orchestrator.PipelineCriteria{ID: "typed", EnvType: "development", DeploymentType: "re-deploy"})
	require.NoError(t, h.store.CreatePipelineVersion(t.Context(), &orchestrator.PipelineVersion{OrgID: org, AppID: "shop", PipelineID: "log", ID: "unused", CreatedAt: time.Now()}))
	for name, c := range map[string]struct {
		path, body string
		status     int
		says       string
	}{
		"a call":                           {runsPath, `{"inputs":{"text":"hello"}}`, 201, ""},
		"a call without inputs":            {runsPath, `{"inputs":{}}`, 201, ""},
		"an input of another type":         {runsPath, `{"inputs":{"text":{}}}`, 400, "text"},
		"an unknown input":                 {runsPath, `{"inputs":{"other":"x"}}`, 400, "other"},
		"no such pipeline":                 {shopPath + "/pipelines/none/runs", `{"inputs":{}}`, 404, "none"},
		"a pipeline that cannot be called": {shopPath + "/pipelines/only/runs", `{"inputs":{}}`, 400, "pipeline_call"},
		"a dry run":                        {runsPath + "?dry_run=true", `{"inputs":{}}`, 204, ""},
		"a dry run that is wrong":          {runsPath + "?dry_run=true", `{"inputs":{"other":1}}`, 400, "other"},
		"a request for a set":              {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","env_id":"development","set_id":"0"}`, 201, ""},
		"the older name":                   {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","environment":"development","set_id":"0"}`, 201, ""},
		"another trigger":                  {shopPath + "/pipeline-runs", `{"trigger":"artefact","env_id":"development","set_id":"0"}`, 400, "deployment_request"},
		"no environment":                   {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","set_id":"0"}`, 400, "env_id"},
		"an unknown environment":           {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","env_id":"none","set_id":"0"}`, 400, "env_id"},
		"two things at once":               {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","env_id":"development","set_id":"0","delta_id":"x"}`, 400, "one of"},
		"an unknown delta":                 {shopPath + "/pipeline-runs", `{"trigger":"deployment_request","env_id":"development","delta_id":"none"}`, 400, "delta_id"},
	} {
		got := h.do("POST", c.path, c.body)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, got.Body, c.says, name)
	}
	var d api.Deployment
	h.do("POST", shopPath+"/envs", `{"id":"live","name":"Live","type":"production"}`).must(201, nil)
	h.do("POST", shopPath+"/envs/live/deploys", `{}`).must(201, &d)
	var run api.PipelineRun
	h.do("POST", shopPath+"/pipeline-runs", `{"trigger":"deployment_request","env_id":"development","deployment_id":"`+d.ID+`"}`).must(201, &run)
	require.Equal(t, "only", run.PipelineID, "its criteria say more: they are for deploying again")
	require.Equal(t, d.SetID, run.Inputs["set_id"])
	require.Equal(t, []string{"development"}, run.EnvIDs)
}

func TestPipelineRunsAreIdempotent(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	start := func(key string) (run api.PipelineRun) {
		h.doWith(http.Header{"Idempotency-Key": {key}}, "POST", runsPath, `{"inputs":{}}`).must(201, &run)
		return run
	}
	first := start("one")
	require.Equal(t, first.ID, start("one").ID)
	require.NotEqual(t, first.ID, start("two").ID)
}

func TestPipelineRunLife(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	var run, again, now api.PipelineRun
	h.do("POST", runsPath, `{"inputs":{"text":"hello"}}`).must(201, &run)
	item := runsPath + "/" + run.ID
	require.Equal(t, "queued", run.Status)
	require.EqualValues(t, 3600, run.TimeoutSeconds)
	got := h.do("GET", item, "")
	got.must(200, &now)
	require.Equal(t, now.ETag, got.Header.Get("ETag"))
	h.do("DELETE", item, "").fails(409, "cancel it first")
	h.do("POST", item+"/restart", "").fails(409, "have ended")
	h.doWith(http.Header{"If-Match": {"other"}}, "POST", item+"/cancel", "").fails(412, "entity tag")
	h.do("POST", item+"/cancel", "").must(204, nil)
	h.do("POST", item+"/cancel", "").must(204, nil)
	h.do("GET", item, "").must(200, &now)
	require.Equal(t, "cancelled", now.Status)
	require.NotNil(t, now.CompletedAt)
	h.do("POST", item+"/restart", "").must(201, &again)
	require.Equal(t, run.Inputs, again.Inputs)
	require.Equal(t, run.ID, again.RestartedFrom)

	var list []api.PipelineRun
	h.do("GET", runsPath+"?per_page=1", "").must(200, &list)
	require.Equal(t, again.ID, list[0].ID, "newest first")
	h.do("GET", "/orgs/"+org+"/pipeline-runs?app=shop&pipeline=log&status=cancelled", "").must(200, &list)
	require.Len(t, list, 1)
	h.do("GET", "/orgs/"+org+"/pipeline-runs?completed=false&created_after=2020-01-01T00:00:00Z", "").must(200, &list)
	require.Equal(t, again.ID, list[0].ID)
	h.do("GET", runsPath+"?created_after=yesterday", "").fails(400, "created_after")
	h.do("GET", shopPath+"/pipelines/none/runs", "").fails(404, "none")
	h.do("GET", shopPath+"/pipelines/other/runs/"+run.ID, "").fails(404, run.ID)
	h.as(h.rival, "GET", item, "").fails(404, "acme")
	h.do("GET", item+"/jobs/none", "").fails(404, "none")
	h.do("DELETE", item, "").must(204, nil)
	h.do("GET", item, "").fails(404, run.ID)
}

func TestPipelineApprovals(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	var run api.PipelineRun
	h.do("POST", runsPath, `{"inputs":{}}`).must(201, &run)
	yes, no, gone := h.askApproval(run, "yes", "development"), h.askApproval(run, "no", "development"), h.askApproval(run, "gone", "none")
	_, developer := h.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "developer"})
	h.as(developer, "POST", yes+"/approve", "").fails(403, "environment-type:deploy")
	var a api.PipelineApprovalRequest
	h.do("POST", yes+"/approve", "").must(200, &a)
	require.Equal(t, "approved", a.Status)
	require.NotEmpty(t, a.ApprovedBy)
	h.do("POST", yes+"/approve", "").must(200, nil)
	h.do("POST", yes+"/deny", "").fails(409, "approved already")
	h.do("POST", no+"/deny", "").must(200, &a)
	require.Equal(t, "denied", a.Status)
	h.do("POST", gone+"/approve", "").fails(409, "does not exist any more")
	h.do("POST", strings.Replace(yes, "/say/", "/other/", 1)+"/approve", "").fails(404, "yes")
	var list []api.PipelineApprovalRequest
	h.do("GET", shopPath+"/approvals?status=waiting&run="+run.ID, "").must(200, &list)
	require.Len(t, list, 1)
	h.do("GET", shopPath+"/approvals?status=maybe", "").fails(400, "maybe")
}

// TestArtefactsAreCollectedForPipelines: versions that come together are for one run, and are given to it once.
func TestArtefactsAreCollectedForPipelines(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	h.definePipeline("pushed", "name: Pushed\non: {artefact: {type: container, include: [\"registry/.*\"], match-ref: refs/heads/main}}\n"+
		"jobs: {a: {steps: [{uses: actions/humanitec/log, with: {message: \"${{ inputs.container_artefacts[0] }}\"}}]}}\n")
	register := func(name, tag, ref string) string {
		var v api.ArtefactVersion
		h.do("POST", versionsPath, `{"type":"container","name":"`+name+`","version":"`+tag+`","ref":"`+ref+`"}`).must(200, &v)
		return v.ID
	}
	one := register("registry/api", "1", "refs/heads/main")
	register("registry/api", "2", "refs/heads/other")
	register("elsewhere", "1", "refs/heads/main")
	two := register("registry/web", "1", "refs/heads/main")
	register("registry/web", "1", "refs/heads/main")
	const batch = shopPath + "/pipelines/pushed/batches/"
	var waiting api.PipelineBatch
	h.do("GET", batch+"artefact", "").must(200, &waiting)
	require.Equal(t, []api.PipelineBatchItem{{Type: "container", Ref: one}, {Type: "container", Ref: two}}, waiting.Items)
	require.NotNil(t, waiting.ScheduledAt)
	h.do("GET", batch+"other", "").fails(404, "other")

	system := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	later := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Now: func() time.Time { return time.Now().Add(time.Minute) },
	})
	for range 2 {
		require.NoError(t, later.StartDuePipelines(system))
	}
	var runs []api.PipelineRun
	h.do("GET", shopPath+"/pipelines/pushed/runs", "").must(200, &runs)
	require.Len(t, runs, 1)
	require.Equal(t, "artefact", runs[0].Trigger)
	require.Equal(t, []any{one, two}, runs[0].Inputs["container_artefacts"])
	h.do("GET", batch+"artefact", "").must(200, &waiting)
	require.Empty(t, waiting.Items)
}

// TestSchedulesStartRuns: each time of a schedule starts one run, whoever looks and however often.
func TestSchedulesStartRuns(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	at := time.Now().UTC().Truncate(time.Hour).Add(-10 * time.Minute)
	p := &orchestrator.Pipeline{OrgID: org, AppID: "shop", ID: "clock", VersionID: "v", Status: "active", TriggerTypes: []string{"schedule"}, CreatedAt: at, UpdatedAt: at}
	require.NoError(t, h.store.CreatePipeline(t.Context(), p))
	require.NoError(t, h.store.CreatePipelineVersion(t.Context(), &orchestrator.PipelineVersion{OrgID: org, AppID: "shop", PipelineID: "clock", ID: "v", CreatedAt: at,
		Definition: "name: Clock\non: {schedule: [{cron: \"0 * * * *\"}]}\njobs: {a: {steps: [{uses: actions/humanitec/log, with: {message: tick}}]}}\n"}))
	system := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	look := func(now time.Time) int {
		s := orchestrator.New(orchestrator.Options{Store: h.store, Workflows: h.workflows, Now: func() time.Time { return now }})
		require.NoError(t, s.StartDuePipelines(system))
		var runs []api.PipelineRun
		h.do("GET", shopPath+"/pipelines/clock/runs", "").must(200, &runs)
		return len(runs)
	}
	require.Equal(t, 0, look(at.Add(5*time.Minute)))
	require.Equal(t, 0, look(at.Add(11*time.Minute)), "the workflow engine has its time")
	require.Equal(t, 1, look(at.Add(13*time.Minute)))
	require.Equal(t, 1, look(at.Add(30*time.Minute)))
	require.Equal(t, 2, look(at.Add(73*time.Minute)))
	require.Equal(t, 3, look(at.Add(9*time.Hour)), "times that passed unseen start one run")
}

// doWith is do with further headers.
func (h *harness) doWith(header http.Header, method, path, body string) answer {
	h.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header = header
	request.Header.Set("Authorization", "Bearer "+h.token)
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	return answer{t: h.t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
}
