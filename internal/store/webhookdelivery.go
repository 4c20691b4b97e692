package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type webhookDeliveryRow struct {
	OrgID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	AppID        string
	WebhookID    string
	Event        string
	EnvID        string
	DeploymentID string
	Variables    doc[map[string]string]
	Status       string
	SendOrder    int
	Attempts     int
	ResponseCode int
	Error        string
	Created      int64  `gorm:"column:created_at"`
	Attempted    *int64 `gorm:"column:attempted_at"`
	Finished     *int64 `gorm:"column:finished_at"`
	HandedOver   *int64 `gorm:"column:handed_over_at"`
	Version      int64
}

// TableName names the table.
func (webhookDeliveryRow) TableName() string { return "webhook_deliveries" }

func (r webhookDeliveryRow) domain() orchestrator.WebhookDelivery {
	return orchestrator.WebhookDelivery{
		OrgID: r.OrgID, AppID: r.AppID, WebhookID: r.WebhookID, ID: r.ID, Event: r.Event, EnvID: r.EnvID,
		DeploymentID: r.DeploymentID, Variables: r.Variables.V, Status: r.Status, Order: r.SendOrder, Attempts: r.Attempts,
		ResponseCode: r.ResponseCode, Error: r.Error, CreatedAt: instant(r.Created), AttemptedAt: instantOrNil(r.Attempted),
		FinishedAt: instantOrNil(r.Finished), HandedOverAt: instantOrNil(r.HandedOver), Version: r.Version,
	}
}

func webhookDeliveryObject(id string) object { return object{"webhook delivery", id} }

// CreateWebhookDeliveries stores deliveries.
func (s *Store) CreateWebhookDeliveries(ctx context.Context, deliveries []orchestrator.WebhookDelivery) error {
	if len(deliveries) == 0 {
		return nil
	}
	rows := make([]webhookDeliveryRow, 0, len(deliveries))
	for _, d := range deliveries {
		rows = append(rows, webhookDeliveryRow{
			OrgID: d.OrgID, AppID: d.AppID, WebhookID: d.WebhookID, ID: d.ID, Event: d.Event, EnvID: d.EnvID,
			DeploymentID: d.DeploymentID, Variables: doc[map[string]string]{d.Variables}, Status: d.Status, SendOrder: d.Order,
			Attempts: d.Attempts, ResponseCode: d.ResponseCode, Error: d.Error, Created: nanos(d.CreatedAt),
			Attempted: nanosOrNil(d.AttemptedAt), Finished: nanosOrNil(d.FinishedAt), HandedOver: nanosOrNil(d.HandedOverAt), Version: 1,
		})
	}
	err := s.InTx(ctx, func(ctx context.Context) error { return s.writer(ctx).CreateInBatches(&rows, batch).Error })
	if err != nil && classify(err) == faultForeignKey {
		return webhookObject(deliveries[0].WebhookID).missing()
	}
	return s.fail(ctx, err, "store webhook deliveries")
}

// GetWebhookDelivery reads a delivery.
func (s *Store) GetWebhookDelivery(ctx context.Context, org, id string) (*orchestrator.WebhookDelivery, error) {
	row, err := find[webhookDeliveryRow](ctx, s, key{"org_id": org, "id": id}, webhookDeliveryObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// ListWebhookDeliveries lists those of a webhook newest first; limit 0 = all.
func (s *Store) ListWebhookDeliveries(ctx context.Context, org, webhookID string, limit int) ([]orchestrator.WebhookDelivery, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "webhook_id": webhookID}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "webhook deliveries", webhookDeliveryRow.domain)
}

// WaitingDeliveries lists the pending ones of an application that no workflow
// was told of, oldest first.
func (s *Store) WaitingDeliveries(ctx context.Context, org, app string, limit int) ([]orchestrator.WebhookDelivery, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).
		Where("status = 'pending' AND handed_over_at IS NULL").Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "webhook deliveries", webhookDeliveryRow.domain)
}

// StaleDeliveries lists the pending ones of all organizations from before a time
// that no workflow was told of, or not since the time told, oldest first.
func (s *Store) StaleDeliveries(ctx context.Context, before, told time.Time, limit int) ([]orchestrator.WebhookDelivery, error) {
	query := s.reader(systemWide(ctx)).
		Where("status = 'pending' AND created_at < ? AND (handed_over_at IS NULL OR handed_over_at < ?)", nanos(before), nanos(told)).
		Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "webhook deliveries", webhookDeliveryRow.domain)
}

// UpdateWebhookDelivery writes what became of a delivery.
func (s *Store) UpdateWebhookDelivery(ctx context.Context, d *orchestrator.WebhookDelivery) error {
	set := columns{
		"status": d.Status, "send_order": d.Order, "attempts": d.Attempts, "response_code": d.ResponseCode, "error": d.Error,
		"attempted_at": nanosOrNil(d.AttemptedAt), "finished_at": nanosOrNil(d.FinishedAt), "handed_over_at": nanosOrNil(d.HandedOverAt),
	}
	return s.update(ctx, &webhookDeliveryRow{}, key{"org_id": d.OrgID, "id": d.ID}, &d.Version, set, webhookDeliveryObject(d.ID))
}

// DeleteWebhookDeliveries forgets those of a webhook that ended before a time.
func (s *Store) DeleteWebhookDeliveries(ctx context.Context, org, webhookID string, before time.Time) error {
	err := s.writer(ctx).Where(key{"org_id": org, "webhook_id": webhookID}).
		Where(clause.Lt{Column: "finished_at", Value: nanos(before)}).Delete(&webhookDeliveryRow{}).Error
	return s.fail(ctx, err, "delete webhook deliveries")
}
