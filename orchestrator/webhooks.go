package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// WebhookRequest says what a webhook shall be; fields that were not given stay
// as they are.
type WebhookRequest struct {
	ID       string
	URL      *string
	Triggers *[]WebhookTrigger
	Disabled *bool
	Secret   *string // write-only; "" takes it away
	// Headers and Payload may be given as null, which unsets them.
	HeadersGiven bool
	Headers      map[string]any
	PayloadGiven bool
	Payload      map[string]any
}

// WebhookView is a webhook with the headers it sends. Those who may not change
// webhooks see the names of headers only, and of the URL only the host: both
// often hold tokens.
type WebhookView struct {
	Webhook
	Headers map[string]any // nil = none were given
}

const (
	maxWebhookURL     = 2048
	maxWebhookHeaders = 50
	maxWebhookPayload = 64 << 10 // bytes of JSON
	maxHeaderValue    = 8 << 10
	notShown          = "(hidden)"
)

var (
	webhookIDPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	headerPattern    = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") // a token of RFC 9110
)

// reservedHeaders are written by the client itself.
var reservedHeaders = []string{
	"host", "content-length", "connection", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive", "proxy-connection", "expect",
}

// ListWebhooks lists the webhooks of an application by id.
func (s *Service) ListWebhooks(ctx context.Context, org, app string) ([]WebhookView, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	hooks, err := s.store.ListWebhooks(ctx, org, app)
	if err != nil {
		return nil, err
	}
	views := make([]WebhookView, 0, len(hooks))
	for i := range hooks {
		view, err := s.viewWebhook(ctx, &hooks[i])
		if err != nil {
			return nil, err
		}
		views = append(views, *view)
	}
	return views, nil
}

// GetWebhook returns one webhook.
func (s *Service) GetWebhook(ctx context.Context, org, app, id string) (*WebhookView, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	hook, err := s.store.GetWebhook(ctx, org, app, id)
	if err != nil {
		return nil, err
	}
	return s.viewWebhook(ctx, hook)
}

// CreateWebhook adds a webhook to an application.
func (s *Service) CreateWebhook(ctx context.Context, org, app string, req WebhookRequest) (*WebhookView, error) {
	if err := s.requireAppPerm(ctx, org, app, PermWebhooksWrite); err != nil {
		return nil, err
	}
	if _, err := s.store.GetApplication(ctx, org, app); err != nil {
		return nil, err
	}
	if len(req.ID) > maxKey || !webhookIDPattern.MatchString(req.ID) {
		return nil, Invalidf("id: %q is not valid; use up to %d letters, digits, dots, dashes and underscores", shorten(req.ID), maxKey)
	}
	if req.URL == nil || *req.URL == "" {
		return nil, Invalidf("url: the address to send to is missing")
	}
	hook := &Webhook{OrgID: org, AppID: app, ID: req.ID, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID}
	if err := s.applyWebhook(req, hook); err != nil {
		return nil, err
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "webhook", webhookPath(hook), auditWebhook(hook)), s.store.CreateWebhook(ctx, hook)
	})
	if err != nil {
		return nil, err
	}
	return s.viewWebhook(ctx, hook)
}

func webhookPath(hook *Webhook) string {
	return AppObject(hook.OrgID, hook.AppID) + "/webhooks/" + hook.ID
}

// auditWebhook is what the audit log keeps of a webhook.
func auditWebhook(hook *Webhook) map[string]any {
	return map[string]any{
		"url": hiddenURL(hook.URL), "triggers": hook.Triggers, "payload": hook.Payload, "disabled": hook.Disabled, "signed": hook.Signed,
	}
}

// UpdateWebhook changes what the request gives.
func (s *Service) UpdateWebhook(ctx context.Context, org, app, id string, req WebhookRequest) (*WebhookView, error) {
	if err := s.requireAppPerm(ctx, org, app, PermWebhooksWrite); err != nil {
		return nil, err
	}
	var hook *Webhook
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		if hook, err = s.store.GetWebhook(ctx, org, app, id); err != nil {
			return Change{}, err
		}
		before := auditWebhook(hook)
		if err := s.applyWebhook(req, hook); err != nil {
			return Change{}, err
		}
		err = stale(s.store.UpdateWebhook(ctx, hook))
		return updated(org, "webhook", webhookPath(hook), before, auditWebhook(hook)), err
	})
	if err != nil {
		return nil, err
	}
	return s.viewWebhook(ctx, hook)
}

// DeleteWebhook removes a webhook with what is on its way to it.
func (s *Service) DeleteWebhook(ctx context.Context, org, app, id string) error {
	if err := s.requireAppPerm(ctx, org, app, PermWebhooksWrite); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		hook, err := s.store.GetWebhook(ctx, org, app, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "webhook", webhookPath(hook), auditWebhook(hook)), s.store.DeleteWebhook(ctx, org, app, id)
	})
}

// DeleteWebhooks removes all webhooks of an application.
func (s *Service) DeleteWebhooks(ctx context.Context, org, app string) error {
	if err := s.requireAppPerm(ctx, org, app, PermWebhooksWrite); err != nil {
		return err
	}
	if _, err := s.store.GetApplication(ctx, org, app); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		hooks, err := s.store.ListWebhooks(ctx, org, app)
		if err != nil {
			return err
		}
		for i := range hooks {
			if err := s.store.DeleteWebhook(ctx, org, app, hooks[i].ID); err != nil && !IsNotFound(err) {
				return err
			}
			if err := s.audit(ctx, deleted(org, "webhook", webhookPath(&hooks[i]), auditWebhook(&hooks[i]))); err != nil {
				return err
			}
		}
		return nil
	})
}

// applyWebhook validates the request and writes it into a webhook.
func (s *Service) applyWebhook(req WebhookRequest, hook *Webhook) error {
	if req.URL != nil {
		if _, err := WebhookTarget(*req.URL); err != nil {
			return err
		}
		hook.URL = *req.URL
	}
	if req.Triggers != nil {
		if err := checkTriggers(*req.Triggers); err != nil {
			return err
		}
		hook.Triggers = *req.Triggers
	}
	if req.Disabled != nil {
		hook.Disabled = *req.Disabled
	}
	if req.PayloadGiven {
		if raw, err := json.Marshal(req.Payload); err != nil || len(raw) > maxWebhookPayload {
			return Invalidf("payload: at most %d KiB of JSON are possible", maxWebhookPayload>>10)
		}
		hook.Payload = req.Payload
	}
	if !req.HeadersGiven && req.Secret == nil {
		return nil
	}
	kept, err := openWebhook(s.keeper, hook)
	if err != nil {
		return err
	}
	if req.HeadersGiven {
		if err := checkHeaders(req.Headers); err != nil {
			return err
		}
		kept.Headers = req.Headers
	}
	if req.Secret != nil {
		if len(*req.Secret) > maxKey {
			return Invalidf("secret: more than %d characters are not possible", maxKey)
		}
		kept.Secret = *req.Secret
	}
	hook.Signed = kept.Secret != ""
	return sealWebhook(s.keeper, hook, kept)
}

// WebhookTarget is the address of a webhook; without a scheme it is https. Plain
// http is for receivers inside the networks that the server allows.
func WebhookTarget(given string) (*url.URL, error) {
	if len(given) > maxWebhookURL {
		return nil, Invalidf("url: more than %d characters are not possible", maxWebhookURL)
	}
	full := given
	if !strings.Contains(given, "://") {
		full = "https://" + given
	}
	target, err := url.Parse(full)
	if err != nil || target.Hostname() == "" || target.Opaque != "" {
		return nil, Invalidf("url: this is no address like https://example.com/path") // it may hold a token: not repeated
	}
	if target.Scheme != "https" && target.Scheme != "http" {
		return nil, Invalidf("url: expected https, got %q", shorten(target.Scheme))
	}
	if target.User != nil {
		return nil, Invalidf("url: user and password do not belong into the address; send a header Authorization")
	}
	target.Fragment = ""
	return target, nil
}

func checkTriggers(triggers []WebhookTrigger) error {
	for i, trigger := range triggers {
		known := slices.ContainsFunc(webhookEvents, func(e WebhookEvent) bool { return e.WebhookTrigger == trigger })
		if !known {
			var names []string
			for _, e := range webhookEvents {
				names = append(names, e.Scope+" "+e.Type)
			}
			return Invalidf("triggers[%d]: there is no event with scope %q and type %q; there are: %s",
				i, shorten(trigger.Scope), shorten(trigger.Type), strings.Join(names, ", "))
		}
		if slices.Contains(triggers[:i], trigger) {
			return Invalidf("triggers[%d]: %s %s is there twice", i, trigger.Scope, trigger.Type)
		}
	}
	return nil
}

func checkHeaders(headers map[string]any) error {
	if len(headers) > maxWebhookHeaders {
		return Invalidf("headers: at most %d are possible", maxWebhookHeaders)
	}
	for name, value := range headers {
		lower := strings.ToLower(name)
		if !headerPattern.MatchString(name) || len(name) > maxKey {
			return Invalidf("headers: %q cannot be the name of a header", shorten(name))
		}
		if slices.Contains(reservedHeaders, lower) || strings.HasPrefix(lower, "x-slipway-") {
			return Invalidf("headers: %s is written by Slipway and cannot be set", name)
		}
		text, ok := headerText(value)
		if !ok || len(text) > maxHeaderValue || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return Invalidf("headers: the value of %s must be a string of one line", name) // never repeated
		}
	}
	return nil
}

// headerText spells the value of a header.
func headerText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case float64, bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

func openWebhook(keeper Keeper, hook *Webhook) (webhookSecrets, error) {
	var kept webhookSecrets
	if len(hook.Sealed) == 0 {
		return kept, nil
	}
	raw, err := keeper.Decrypt(hook.Sealed, WebhookPlace(hook.OrgID, hook.ID))
	if err != nil {
		return kept, Wrapf(CodeInternal, err, "the headers of webhook %q could not be decrypted", hook.ID)
	}
	return kept, json.Unmarshal(raw, &kept)
}

func sealWebhook(keeper Keeper, hook *Webhook, kept webhookSecrets) error {
	raw, err := json.Marshal(kept) //nolint:gosec // it is encrypted at once
	if err != nil {
		return Invalidf("headers: %v", err)
	}
	hook.Sealed, err = keeper.Encrypt(raw, WebhookPlace(hook.OrgID, hook.ID))
	if err != nil {
		return Wrapf(CodeInternal, err, "the headers of webhook %q could not be encrypted", hook.ID)
	}
	return nil
}

// viewWebhook opens what the one who asks may see.
func (s *Service) viewWebhook(ctx context.Context, hook *Webhook) (*WebhookView, error) {
	kept, err := openWebhook(s.keeper, hook)
	if err != nil {
		return nil, err
	}
	view := &WebhookView{Webhook: *hook, Headers: kept.Headers}
	if s.may(ctx, PermWebhooksWrite, onApp(hook.OrgID, hook.AppID)) {
		return view, nil
	}
	view.URL, view.Headers = hiddenURL(hook.URL), maps.Clone(kept.Headers)
	for name := range view.Headers {
		view.Headers[name] = notShown
	}
	return view, nil
}

// hiddenURL keeps the host of an address.
func hiddenURL(given string) string {
	target, err := WebhookTarget(given)
	if err != nil {
		return notShown
	}
	if target.Path == "" && target.RawQuery == "" {
		return given
	}
	return target.Scheme + "://" + target.Host + "/" + notShown
}

// maxDeliveries is how many deliveries are listed at most.
const maxDeliveries = 200

// ListWebhookDeliveries lists what was, or is to be, sent to a webhook, newest first.
func (s *Service) ListWebhookDeliveries(ctx context.Context, org, app, id string, limit int) ([]WebhookDelivery, error) {
	if _, err := s.GetWebhook(ctx, org, app, id); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > maxDeliveries {
		limit = maxDeliveries
	}
	return s.store.ListWebhookDeliveries(ctx, org, id, limit)
}

// GetWebhookDelivery returns one delivery.
func (s *Service) GetWebhookDelivery(ctx context.Context, org, app, hookID, id string) (*WebhookDelivery, error) {
	if _, err := s.GetWebhook(ctx, org, app, hookID); err != nil {
		return nil, err
	}
	return s.deliveryOf(ctx, org, app, hookID, id)
}

func (s *Service) deliveryOf(ctx context.Context, org, app, hookID, id string) (*WebhookDelivery, error) {
	d, err := s.store.GetWebhookDelivery(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if d.AppID != app || d.WebhookID != hookID {
		return nil, NotFoundf("webhook delivery %q does not exist", id)
	}
	return d, nil
}

// ResendWebhook orders a delivery once more, with the webhook as it is now. One
// that is still on its way is a conflict.
func (s *Service) ResendWebhook(ctx context.Context, org, app, hookID, id string) (*WebhookDelivery, error) {
	if err := s.requireAppPerm(ctx, org, app, PermWebhooksWrite); err != nil {
		return nil, err
	}
	var d *WebhookDelivery
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		hook, err := s.store.GetWebhook(ctx, org, app, hookID)
		if err != nil {
			return Change{}, err
		}
		if hook.Disabled {
			return Change{}, Conflictf("webhook %q is disabled; enable it to send to it", hookID)
		}
		if d, err = s.deliveryOf(ctx, org, app, hookID, id); err != nil {
			return Change{}, err
		}
		if d.Status == WebhookPending {
			return Change{}, Conflictf("delivery %s is still on its way; it was tried %d times", id, d.Attempts)
		}
		d.Status, d.Order, d.FinishedAt, d.HandedOverAt = WebhookPending, d.Order+1, nil, nil
		err = stale(s.store.UpdateWebhookDelivery(ctx, d))
		return Change{Org: org, Action: "resend", Type: "webhook-delivery", Object: webhookPath(hook) + "/deliveries/" + id}, err
	})
	if err != nil {
		return nil, err
	}
	s.outbox.flush(ctx, org, app)
	return d, nil
}
