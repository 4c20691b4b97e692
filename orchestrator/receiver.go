package orchestrator

import (
	"context"
	"time"
)

// Receiver is where a repository's server tells of pull requests and branches,
// so that the preview rule's environments come and go with them.
type Receiver struct {
	OrgID      string
	AppID      string
	ID         string // 32 hex digits, random
	Vendor     string // github | gitlab
	RuleID     string
	Repository string // owner/name; "" = any that knows the secret
	Sealed     []byte `json:"-"` // the secret
	CreatedAt  time.Time
	CreatedBy  string
}

// The vendors whose requests are understood.
const (
	VendorGitHub = "github"
	VendorGitLab = "gitlab"
)

// What a delivery tells of.
const (
	ReceivedOpen  = "open"  // a pull request is open, or has new commits
	ReceivedClose = "close" // it is closed or merged, or its branch is gone
	ReceivedOther = "other" // nothing that concerns previews
)

// What became of a delivery.
const (
	ReceivedPending = "pending" // it is to be done, or done again
	ReceivedDone    = "done"
	ReceivedIgnored = "ignored"
	ReceivedFailed  = "failed"
)

// ReceiverDelivery is a request that was received with the right secret.
type ReceiverDelivery struct {
	OrgID      string
	ReceiverID string
	ID         string // the sender's, so that it is done once
	Event      string // what the sender calls it: pull_request.opened
	Kind       string
	Branch     string
	Commit     string
	EnvID      string // the preview
	Status     string
	Reason     string
	CreatedAt  time.Time
	FinishedAt *time.Time
	Version    int64
}

// ReceiverStore keeps receivers and what they received.
type ReceiverStore interface {
	CreateReceiver(ctx context.Context, r *Receiver) error
	GetReceiver(ctx context.Context, org, app, id string) (*Receiver, error)
	// FindReceiver finds one by its id alone; only for the system itself.
	FindReceiver(ctx context.Context, id string) (*Receiver, error)
	// ListReceivers lists those of an application, or of all when app is "", oldest first.
	ListReceivers(ctx context.Context, org, app string) ([]Receiver, error)
	DeleteReceiver(ctx context.Context, org, app, id string) error

	// CreateReceiverDelivery answers CodeConflict when the delivery is known.
	CreateReceiverDelivery(ctx context.Context, d *ReceiverDelivery) error
	GetReceiverDelivery(ctx context.Context, org, receiver, id string) (*ReceiverDelivery, error)
	// ListReceiverDeliveries lists newest first; limit 0 = all.
	ListReceiverDeliveries(ctx context.Context, org, receiver string, limit int) ([]ReceiverDelivery, error)
	UpdateReceiverDelivery(ctx context.Context, d *ReceiverDelivery) error
	// PendingReceiverDeliveries lists those of all organizations from before a time
	// that are not over, oldest first, at most limit; only for the system itself.
	PendingReceiverDeliveries(ctx context.Context, before time.Time, limit int) ([]ReceiverDelivery, error)
}

// ReceiverPlace is the place of the secret of a receiver.
func ReceiverPlace(org, id string) []byte { return []byte("receiver|" + org + "|" + id) }
