package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func webhookRoutes() []Route {
	const list, item = appPath + "/webhooks", appPath + "/webhooks/{jobId}"
	const deliveries = item + "/deliveries"
	return tagged("Webhooks", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/events", OperationID: "listEvents", Summary: "List the events that Webhooks can be triggered by"}, listWebhookEvents),
		answer(Route{Method: "GET", Path: list, OperationID: "listWebhooks", Summary: "List the Webhooks of an Application"}, listWebhooks),
		accept(Route{Method: "POST", Path: list, OperationID: "createWebhook", Status: http.StatusCreated,
			Summary: "Have an HTTP request sent when something happens in an Application"}, createWebhook),
		answer(Route{Method: "GET", Path: item, OperationID: "getWebhook", Summary: "Get a Webhook"}, getWebhook),
		accept(Route{Method: "PATCH", Path: item, OperationID: "updateWebhook", Summary: "Change a Webhook; what is absent stays"}, updateWebhook),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteWebhook", Summary: "Delete a Webhook, with what is on its way"}, deleteWebhook),
		answer(Route{Method: "DELETE", Path: appPath + "/jobs", OperationID: "deleteJobs", Summary: "Delete all Webhooks of an Application"}, deleteWebhooks),
		answer(Route{Method: "GET", Path: deliveries, OperationID: "listWebhookDeliveries",
			Summary: "List what was sent to a Webhook, or is to be, newest first",
			Query:   []Query{{Name: "limit", Type: "integer", Doc: "How many at most; default and maximum 200"}}}, listDeliveries),
		answer(Route{Method: "GET", Path: deliveries + "/{deliveryId}", OperationID: "getWebhookDelivery", Summary: "Get a delivery"}, getDelivery),
		answer(Route{Method: "POST", Path: deliveries + "/{deliveryId}/resend", OperationID: "resendWebhookDelivery",
			Status: http.StatusAccepted, Summary: "Send a delivery that ended once more, with the Webhook as it is now"}, resendDelivery),
	})
}

func listWebhookEvents(c *Call) ([]api.WebhookEvent, error) {
	return asList(func(e orchestrator.WebhookEvent) api.WebhookEvent {
		return api.WebhookEvent{Scope: e.Scope, Type: e.Type, Properties: e.Properties}
	})(c.Service.ListWebhookEvents(c.Context(), c.Org()))
}

func listWebhooks(c *Call) ([]api.Webhook, error) {
	return asList(wireWebhook)(c.Service.ListWebhooks(c.Context(), c.Org(), c.App()))
}

func createWebhook(c *Call, in api.WebhookRequest) (api.Webhook, error) {
	return as(wireWebhook)(c.Service.CreateWebhook(c.Context(), c.Org(), c.App(), webhookRequest(in)))
}

func getWebhook(c *Call) (api.Webhook, error) {
	return as(wireWebhook)(c.Service.GetWebhook(c.Context(), c.Org(), c.App(), c.Param("jobId")))
}

func updateWebhook(c *Call, in api.WebhookRequest) (api.UpdatedWebhook, error) {
	out, err := as(wireWebhook)(c.Service.UpdateWebhook(c.Context(), c.Org(), c.App(), c.Param("jobId"), webhookRequest(in)))
	return api.UpdatedWebhook{
		URL: out.URL, Triggers: out.Triggers, Headers: out.Headers, Payload: out.Payload, Disabled: out.Disabled, Signed: out.Signed,
	}, err
}

func deleteWebhook(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteWebhook(c.Context(), c.Org(), c.App(), c.Param("jobId"))
}

func deleteWebhooks(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteWebhooks(c.Context(), c.Org(), c.App())
}

func listDeliveries(c *Call) ([]api.WebhookDelivery, error) {
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return nil, err
	}
	return asList(wireDelivery)(c.Service.ListWebhookDeliveries(c.Context(), c.Org(), c.App(), c.Param("jobId"), int(min(limit, 1<<30))))
}

func getDelivery(c *Call) (api.WebhookDelivery, error) {
	return as(wireDelivery)(c.Service.GetWebhookDelivery(c.Context(), c.Org(), c.App(), c.Param("jobId"), c.Param("deliveryId")))
}

func resendDelivery(c *Call) (api.WebhookDelivery, error) {
	return as(wireDelivery)(c.Service.ResendWebhook(c.Context(), c.Org(), c.App(), c.Param("jobId"), c.Param("deliveryId")))
}

func webhookRequest(in api.WebhookRequest) orchestrator.WebhookRequest {
	req := orchestrator.WebhookRequest{
		ID: in.ID, URL: in.URL, Disabled: in.Disabled, Secret: in.Secret,
		HeadersGiven: in.Headers.Given, Headers: in.Headers.Value, PayloadGiven: in.Payload.Given, Payload: in.Payload.Value,
	}
	if in.Triggers != nil {
		triggers := convert(*in.Triggers, func(t api.WebhookTrigger) orchestrator.WebhookTrigger { return orchestrator.WebhookTrigger(t) })
		req.Triggers = &triggers
	}
	return req
}

func wireWebhook(w orchestrator.WebhookView) api.Webhook {
	return api.Webhook{
		ID: w.ID, URL: &w.URL, Headers: mapOrNull(w.Headers), Payload: mapOrNull(w.Payload), Disabled: &w.Disabled, Signed: w.Signed,
		Triggers:  convert(w.Triggers, func(t orchestrator.WebhookTrigger) api.WebhookTrigger { return api.WebhookTrigger(t) }),
		CreatedAt: api.NewTime(w.CreatedAt), CreatedBy: w.CreatedBy,
	}
}

// mapOrNull is null for a map that was not given, and {} for an empty one.
func mapOrNull(m map[string]any) *map[string]any {
	if m == nil {
		return nil
	}
	return &m
}

func wireDelivery(d orchestrator.WebhookDelivery) api.WebhookDelivery {
	return api.WebhookDelivery{
		ID: d.ID, WebhookID: d.WebhookID, Event: d.Event, EnvID: d.EnvID, DeploymentID: d.DeploymentID, Variables: orEmptyMap(d.Variables),
		Status: d.Status, Attempts: d.Attempts, ResponseCode: d.ResponseCode, Error: d.Error, CreatedAt: api.NewTime(d.CreatedAt),
		AttemptedAt: api.NewTimePtr(d.AttemptedAt), FinishedAt: api.NewTimePtr(d.FinishedAt),
	}
}
