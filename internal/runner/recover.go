package runner

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/slipway-dev/slipway/internal/runner/record"
)

// recover settles what the journal of a dead run leaves open: addresses that
// are in the state are done, a known id is imported, what was surely not begun
// is forgotten, and for the rest the run stops for a person.
func (w *work) recover(ctx context.Context, journal []record.Entry, dead []record.Run) error {
	if err := w.phase("recover"); err != nil {
		return err
	}
	w.evidence = false
	state, err := w.known(ctx)
	if err != nil {
		return err
	}
	managed := state.managed()
	proofs := map[string]*proof{}
	var uncertain []record.Entry
	for _, e := range journal {
		if proofs[e.RunID] == nil {
			proofs[e.RunID] = w.readProof(e.RunID, dead)
		}
		why, err := w.settleEntry(ctx, &e, managed, proofs[e.RunID])
		if err != nil {
			return err
		}
		if why == "" {
			continue
		}
		e.Step, e.Note, e.UpdatedAt = record.Uncertain, why, w.entryTime()
		uncertain = append(uncertain, e)
	}
	if len(uncertain) > 0 {
		w.describe(ctx, uncertain)
	}
	if err := w.putJournal(uncertain); err != nil {
		return err
	}
	if len(uncertain) == 0 {
		return nil
	}
	return w.stop(uncertain)
}

// settleEntry settles one entry, or says why it cannot.
func (w *work) settleEntry(ctx context.Context, e *record.Entry, managed map[string]string, p *proof) (string, error) {
	id, present := managed[e.Address]
	if present && (e.Action != "replace" || id != e.PriorID) {
		return "", nil
	}
	switch e.Step {
	case record.Retry:
		return "", nil
	case record.Accept:
		w.accepted = true
		return "", nil
	case record.Import:
		return w.importObject(ctx, e, present)
	case record.Uncertain:
		return e.Note, nil
	}
	if seen, found := p.steps[e.Address]; found {
		e.Step = seen.step
		if seen.id != "" {
			e.ObjectID = seen.id
		}
	}
	switch {
	case e.ObjectID != "" && e.Step == record.Done:
		return w.importObject(ctx, e, present)
	case e.Step == record.Planned && p.complete:
		return "", nil // its creation had not begun
	case e.Step == record.Planned:
		return "it was planned, and nothing is left that tells whether its creation had begun", nil
	case e.Step == record.Errored:
		return "its creation ended with an error, and it is not in the state", nil
	}
	return "its creation had begun, and its end was not seen", nil
}

// importObject takes an object that exists into the state.
func (w *work) importObject(ctx context.Context, e *record.Entry, replaces bool) (string, error) {
	w.events.say("info", fmt.Sprintf("importing %s, which exists as %q", e.Address, e.ObjectID))
	if replaces {
		if code, err := w.terraform(ctx, "import.log", func(string) {}, "state", "rm", e.Address); err != nil || code != 0 {
			return "the object that it replaces cannot be taken out of the state", err
		}
	}
	var said []string
	code, err := w.terraform(ctx, "import.log", func(text string) { said = append(said, text) },
		"import", "-input=false", "-no-color", e.Address, e.ObjectID)
	if err != nil {
		return "", err
	}
	if code != 0 {
		if err := w.interrupted(ctx); err != nil {
			return "", err
		}
		if w.ownBackend && strings.Contains(strings.Join(said, " "), "acquiring the state lock") {
			return "", failed("the definition's own backend holds the state lock of a Terraform that is dead; break it there and deploy again: %s", plainErrors(said))
		}
		return fmt.Sprintf("it should exist as %q, but its import failed: %s", e.ObjectID, w.events.redact(plainErrors(said))), nil
	}
	if w.ownBackend {
		return "", nil
	}
	if err := w.states.settle(filepath.Join(w.dir, stateName)); err != nil {
		return "", failed("the state after the import of %s cannot be kept: %v", e.Address, err)
	}
	return "", nil
}

// proof is what the event stream of a dead run shows.
type proof struct {
	// complete: whatever is not in it had not begun. That holds for the stream of a
	// process that was killed on a machine that has been up since.
	complete bool
	steps    map[string]seenStep
}

type seenStep struct{ step, id string }

func (w *work) readProof(runID string, dead []record.Run) *proof {
	p := &proof{steps: map[string]seenStep{}}
	for _, r := range dead {
		if r.ID != runID {
			continue
		}
		stream, err := os.Open(filepath.Join(r.WorkDir, applyStream))
		if err != nil {
			return p
		}
		p.complete = r.Boot != "" && r.Boot == w.run.Boot
		lines := &lineReader{r: bufio.NewReader(stream), most: longestSaid, each: p.heard}
		lines.read()
		lines.flush()
		_ = stream.Close()
	}
	return p
}

// heard takes one line of the stream, which may be of any length in all.
func (p *proof) heard(text string) {
	l, ok := parseLine(text)
	if !ok || l.Hook.Action != "create" {
		return
	}
	if step := stepOf(l); step != "" {
		p.steps[l.Hook.Resource.Address] = seenStep{step, l.Hook.IDValue}
	}
}

// describe adds what the provider was to create, secrets masked. It is told by a
// plan from the same inputs; where none can be made the question stands without.
func (w *work) describe(ctx context.Context, entries []record.Entry) {
	file := filepath.Join(w.run.WorkDir, "question.bin")
	code, err := w.terraform(ctx, "question.log", func(string) {}, "plan", "-input=false", "-no-color", "-refresh=false", "-out="+file)
	if err != nil || code != 0 {
		return
	}
	shown, err := w.show(ctx, file)
	if err != nil {
		return
	}
	for _, c := range shown.Changes {
		for i := range entries {
			if entries[i].Address != c.Address {
				continue
			}
			masked := w.mask(c.Change.After, c.Change.AfterSensitive)
			sealed, err := seal(w.keeper, detailAD(w.run.OrgID, w.run.GUResID, c.Address), masked)
			if err == nil {
				entries[i].Detail = sealed
			}
		}
	}
}

// mask hides what Terraform marks as sensitive, and secrets of the driver inputs wherever they are.
func (w *work) mask(value, sensitive any) any {
	if sensitive == true {
		return "(secret)"
	}
	switch v := value.(type) {
	case map[string]any:
		marks, _ := sensitive.(map[string]any)
		out := make(map[string]any, len(v))
		for k, child := range v {
			out[k] = w.mask(child, marks[k])
		}
		return out
	case []any:
		marks, _ := sensitive.([]any)
		out := make([]any, len(v))
		for i, child := range v {
			var mark any
			if i < len(marks) {
				mark = marks[i]
			}
			out[i] = w.mask(child, mark)
		}
		return out
	case string:
		return w.events.redact(v)
	}
	return value
}

// stop says what a person has to decide.
func (w *work) stop(uncertain []record.Entry) error {
	var b strings.Builder
	fmt.Fprintf(&b, "run %s waits for a person: its predecessor died or failed, and it is not known whether the following exists:", w.run.ID)
	for _, e := range uncertain {
		fmt.Fprintf(&b, "\n- %s: %s", e.Address, e.Note)
		var inputs json.RawMessage
		if len(e.Detail) > 0 && unseal(w.keeper, detailAD(w.run.OrgID, w.run.GUResID, e.Address), e.Detail, &inputs) == nil {
			fmt.Fprintf(&b, "; inputs %s", inputs)
		}
	}
	b.WriteString("\nLook for each at its provider and answer: import ID (it exists), retry (it does not), or accept (leave everything as it is). Then deploy again.")
	return &stopError{message: b.String()}
}
