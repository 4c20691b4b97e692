package orchestrator

import (
	"context"
	"log/slog"
	"time"
)

// outbox hands webhook deliveries, which were stored in the transactions that
// made their events happen, to the workflow engine.
type outbox struct {
	store      Store
	background Background
	now        func() time.Time
	log        *slog.Logger
}

// flushBatch bounds how many deliveries one hand-over carries; the reconciler
// does the rest.
const flushBatch = 100

// flush hands over what waits in an application. It follows a commit and fails
// nothing: what it misses the reconciler does.
func (o outbox) flush(ctx context.Context, org, app string) {
	if _, none := o.background.(noBackground); none {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	waiting, err := o.store.WaitingDeliveries(ctx, org, app, flushBatch)
	if err == nil {
		err = o.handOver(ctx, waiting)
	}
	if err != nil {
		o.log.Warn("hand-over of webhook deliveries failed; the reconciler will repeat it", "org", org, "app", app, "error", err)
	}
}

// handOver starts deliveries and remembers that.
func (o outbox) handOver(ctx context.Context, deliveries []WebhookDelivery) error {
	for i := range deliveries {
		d := &deliveries[i]
		if err := o.background.DeliverWebhook(ctx, WebhookOrder{OrgID: d.OrgID, ID: d.ID, Order: d.Order}); err != nil {
			return err
		}
		at := o.now()
		d.HandedOverAt = &at
		// A conflict means that it was sent meanwhile.
		if err := o.store.UpdateWebhookDelivery(ctx, d); err != nil && !IsConflict(err) && !IsNotFound(err) {
			return err
		}
	}
	return nil
}
