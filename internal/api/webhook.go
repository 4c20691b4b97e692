package api

import "encoding/json"

// WebhookTrigger names a kind of event.
type WebhookTrigger struct {
	Scope string `json:"scope" doc:"Scope of the event: environment or deployment"`
	Type  string `json:"type" doc:"What happened: created, deleted, started, finished"`
}

// WebhookEvent is an event that Webhooks can be triggered by.
type WebhookEvent struct {
	Scope      string   `json:"scope" doc:"Scope of the event"`
	Type       string   `json:"type" doc:"What happened"`
	Properties []string `json:"properties" doc:"Variables that payloads may refer to as ${name}"`
}

// Webhook sends an HTTP request when something happens in an Application. Who
// may not change it sees neither the values of headers nor the path of the URL.
type Webhook struct {
	ID        string           `json:"id" doc:"Id, unique in the organization"`
	URL       *string          `json:"url" doc:"Address, as it was given; without a scheme it is https"`
	Triggers  []WebhookTrigger `json:"triggers" doc:"Events it is sent for"`
	Headers   *map[string]any  `json:"headers" doc:"Headers that are sent; null when none were given"`
	Payload   *map[string]any  `json:"payload" doc:"Body with ${variables}; null sends the common variables"`
	Disabled  *bool            `json:"disabled" doc:"Whether nothing is sent"`
	Signed    bool             `json:"signed" doc:"Whether there is a secret, with which deliveries are signed"`
	CreatedAt Time             `json:"created_at" doc:"When it was created"`
	CreatedBy string           `json:"created_by" doc:"Id of the user who created it"`
}

// UpdatedWebhook is a Webhook without its id, as changes answer it.
type UpdatedWebhook struct {
	URL      *string          `json:"url" doc:"Address, as it was given"`
	Triggers []WebhookTrigger `json:"triggers" doc:"Events it is sent for"`
	Headers  *map[string]any  `json:"headers" doc:"Headers that are sent; null when none were given"`
	Payload  *map[string]any  `json:"payload" doc:"Body with ${variables}; null sends the common variables"`
	Disabled *bool            `json:"disabled" doc:"Whether nothing is sent"`
	Signed   bool             `json:"signed" doc:"Whether there is a secret, with which deliveries are signed"`
}

// WebhookRequest creates or changes a Webhook; a change leaves what is absent.
type WebhookRequest struct {
	ID       string            `json:"id,omitempty" doc:"Id, unique in the organization; it cannot change"`
	URL      *string           `json:"url,omitempty" doc:"Address; without a scheme it is https"`
	Triggers *[]WebhookTrigger `json:"triggers,omitempty" doc:"Events to send it for"`
	Headers  OptionalObject    `json:"headers,omitzero" doc:"Headers to send; null sends none"`
	Payload  OptionalObject    `json:"payload,omitzero" doc:"Body with ${variables}; null sends the common variables"`
	Disabled *bool             `json:"disabled,omitempty" doc:"Send nothing"`
	Secret   *string           `json:"secret,omitempty" doc:"Key to sign deliveries with; it is never shown. Empty takes it away"`
}

// OptionalObject is an object that may be absent, null or there.
type OptionalObject struct {
	Given bool
	Value map[string]any // nil for null
}

// UnmarshalJSON reads an object or null.
func (o *OptionalObject) UnmarshalJSON(raw []byte) error {
	o.Given = true
	return json.Unmarshal(raw, &o.Value)
}

// MarshalJSON writes the object or null.
func (o OptionalObject) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// WebhookDelivery is one event on its way to one Webhook.
type WebhookDelivery struct {
	ID           string            `json:"id" doc:"UUID; the receiver gets it as X-Slipway-Delivery"`
	WebhookID    string            `json:"webhook_id" doc:"Id of the Webhook"`
	Event        string            `json:"event" doc:"Event, such as deployment.finished"`
	EnvID        string            `json:"env_id" doc:"Environment it happened in"`
	DeploymentID string            `json:"deployment_id,omitempty" doc:"Deployment it is about"`
	Variables    map[string]string `json:"variables" doc:"Variables of the event"`
	Status       string            `json:"status" enum:"pending,delivered,failed" doc:"What became of it"`
	Attempts     int               `json:"attempts" doc:"Requests that were made"`
	ResponseCode int               `json:"response_code,omitempty" doc:"HTTP status of the last answer"`
	Error        string            `json:"error,omitempty" doc:"Why the last attempt failed"`
	CreatedAt    Time              `json:"created_at" doc:"When the event happened"`
	AttemptedAt  *Time             `json:"attempted_at,omitempty" doc:"When it was tried last"`
	FinishedAt   *Time             `json:"finished_at,omitempty" doc:"When it was received or given up"`
}
