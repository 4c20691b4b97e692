package server_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestAutomationRules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	env := h.app("shop") + "/envs/development"
	var list []api.AutomationRule
	h.do("GET", env+"/rules", "").must(http.StatusOK, &list)
	require.Empty(t, list)
	var rule api.AutomationRule
	h.do("POST", env+"/rules", `{"type":"update","match_ref":"^refs/heads/main$","artefacts_filter":["a"]}`).must(http.StatusCreated, &rule)
	require.Regexp(t, "^[0-9a-f]{16}$", rule.ID)
	require.True(t, rule.Active)
	require.Equal(t, []string{"a"}, rule.ArtefactsFilter)
	item := env + "/rules/" + rule.ID
	h.do("PUT", item, `{"type":"update","active":false,"update_to":"tag","match":"^v"}`).must(http.StatusOK, &rule)
	require.False(t, rule.Active)
	require.Empty(t, rule.MatchRef)
	require.Equal(t, "tag", rule.UpdateTo)
	h.do("GET", item, "").must(http.StatusOK, &rule)
	h.do("GET", env+"/rules", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	for name, c := range map[string]struct{ body, want string }{
		"type":     {`{}`, "type"},
		"pattern":  {`{"type":"update","match_ref":"("}`, "match_ref"},
		"update":   {`{"type":"update","update_to":"commit"}`, "update_to"},
		"match":    {`{"type":"update","match":"a","match_ref":"b"}`, "match_ref and match"},
		"ref":      {`{"type":"update","update_to":"tag","match_ref":"b"}`, "update_to"},
		"filters":  {`{"type":"update","images_filter":["a"],"artefacts_filter":["b"]}`, "images_filter"},
		"excludes": {`{"type":"update","exclude_images_filter":true,"exclude_artefacts_filter":true}`, "exclude_images_filter"},
		"a list":   {`{"type":"update","artefacts_filter":"a"}`, "array"},
	} {
		require.Equal(t, http.StatusBadRequest, h.do("POST", env+"/rules", c.body).Status, name)
		h.do("PUT", item, c.body).fails(http.StatusBadRequest, c.want)
	}
	h.do("GET", env+"/rules/none", "").fails(http.StatusNotFound, "none")
	h.do("PUT", env+"/rules/none", `{"type":"update"}`).fails(http.StatusNotFound, "none")
	h.do("DELETE", env+"/rules/none", "").fails(http.StatusNotFound, "none")
	h.do("DELETE", item, "").must(http.StatusNoContent, nil)

	later := "/orgs/" + org + "/apps/shop/envs/later"
	h.do("POST", later+"/rules", `{"type":"update"}`).must(http.StatusCreated, &rule)
	h.do("GET", later+"/rules/"+rule.ID, "").must(http.StatusOK, nil)
	h.do("DELETE", later+"/rules/"+rule.ID, "").must(http.StatusNoContent, nil)
	h.do("DELETE", later+"/rules/"+rule.ID, "").must(http.StatusNoContent, nil) // gone with its environment, as far as a client can tell
	h.do("POST", "/orgs/"+org+"/apps/none/envs/later/rules", `{"type":"update"}`).fails(http.StatusNotFound, "none")

	_, developer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleDeveloper})
	h.as(developer, "POST", env+"/rules", `{"type":"update"}`).fails(http.StatusForbidden, "deploy")
	h.as(developer, "GET", env+"/rules", "").must(http.StatusOK, nil)
	h.as(h.rival, "GET", env+"/rules", "").fails(http.StatusNotFound)
}

// deployImages deploys modules with a container, by name with their image.
func (h *harness) deployImages(app string, modules map[string]string) {
	h.t.Helper()
	var parts []string
	for module, image := range modules {
		parts = append(parts, fmt.Sprintf(`%q:{"profile":"humanitec/default-module","spec":{"containers":{"a/b":{"image":%q}}},"externals":{}}`, module, image))
	}
	var delta string
	h.do("POST", app+"/deltas", `{"modules":{"add":{`+strings.Join(parts, ",")+`}}}`).must(http.StatusOK, &delta)
	h.do("POST", app+"/envs/development/deploys", `{"delta_id":"`+delta+`"}`).must(http.StatusCreated, nil)
}

// apply carries out what waits in an environment, as its workflow does.
func (h *harness) apply(app string) orchestrator.PushResult {
	h.t.Helper()
	ctx := orchestrator.WithActor(context.Background(), orchestrator.SystemActor)
	result, err := h.service.ApplyPushes(ctx, orchestrator.EnvRef{OrgID: org, AppID: app, EnvID: "development"})
	require.NoError(h.t, err)
	return result
}

// images lists the images that the newest deployment brings.
func (h *harness) images(app string) map[string]string {
	h.t.Helper()
	var env api.Environment
	h.do("GET", app+"/envs/development", "").must(http.StatusOK, &env)
	var set api.Set
	h.do("GET", app+"/sets/"+env.LastDeploy.SetID, "").must(http.StatusOK, &set)
	out := map[string]string{}
	for id, module := range set.Modules {
		containers := module["spec"].(map[string]any)["containers"].(map[string]any)
		out[id] = containers["a/b"].(map[string]any)["image"].(string)
	}
	return out
}

func (h *harness) pushes(app string) []api.Push {
	h.t.Helper()
	var list []api.Push
	h.do("GET", app+"/envs/development/pushes", "").must(http.StatusOK, &list)
	return list
}

func TestPushesBecomeOneDeployment(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		app := h.app("shop")
		h.deployImages(app, map[string]string{"api": "registry.test/api:1", "twin": "registry.test/api:0", "web": "registry.test/web:1", "db": "postgres:17"})
		h.do("POST", app+"/envs/development/rules", `{"type":"update","match_ref":"^refs/heads/main$"}`).must(http.StatusCreated, nil)
		h.push(`{"type":"container","name":"registry.test/api","version":"2","ref":"refs/heads/main"}`)
		h.push(`{"type":"container","name":"registry.test/api","version":"3","ref":"refs/heads/main"}`)
		h.push(`{"type":"container","name":"registry.test/web","version":"2","ref":"refs/heads/main"}`)
		h.push(`{"type":"container","name":"registry.test/web","version":"9","ref":"refs/heads/feature"}`)
		h.push(`{"type":"container","name":"nobody/runs","version":"1","ref":"refs/heads/main"}`)
		h.push(`{"type":"container","name":"postgres","version":"17","ref":"refs/heads/main"}`)
		require.Len(t, h.pushes(app), 5)

		before := len(h.workflows.items(orchestrator.QueueDeployment))
		result := h.apply("shop")
		require.NotEmpty(t, result.DeploymentID)
		require.Equal(t, 5, result.Pushes)
		require.Equal(t, map[string]string{
			"api": "registry.test/api:3", "twin": "registry.test/api:3", "web": "registry.test/web:2", "db": "postgres:17",
		}, h.images(app))
		var d api.Deployment
		h.do("GET", app+"/envs/development/deploys/"+result.DeploymentID, "").must(http.StatusOK, &d)
		require.Equal(t, "UNKNOWN", d.CreatedBy)
		require.Equal(t, "Automated Deployment: registry.test/api:3 registry.test/web:2", d.Comment)
		require.Contains(t, h.workflows.items(orchestrator.QueueDeployment)[before:], d.ID, "it goes through the queue")
		statuses := map[string]string{}
		for _, p := range h.pushes(app) {
			statuses[p.Image] = p.Status + " " + p.Reason
			require.Equal(t, p.Status == "deployed", p.DeploymentID == d.ID)
		}
		require.Equal(t, map[string]string{
			"registry.test/api:2": "ignored a newer push of the image came with it",
			"registry.test/api:3": "deployed ", "registry.test/web:2": "deployed ",
			"nobody/runs:1": "ignored no container of the environment runs nobody/runs",
			"postgres:17":   "ignored the environment runs it already",
		}, statuses)
		require.Zero(t, h.apply("shop").Pushes, "nothing is left")

		h.push(`{"type":"container","name":"registry.test/api","version":"3","ref":"refs/heads/main"}`)
		require.Empty(t, h.apply("shop").DeploymentID, "a repeated registration deploys nothing")
		var deploys []api.Deployment
		h.do("GET", app+"/envs/development/deploys", "").must(http.StatusOK, &deploys)
		require.Len(t, deploys, 2)
	})
}

func TestQueuePolicyHoldsPushes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.deployImages(app, map[string]string{"api": "api:1"})
	h.do("POST", app+"/envs/development/rules", `{"type":"update"}`).must(http.StatusCreated, nil)
	h.push(`{"type":"container","name":"api","version":"2"}`)
	for _, policy := range []string{"freeze", "reject"} { // a deployment is unfinished
		h.do("PUT", app+"/envs/development/queue/policy", `{"policy":"`+policy+`"}`).must(http.StatusOK, nil)
		require.True(t, h.apply("shop").Held, policy)
		held := h.pushes(app)
		require.Equal(t, "pending", held[0].Status)
		require.NotEmpty(t, held[0].Reason)
	}
	background := &fakeBackground{}
	clock := func() time.Time { return time.Now().Add(time.Hour) }
	reconcile := func() {
		h.workflows.mu.Lock()
		h.workflows.state = orchestrator.WorkflowQueued
		h.workflows.mu.Unlock()
		require.NoError(t, orchestrator.NewReconciler(h.store, h.workflows, clock, nil).WithBackground(background).Once(context.Background()))
	}
	reconcile()
	require.Empty(t, background.pushed(), "held pushes cost no workflow")
	h.do("PUT", app+"/envs/development/queue/policy", `{"policy":"queue"}`).must(http.StatusOK, nil)
	reconcile()
	require.Equal(t, []string{org + "/shop/development"}, background.pushed(), "they are found as soon as a deployment is admitted")
	require.NotEmpty(t, h.apply("shop").DeploymentID)
	require.Equal(t, map[string]string{"api": "api:2"}, h.images(app))
}

func TestWhichPushesARuleFollows(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const main, tag = `,"ref":"refs/heads/main"`, `,"ref":"refs/tags/v1"`
	for name, c := range map[string]struct {
		rule, push string
		want       bool
	}{
		"everything":             {`{"type":"update"}`, `"version":"2"`, true},
		"inactive":               {`{"type":"update","active":false}`, `"version":"2"`, false},
		"ref":                    {`{"type":"update","match_ref":"refs/heads/ma"}`, `"version":"2"` + main, true},
		"another ref":            {`{"type":"update","match_ref":"^refs/tags/"}`, `"version":"2"` + main, false},
		"no ref":                 {`{"type":"update","match_ref":"main"}`, `"version":"2"`, false},
		"branch":                 {`{"type":"update","update_to":"branch","match":"^main$"}`, `"version":"2"` + main, true},
		"any branch":             {`{"type":"update","update_to":"branch"}`, `"version":"2"` + main, true},
		"a tag is no branch":     {`{"type":"update","update_to":"branch"}`, `"version":"2"` + tag, false},
		"tag":                    {`{"type":"update","update_to":"tag","match":"^v"}`, `"version":"2"` + tag, true},
		"listed":                 {`{"type":"update","artefacts_filter":["x","IMAGE"]}`, `"version":"2"`, true},
		"listed with a scheme":   {`{"type":"update","artefacts_filter":["http://IMAGE"]}`, `"version":"2"`, true},
		"not listed":             {`{"type":"update","artefacts_filter":["x"]}`, `"version":"2"`, false},
		"excluded":               {`{"type":"update","artefacts_filter":["IMAGE"],"exclude_artefacts_filter":true}`, `"version":"2"`, false},
		"not excluded":           {`{"type":"update","artefacts_filter":["x"],"exclude_artefacts_filter":true}`, `"version":"2"`, true},
		"nothing excluded":       {`{"type":"update","exclude_artefacts_filter":true}`, `"version":"2"`, true},
		"image listed":           {`{"type":"update","images_filter":["IMAGE"]}`, `"version":"2"`, true},
		"image excluded":         {`{"type":"update","images_filter":["IMAGE"],"exclude_images_filter":true}`, `"version":"2"`, false},
		"no tag and no digest":   {`{"type":"update"}`, `"commit":"884bccaa807"`, false},
		"digest":                 {`{"type":"update"}`, `"digest":"sha256:` + strings.Repeat("0", 64) + `"`, true},
		"a workload is no image": {`{"type":"update"}`, `"image":"x:1","spec":` + helloSpec, false},
	} {
		id := strings.ReplaceAll(name, " ", "-")
		app := h.app(id)
		image := "registry.test/" + id
		h.deployImages(app, map[string]string{"api": image + ":1"})
		h.do("POST", app+"/envs/development/rules", strings.ReplaceAll(c.rule, "IMAGE", image)).must(http.StatusCreated, nil)
		kind := "container"
		if strings.Contains(c.push, "spec") {
			kind = "workload"
		}
		h.push(`{"type":"` + kind + `","name":"` + image + `",` + c.push + `}`)
		got := false
		for _, p := range h.pushes(app) {
			got = got || strings.HasPrefix(p.Image, image)
		}
		require.Equal(t, c.want, got, name)
	}
	app := h.app("older")
	h.deployImages(app, map[string]string{"api": "registry.test/older:1"})
	h.do("POST", app+"/envs/development/rules", `{"type":"update","update_to":"tag","match":"^v2$","images_filter":["older"]}`).must(http.StatusCreated, nil)
	h.do("POST", "/orgs/"+org+"/images/older/builds", `{"image":"registry.test/older:2","branch":"main","tags":["v2"]}`).must(http.StatusNoContent, nil)
	h.apply("older")
	require.Equal(t, map[string]string{"api": "registry.test/older:2"}, h.images(app), "a build of a branch with a tag counts as both")
}

// fakeBackground stands for the workflow engine: it records what it is asked.
type fakeBackground struct {
	mu     sync.Mutex
	orders []orchestrator.WebhookOrder
	envs   []string

	promotions []orchestrator.PromotionKey
}

func (f *fakeBackground) DeliverWebhook(_ context.Context, order orchestrator.WebhookOrder) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders = append(f.orders, order)
	return nil
}

func (f *fakeBackground) ApplyPushes(_ context.Context, env orchestrator.EnvRef, _ time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.envs = append(f.envs, env.String())
	return nil
}

func (f *fakeBackground) pushed() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.envs
}

func (f *fakeBackground) WatchLifetime(context.Context, orchestrator.EnvRef) error { return nil }

func (f *fakeBackground) WakeDeployment(context.Context, orchestrator.DeploymentKey) error {
	return nil
}

func (f *fakeBackground) FollowSpinUp(context.Context, orchestrator.SpinUpKey) error { return nil }

func (f *fakeBackground) MakePlan(context.Context, orchestrator.PlanKey) error { return nil }

func (f *fakeBackground) CancelPlan(context.Context, orchestrator.PlanKey) error { return nil }

func (f *fakeBackground) CarryOutPromotion(_ context.Context, key orchestrator.PromotionKey) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.promotions = append(f.promotions, key)
	return nil
}
