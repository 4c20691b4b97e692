package orchestrator

import "time"

// FrozenBy is when windows that are open at a time have ended; nil when none is.
func FrozenBy(windows []FreezeWindow, now time.Time) *time.Time { return frozenBy(windows, now) }
