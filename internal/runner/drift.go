package runner

import (
	"context"
	"os"
	"path/filepath"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

const (
	// keepDrifts is how many ended runs of that kind a resource has: they tell nobody
	// anything later, and must not push away those that have changed something.
	keepDrifts = 2
	// maxDrifted bounds how many addresses a run names.
	maxDrifted = 500
)

// drift compares what the newest snapshot holds with what is there. It stores no
// state, settles nothing and leaves what dead runs have left behind where it is.
func (w *work) drift(ctx context.Context) (terraform.Outcome, error) {
	runs, err := read(w.job, "the runs", func(ctx context.Context) ([]record.Run, error) {
		return w.store.ListRuns(ctx, w.run.OrgID, w.run.GUResID, 0)
	})
	if err != nil {
		return terraform.Outcome{}, err
	}
	if err := w.settled(runs); err != nil {
		return terraform.Outcome{}, err
	}
	w.clearDrifts(runs)
	if w.states.current() == nil && !w.mayHaveBackend() {
		return terraform.Outcome{}, nil
	}
	if err := w.prepare(ctx); err != nil {
		return terraform.Outcome{}, err
	}
	if err := w.init(ctx); err != nil {
		return terraform.Outcome{}, err
	}
	if err := w.store.PruneLike(ctx, w.run, keepDrifts); err != nil && ctx.Err() == nil {
		w.log.Warn("old runs could not be deleted", "error", err)
	}
	return w.compare(ctx)
}

// settled refuses to look at a resource of which the snapshot may not tell
// everything: what is really there would be taken for drift, or be missed.
func (w *work) settled(runs []record.Run) error {
	const deploy = "the next deployment settles it, and what has drifted can be told after that"
	journal, err := read(w.job, "the journal", func(ctx context.Context) ([]record.Entry, error) {
		return w.store.Journal(ctx, w.run.OrgID, w.run.GUResID)
	})
	if err != nil {
		return err
	}
	if len(journal) > 0 {
		return failed("run %s has left open whether it created %s; %s", journal[0].RunID, journal[0].Address, deploy)
	}
	for _, r := range runs {
		if r.Action == terraform.Drift || r.Action == terraform.Plan {
			continue
		}
		if r.Status == record.Lost {
			return failed("the runner of run %s died while it could change things; %s", r.ID, deploy)
		}
		return nil
	}
	return nil
}

// clearDrifts ends what is left of dead runs of this kind on this machine and
// removes their folders, which hold secrets and no evidence.
func (w *work) clearDrifts(runs []record.Run) {
	for _, r := range runs {
		if r.Action != terraform.Drift || r.Status != record.Lost || r.ID == w.run.ID || r.Host != w.run.Host || r.WorkDir == "" {
			continue
		}
		if _, err := os.Stat(r.WorkDir); err != nil {
			continue
		}
		endRunner(r.WorkDir)
		if err := reapStrays(r.WorkDir, w.settings.Timing.Stray); err != nil {
			w.log.Warn("the folder of a dead run stays", "folder", r.WorkDir, "error", err)
			continue
		}
		w.forgetFolders([]record.Run{r})
	}
}

// compare plans with -refresh-only, which asks the providers and plans no change
// of theirs, and reads from the plan what differs.
func (w *work) compare(ctx context.Context) (terraform.Outcome, error) {
	state, err := w.known(ctx)
	if err != nil {
		return terraform.Outcome{}, err
	}
	out := terraform.Outcome{Checked: len(state.managed())}
	if err := w.phase("plan"); err != nil {
		return out, err
	}
	file := filepath.Join(w.run.WorkDir, planName)
	code, err := w.terraform(ctx, "plan.jsonl", w.heard, "plan", "-json", "-input=false", "-refresh-only", "-detailed-exitcode", "-out="+file)
	if err != nil {
		return out, err
	}
	if err := w.interrupted(ctx); err != nil {
		return out, err
	}
	switch code {
	case 0:
		return out, nil
	case 2:
	default:
		return out, failed("%s plan -refresh-only failed: %s", w.engine.name, w.problem())
	}
	shown, err := w.show(ctx, file)
	if err != nil {
		return out, err
	}
	for _, c := range shown.Drift {
		change, drifted := w.drifted(c)
		if drifted && len(out.Changes) == maxDrifted {
			return out, &drivers.Error{Code: drivers.CodeLimit, Permanent: true, Message: "more than 500 of its objects have drifted, which is more than can be shown"}
		}
		if drifted {
			out.Changes = append(out.Changes, change)
		}
	}
	return out, nil
}

// drifted is what is told of one object; false when nothing of it differs that
// can be seen.
func (w *work) drifted(c shownChange) (drivers.Change, bool) {
	if c.Mode == "data" || c.Deposed != "" || len(c.Change.Actions) != 1 {
		return drivers.Change{}, false
	}
	out := drivers.Change{Address: w.events.redact(c.Address), Kind: c.Type, Action: c.Change.Actions[0]}
	switch out.Action {
	case "delete":
		return out, true
	case "update":
		d := &attributes{hide: w.events.redact}
		d.walk("", c.Change.Before, c.Change.After, c.Change.BeforeSensitive, c.Change.AfterSensitive)
		out.Attributes = d.sorted()
		return out, len(out.Attributes) > 0
	}
	return drivers.Change{}, false
}
