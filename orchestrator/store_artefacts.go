package orchestrator

import (
	"context"
	"time"
)

// ArtefactStore keeps artefacts and their versions.
type ArtefactStore interface {
	CreateArtefact(ctx context.Context, a *Artefact) error
	GetArtefact(ctx context.Context, org, id string) (*Artefact, error)
	FindArtefact(ctx context.Context, org, kind, name string) (*Artefact, error)
	// ListArtefacts lists by name; kind and name "" = any.
	ListArtefacts(ctx context.Context, org, kind, name string) ([]Artefact, error)
	// UpdateArtefact writes when and by whom the artefact was updated.
	UpdateArtefact(ctx context.Context, a *Artefact) error
	// DeleteArtefact removes the artefact with all its versions.
	DeleteArtefact(ctx context.Context, org, id string) error

	// CreateArtefactVersion answers CodeConflict when an equal one is there (Fingerprint).
	CreateArtefactVersion(ctx context.Context, v *ArtefactVersion) error
	GetArtefactVersion(ctx context.Context, org, id string) (*ArtefactVersion, error)
	FindArtefactVersion(ctx context.Context, org, artefactID, fingerprint string) (*ArtefactVersion, error)
	// ListArtefactVersions lists newest first, without Source and Set.
	ListArtefactVersions(ctx context.Context, org string, f ArtefactVersionFilter) ([]ArtefactVersion, error)
	// UpdateArtefactVersion writes Archived, Set, UpdatedAt and UpdatedBy.
	UpdateArtefactVersion(ctx context.Context, v *ArtefactVersion) error
}

// AutomationStore keeps automation rules and the pushes they let through.
type AutomationStore interface {
	// CreateAutomationRule needs the application, not the environment.
	CreateAutomationRule(ctx context.Context, r *AutomationRule) error
	GetAutomationRule(ctx context.Context, ref EnvRef, id string) (*AutomationRule, error)
	// ListAutomationRules lists those of an environment, oldest first.
	ListAutomationRules(ctx context.Context, ref EnvRef) ([]AutomationRule, error)
	// ActiveAutomationRules lists the active ones of the organization whose
	// environment exists, by environment.
	ActiveAutomationRules(ctx context.Context, org string) ([]AutomationRule, error)
	UpdateAutomationRule(ctx context.Context, r *AutomationRule) error
	DeleteAutomationRule(ctx context.Context, ref EnvRef, id string) error

	CreatePushes(ctx context.Context, pushes []Push) error
	// ListPushes lists newest first; limit 0 = all.
	ListPushes(ctx context.Context, ref EnvRef, limit int) ([]Push, error)
	// PendingPushes lists oldest first.
	PendingPushes(ctx context.Context, ref EnvRef) ([]Push, error)
	// EnvironmentsWithPushes lists the environments of all organizations that have
	// pending pushes from before a time, at most limit; only for the system itself.
	EnvironmentsWithPushes(ctx context.Context, before time.Time, limit int) ([]EnvRef, error)
	UpdatePush(ctx context.Context, p *Push) error
	// DeletePushes forgets those that were handled before a time.
	DeletePushes(ctx context.Context, ref EnvRef, before time.Time) error
}

// WebhookStore keeps webhooks and their deliveries.
type WebhookStore interface {
	CreateWebhook(ctx context.Context, w *Webhook) error
	GetWebhook(ctx context.Context, org, app, id string) (*Webhook, error)
	// ListWebhooks lists those of an application by id.
	ListWebhooks(ctx context.Context, org, app string) ([]Webhook, error)
	UpdateWebhook(ctx context.Context, w *Webhook) error
	// DeleteWebhook removes the webhook with its deliveries.
	DeleteWebhook(ctx context.Context, org, app, id string) error

	CreateWebhookDeliveries(ctx context.Context, deliveries []WebhookDelivery) error
	GetWebhookDelivery(ctx context.Context, org, id string) (*WebhookDelivery, error)
	// ListWebhookDeliveries lists those of a webhook newest first; limit 0 = all.
	ListWebhookDeliveries(ctx context.Context, org, webhookID string, limit int) ([]WebhookDelivery, error)
	// WaitingDeliveries lists the pending ones of an application that no workflow was
	// told of, oldest first, at most limit.
	WaitingDeliveries(ctx context.Context, org, app string, limit int) ([]WebhookDelivery, error)
	// StaleDeliveries lists the pending ones of all organizations from before a time
	// that no workflow was told of, or not since the time told, oldest first, at most
	// limit; only for the system itself.
	StaleDeliveries(ctx context.Context, before, told time.Time, limit int) ([]WebhookDelivery, error)
	UpdateWebhookDelivery(ctx context.Context, d *WebhookDelivery) error
	// DeleteWebhookDeliveries forgets those of a webhook that ended before a time.
	DeleteWebhookDeliveries(ctx context.Context, org, webhookID string, before time.Time) error
}
