package runner

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

// maxNoted bounds how many objects of a plan are noted for people.
const maxNoted = 200

// noteChanges keeps, for people, what is about to be applied for a deployment.
// It is no step of the run: where it cannot be kept, the run goes on.
func (w *work) noteChanges(ctx context.Context) {
	if w.spec.Action != terraform.Provision {
		return
	}
	c := &record.Changes{At: w.entryTime(), Summary: w.events.redact(w.summary), Counts: map[string]int{}}
	all := w.detailed(ctx)
	for _, change := range all {
		c.Counts[change.Action]++
	}
	c.First = all[:min(len(all), maxNoted)]
	if err := w.store.PutChanges(ctx, w.run, c); err != nil && ctx.Err() == nil {
		w.log.Warn("what is about to be changed could not be noted for people", "error", err)
	}
}

// detailed lists what the plan does. Only what differs in an object that stays
// takes a look into the plan's file; the rest was told while it was made.
func (w *work) detailed(ctx context.Context) []drivers.Change {
	out, look := []drivers.Change{}, false
	for _, p := range w.planned {
		switch p.Action {
		case "create", "delete", "update", "replace":
			out = append(out, drivers.Change{Action: p.Action, Address: w.events.redact(p.Address), Kind: p.Kind, Detail: w.events.redact(p.Text)})
			look = look || p.Action == "update" || p.Action == "replace"
		}
	}
	if !look {
		return out
	}
	shown, err := w.foreseen(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.log.Warn("what differs in objects that are changed cannot be told", "error", err)
		}
		return out
	}
	return shown
}
