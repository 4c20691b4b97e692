package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// curl runs curl as CI does, and returns what it prints.
func (i *instance) curl(method, path, body string) string {
	i.t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		i.t.Skip("curl is not installed")
	}
	cmd := exec.Command("curl", "--fail-with-body", "--silent", "--show-error", "--request", method, i.url+path,
		"--header", "Authorization: Bearer "+i.token(), "--data", body)
	out, err := cmd.CombinedOutput()
	require.NoError(i.t, err, "%s", out)
	return string(out)
}

// pushImage reports an image as CI does after a push of a branch.
func (i *instance) pushImage(name, version string) {
	i.t.Helper()
	i.curl("POST", org+"/artefact-versions", fmt.Sprintf(
		`{"type":"container","name":%q,"version":%q,"ref":"refs/heads/main","commit":"884bccaa807ea27cc1997a7492a3b6279fd7bd55"}`, name, version))
}

// followed deploys two images and has the environment follow their branch.
func (i *instance) followed(app string) {
	i.t.Helper()
	i.app(app)
	content := map[string]any{"modules": map[string]any{"add": map[string]any{
		"api": plainModule("registry.test/" + app + "/api:1"), "web": plainModule("registry.test/" + app + "/web:1"),
	}}}
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, content)}))
	i.curl("POST", envPath(app, "development")+"/rules", `{"type":"update","match_ref":"^refs/heads/main$"}`)
}

// automated waits until nothing pushed is pending, and returns the deployment that the pushes became.
func (i *instance) automated(app string) map[string]any {
	i.t.Helper()
	var deployment string
	i.eventually("pushes are handled", func() (bool, string) {
		_, out, err := i.try(http.MethodGet, envPath(app, "development")+"/pushes", nil)
		list, _ := out.([]any)
		if err != nil || len(list) == 0 {
			return false, fmt.Sprint(err)
		}
		for _, p := range list {
			push := p.(map[string]any)
			if push["status"] == "pending" {
				return false, fmt.Sprint(push)
			}
			if id, ok := push["deployment_id"].(string); ok && deployment == "" {
				deployment = id
			}
		}
		return true, ""
	})
	require.NotEmpty(i.t, deployment)
	return i.succeeded(app, deployment)
}

func automation(i *instance) {
	const app = "follow"
	i.followed(app)
	i.pushImage("registry.test/follow/api", "2")
	i.pushImage("registry.test/follow/api", "3")
	i.pushImage("registry.test/follow/web", "2")
	d := i.automated(app)
	require.Equal(i.t, "UNKNOWN", d["created_by"])
	require.Equal(i.t, "Automated Deployment: registry.test/follow/api:3 registry.test/follow/web:2", d["comment"])
	require.Len(i.t, i.list(envPath(app, "development")+"/deploys"), 2, "a burst is one deployment")
	require.Equal(i.t, 1, i.commits(d["id"].(string)))
	manifests := i.git("grep", "image:", "main", "--", "follow/development")
	require.Contains(i.t, manifests, "registry.test/follow/api:3")
	require.Contains(i.t, manifests, "registry.test/follow/web:2")

	out := i.mustCLI("get", "pushes", "--app", app, "--env", "development")
	require.Contains(i.t, out, "registry.test/follow/api:3")
	i.mustCLI("push", "image", "registry.test/follow/api:4", "--ref", "refs/heads/main", "--org", "demo")
	require.Equal(i.t, "registry.test/follow/api:4", i.automatedImage(app, "api:4"))
}

// automatedImage waits until a push whose image ends so was deployed.
func (i *instance) automatedImage(app, suffix string) string {
	i.t.Helper()
	image := ""
	i.eventually("push of "+suffix+" is deployed", func() (bool, string) {
		for _, p := range i.list(envPath(app, "development") + "/pushes") {
			if text := p["image"].(string); strings.HasSuffix(text, suffix) && p["status"] == "deployed" {
				image = text
				return true, ""
			}
		}
		return false, "not yet"
	})
	return image
}

// receiver is where webhooks are sent to; it is unavailable at first.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex
	seen map[string]int    // requests by delivery
	got  map[string]string // accepted bodies by delivery
	bad  []string
}

const webhookSecret = "e2e-signing-key"

func newReceiver(t *testing.T) *receiver {
	r := &receiver{seen: map[string]int{}, got: map[string]string{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	id := req.Header.Get("X-Slipway-Delivery")
	want := orchestrator.SignWebhook(webhookSecret, id, req.Header.Get("X-Slipway-Timestamp"), body)
	if req.Header.Get("X-Slipway-Signature-256") != want {
		r.bad = append(r.bad, id)
	}
	if r.seen[id]++; r.seen[id] == 1 {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.got[id] = string(body)
}

// events lists the bodies that were accepted.
func (r *receiver) events() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []map[string]any
	for _, body := range r.got {
		var event map[string]any
		if json.Unmarshal([]byte(body), &event) == nil {
			out = append(out, event)
		}
	}
	return out
}

func (i *instance) webhook(app string, to *receiver) {
	i.t.Helper()
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/webhooks", map[string]any{
		"id": app, "url": to.URL, "secret": webhookSecret,
		"payload": map[string]any{"event": "${event}", "deployment": "${deploy_id}", "status": "${status}"},
		"triggers": []any{
			map[string]any{"scope": "deployment", "type": "started"}, map[string]any{"scope": "deployment", "type": "finished"},
			map[string]any{"scope": "environment", "type": "created"}, map[string]any{"scope": "environment", "type": "deleted"},
		},
	})
}

// told waits until the receiver has accepted an event with these fields.
func (i *instance) told(to *receiver, want map[string]any) {
	i.t.Helper()
	i.eventually(fmt.Sprintf("the receiver has %v", want), func() (bool, string) {
		events := to.events()
		for _, e := range events {
			same := true
			for k, v := range want {
				same = same && e[k] == v
			}
			if same {
				return true, ""
			}
		}
		return false, fmt.Sprint(events)
	})
}

func webhooks(i *instance) {
	const app = "hooked"
	to := newReceiver(i.t)
	i.app(app)
	i.webhook(app, to)
	id := i.deployModule(app, "api")
	i.succeeded(app, id)
	i.told(to, map[string]any{"event": "deployment.started", "deployment": id, "status": "in progress"})
	i.told(to, map[string]any{"event": "deployment.finished", "deployment": id, "status": "succeeded"})
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": "qa", "name": "QA", "type": "development"})
	i.told(to, map[string]any{"event": "environment.created"})
	status, _ := i.call(http.MethodDelete, envPath(app, "qa"), nil)
	require.Equal(i.t, http.StatusNoContent, status)
	i.told(to, map[string]any{"event": "environment.deleted"})
	require.Empty(i.t, to.bad, "every delivery is signed")

	deliveries := org + "/apps/" + app + "/webhooks/" + app + "/deliveries"
	i.eventually("deliveries are recorded", func() (bool, string) {
		list := i.list(deliveries)
		for _, d := range list {
			if d["status"] != "delivered" || d["attempts"].(float64) < 2 {
				return false, fmt.Sprint(d)
			}
		}
		return len(list) == 4, fmt.Sprint(len(list))
	})
	again := i.list(deliveries)[0]["id"].(string)
	i.must(http.StatusAccepted, http.MethodPost, deliveries+"/"+again+"/resend", nil)
	i.eventually("it is delivered once more", func() (bool, string) {
		d := i.must(http.StatusOK, http.MethodGet, deliveries+"/"+again, nil)
		return d["status"] == "delivered" && d["attempts"].(float64) >= 3, fmt.Sprint(d)
	})
	out := i.mustCLI("get", "webhook-deliveries", app, "--app", app)
	require.Contains(i.t, out, "deployment.finished")
}

// TestPushesAndWebhooksSurvive kills the server while pushed images are being
// collected, and the workflow engine with it: nothing is lost, nothing happens twice.
func TestPushesAndWebhooksSurvive(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t, "SLIPWAY_AUTOMATION_WINDOW=2s")
	i.start()
	const app = "survivor"
	to := newReceiver(t)
	i.followed(app)
	i.webhook(app, to)
	i.pushImage("registry.test/survivor/api", "2")
	i.pushImage("registry.test/survivor/web", "2")
	i.kill()
	i.endTemporal()
	i.start()
	d := i.automated(app)
	require.Equal(t, "Automated Deployment: registry.test/survivor/api:2 registry.test/survivor/web:2", d["comment"])
	i.told(to, map[string]any{"event": "deployment.finished", "deployment": d["id"], "status": "succeeded"})
	require.Len(t, i.list(envPath(app, "development")+"/deploys"), 2)
	require.Equal(t, 1, i.commits(d["id"].(string)))
}
