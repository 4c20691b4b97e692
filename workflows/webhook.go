package workflows

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// WebhookOrder names the n-th order to send a delivery; it is the input of its
// workflow and activities.
type WebhookOrder struct {
	Org   string `json:"org"`
	ID    string `json:"id"`
	Order int    `json:"order"`
}

// WebhookActivities are the steps of a webhook's delivery.
type WebhookActivities interface {
	SendWebhook(ctx context.Context, in WebhookOrder) error
	GiveUpWebhook(ctx context.Context, in WebhookOrder) error
}

// WebhookWorkflowID is the id of the workflow that carries out an order.
func WebhookWorkflowID(in WebhookOrder) string { return fmt.Sprintf("webhook:%s/%d", in.ID, in.Order) }

// How long a delivery is repeated: after 5 seconds first, then after twice as
// long each time, at most an hour, for a day.
const (
	webhookFirstWait = 5 * time.Second
	webhookMaxWait   = time.Hour
	WebhookDeadline  = 24 * time.Hour
)

// RunWebhook sends one delivery and repeats that until it is received, cannot
// be, or the deadline is over; then it is recorded as failed.
func RunWebhook(ctx workflow.Context, in WebhookOrder) error {
	setStatus(ctx, "sending")
	sending := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              WebhookTaskQueue,
		StartToCloseTimeout:    2 * time.Minute,
		ScheduleToCloseTimeout: WebhookDeadline,
		HeartbeatTimeout:       HeartbeatTimeout,
		WaitForCancellation:    true,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: webhookFirstWait, BackoffCoefficient: 2, MaximumInterval: webhookMaxWait,
			NonRetryableErrorTypes: []string{ErrPermanent},
		},
		Summary: "send " + in.ID,
	})
	err := workflow.ExecuteActivity(sending, SendActivity, in).Get(ctx, nil)
	if err == nil {
		setStatus(ctx, "done")
		return nil
	}
	setStatus(ctx, "giving up")
	// The record must be written although the workflow was cancelled.
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	giveUp := workflow.WithTaskQueue(persistent(clean, time.Minute, 7*24*time.Hour, "give up "+in.ID), WebhookTaskQueue)
	return workflow.ExecuteActivity(giveUp, GiveUpActivity, in).Get(clean, nil)
}
