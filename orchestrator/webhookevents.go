package orchestrator

import (
	"context"
	"slices"
	"time"
)

// The events that webhooks can be triggered by.
var (
	environmentCreated = WebhookTrigger{"environment", "created"}
	environmentDeleted = WebhookTrigger{"environment", "deleted"}
	environmentDrifted = WebhookTrigger{"environment", "drifted"}
	operationFinished  = WebhookTrigger{"operation", "finished"}
	environmentEnding  = WebhookTrigger{"environment", "expiring"}
	deploymentStarted  = WebhookTrigger{"deployment", "started"}
	deploymentWaiting  = WebhookTrigger{"deployment", "waiting"}
	deploymentFinished = WebhookTrigger{"deployment", "finished"}
)

// WebhookEvent describes an event of the catalogue and the variables it has.
type WebhookEvent struct {
	WebhookTrigger
	Properties []string
}

// commonVariables are those of every event, and what is sent without a payload.
var commonVariables = []string{"event", "org_id", "app_id", "env_id", "triggered_at", "triggered_by"}

// webhookEvents is the catalogue.
var webhookEvents = func() []WebhookEvent {
	environment := slices.Concat(commonVariables, []string{"name", "type"})
	deployment := slices.Concat(commonVariables, []string{"deploy_id", "delta_id", "set_id", "comment", "status", "outcome"})
	drifted := slices.Concat(commonVariables, []string{"scan_id", "deploy_id", "summary", "redeploy_id"})
	operation := slices.Concat(commonVariables, []string{"operation_id", "kind", "status", "message"})
	return []WebhookEvent{
		{environmentCreated, environment}, {environmentDeleted, environment},
		{operationFinished, operation}, {environmentDrifted, drifted},
		{environmentEnding, slices.Concat(environment, []string{"ends_at", "reason"})},
		{deploymentWaiting, slices.Concat(deployment, []string{"node", "message", "until"})},
		{deploymentStarted, deployment}, {deploymentFinished, deployment},
	}
}()

// ListWebhookEvents lists the events that webhooks can be triggered by.
func (s *Service) ListWebhookEvents(ctx context.Context, org string) ([]WebhookEvent, error) {
	return webhookEvents, s.requireOrg(ctx, org)
}

// announce stores a delivery for every webhook of the application that waits
// for the event. It runs in the transaction that makes the event happen.
func announce(ctx context.Context, store Store, now time.Time, ref EnvRef, event WebhookTrigger, by, deploymentID string, more map[string]string) error {
	hooks, err := store.ListWebhooks(ctx, ref.OrgID, ref.AppID)
	if err != nil {
		return err
	}
	if by == "" {
		by = SystemActor.UserID
	}
	var out []WebhookDelivery
	for _, hook := range hooks {
		if hook.Disabled || !slices.Contains(hook.Triggers, event) {
			continue
		}
		variables := map[string]string{
			"event": event.Event(), "org_id": ref.OrgID, "app_id": ref.AppID, "env_id": ref.EnvID,
			"triggered_at": now.Format(time.RFC3339Nano), "triggered_by": by,
		}
		for name, value := range more {
			variables[name] = value
		}
		out = append(out, WebhookDelivery{
			OrgID: ref.OrgID, AppID: ref.AppID, WebhookID: hook.ID, ID: newUUID(), Event: event.Event(), EnvID: ref.EnvID,
			DeploymentID: deploymentID, Variables: variables, Status: WebhookPending, Order: 1, CreatedAt: now,
		})
	}
	return store.CreateWebhookDeliveries(ctx, out)
}

// announceEnvironment announces that an environment came or goes.
func announceEnvironment(ctx context.Context, store Store, now time.Time, env *Environment, event WebhookTrigger, by string) error {
	return announce(ctx, store, now, env.Ref(), event, by, "", map[string]string{"name": env.Name, "type": env.TypeID})
}

// announce stores what webhooks are told of a change of status.
func (c closer) announce(ctx context.Context, d *Deployment) error {
	event := deploymentStarted
	switch {
	case d.Status.Terminal():
		event = deploymentFinished
	case d.Status != DeploymentInProgress:
		return nil
	}
	return announce(ctx, c.store, c.now(), d.Ref(), event, d.CreatedBy, d.ID, deploymentVariables(d))
}

// announceWaiting stores what webhooks are told of a deployment that waits for people.
func (c closer) announceWaiting(ctx context.Context, d *Deployment, g *Gate) error {
	more := deploymentVariables(d)
	more["node"], more["message"], more["until"] = g.Node, g.Message, g.Until.Format(time.RFC3339)
	return announce(ctx, c.store, c.now(), d.Ref(), deploymentWaiting, d.CreatedBy, d.ID, more)
}

func deploymentVariables(d *Deployment) map[string]string {
	return map[string]string{
		"deploy_id": d.ID, "delta_id": d.DeltaID, "set_id": d.SetID, "comment": d.Comment,
		"status": string(d.Status), "outcome": string(d.Outcome),
	}
}
