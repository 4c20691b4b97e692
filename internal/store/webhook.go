package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type webhookRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	AppID     string
	URL       string `gorm:"column:url"`
	Triggers  doc[[]orchestrator.WebhookTrigger]
	Payload   doc[map[string]any]
	Disabled  bool
	Signed    bool
	Sealed    []byte
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Version   int64
}

// TableName names the table.
func (webhookRow) TableName() string { return "webhooks" }

func (r webhookRow) domain() orchestrator.Webhook {
	return orchestrator.Webhook{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, URL: r.URL, Triggers: r.Triggers.V, Payload: r.Payload.V,
		Disabled: r.Disabled, Signed: r.Signed, Sealed: r.Sealed,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, Version: r.Version,
	}
}

func webhookObject(id string) object { return object{"webhook", id} }

func webhookKey(org, app, id string) key { return key{"org_id": org, "app_id": app, "id": id} }

// CreateWebhook stores a webhook; its id is unique in the organization.
func (s *Store) CreateWebhook(ctx context.Context, w *orchestrator.Webhook) error {
	row := webhookRow{
		OrgID: w.OrgID, ID: w.ID, AppID: w.AppID, URL: w.URL, Triggers: doc[[]orchestrator.WebhookTrigger]{w.Triggers},
		Payload: doc[map[string]any]{w.Payload}, Disabled: w.Disabled, Signed: w.Signed, Sealed: w.Sealed,
		Created: nanos(w.CreatedAt), CreatedBy: w.CreatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, webhookObject(w.ID), applicationObject(w.AppID)); err != nil {
		return err
	}
	w.Version = row.Version
	return nil
}

// GetWebhook reads a webhook.
func (s *Store) GetWebhook(ctx context.Context, org, app, id string) (*orchestrator.Webhook, error) {
	row, err := find[webhookRow](ctx, s, webhookKey(org, app, id), webhookObject(id))
	if err != nil {
		return nil, err
	}
	w := row.domain()
	return &w, nil
}

// ListWebhooks lists those of an application by id. Inside InTx they stay until
// it ends, so that deliveries to them can be stored.
func (s *Store) ListWebhooks(ctx context.Context, org, app string) ([]orchestrator.Webhook, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(order("id"))
	if s.transaction(ctx) != nil {
		query = query.Clauses(clause.Locking{Strength: lockKeyShare})
	}
	return list(ctx, s, query, "webhooks", webhookRow.domain)
}

// UpdateWebhook writes everything that may change.
func (s *Store) UpdateWebhook(ctx context.Context, w *orchestrator.Webhook) error {
	set := columns{
		"url": w.URL, "triggers": doc[[]orchestrator.WebhookTrigger]{w.Triggers}, "payload": doc[map[string]any]{w.Payload},
		"disabled": w.Disabled, "signed": w.Signed, "sealed": w.Sealed,
	}
	return s.update(ctx, &webhookRow{}, webhookKey(w.OrgID, w.AppID, w.ID), &w.Version, set, webhookObject(w.ID))
}

// DeleteWebhook removes the webhook with its deliveries.
func (s *Store) DeleteWebhook(ctx context.Context, org, app, id string) error {
	return s.remove(ctx, &webhookRow{}, webhookKey(org, app, id), webhookObject(id))
}
