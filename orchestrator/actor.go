package orchestrator

import "context"

// Actor is who asks. The zero Actor is nobody and may do nothing.
type Actor struct {
	UserID string
	Type   string            // user | service | system
	Roles  map[string]string // object -> role
	System bool              // Slipway itself: the reconciler, the deployer, start-up; may do everything

	token string // hash of the token that said so; "" = it was known otherwise
}

// SystemActor is Slipway itself.
var SystemActor = Actor{UserID: "UNKNOWN", Type: "system", System: true}

type actorKey struct{}

// WithActor returns a context in which a is the one who asks.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom returns who asks; the zero Actor when nobody was named.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
