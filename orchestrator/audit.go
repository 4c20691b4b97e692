package orchestrator

// The audit log. Every use case that changes something on somebody's request
// leaves an entry in the transaction of the change:
//
//	return s.audited(ctx, func(ctx context.Context) (Change, error) {
//		... the change, with ctx ...
//		return created(org, "registry", OrgObject(org)+"/registries/"+id, registry), err
//	})
//
// or, in a transaction that is there already, as its last statement
//
//	return s.audit(ctx, updated(org, "application", AppObject(org, id), before, after))
//
// Before and after may be any struct or map; what is secret by its name is left
// out (see snapshot), but a change must not hand over decrypted secrets.

import (
	"context"
	"time"
)

// Origin is where a request came from, for the audit log.
type Origin struct {
	Method    string
	Path      string
	Status    int // of a success
	IP        string
	UserAgent string
	RequestID string
}

type originKey struct{}

// WithOrigin returns a context for use cases that a request calls.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

func originFrom(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// What a change did.
const (
	ActionCreate = "create"
	ActionUpdate = "update"
	ActionDelete = "delete"
)

// Change is what a use case did.
type Change struct {
	Org    string
	Action string // create | update | delete | deploy | ...
	Type   string // application, environment, resource-definition, ...
	Object string // path of the object: /orgs/acme/apps/shop
	Before any    // nil = not there, or not recorded
	After  any
	GoesOn bool // the answer was 202: the change is not over
}

func created(org, kind, object string, after any) Change {
	return Change{Org: org, Action: ActionCreate, Type: kind, Object: object, After: after}
}

func updated(org, kind, object string, before, after any) Change {
	return Change{Org: org, Action: ActionUpdate, Type: kind, Object: object, Before: before, After: after}
}

func deleted(org, kind, object string, before any) Change {
	return Change{Org: org, Action: ActionDelete, Type: kind, Object: object, Before: before}
}

// AuditEntry is one change: who did what to what, when, from where.
type AuditEntry struct {
	Seq        int64 // later ones are larger; assigned by the store
	OrgID      string
	At         time.Time
	UserID     string
	Action     string
	ObjectType string
	Object     string
	Origin     Origin
	Before     map[string]any
	After      map[string]any
}

// audit leaves an entry about a change, in the transaction of ctx. What Slipway
// does by itself is in the events and logs, not here.
func (s *Service) audit(ctx context.Context, c Change) error {
	actor := ActorFrom(ctx)
	if actor.System {
		return nil
	}
	origin := originFrom(ctx)
	if c.GoesOn {
		origin.Status = statusAccepted
	}
	return s.store.AppendAudit(ctx, &AuditEntry{
		OrgID: c.Org, At: s.now(), UserID: actor.UserID, Action: c.Action, ObjectType: c.Type, Object: c.Object,
		Origin: origin, Before: snapshot(c.Before), After: snapshot(c.After),
	})
}

// audited makes a change and leaves its entry, in one transaction. A change
// without an organization leaves none.
func (s *Service) audited(ctx context.Context, fn func(ctx context.Context) (Change, error)) error {
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		c, err := fn(ctx)
		if err != nil || c.Org == "" {
			return err
		}
		return s.audit(ctx, c)
	})
}

// AuditFilter narrows the audit log; empty fields do not count.
type AuditFilter struct {
	UserID     string
	ObjectType string
	Object     string // the object and everything inside it, by path
	Action     string
	From       *time.Time
	To         *time.Time
	Before     int64 // Seq: only older entries
}

const statusAccepted = 202
