package orchestrator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// WebhookMessage is one HTTP request to a receiver.
type WebhookMessage struct {
	URL    string
	Header http.Header
	Body   []byte
}

// WebhookAnswer is what the receiver said.
type WebhookAnswer struct {
	Status     int
	RetryAfter time.Duration // 0 = not said
}

// WebhookTransport sends requests to receivers. A target that is not allowed is
// CodeForbidden; every other error may pass.
type WebhookTransport interface {
	Send(ctx context.Context, m WebhookMessage) (WebhookAnswer, error)
}

// WebhookSender carries out orders to deliver webhooks. It acts as Slipway
// itself.
type WebhookSender struct {
	store     Store
	keeper    Keeper
	transport WebhookTransport
	now       func() time.Time
	log       *slog.Logger
	observe   func(event string, labels ...string)
}

// WebhookSenderOptions are the parts of a WebhookSender; Now, Log and Observe
// may be nil.
type WebhookSenderOptions struct {
	Store     Store
	Keeper    Keeper
	Transport WebhookTransport
	Now       func() time.Time
	Log       *slog.Logger
	// Observe counts attempts, for metrics: ("webhook", result).
	Observe func(event string, labels ...string)
}

// NewWebhookSender builds a WebhookSender.
func NewWebhookSender(o WebhookSenderOptions) *WebhookSender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Observe == nil {
		o.Observe = func(string, ...string) {}
	}
	return &WebhookSender{
		store: o.Store, keeper: o.Keeper, transport: o.Transport, log: o.Log, observe: o.Observe,
		now: func() time.Time { return o.Now().UTC() },
	}
}

// WebhookRetryError says that a delivery was not received and is to be repeated.
type WebhookRetryError struct {
	Cause string
	After time.Duration // as the receiver asked; 0 = not said
}

// Error returns the cause.
func (e *WebhookRetryError) Error() string { return e.Cause }

// deliveriesKept is how long deliveries that ended are remembered.
const deliveriesKept = 30 * 24 * time.Hour

// Send makes one attempt and records it. It returns a WebhookRetryError when another
// one may help. An order that is carried out, given up or replaced by a newer
// one is left alone.
func (w *WebhookSender) Send(ctx context.Context, order WebhookOrder) error {
	d, err := w.open(ctx, order)
	if err != nil || d == nil {
		return err
	}
	hook, err := w.store.GetWebhook(ctx, d.OrgID, d.AppID, d.WebhookID)
	if IsNotFound(err) {
		return nil // the delivery went with it
	}
	if err != nil {
		return err
	}
	if hook.Disabled {
		return w.record(ctx, order, webhookAttempt{failure: "the webhook is disabled", final: true, unsent: true})
	}
	message, err := w.message(hook, d)
	if err != nil {
		return w.record(ctx, order, webhookAttempt{failure: err.Error(), final: true, unsent: true})
	}
	return w.record(ctx, order, w.try(ctx, message))
}

// GiveUp ends an order that was repeated for long enough.
func (w *WebhookSender) GiveUp(ctx context.Context, order WebhookOrder) error {
	d, err := w.open(ctx, order)
	if err != nil || d == nil {
		return err
	}
	return w.record(ctx, order, webhookAttempt{failure: d.Error, code: d.ResponseCode, final: true, unsent: true})
}

// open reads the delivery of an order that is still to be carried out.
func (w *WebhookSender) open(ctx context.Context, order WebhookOrder) (*WebhookDelivery, error) {
	d, err := w.store.GetWebhookDelivery(ctx, order.OrgID, order.ID)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil || d.Status != WebhookPending || d.Order != order.Order {
		return nil, err
	}
	return d, nil
}

// webhookAttempt is how one attempt ended.
type webhookAttempt struct {
	code    int
	failure string // "" = received
	final   bool   // another attempt does not help
	unsent  bool   // no request was made
	after   time.Duration
}

// try sends a message once.
func (w *WebhookSender) try(ctx context.Context, m WebhookMessage) webhookAttempt {
	answer, err := w.transport.Send(ctx, m)
	switch {
	case err != nil:
		return webhookAttempt{failure: err.Error(), final: CodeOf(err) == CodeForbidden || CodeOf(err) == CodeInvalid}
	case answer.Status >= 200 && answer.Status < 300:
		return webhookAttempt{code: answer.Status}
	case answer.Status >= 300 && answer.Status < 400:
		return webhookAttempt{code: answer.Status, failure: fmt.Sprintf("the receiver answered %d; redirects are not followed", answer.Status)}
	}
	return webhookAttempt{
		code: answer.Status, failure: fmt.Sprintf("the receiver answered %d %s", answer.Status, http.StatusText(answer.Status)),
		final: answer.Status == http.StatusGone, after: answer.RetryAfter,
	}
}

// record stores how an attempt ended, unless the order was replaced meanwhile.
func (w *WebhookSender) record(ctx context.Context, order WebhookOrder, a webhookAttempt) error {
	var d *WebhookDelivery
	for range raceAttempts {
		var err error
		if d, err = w.open(ctx, order); err != nil || d == nil {
			return err
		}
		at := w.now()
		if !a.unsent {
			d.Attempts++
			d.AttemptedAt = &at
		}
		d.ResponseCode, d.Error = a.code, a.failure
		if a.failure == "" {
			d.Status, d.FinishedAt = WebhookDelivered, &at
		}
		if a.failure != "" && a.final {
			d.Status, d.FinishedAt = WebhookFailed, &at
		}
		err = w.store.UpdateWebhookDelivery(ctx, d)
		if err == nil {
			break
		}
		if !IsConflict(err) {
			return err
		}
	}
	w.report(ctx, d)
	if d.Status == WebhookPending {
		return &WebhookRetryError{Cause: a.failure, After: a.after}
	}
	return w.store.DeleteWebhookDeliveries(ctx, d.OrgID, d.WebhookID, w.now().Add(-deliveriesKept))
}

// report counts and logs an attempt; the address is not logged, it may hold a token.
func (w *WebhookSender) report(ctx context.Context, d *WebhookDelivery) {
	result, level := d.Status, slog.LevelInfo
	switch d.Status {
	case WebhookPending:
		result, level = "retried", slog.LevelWarn
	case WebhookFailed:
		level = slog.LevelWarn
	}
	w.observe("webhook", result)
	w.log.Log(ctx, level, "webhook delivery "+result, slog.String("org", d.OrgID), slog.String("app", d.AppID),
		slog.String("webhook", d.WebhookID), slog.String("delivery", d.ID), slog.String("event", d.Event),
		slog.Int("attempts", d.Attempts), slog.Int("status", d.ResponseCode), slog.String("error", d.Error))
}

// Headers of every delivery. The signature covers delivery id, time and body.
const (
	headerDelivery  = "X-Slipway-Delivery"
	headerEvent     = "X-Slipway-Event"
	headerTimestamp = "X-Slipway-Timestamp"
	headerSignature = "X-Slipway-Signature-256"
)

// message makes the request of a delivery from the webhook as it is now.
func (w *WebhookSender) message(hook *Webhook, d *WebhookDelivery) (WebhookMessage, error) {
	kept, err := openWebhook(w.keeper, hook)
	if err != nil {
		return WebhookMessage{}, err
	}
	target, err := WebhookTarget(hook.URL)
	if err != nil {
		return WebhookMessage{}, err
	}
	body, err := webhookBody(hook.Payload, d.Variables)
	if err != nil {
		return WebhookMessage{}, err
	}
	timestamp := strconv.FormatInt(w.now().Unix(), 10)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "Slipway-Webhook")
	for name, value := range kept.Headers {
		text, _ := headerText(value)
		header.Set(name, text)
	}
	header.Set(headerDelivery, d.ID)
	header.Set(headerEvent, d.Event)
	header.Set(headerTimestamp, timestamp)
	if kept.Secret != "" {
		header.Set(headerSignature, SignWebhook(kept.Secret, d.ID, timestamp, body))
	}
	return WebhookMessage{URL: target.String(), Header: header, Body: body}, nil
}

// SignWebhook is the value of X-Slipway-Signature-256: sha256= and the
// hexadecimal HMAC-SHA-256, with the secret as key, of delivery id, timestamp
// and body, joined by dots.
func SignWebhook(secret, delivery, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(delivery + "." + timestamp + "."))
	_, _ = mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// webhookBody fills the variables into a payload; without one the common
// variables are sent.
func webhookBody(payload map[string]any, variables map[string]string) ([]byte, error) {
	var tree any
	if payload == nil {
		common := map[string]string{}
		for _, name := range commonVariables {
			common[name] = variables[name]
		}
		tree = common
	} else {
		tree = fillPayload(payload, variables)
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tree); err != nil {
		return nil, fmt.Errorf("encoding the payload: %w", err)
	}
	return bytes.TrimRight(body.Bytes(), "\n"), nil
}

var payloadVariable = regexp.MustCompile(`\$(\\?)\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// fillPayload replaces ${name} in all strings; $\{name} stays as ${name}, and so
// does the name of a variable that the event does not have.
func fillPayload(v any, variables map[string]string) any {
	switch t := v.(type) {
	case string:
		return payloadVariable.ReplaceAllStringFunc(t, func(match string) string {
			parts := payloadVariable.FindStringSubmatch(match)
			value, known := variables[parts[2]]
			if parts[1] != "" || !known {
				return "${" + parts[2] + "}"
			}
			return value
		})
	case map[string]any:
		out := maps.Clone(t)
		for key, child := range t {
			out[key] = fillPayload(child, variables)
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, child := range t {
			out[i] = fillPayload(child, variables)
		}
		return out
	}
	return v
}
