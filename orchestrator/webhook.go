package orchestrator

import "time"

// Webhook sends an HTTP request when something happens in an application.
type Webhook struct {
	OrgID    string
	AppID    string
	ID       string // chosen by the caller, unique in the organization
	URL      string // as given; without a scheme it is https
	Triggers []WebhookTrigger
	Payload  map[string]any // nil = the six common variables
	Disabled bool
	Signed   bool // there is a secret to sign with
	// Sealed is the ciphertext of headers and secret (WebhookPlace).
	Sealed    []byte
	CreatedAt time.Time
	CreatedBy string
	Version   int64
}

// WebhookTrigger names a kind of event, such as deployment finished.
type WebhookTrigger struct {
	Scope string `json:"scope"`
	Type  string `json:"type"`
}

// Event is the name of the event as payloads have it: deployment.finished.
func (t WebhookTrigger) Event() string { return t.Scope + "." + t.Type }

// webhookSecrets is what a webhook keeps encrypted. Headers often carry tokens.
type webhookSecrets struct {
	Headers map[string]any `json:"headers"` // nil = none were given
	Secret  string         `json:"secret,omitempty"`
}

// WebhookDelivery is one event on its way to one webhook. It is stored in the
// transaction that makes the event happen.
type WebhookDelivery struct {
	OrgID        string
	AppID        string
	WebhookID    string
	ID           string // UUID; the receiver gets it to recognize repetitions
	Event        string // deployment.finished
	EnvID        string
	DeploymentID string            // "" for events of environments
	Variables    map[string]string // what payloads may refer to
	Status       string            // pending | delivered | failed
	Order        int               // the n-th order to send it: 1, and one more for each re-send
	Attempts     int               // requests that were made, all orders together
	ResponseCode int               // of the last attempt; 0 = none
	Error        string            // of the last attempt; "" after a success
	CreatedAt    time.Time
	AttemptedAt  *time.Time
	FinishedAt   *time.Time
	HandedOverAt *time.Time // when a workflow was told; nil = not yet
	Version      int64
}

// What became of a delivery.
const (
	WebhookPending   = "pending"
	WebhookDelivered = "delivered"
	WebhookFailed    = "failed"
)
