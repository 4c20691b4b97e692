package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

// keepRuns is how many ended runs of a resource are kept for people to look at.
const keepRuns = 10

// work is the execution of one run.
type work struct {
	*job
	leash  *leash
	spec   terraform.Spec
	events *eventSink
	states *snapshots
	engine engine
	dir    string // where Terraform runs

	ownBackend   bool // the definition brings its own backend: its state is not ours to keep
	evidence     bool // the work directory may still be needed by a recovery
	planned      []plannedChange
	summary      string
	problems     []string // diagnostics of the last command
	accepted     bool     // a person said to leave everything as it is
	lockID       string
	commit       string            // of the source
	version      string            // of the engine, once it is known
	stored       *storedPlan       // the plan to apply as it is
	salvaged     string            // the dead run whose state was taken over
	fingerprints map[string]string // of the resource's runs
	lockKnown    string

	phases  chan error // how writing the phase down has ended
	storing bool       // that is still to be waited for
}

func newWork(j *job) *work {
	return &work{job: j, leash: &leash{}, phases: make(chan error, 1), events: newEventSink(j), states: &snapshots{job: j}}
}

// execute does the run's action. Every step ends early when the run is cancelled
// or the lease is lost.
func (w *work) execute(ctx context.Context) (terraform.Outcome, error) {
	if err := unseal(w.keeper, specAD(w.run), w.run.Spec, &w.spec); err != nil {
		return terraform.Outcome{}, err
	}
	w.events.hide(w.spec.Secrets)
	if err := w.states.load(); err != nil {
		return terraform.Outcome{}, err
	}
	if w.spec.Action == terraform.Drift {
		return w.drift(ctx)
	}
	previous, err := w.takeOver(ctx)
	if err != nil {
		return terraform.Outcome{}, err
	}
	journal, err := read(w.job, "the journal", func(ctx context.Context) ([]record.Entry, error) {
		return w.store.Journal(ctx, w.run.OrgID, w.run.GUResID)
	})
	if err != nil {
		return terraform.Outcome{}, err
	}
	if w.spec.Action == terraform.Destroy && w.states.current() == nil && len(journal) == 0 && !w.mayHaveBackend() {
		return terraform.Outcome{}, w.forget(ctx)
	}
	if w.spec.PlanID != "" {
		if err := w.openPlan(); err != nil {
			return terraform.Outcome{}, err
		}
	}
	if err := w.prepare(ctx); err != nil {
		return terraform.Outcome{}, err
	}
	if err := w.init(ctx); err != nil {
		return terraform.Outcome{}, err
	}
	if w.spec.Action != terraform.Plan && len(journal) > 0 {
		if err := w.recover(ctx, journal, previous); err != nil {
			return terraform.Outcome{}, err
		}
	}
	w.forgetFolders(previous)
	defer w.pruneBeside(ctx)() // nobody waits for it while Terraform works
	return w.carryOut(ctx)
}

// carryOut plans, and applies what the plan holds.
func (w *work) carryOut(ctx context.Context) (terraform.Outcome, error) {
	if w.accepted && w.spec.Action == terraform.Provision {
		w.events.say("warn", "left as it is, as was asked for: nothing is created in this run")
		return w.outputs(ctx)
	}
	if w.spec.Action == terraform.Plan {
		return w.planKept(ctx)
	}
	if err := w.change(ctx); err != nil {
		return terraform.Outcome{}, err
	}
	if w.spec.Action == terraform.Destroy {
		return terraform.Outcome{}, w.forget(ctx)
	}
	return w.outputs(ctx)
}

// change applies the stored plan, or one that is made now.
func (w *work) change(ctx context.Context) error {
	if w.stored != nil {
		return w.carryOutStored(ctx)
	}
	changes, err := w.plan(ctx)
	if err != nil {
		return err
	}
	w.noteChanges(ctx)
	if !changes {
		return nil
	}
	return w.apply(ctx)
}

// pruneBeside deletes old runs in the background and returns the wait for that.
func (w *work) pruneBeside(ctx context.Context) func() {
	var done sync.WaitGroup
	if w.spec.Action != terraform.Destroy {
		done.Add(1)
		go func() {
			defer done.Done()
			if err := w.store.PruneRuns(ctx, w.run, keepRuns); err != nil && ctx.Err() == nil {
				w.log.Warn("old runs could not be deleted", "error", err)
			}
		}()
	}
	return done.Wait
}

// forget removes what is kept of a resource that is gone.
func (w *work) forget(context.Context) error {
	if !w.ownBackend && w.states.current().anything() {
		return failed("terraform ended without an error, but its state still holds objects; destroy again")
	}
	return w.persist("that the resource is gone", func(ctx context.Context) error { return w.store.PruneRuns(ctx, w.run, 0) })
}

// takeOver looks after the runs of this resource whose runners died on this
// machine: their processes are waited for, and the state file of the newest one
// is offered as a snapshot, under the rules for every snapshot, unless a later
// run has stored one: then its serial says nothing. It returns those runs. A run
// that only plans changes nothing and leaves all of that alone.
func (w *work) takeOver(ctx context.Context) ([]record.Run, error) {
	if w.spec.Action == terraform.Plan {
		return nil, nil
	}
	runs, err := read(w.job, "the runs", func(ctx context.Context) ([]record.Run, error) {
		return w.store.ListRuns(ctx, w.run.OrgID, w.run.GUResID, 0)
	})
	if err != nil {
		return nil, err
	}
	var dead []record.Run
	w.fingerprints = map[string]string{}
	open := true // nobody after this run has stored a snapshot
	for _, r := range runs {
		w.fingerprints[r.ID] = r.Fingerprint
		wrote := r.ID == w.states.from
		if _, err := os.Stat(r.WorkDir); r.ID != w.run.ID && r.Host == w.run.Host && r.WorkDir != "" && err == nil {
			endRunner(r.WorkDir)
			if err := reapStrays(r.WorkDir, w.settings.Timing.Stray); err != nil {
				return nil, failed("%v", err)
			}
			dead = append(dead, r)
			if open && r.Action != terraform.Drift && w.salvage(ctx, r) {
				open = false
			}
		}
		open = open && !wrote
	}
	return dead, nil
}

// salvage offers the state that a dead run left, and reports whether it was taken.
func (w *work) salvage(ctx context.Context, dead record.Run) bool {
	raw, err := os.ReadFile(filepath.Join(dead.WorkDir, statePointer))
	if err != nil {
		return false
	}
	folder := filepath.FromSlash(string(raw))
	if !filepath.IsLocal(folder) { // the work directory is Terraform's to write, too
		return false
	}
	raw, err = os.ReadFile(filepath.Join(dead.WorkDir, folder, stateName)) //nolint:gosec // checked above
	if err != nil {
		return false
	}
	switch err := w.states.offer(ctx, raw); {
	case err == nil:
		w.salvaged = dead.ID
		w.events.say("info", "took over the state that run "+dead.ID+" left")
		return true
	case !errors.Is(err, errNotNewer):
		w.events.say("warn", "the state that run "+dead.ID+" left is not taken: "+err.Error())
	}
	return false
}

// forgetFolders removes the folders of dead runs once nothing in them is needed.
func (w *work) forgetFolders(dead []record.Run) {
	for _, r := range dead {
		if err := os.RemoveAll(r.WorkDir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.log.Warn("the folder of a dead run stays", "folder", r.WorkDir, "error", err)
		}
	}
}

// phase begins the next phase, unless the run shall stop. It is written down while
// Terraform works; the next phase, or the end of the run, waits for that.
func (w *work) phase(name string) error {
	if w.lease.cancelled() {
		return errCancelled
	}
	if err := w.phaseStored(); err != nil {
		return err
	}
	w.storing = true
	go func() {
		w.phases <- w.persist("the phase", func(ctx context.Context) error { return w.store.SetPhase(ctx, w.run, name) })
	}()
	return nil
}

// phaseStored waits until the phase that was begun last is written down.
func (w *work) phaseStored() error {
	if !w.storing {
		return nil
	}
	w.storing = false
	return <-w.phases
}

// read repeats a question to the database while that is away, until the lease is lost.
func read[T any](j *job, what string, ask func(ctx context.Context) (T, error)) (T, error) {
	var out T
	err := j.persist(what, func(ctx context.Context) (err error) {
		out, err = ask(ctx)
		return err
	})
	return out, err
}

func (w *work) entryTime() time.Time { return time.Now().UTC() }

// interrupted turns the end of a command into the reason for it, where there is one.
func (w *work) interrupted(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("terraform was killed: %w", context.Cause(ctx))
	}
	if w.lease.cancelled() {
		return errCancelled
	}
	return nil
}
