package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type receiverRow struct {
	OrgID      string `gorm:"primaryKey"`
	AppID      string
	ID         string `gorm:"primaryKey"`
	Vendor     string
	RuleID     string
	Repository string
	Sealed     []byte
	Created    int64 `gorm:"column:created_at"`
	CreatedBy  string
}

// TableName names the table.
func (receiverRow) TableName() string { return "receivers" }

func (r receiverRow) domain() orchestrator.Receiver {
	return orchestrator.Receiver{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, Vendor: r.Vendor, RuleID: r.RuleID, Repository: r.Repository, Sealed: r.Sealed,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func receiverObject(id string) object { return object{"receiver", id} }

func receiverKey(org, app, id string) key { return key{"org_id": org, "app_id": app, "id": id} }

// CreateReceiver stores a receiver; its rule must exist.
func (s *Store) CreateReceiver(ctx context.Context, r *orchestrator.Receiver) error {
	row := receiverRow{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, Vendor: r.Vendor, RuleID: r.RuleID, Repository: r.Repository, Sealed: notNil(r.Sealed),
		Created: nanos(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
	return s.insert(ctx, &row, receiverObject(r.ID), previewRuleObject(r.RuleID))
}

// GetReceiver reads a receiver.
func (s *Store) GetReceiver(ctx context.Context, org, app, id string) (*orchestrator.Receiver, error) {
	return s.receiver(ctx, receiverKey(org, app, id), id)
}

// FindReceiver finds a receiver by its id alone.
func (s *Store) FindReceiver(ctx context.Context, id string) (*orchestrator.Receiver, error) {
	return s.receiver(systemWide(ctx), key{"id": id}, id)
}

func (s *Store) receiver(ctx context.Context, where key, id string) (*orchestrator.Receiver, error) {
	row, err := find[receiverRow](ctx, s, where, receiverObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListReceivers lists those of an application, or of all when app is "", oldest first.
func (s *Store) ListReceivers(ctx context.Context, org, app string) ([]orchestrator.Receiver, error) {
	where := key{"org_id": org}
	if app != "" {
		where["app_id"] = app
	}
	query := s.reader(ctx).Where(where).Clauses(order("created_at", "id"))
	return list(ctx, s, query, "receivers", receiverRow.domain)
}

// DeleteReceiver removes a receiver with what it received.
func (s *Store) DeleteReceiver(ctx context.Context, org, app, id string) error {
	return s.remove(ctx, &receiverRow{}, receiverKey(org, app, id), receiverObject(id))
}

type receiverDeliveryRow struct {
	OrgID      string `gorm:"primaryKey"`
	ReceiverID string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	Event      string
	Kind       string
	Branch     string
	CommitID   string
	EnvID      string
	Status     string
	Reason     string
	Created    int64  `gorm:"column:created_at"`
	Finished   *int64 `gorm:"column:finished_at"`
	Version    int64
}

// TableName names the table.
func (receiverDeliveryRow) TableName() string { return "receiver_deliveries" }

func (r receiverDeliveryRow) domain() orchestrator.ReceiverDelivery {
	return orchestrator.ReceiverDelivery{
		OrgID: r.OrgID, ReceiverID: r.ReceiverID, ID: r.ID, Event: r.Event, Kind: r.Kind, Branch: r.Branch, Commit: r.CommitID, EnvID: r.EnvID,
		Status: r.Status, Reason: r.Reason, CreatedAt: instant(r.Created), FinishedAt: instantOrNil(r.Finished), Version: r.Version,
	}
}

func receiverDeliveryObject(id string) object { return object{"delivery", id} }

func receiverDeliveryKey(org, receiver, id string) key {
	return key{"org_id": org, "receiver_id": receiver, "id": id}
}

// CreateReceiverDelivery stores a delivery that is not known yet.
func (s *Store) CreateReceiverDelivery(ctx context.Context, d *orchestrator.ReceiverDelivery) error {
	row := receiverDeliveryRow{
		OrgID: d.OrgID, ReceiverID: d.ReceiverID, ID: d.ID, Event: d.Event, Kind: d.Kind, Branch: d.Branch, CommitID: d.Commit, EnvID: d.EnvID,
		Status: d.Status, Reason: d.Reason, Created: nanos(d.CreatedAt), Finished: nanosOrNil(d.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, receiverDeliveryObject(d.ID), receiverObject(d.ReceiverID)); err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetReceiverDelivery reads a delivery.
func (s *Store) GetReceiverDelivery(ctx context.Context, org, receiver, id string) (*orchestrator.ReceiverDelivery, error) {
	row, err := find[receiverDeliveryRow](ctx, s, receiverDeliveryKey(org, receiver, id), receiverDeliveryObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// ListReceiverDeliveries lists newest first; limit 0 = all.
func (s *Store) ListReceiverDeliveries(ctx context.Context, org, receiver string, limit int) ([]orchestrator.ReceiverDelivery, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "receiver_id": receiver}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "deliveries", receiverDeliveryRow.domain)
}

// UpdateReceiverDelivery writes what became of a delivery.
func (s *Store) UpdateReceiverDelivery(ctx context.Context, d *orchestrator.ReceiverDelivery) error {
	set := columns{
		"env_id": d.EnvID, "status": d.Status, "reason": d.Reason, "created_at": nanos(d.CreatedAt), "finished_at": nanosOrNil(d.FinishedAt),
	}
	return s.update(ctx, &receiverDeliveryRow{}, receiverDeliveryKey(d.OrgID, d.ReceiverID, d.ID), &d.Version, set, receiverDeliveryObject(d.ID))
}

// PendingReceiverDeliveries lists those that are not over, oldest first.
func (s *Store) PendingReceiverDeliveries(ctx context.Context, before time.Time, limit int) ([]orchestrator.ReceiverDelivery, error) {
	ctx = systemWide(ctx)
	query := s.reader(ctx).Where("finished_at IS NULL AND created_at < ?", nanos(before)).Clauses(order("created_at", "id")).Limit(limit)
	return list(ctx, s, query, "pending deliveries", receiverDeliveryRow.domain)
}
