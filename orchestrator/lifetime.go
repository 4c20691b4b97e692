package orchestrator

import "time"

// Lifetime says what ends an environment by itself, and when.
type Lifetime struct {
	OrgID      string
	AppID      string
	EnvID      string
	ExpiresAt  *time.Time    // nil = no end by time
	WarnBefore time.Duration // how long before the end webhooks are told; 0 = not at all
	WarnedFor  *time.Time    // the end that webhooks were told of
	IdleAfter  time.Duration // it ends when nothing was deployed for so long; 0 = never
	IdleSince  time.Time     // earlier quiet does not count: when IdleAfter was set
	Protected  bool          // never removed by itself, whatever else is set
	NextAt     *time.Time    // when it is to be looked at next; nil = no need
	UpdatedAt  time.Time
	UpdatedBy  string
	Version    int64
}

// Ref returns the lifetime's environment.
func (l Lifetime) Ref() EnvRef { return EnvRef{l.OrgID, l.AppID, l.EnvID} }

// Why an environment ends by itself.
const (
	EndExpired = "expired" // its time is over
	EndIdle    = "idle"    // nothing was deployed for long enough
)

// end is when and why the environment ends, as things are; nil = never. used is
// when it was last deployed to, busy that a deployment is unfinished.
func (l Lifetime) end(used time.Time, busy bool, now time.Time) (at *time.Time, why string) {
	if l.Protected {
		return nil, ""
	}
	at, why = l.ExpiresAt, EndExpired
	if l.IdleAfter <= 0 {
		return at, why
	}
	since := laterOf(used, l.IdleSince)
	if busy {
		since = laterOf(since, now)
	}
	if idle := since.Add(l.IdleAfter); at == nil || idle.Before(*at) {
		return &idle, EndIdle
	}
	return at, why
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// warnAt is when webhooks are to be told of an end; nil = not (any more).
func (l Lifetime) warnAt(end *time.Time) *time.Time {
	if end == nil || l.WarnBefore <= 0 || l.WarnedFor != nil && l.WarnedFor.Equal(*end) {
		return nil
	}
	at := end.Add(-l.WarnBefore)
	return &at
}
