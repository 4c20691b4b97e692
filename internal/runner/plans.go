package runner

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// keepPlans is how many stored plans a resource has at most.
	keepPlans = 5
	// planLife is how long a stored plan can be applied.
	planLife = 7 * 24 * time.Hour
)

// bundle is what a stored plan holds, sealed: all that applying it in a fresh
// work directory needs beside the inputs.
type bundle struct {
	File    []byte          `json:"file"`
	Lock    string          `json:"lock"`
	Commit  string          `json:"commit,omitempty"` // of the source
	Changes []plannedChange `json:"changes"`
	Summary string          `json:"summary"`
	Apply   bool            `json:"apply"` // there is something to apply, be it outputs alone
	// Made are files that planning left in the work directory, such as an archive
	// that a data source packs, by path.
	Made map[string][]byte `json:"made,omitempty"`
}

// storedPlan is a plan that this run shall apply as it is.
type storedPlan struct {
	record.Plan
	bundle bundle
}

// inputsOf names code and variables, whoever asks for them.
func (w *work) inputsOf() (string, error) {
	s := w.spec
	s.Action, s.DeploymentID, s.PlanID, s.ScanID, s.Secrets, s.AppendLogs = "", "", "", "", nil, false
	raw, err := json.Marshal(s)
	if err != nil {
		return "", drivers.Invalid("the inputs of Terraform cannot be written as JSON")
	}
	return hex.EncodeToString(w.keeper.MAC("runner plan inputs", raw)), nil
}

// keepPlan stores the plan that was just made and returns its id; "" when it cannot be kept.
func (w *work) keepPlan(ctx context.Context, changes bool, made map[string][]byte) (string, error) {
	p := &record.Plan{OrgID: w.run.OrgID, ID: newID("plan-"), GUResID: w.run.GUResID, Engine: w.engine.name, CreatedAt: w.entryTime()}
	var err error
	if p.Inputs, err = w.inputsOf(); err != nil {
		return "", err
	}
	if p.Version, err = w.engineVersion(ctx); err != nil {
		return "", err
	}
	state, err := w.known(ctx)
	if err != nil {
		return "", err
	}
	p.Lineage, p.Serial = state.mark()
	b := bundle{Changes: w.planned, Summary: w.summary, Apply: changes, Commit: w.commit, Made: made}
	if b.File, err = os.ReadFile(filepath.Join(w.run.WorkDir, planName)); err != nil {
		return "", fmt.Errorf("read the plan: %w", err)
	}
	lock, err := os.ReadFile(filepath.Join(w.dir, lockName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read the provider lock file: %w", err)
	}
	b.Lock = string(lock)
	if p.Sealed, err = seal(w.keeper, planAD(w.run.OrgID, w.run.GUResID, p.ID), b); err != nil {
		return "", err
	}
	err = w.persist("the plan", func(ctx context.Context) error {
		return w.store.PutPlan(ctx, w.run, p, keepPlans, p.CreatedAt.Add(-planLife))
	})
	return p.ID, err
}

// openPlan reads the plan that the run shall apply, and refuses one that does not fit it.
func (w *work) openPlan() error {
	p, err := read(w.job, "the plan", func(ctx context.Context) (*record.Plan, error) {
		return w.store.GetPlan(ctx, w.run.OrgID, w.spec.PlanID)
	})
	if orchestrator.IsNotFound(err) || err == nil && p.GUResID != w.run.GUResID {
		return w.unusable("it is not kept: this resource has no such plan, or has had %d newer ones", keepPlans)
	}
	if err != nil {
		return err
	}
	inputs, err := w.inputsOf()
	if err != nil {
		return err
	}
	if inputs != p.Inputs {
		return w.unusable("it was made from other inputs: code, variables or credentials differ")
	}
	w.stored = &storedPlan{Plan: *p}
	if p.Status == record.PlanApplied {
		if p.BegunBy != w.run.Fingerprint {
			return w.unusable("it has been applied already")
		}
		return nil
	}
	// What has begun is carried to its end, however long ago the plan was made.
	if age := time.Since(p.CreatedAt); age > planLife && p.BegunBy != w.run.Fingerprint {
		return w.unusable("it was made on %s; a plan can be applied for %d days", p.CreatedAt.Format(time.DateOnly), planLife/(24*time.Hour))
	}
	return unseal(w.keeper, planAD(w.run.OrgID, w.run.GUResID, p.ID), p.Sealed, &w.stored.bundle)
}

// unusable is the one error of a stored plan: nothing is applied.
func (w *work) unusable(format string, args ...any) error {
	return &drivers.Error{Code: CodeStalePlan, Permanent: true, Message: fmt.Sprintf(
		"plan %s is stale because %s; nothing was applied. Plan again", w.spec.PlanID, fmt.Sprintf(format, args...))}
}

// carryOutStored applies the stored plan, or what is left of it after a runner
// died over it.
func (w *work) carryOutStored(ctx context.Context) error {
	p := w.stored
	state, err := w.known(ctx)
	if err != nil {
		return err
	}
	lineage, serial := state.mark()
	unchanged := lineage == p.Lineage && serial == p.Serial
	ours := p.BegunBy == w.run.Fingerprint && w.undisturbed()
	switch {
	case p.Status == record.PlanApplied && ours:
		return nil // it was done, and only the answer got lost
	case p.Status == record.PlanApplied:
		return w.unusable("it was applied already, and the resource has changed since")
	case !unchanged && !ours:
		return w.unusable("the resource has changed since: its state was at serial %d and is at %d", p.Serial, serial)
	}
	version, err := w.engineVersion(ctx)
	if err != nil {
		return err
	}
	if p.Engine != w.engine.name || p.Version != version {
		return w.unusable("it was made by %s %s, and here is %s %s", p.Engine, p.Version, w.engine.name, version)
	}
	if !unchanged {
		err = w.applyRest(ctx)
	} else {
		err = w.applyWhole(ctx)
	}
	if err != nil {
		return err
	}
	return w.stepPlan(record.PlanApplied)
}

func (w *work) stepPlan(status string) error {
	return w.persist("the plan's progress", func(ctx context.Context) error {
		err := w.store.StepPlan(ctx, w.run, w.stored.ID, status)
		if orchestrator.IsNotFound(err) {
			return nil // pruned meanwhile; it is in this run's hands
		}
		return err
	})
}

// applyWhole applies the plan file as it was kept.
func (w *work) applyWhole(ctx context.Context) error {
	b := w.stored.bundle
	w.planned, w.summary = b.Changes, b.Summary
	for _, p := range b.Changes {
		w.events.add(record.Event{Level: "info", Type: "planned_change", Address: p.Address, Message: p.Text})
	}
	w.events.say("info", "applying stored plan "+w.stored.ID+" as it was made: "+b.Summary)
	if !b.Apply {
		w.noteChanges(ctx)
		return nil
	}
	if err := os.WriteFile(filepath.Join(w.run.WorkDir, planName), b.File, 0o600); err != nil {
		return fmt.Errorf("write the stored plan: %w", err)
	}
	w.noteChanges(ctx)
	if err := w.stepPlan(record.PlanBegun); err != nil {
		return err
	}
	err := w.apply(ctx)
	if err != nil && (strings.Contains(err.Error(), "Saved plan is stale") || strings.Contains(err.Error(), "Saved plan does not match")) {
		return w.unusable("the state in the definition's own backend has changed since")
	}
	return err
}

// applyRest goes on after a runner died over the plan: what a new plan still
// holds is applied when all of it was in the stored one, with the same values.
func (w *work) applyRest(ctx context.Context) error {
	w.events.say("warn", "stored plan "+w.stored.ID+" was interrupted; looking for what is left of it")
	changes, err := w.plan(ctx)
	if err != nil || !changes {
		return err
	}
	path := filepath.Join(w.run.WorkDir, "stored.bin")
	if err := os.WriteFile(path, w.stored.bundle.File, 0o600); err != nil {
		return fmt.Errorf("write the stored plan: %w", err)
	}
	approved, err := w.show(ctx, path)
	if err != nil {
		return err
	}
	left, err := w.show(ctx, filepath.Join(w.run.WorkDir, planName))
	if err != nil {
		return err
	}
	if address := left.beyond(approved); address != "" {
		return w.unusable("its apply was interrupted and what is left to do at %s is not what it held; what was made is recorded", address)
	}
	w.noteChanges(ctx)
	return w.apply(ctx)
}

// undisturbed reports whether all that came into the state since the stored plan
// was begun came from runs of the same work.
func (w *work) undisturbed() bool {
	for _, id := range []string{w.states.from, w.salvaged} {
		if id != "" && w.fingerprints[id] != w.run.Fingerprint {
			return false
		}
	}
	return true
}

// engineVersion is the version of the engine at hand.
func (w *work) engineVersion(ctx context.Context) (string, error) {
	if w.version != "" {
		return w.version, nil
	}
	var text strings.Builder
	code, err := w.terraform(ctx, "version.json", func(line string) { text.WriteString(line + "\n") }, "version", "-json")
	if err != nil {
		return "", err
	}
	var said struct {
		Version string `json:"terraform_version"` // OpenTofu says it under the same name
	}
	if code != 0 || json.Unmarshal([]byte(text.String()), &said) != nil || said.Version == "" {
		return "", failed("%s does not tell its version", w.engine.name)
	}
	w.version = said.Version
	return w.version, nil
}

// planKept plans, keeps the plan and answers with it.
func (w *work) planKept(ctx context.Context) (terraform.Outcome, error) {
	before, err := treeOf(filepath.Join(w.run.WorkDir, "work"))
	if err != nil {
		return terraform.Outcome{}, err
	}
	changes, err := w.plan(ctx)
	if err != nil {
		return terraform.Outcome{}, err
	}
	out := terraform.Outcome{Changes: []drivers.Change{}, Summary: w.summary, Same: !changes}
	if changes {
		if out.Changes, err = w.foreseen(ctx); err != nil {
			return out, err
		}
	}
	made, unkept := before.added(filepath.Join(w.run.WorkDir, "work"))
	if unkept == nil {
		out.PlanID, err = w.keepPlan(ctx, changes, made)
		return out, err
	}
	w.events.say("warn", "this plan is not kept, it can only be looked at: "+unkept.Error())
	return out, nil
}
