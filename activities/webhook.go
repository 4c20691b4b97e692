package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Webhook implements the steps of a webhook's delivery.
type Webhook struct {
	Sender *orchestrator.WebhookSender
}

var _ workflows.WebhookActivities = (*Webhook)(nil)

func orderOf(in workflows.WebhookOrder) orchestrator.WebhookOrder {
	return orchestrator.WebhookOrder{OrgID: in.Org, ID: in.ID, Order: in.Order}
}

// SendWebhook makes one attempt. How long to wait for the next one the receiver
// may say. What is in the records is not repeated to Temporal: a receiver's
// error may say anything.
func (a *Webhook) SendWebhook(ctx context.Context, in workflows.WebhookOrder) error {
	ctx, stop := beating(ctx)
	defer stop()
	err := a.Sender.Send(ctx, orderOf(in))
	var retry *orchestrator.WebhookRetryError
	if errors.As(err, &retry) {
		return temporal.NewApplicationErrorWithOptions("not received; see the delivery", "NotReceived", temporal.ApplicationErrorOptions{
			NextRetryDelay: min(retry.After, workflows.WebhookDeadline/24),
		})
	}
	return classify(ctx, err)
}

// GiveUpWebhook records that a delivery failed for good.
func (a *Webhook) GiveUpWebhook(ctx context.Context, in workflows.WebhookOrder) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Sender.GiveUp(ctx, orderOf(in)))
}
