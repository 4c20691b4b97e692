package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// apply carries the plan out, once. The journal says beforehand what will be
// created; from then on the work directory is evidence until Terraform has ended
// in its own way and its state is stored.
func (w *work) apply(ctx context.Context) error {
	if err := w.phase("apply"); err != nil {
		return err
	}
	prior := w.states.current().managed()
	var entries []record.Entry
	for _, p := range w.planned {
		if p.Action != "create" && p.Action != "replace" {
			continue
		}
		entries = append(entries, record.Entry{
			Address: p.Address, RunID: w.run.ID, Action: p.Action, PriorID: prior[p.Address], Step: record.Planned, UpdatedAt: w.entryTime(),
		})
	}
	// The stream's file comes first: where it is missing, nobody can say that nothing was begun.
	if err := os.WriteFile(filepath.Join(w.run.WorkDir, applyStream), nil, 0o600); err != nil {
		return fmt.Errorf("make the file of the stream: %w", err)
	}
	if err := w.putJournal(entries); err != nil {
		return err
	}
	w.evidence = true
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Add(1)
	go func() {
		defer watch.Done()
		w.states.watch(watching, filepath.Join(w.dir, stateName))
	}()
	steps := &applySteps{w: w, ctx: ctx, open: map[string]string{}, entries: entries}
	w.problems = nil
	code, err := w.terraform(ctx, applyStream, steps.heard, "apply", "-json", "-input=false", filepath.Join(w.run.WorkDir, planName))
	stop()
	watch.Wait()
	if err != nil {
		return err
	}
	return w.afterApply(ctx, code, steps)
}

// afterApply stores the final state and closes the journal, unless something
// shows that the state does not tell everything.
func (w *work) afterApply(ctx context.Context, code int, steps *applySteps) error {
	if !w.ownBackend {
		if err := w.states.settle(filepath.Join(w.dir, stateName)); err != nil {
			return failed("%s apply ended, but its state cannot be kept: %v", w.engine.name, err)
		}
	}
	if code != 0 && code != 1 {
		return failed("%s was killed or crashed during apply (exit code %d); what it left is sorted out by the next deployment", w.engine.name, code)
	}
	if missing := steps.missing(w); len(missing) > 0 {
		why := ""
		if len(w.problems) > 0 {
			why = ": " + w.problem()
		}
		return failed("%s apply ended, but its state lacks %s; that is sorted out by the next deployment%s", w.engine.name, strings.Join(missing, ", "), why)
	}
	errored := steps.errored(w)
	if err := w.putJournal(errored); err != nil {
		return err
	}
	w.evidence = false
	if code == 0 {
		return nil
	}
	if err := w.interrupted(ctx); err != nil {
		return err
	}
	if len(errored) > 0 {
		return failed("%s apply failed: %s\nThe next deployment asks whether what failed exists all the same", w.engine.name, w.problem())
	}
	return failed("%s apply failed: %s", w.engine.name, w.problem())
}

func (w *work) putJournal(entries []record.Entry) error {
	return w.persist("the journal", func(ctx context.Context) error { return w.store.PutJournal(ctx, w.run, entries) })
}

// applySteps follows the stream of apply: the journal of addresses and the log.
type applySteps struct {
	w    *work
	ctx  context.Context //nolint:containedctx // one command's
	open map[string]string

	entries []record.Entry // as they were before
}

func (s *applySteps) heard(text string) {
	l, ok := parseLine(text)
	if ok && l.Type == "planned_change" {
		return // told when it was planned
	}
	s.w.heard(text)
	if !ok || l.Hook.Action != "create" {
		return
	}
	step := stepOf(l)
	if step == "" {
		return
	}
	s.open[l.Hook.Resource.Address] = step
	err := s.w.store.StepEntry(s.ctx, s.w.run, l.Hook.Resource.Address, step, l.Hook.IDValue, s.w.entryTime())
	if err != nil {
		s.w.log.Warn("a step of the journal could not be stored", "error", err) // the stream's file has it too
	}
}

// stepOf maps the events of a create to steps of the journal; "" for others.
func stepOf(l streamLine) string {
	switch l.Type {
	case "apply_start":
		return record.Started
	case "apply_complete":
		return record.Done
	case "apply_errored":
		return record.Errored
	}
	return ""
}

// missing lists the creates that ended well and are not in the state, and those that never ended.
func (s *applySteps) missing(w *work) []string {
	if w.ownBackend {
		return nil
	}
	managed := w.states.current().managed()
	var out []string
	for address, step := range s.open {
		if _, found := managed[address]; step == record.Started || step == record.Done && !found {
			out = append(out, address)
		}
	}
	return out
}

// errored lists the entries of creates that ended with an error and left nothing
// in the state, where the definition wants a person to be asked about those: a
// provider may say that it failed and have created all the same.
func (s *applySteps) errored(w *work) []record.Entry {
	if !w.spec.AskFailed || w.ownBackend {
		return nil
	}
	managed := w.states.current().managed()
	var out []record.Entry
	for _, e := range s.entries {
		if id, found := managed[e.Address]; s.open[e.Address] != record.Errored || found && (e.Action != "replace" || id != e.PriorID) {
			continue
		}
		e.Step, e.UpdatedAt = record.Errored, w.entryTime()
		out = append(out, e)
	}
	return out
}
