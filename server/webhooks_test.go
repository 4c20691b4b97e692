package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/webhook"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestWebhooks(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	var events []api.WebhookEvent
	h.do("GET", "/orgs/"+org+"/events", "").must(http.StatusOK, &events)
	require.Len(t, events, 8)

	bare := h.do("POST", app+"/webhooks", `{"id":"bare","url":"https://example.com","triggers":[{"scope":"deployment","type":"finished"}]}`).must(http.StatusCreated, nil)
	require.Contains(t, bare.Body, `"headers":null`)
	require.Contains(t, bare.Body, `"payload":null`)
	require.Contains(t, bare.Body, `"url":"https://example.com"`, "as it was given")
	full := h.do("POST", app+"/webhooks", `{"id":"full","url":"example.com/hook?token=t0k3n","headers":{},"payload":{},"disabled":true,"secret":"s3cr3t",
		"triggers":[{"scope":"environment","type":"created"},{"scope":"environment","type":"deleted"}]}`).must(http.StatusCreated, nil)
	require.Contains(t, full.Body, `"headers":{}`)
	require.Contains(t, full.Body, `"payload":{}`)
	require.Contains(t, full.Body, `"signed":true`)
	require.NotContains(t, full.Body, "s3cr3t")

	item := app + "/webhooks/full"
	changed := h.do("PATCH", item, `{"headers":{"Authorization":"Bearer h1dd3n","X-N":1},"payload":{"text":"${comment}","deep":[{"a":null}]},"disabled":false}`).must(http.StatusOK, nil)
	require.NotContains(t, changed.Body, `"id"`)
	require.Contains(t, changed.Body, `Bearer h1dd3n`)
	require.Contains(t, changed.Body, `"signed":true`, "what is absent stays")
	changed = h.do("PATCH", item, `{"headers":null,"secret":""}`).must(http.StatusOK, nil)
	require.Contains(t, changed.Body, `"headers":null`)
	require.Contains(t, changed.Body, `"text":"${comment}"`)
	require.Contains(t, changed.Body, `"signed":false`)
	h.do("PATCH", item, `{"headers":{"Authorization":"Bearer h1dd3n"}}`).must(http.StatusOK, nil)

	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer})
	seen := h.as(viewer, "GET", item, "").must(http.StatusOK, nil)
	require.NotContains(t, seen.Body, "h1dd3n")
	require.NotContains(t, seen.Body, "t0k3n")
	require.Contains(t, seen.Body, "https://example.com/(hidden)")
	require.Contains(t, seen.Body, `"Authorization"`)
	h.as(viewer, "PATCH", item, `{}`).fails(http.StatusForbidden, "webhooks:write")
	h.as(viewer, "POST", app+"/webhooks", `{}`).fails(http.StatusForbidden)
	h.as(viewer, "DELETE", item, "").fails(http.StatusForbidden)
	h.as(h.rival, "GET", item, "").fails(http.StatusNotFound)

	other := h.app("other")
	h.do("POST", other+"/webhooks", `{"id":"full","url":"a.test"}`).fails(http.StatusConflict, "full")
	h.do("GET", other+"/webhooks/full", "").fails(http.StatusNotFound)
	for body, want := range map[string]string{
		`{"url":"a.test"}`:                                            "id",
		`{"id":"a b","url":"a.test"}`:                                 "id",
		`{"id":"x"}`:                                                  "url",
		`{"id":"x","url":"ftp://a.test"}`:                             "https",
		`{"id":"x","url":"https://u:p@a.test"}`:                       "header Authorization",
		`{"id":"x","url":"https://"}`:                                 "address",
		`{"id":"x","url":"a.test","triggers":[{}]}`:                   "environment created",
		`{"id":"x","url":"a.test","headers":{"a b":"c"}}`:             `"a b"`,
		`{"id":"x","url":"a.test","headers":{"Host":"c"}}`:            "Host",
		`{"id":"x","url":"a.test","headers":{"A":["c"]}}`:             "A must be a string",
		`{"id":"x","url":"a.test","headers":{"A":"b\nc"}}`:            "one line",
		`{"id":"x","url":"a.test","headers":{"X-Slipway-Event":"b"}}`: "Slipway",
		`{"id":"x","url":"a.test","payload":[]}`:                      "object",
		`{"id":"x","url":"a.test","triggers":[{"scope":"deployment","type":"started"},{"scope":"deployment","type":"started"}]}`: "twice",
	} {
		h.do("POST", app+"/webhooks", body).fails(http.StatusBadRequest, want)
	}
	var list []api.Webhook
	h.do("GET", app+"/webhooks", "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	h.do("GET", app+"/webhooks/none", "").fails(http.StatusNotFound, "none")
	h.do("PATCH", app+"/webhooks/none", `{}`).fails(http.StatusNotFound, "none")
	h.do("DELETE", app+"/webhooks/bare", "").must(http.StatusNoContent, nil)
	h.do("DELETE", app+"/webhooks/bare", "").fails(http.StatusNotFound, "bare")
	h.do("DELETE", app+"/jobs", "").must(http.StatusNoContent, nil)
	h.do("DELETE", app+"/jobs", "").must(http.StatusNoContent, nil)
	h.do("GET", app+"/webhooks", "").must(http.StatusOK, &list)
	require.Empty(t, list)
	require.NotContains(t, h.logs.String(), "h1dd3n")
	require.NotContains(t, h.logs.String(), "s3cr3t")
}

// receiver is a server that webhooks are sent to.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer func(w http.ResponseWriter) // nil = 200
}

type received struct {
	header http.Header
	body   string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body := make([]byte, req.ContentLength)
		_, _ = req.Body.Read(body)
		r.mu.Lock()
		r.got = append(r.got, received{req.Header, string(body)})
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(fn func(w http.ResponseWriter)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = fn
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

// sender sends what the harness has stored, with the real client.
func (h *harness) sender(networks ...string) *orchestrator.WebhookSender {
	h.t.Helper()
	allowed, err := external.ParseNetworks(networks)
	require.NoError(h.t, err)
	client, err := webhook.New(webhook.Options{Networks: allowed, Timeout: 5 * time.Second})
	require.NoError(h.t, err)
	return orchestrator.NewWebhookSender(orchestrator.WebhookSenderOptions{Store: h.store, Keeper: h.keeper, Transport: client, Log: h.log})
}

func (h *harness) deliveries(hook string) []api.WebhookDelivery {
	h.t.Helper()
	var list []api.WebhookDelivery
	h.do("GET", hook+"/deliveries", "").must(http.StatusOK, &list)
	return list
}

func TestWebhookDelivery(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	to := newReceiver(t)
	ctx := context.Background()
	app := h.app("shop")
	hook := app + "/webhooks/hook"
	h.do("POST", app+"/webhooks", `{"id":"hook","url":"`+to.URL+`/path","secret":"s3cr3t","headers":{"Authorization":"Bearer t"},
		"payload":{"text":"${event} of ${env_id}: <${name}> $\\{name} ${unknown}","list":["${type}",1]},
		"triggers":[{"scope":"environment","type":"created"},{"scope":"deployment","type":"finished"}]}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/webhooks", `{"id":"off","url":"`+to.URL+`","disabled":true,"triggers":[{"scope":"environment","type":"created"}]}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/envs", `{"id":"qa","name":"Q & A","type":"development"}`).must(http.StatusCreated, nil)
	require.Empty(t, h.deliveries(app+"/webhooks/off"))
	list := h.deliveries(hook)
	require.Len(t, list, 1)
	require.Equal(t, "environment.created", list[0].Event)
	require.Equal(t, "pending", list[0].Status)
	h.do("POST", hook+"/deliveries/"+list[0].ID+"/resend", "").fails(http.StatusConflict, "on its way")

	send := h.sender("127.0.0.0/8")
	order := orchestrator.WebhookOrder{OrgID: org, ID: list[0].ID, Order: 1}
	to.answers(func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	var retry *orchestrator.WebhookRetryError
	require.ErrorAs(t, send.Send(ctx, order), &retry)
	require.Equal(t, 7*time.Second, retry.After)
	d := h.deliveries(hook)[0]
	require.Equal(t, []any{"pending", 1, 503}, []any{d.Status, d.Attempts, d.ResponseCode})
	to.answers(func(w http.ResponseWriter) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
	})
	require.ErrorAs(t, send.Send(ctx, order), &retry)
	require.Contains(t, retry.Error(), "redirects")
	to.answers(nil)
	require.NoError(t, send.Send(ctx, order))
	require.NoError(t, send.Send(ctx, order), "an order that was carried out is left alone")
	require.NoError(t, send.GiveUp(ctx, order))
	require.Len(t, to.got, 3)
	d = h.deliveries(hook)[0]
	require.Equal(t, []any{"delivered", 3, 200, ""}, []any{d.Status, d.Attempts, d.ResponseCode, d.Error})
	require.NotNil(t, d.FinishedAt)

	got := to.got[2]
	require.JSONEq(t, `{"text":"environment.created of qa: <Q & A> ${name} ${unknown}","list":["development",1]}`, got.body)
	require.NotContains(t, got.body, `\u0026`)
	require.Equal(t, "application/json", got.header.Get("Content-Type"))
	require.Equal(t, "Bearer t", got.header.Get("Authorization"))
	require.Equal(t, d.ID, got.header.Get("X-Slipway-Delivery"))
	require.Equal(t, "environment.created", got.header.Get("X-Slipway-Event"))
	require.Equal(t, orchestrator.SignWebhook("s3cr3t", d.ID, got.header.Get("X-Slipway-Timestamp"), []byte(got.body)),
		got.header.Get("X-Slipway-Signature-256"))

	var again api.WebhookDelivery
	h.do("POST", hook+"/deliveries/"+d.ID+"/resend", "").must(http.StatusAccepted, &again)
	require.Equal(t, "pending", again.Status)
	require.NoError(t, send.Send(ctx, order))
	require.Len(t, to.got, 3, "the old order is over")
	order.Order = 2
	to.answers(status(http.StatusGone))
	require.NoError(t, send.Send(ctx, order), "a receiver that is gone is not asked again")
	d = h.deliveries(hook)[0]
	require.Equal(t, []any{"failed", 4, 410}, []any{d.Status, d.Attempts, d.ResponseCode})
	h.do("GET", hook+"/deliveries/"+d.ID, "").must(http.StatusOK, &again)
	h.do("GET", app+"/webhooks/off/deliveries/"+d.ID, "").fails(http.StatusNotFound, d.ID)
	h.do("GET", hook+"/deliveries/none", "").fails(http.StatusNotFound, "none")
	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer})
	h.as(viewer, "POST", hook+"/deliveries/"+d.ID+"/resend", "").fails(http.StatusForbidden)
	h.as(viewer, "GET", hook+"/deliveries", "").must(http.StatusOK, nil)

	h.do("POST", hook+"/deliveries/"+d.ID+"/resend", "").must(http.StatusAccepted, nil)
	order.Order = 3
	to.answers(status(500))
	require.Error(t, send.Send(ctx, order))
	require.NoError(t, send.GiveUp(ctx, order))
	d = h.deliveries(hook)[0]
	require.Equal(t, []any{"failed", 5, 500}, []any{d.Status, d.Attempts, d.ResponseCode})
	require.Contains(t, d.Error, "500")
	require.NotContains(t, h.logs.String(), "/path")
}

func TestWebhookAddresses(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	to := newReceiver(t)
	host := strings.TrimPrefix(to.URL, "http://")
	app := h.app("shop")
	order := func(id, url string) orchestrator.WebhookOrder {
		h.do("POST", app+"/webhooks", `{"id":"`+id+`","url":"`+url+`","triggers":[{"scope":"environment","type":"created"}]}`).must(http.StatusCreated, nil)
		h.do("POST", app+"/envs", `{"id":"`+id+`","name":"x","type":"development"}`).must(http.StatusCreated, nil)
		return orchestrator.WebhookOrder{OrgID: org, ID: h.deliveries(app + "/webhooks/" + id)[0].ID, Order: 1}
	}
	closed := newReceiver(t)
	closed.Close()
	for id, c := range map[string]struct {
		url, allowed, status, want string
	}{
		"private":        {"https://" + host, "", "failed", "not on the public Internet and not allowed by --webhook-networks"},
		"private-plain":  {"http://" + host, "", "failed", "127.0.0.1 is not allowed by --webhook-networks"},
		"other-network":  {"http://" + host, "10.0.0.0/8", "failed", "plain http"},
		"metadata":       {"http://169.254.169.254/latest", "127.0.0.1", "failed", "169.254.169.254"},
		"allowed":        {"http://" + host + "/secret-path", "127.0.0.1", "delivered", ""},
		"nobody-listens": {closed.URL + "/secret-path", "127.0.0.1", "pending", "refused"},
	} {
		o := order(id, c.url)
		var networks []string
		if c.allowed != "" {
			networks = []string{c.allowed}
		}
		_ = h.sender(networks...).Send(context.Background(), o)
		d := h.deliveries(app + "/webhooks/" + id)[0]
		require.Equal(t, c.status, d.Status, "%s: %s", id, d.Error)
		require.Contains(t, d.Error, c.want, id)
		require.NotContains(t, d.Error, "secret-path", id)
	}
	require.Len(t, to.got, 1)
	var body map[string]string
	require.NoError(t, json.Unmarshal([]byte(to.got[0].body), &body))
	require.Regexp(t, `^\d{4}-\d\d-\d\dT[\d:.]+Z$`, body["triggered_at"])
	delete(body, "triggered_at")
	require.Equal(t, map[string]string{
		"event": "environment.created", "org_id": org, "app_id": "shop", "env_id": "allowed", "triggered_by": h.admin.ID,
	}, body, "without a payload the common variables are sent")
}

func TestWebhooksOfDeployments(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		app := h.app("shop")
		h.do("POST", app+"/webhooks", `{"id":"hook","url":"a.test","triggers":[{"scope":"deployment","type":"started"},{"scope":"deployment","type":"finished"},{"scope":"environment","type":"deleted"}]}`).must(http.StatusCreated, nil)
		h.deployImages(app, map[string]string{"api": "api:1"})
		require.Empty(t, h.deliveries(app+"/webhooks/hook"), "accepted is not started")
		var deploys []api.Deployment
		h.do("GET", app+"/envs/development/deploys", "").must(http.StatusOK, &deploys)
		h.do("POST", app+"/envs/development/deploys/"+deploys[0].ID+"/cancel", "").must(http.StatusAccepted, nil)
		list := h.deliveries(app + "/webhooks/hook")
		require.Len(t, list, 1)
		require.Equal(t, "deployment.finished", list[0].Event)
		require.Equal(t, deploys[0].ID, list[0].DeploymentID)
		require.Equal(t, []string{"failed", "cancelled"}, []string{list[0].Variables["status"], list[0].Variables["outcome"]})
		require.NotEmpty(t, list[0].Variables["delta_id"])

		h.do("POST", app+"/envs", `{"id":"qa","name":"QA","type":"development"}`).must(http.StatusCreated, nil)
		h.do("DELETE", app+"/envs/qa", "").must(http.StatusNoContent, nil)
		list = h.deliveries(app + "/webhooks/hook")
		require.Equal(t, "environment.deleted", list[0].Event)
		require.Equal(t, "QA", list[0].Variables["name"])

		background := &fakeBackground{}
		clock := func() time.Time { return time.Now().Add(time.Minute) }
		h.workflows.mu.Lock()
		h.workflows.state = orchestrator.WorkflowQueued
		h.workflows.mu.Unlock()
		reconciler := orchestrator.NewReconciler(h.store, h.workflows, clock, h.log).WithBackground(background)
		require.NoError(t, reconciler.Once(context.Background()))
		require.Len(t, background.orders, 2, "what was not handed over is")
		require.NoError(t, reconciler.Once(context.Background()))
		require.Len(t, background.orders, 2, "once")
	})
}
