package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// pullRequest is a pull_request event with the parts that GitHub documents.
func pullRequest(action, branch, head string) string {
	repo := `"repo":null`
	if head != "" {
		repo = fmt.Sprintf(`"repo":{"id":1,"name":"shop","full_name":%q,"fork":true,"private":false}`, head)
	}
	return fmt.Sprintf(`{"action":%q,"number":7,"pull_request":{"url":"https://api.github.test/repos/acme/shop/pulls/7","id":1,"number":7,"state":"open","title":"T","merged":false,
		"head":{"label":"acme:%[2]s","ref":%[2]q,"sha":"ec26c3e57ca3a959ca5aad62de7213c562f8c821",%s},
		"base":{"label":"acme:main","ref":"main","sha":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e","repo":{"full_name":"acme/shop"}}},
		"repository":{"id":1,"name":"shop","full_name":"acme/shop","private":true,"owner":{"login":"acme"}},"sender":{"login":"ada","id":2}}`, action, branch, repo)
}

// mergeRequest is a Merge Request Hook with the parts that GitLab documents.
func mergeRequest(action, branch, oldRev string, source int) string {
	return fmt.Sprintf(`{"object_kind":"merge_request","event_type":"merge_request","user":{"id":1,"username":"ada"},
		"project":{"id":5,"name":"shop","path_with_namespace":"acme/shop","web_url":"https://gitlab.test/acme/shop"},"repository":{"name":"shop"},
		"object_attributes":{"id":99,"iid":1,"target_branch":"main","source_branch":%q,"source_project_id":%d,"target_project_id":5,"title":"T","state":"opened",
		"last_commit":{"id":"da1560886d4f094c3e6c9ef40349f7d38b5d27d7","message":"fix"},"oldrev":%q,"action":%q}}`, branch, source, oldRev, action)
}

func pushed(branch, after string, deleted bool) string {
	return fmt.Sprintf(`{"object_kind":"push","ref":"refs/heads/%s","before":"95790bf891e76fee5e1747ab589903a6a1f80f22","after":%q,"deleted":%t,"created":false,
		"project":{"path_with_namespace":"acme/shop"},"repository":{"full_name":"acme/shop"}}`, branch, after, deleted)
}

var gone = strings.Repeat("0", 40)

// sent sends a request as a vendor does. secret "" signs nothing.
func (h *harness) sent(r api.Receiver, delivery, event, body, secret string) answer {
	h.t.Helper()
	request := httptest.NewRequest(http.MethodPost, r.Path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if r.Vendor == orchestrator.VendorGitHub {
		request.Header.Set("X-Github-Event", event)
		request.Header.Set("X-Github-Delivery", delivery)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(body))
		if secret != "" {
			request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
		}
	} else {
		request.Header.Set("X-Gitlab-Event", event)
		request.Header.Set("X-Gitlab-Event-Uuid", delivery)
		request.Header.Set("X-Gitlab-Token", secret)
	}
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	got := recorder.Result()
	text, err := io.ReadAll(got.Body)
	require.NoError(h.t, err)
	return answer{t: h.t, Status: got.StatusCode, Header: got.Header, Body: string(text)}
}

// receiving is a shop with a preview rule and a receiver for it.
func receiving(t *testing.T, vendor, more string) (*harness, api.PreviewRule, api.Receiver) {
	t.Helper()
	h := newHarness(t)
	app := h.app("shop")
	h.deployImages(app, map[string]string{"api": "registry.test/api:1"})
	var rule api.PreviewRule
	h.do("POST", app+"/preview-rules", `{"base_env":"development","match_ref":"^refs/heads/feature/","ttl":"7d"}`).must(http.StatusCreated, &rule)
	var r api.Receiver
	h.do("POST", app+"/receivers", `{"vendor":"`+vendor+`","rule_id":"`+rule.ID+`"`+more+`}`).must(http.StatusCreated, &r)
	return h, rule, r
}

// setDown takes the workflow engine away, or brings it back.
func (h *harness) setDown(err error) {
	h.workflows.mu.Lock()
	defer h.workflows.mu.Unlock()
	h.workflows.down = err
}

// envs lists the previews that are not being removed.
func (h *harness) envs() []string {
	h.t.Helper()
	var all []api.Environment
	h.do("GET", shopPath+"/envs", "").must(http.StatusOK, &all)
	out := []string{}
	for _, e := range all {
		if strings.HasPrefix(e.ID, "pr-") {
			stored, err := h.store.GetEnvironment(h.t.Context(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: e.ID})
			if err == nil && stored.Status != orchestrator.StatusDeleting {
				out = append(out, e.Name)
			}
		}
	}
	return out
}

// TestReceivers: what vendors send makes and removes the preview of a branch, once.
func TestReceivers(t *testing.T) {
	t.Parallel()
	for vendor, c := range map[string]struct {
		event                                              string
		opened, reopened, updated, other, closed, fork     string
		pushEvent, commits, branchGone, unknown, elsewhere string
	}{
		orchestrator.VendorGitHub: {
			event: "pull_request", opened: pullRequest("opened", "feature/x", "acme/shop"), reopened: pullRequest("reopened", "feature/x", "acme/shop"),
			updated: pullRequest("synchronize", "feature/x", "acme/shop"), other: pullRequest("labeled", "feature/x", "acme/shop"),
			closed: pullRequest("closed", "feature/x", "acme/shop"), fork: pullRequest("closed", "feature/x", "mallory/shop"),
			pushEvent: "push", commits: pushed("feature/x", "da15", false), branchGone: pushed("feature/x", gone, true), unknown: `{"zen":"x"}`,
			elsewhere: pullRequest("opened", "main", "acme/shop"),
		},
		orchestrator.VendorGitLab: {
			event: "Merge Request Hook", opened: mergeRequest("open", "feature/x", "", 5), reopened: mergeRequest("reopen", "feature/x", "", 5),
			updated: mergeRequest("update", "feature/x", "95790bf8", 5), other: mergeRequest("update", "feature/x", "", 5),
			closed: mergeRequest("merge", "feature/x", "", 5), fork: mergeRequest("close", "feature/x", "", 6),
			pushEvent: "Push Hook", commits: pushed("feature/x", "da15", false), branchGone: pushed("feature/x", gone, false), unknown: `{}`,
			elsewhere: mergeRequest("open", "main", "", 5),
		},
	} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			h, _, r := receiving(t, vendor, `,"repository":"acme/shop"`)
			require.Len(t, r.Secret, 64)
			n := 0
			send := func(event, body string) api.ReceivedAnswer {
				n++
				var got api.ReceivedAnswer
				h.sent(r, fmt.Sprintf("d-%d", n), event, body, r.Secret).must(http.StatusAccepted, &got)
				return got
			}
			require.Equal(t, "ignored", send(c.event, c.elsewhere).Status)
			require.Equal(t, "ignored", send(c.event, c.closed).Status, "there is none")
			require.Empty(t, h.envs())
			require.Equal(t, "done", send(c.event, c.opened).Status)
			require.Equal(t, []string{"feature/x"}, h.envs())
			require.Equal(t, "done", send(c.event, c.updated).Status)
			for _, body := range []string{c.other, c.fork} {
				got := send(c.event, body)
				require.Equal(t, "ignored", got.Status)
				require.NotEmpty(t, got.Reason)
			}
			require.Equal(t, "ignored", send(c.pushEvent, c.commits).Status)
			require.Equal(t, "ignored", send("Something else", c.unknown).Status)
			require.Equal(t, []string{"feature/x"}, h.envs())
			require.Equal(t, "done", send(c.pushEvent, c.branchGone).Status)
			require.Empty(t, h.envs())

			var log []api.ReceiverDelivery
			h.do("GET", shopPath+"/receivers/"+r.ID+"/deliveries", "").must(http.StatusOK, &log)
			require.Len(t, log, n)
			require.Equal(t, fmt.Sprintf("d-%d", n), log[0].ID)
			entries, err := h.store.ListAudit(t.Context(), org, orchestrator.AuditFilter{ObjectType: "environment"}, 10)
			require.NoError(t, err)
			require.NotEmpty(t, entries)

			var again api.ReceivedAnswer
			h.sent(r, "d-3", c.event, c.opened, r.Secret).must(http.StatusAccepted, &again)
			require.Equal(t, "done", again.Status, "as it was")
			require.Empty(t, h.envs(), "a delivery is done once")
		})
	}
}

// TestReceiversRefuse: strangers learn nothing, and what cannot be read is refused.
func TestReceiversRefuse(t *testing.T) {
	t.Parallel()
	h, rule, hub := receiving(t, orchestrator.VendorGitHub, ``)
	var lab api.Receiver
	h.do("POST", shopPath+"/receivers", `{"vendor":"gitlab","rule_id":"`+rule.ID+`","secret":"0123456789abcdef"}`).must(http.StatusCreated, &lab)
	opened := pullRequest("opened", "feature/x", "acme/shop")
	for name, secret := range map[string]string{"none": "", "wrong": "wrong", "almost": hub.Secret[:63] + "x"} {
		got := h.sent(hub, name, "pull_request", opened, secret)
		got.fails(http.StatusUnauthorized, "not authentic")
		require.NotContains(t, got.Body, "ignature")
		h.sent(lab, name, "Merge Request Hook", mergeRequest("open", "feature/x", "", 5), secret).fails(http.StatusUnauthorized, "not authentic")
	}
	unsigned := hub
	unsigned.Path = "/receivers/github/" + strings.Repeat("0", 32)
	h.sent(unsigned, "1", "pull_request", opened, hub.Secret).fails(http.StatusNotFound, "receiver")
	swapped := hub
	swapped.Path = "/receivers/github/" + lab.ID
	h.sent(swapped, "1", "pull_request", opened, "0123456789abcdef").fails(http.StatusNotFound, "receiver")
	h.sent(hub, "2", "pull_request", `not JSON`, hub.Secret).fails(http.StatusBadRequest, "payload")
	h.sent(hub, "3", "pull_request", strings.Repeat(" ", 8<<20+1), hub.Secret).fails(http.StatusRequestEntityTooLarge, "larger")
	require.Empty(t, h.envs())
	var pong api.ReceivedAnswer
	h.sent(hub, "4", "ping", `{"zen":"Design for failure.","hook_id":1}`, hub.Secret).must(http.StatusAccepted, &pong)
	require.Equal(t, "pong", pong.Status)

	for part, body := range map[string]string{
		"vendor": `{"vendor":"other","rule_id":"` + rule.ID + `"}`, "rule_id": `{"vendor":"github","rule_id":"none"}`,
		"secret": `{"vendor":"github","rule_id":"` + rule.ID + `","secret":"short"}`,
	} {
		h.do("POST", shopPath+"/receivers", body).fails(http.StatusBadRequest, part)
	}
	var all []api.Receiver
	h.do("GET", shopPath+"/receivers", "").must(http.StatusOK, &all)
	require.Len(t, all, 2)
	require.Empty(t, all[0].Secret, "it is shown once")
	h.do("GET", shopPath+"/receivers/none/deliveries", "").fails(http.StatusNotFound, "none")
	h.do("DELETE", shopPath+"/receivers/"+hub.ID, "").must(http.StatusNoContent, nil)
	h.do("DELETE", shopPath+"/receivers/"+hub.ID, "").fails(http.StatusNotFound, hub.ID)
	h.sent(hub, "5", "ping", `{}`, hub.Secret).fails(http.StatusNotFound, "receiver")
	h.do("DELETE", shopPath+"/preview-rules/"+rule.ID, "").must(http.StatusNoContent, nil)
	h.sent(lab, "5", "Push Hook", `{}`, "0123456789abcdef").fails(http.StatusNotFound, "receiver")
}

// TestReceiversWait: what cannot be done now is done later, and in the order of the world; the images of a branch that came
// before its pull request are in its preview.
func TestReceiversWait(t *testing.T) {
	t.Parallel()
	h, _, r := receiving(t, orchestrator.VendorGitHub, ``)
	h.setDown(orchestrator.Errorf(orchestrator.CodeUnavailable, "away"))
	var got api.ReceivedAnswer
	h.sent(r, "a", "pull_request", pullRequest("opened", "feature/x", "acme/shop"), r.Secret).must(http.StatusAccepted, &got)
	require.Equal(t, "pending", got.Status)
	require.Empty(t, h.envs())
	h.setDown(nil)
	later := orchestrator.NewReconciler(h.store, h.workflows, func() time.Time { return time.Now().Add(time.Minute) }, h.log).WithSchedules(h.service)
	require.NoError(t, later.Once(t.Context()))
	require.Equal(t, []string{"feature/x"}, h.envs())

	h.setDown(orchestrator.Errorf(orchestrator.CodeUnavailable, "away"))
	h.sent(r, "b", "pull_request", pullRequest("reopened", "feature/y", "acme/shop"), r.Secret).must(http.StatusAccepted, &got)
	require.Equal(t, "pending", got.Status)
	h.setDown(nil)
	h.push(`{"type":"container","name":"registry.test/api","version":"2","ref":"refs/heads/feature/y"}`)
	h.sent(r, "c", "delete", `{"ref":"feature/y","ref_type":"branch","repository":{"full_name":"acme/shop"}}`, r.Secret).must(http.StatusAccepted, &got)
	require.Equal(t, "done", got.Status)
	require.NoError(t, later.Once(t.Context()))
	require.Equal(t, []string{"feature/x"}, h.envs(), "an opening that was overtaken makes nothing")

	h.sent(r, "d", "pull_request", pullRequest("reopened", "feature/z", "acme/shop"), r.Secret).must(http.StatusAccepted, &got)
	require.Equal(t, "done", got.Status, got.Reason)
	h.sent(r, "e", "delete", `{"ref":"v1","ref_type":"tag"}`, r.Secret).must(http.StatusAccepted, &got)
	require.Equal(t, "ignored", got.Status)
}
