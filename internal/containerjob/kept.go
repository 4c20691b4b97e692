package containerjob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// StateStore is where states of Terraform code are kept: with those of Terraform's
// runners, so that a definition may change from one kind of driver to the other.
// Methods that take a *record.Run are fenced (runner.Store).
type StateStore interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	ListRuns(ctx context.Context, org, guresid string, limit int) ([]record.Run, error)
	CreateRun(ctx context.Context, r *record.Run) error
	AcquireRun(ctx context.Context, r *record.Run, owner string, now, free, expires time.Time) (bool, error)
	FinishRun(ctx context.Context, r *record.Run) error
	PruneRuns(ctx context.Context, r *record.Run, keep int) error
	GetState(ctx context.Context, org, guresid string) (*record.State, error)
	PutState(ctx context.Context, r *record.Run, st *record.State) (bool, error)
}

// Keeper encrypts what is stored.
type Keeper interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

const (
	// actionContainer marks runs whose engine works in a Job of this package.
	actionContainer = "container"
	// holdFor is how long a resource stays with a Job that nobody looks after. It is longer than any Job takes: who comes next settles
	// it, whatever the time.
	holdFor = 7 * 24 * time.Hour
	// keepRuns is how many ended runs of a resource are kept.
	keepRuns = 10
)

// order is what a run stores of its Job, encrypted: enough to find it again.
type order struct {
	Action string         `json:"action"`
	Job    string         `json:"job"`
	Spec   container.Spec `json:"spec"`
}

// hold is a resource whose state belongs to one Job until its run is over.
type hold struct {
	store  StateStore
	keeper Keeper
	run    *record.Run
	fresh  bool   // it was taken by this attempt: nothing of it can be in the cluster before
	seen   string // resource version of the Secret that was read last
}

var errTaken = errors.New("somebody else has the resource")

// take makes the attempt the only one that works on the state of its resource. A Job that was left with it, by a worker that died,
// is waited for, and its state taken over, wherever it ran.
func (a *attempt) take(ctx context.Context) (*hold, error) {
	said := false
	for {
		runs, err := a.o.States.ListRuns(ctx, a.spec.OrgID, a.spec.GUResID, 1)
		if err != nil {
			return nil, err
		}
		if len(runs) > 0 && runs[0].Status == record.Stopped {
			return nil, &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Message: fmt.Sprintf(
				"Terraform run %s of this resource waits for an answer; see slipway questions", runs[0].ID)}
		}
		switch free := len(runs) == 0 || runs[0].Status.Over(); {
		case free:
			h, err := a.begin(ctx)
			if !errors.Is(err, errTaken) {
				return h, err
			}
		case runs[0].Action == actionContainer && runs[0].Fingerprint == a.name:
			return a.holdOf(&runs[0]), nil
		case runs[0].Action == actionContainer:
			err := a.settle(ctx, &runs[0])
			if err != nil && ctx.Err() == nil && time.Since(runs[0].StartedAt) > holdFor {
				a.say("Job of run " + runs[0].ID + " is given up, going on from the state that is stored: " + err.Error())
				err = a.holdOf(&runs[0]).end(ctx, record.Lost, "its Job could not be reached for too long", false)
			}
			if err != nil {
				return nil, err
			}
			continue
		case !said:
			a.say("waiting for the end of Terraform run " + runs[0].ID + ", which works on the same resource")
			said = true
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(every):
		}
	}
}

func (a *attempt) holdOf(r *record.Run) *hold {
	return &hold{store: a.o.States, keeper: a.o.Keeper, run: r}
}

// elsewhere refuses code with a state in a backend of its own where Slipway keeps one of the same resource: everything in it would
// be made once more.
func (a *attempt) elsewhere(ctx context.Context) error {
	if a.spec.Terraform == nil || a.o.States == nil {
		return nil
	}
	runs, err := a.o.States.ListRuns(ctx, a.spec.OrgID, a.spec.GUResID, 1)
	if err != nil || len(runs) == 0 {
		return err
	}
	h, err := a.take(ctx) // what a Job was left with counts, too
	if err != nil {
		return err
	}
	raw, err := h.load(ctx)
	if err != nil {
		return err
	}
	if err := h.end(ctx, record.Succeeded, "", false); err != nil {
		return err
	}
	var state struct {
		Resources []struct {
			Mode string `json:"mode"`
		} `json:"resources"`
	}
	if len(raw) > 0 && json.Unmarshal(raw, &state) != nil {
		return errors.New("the stored state is damaged")
	}
	for _, r := range state.Resources {
		if r.Mode == "managed" {
			return drivers.Invalid("use_default_backend is false, and Slipway keeps a state of this resource, with what was made so far; " +
				"leave use_default_backend out or set it to true, or have the resource destroyed first")
		}
	}
	return nil
}

// begin stores a run that has the resource; errTaken when another one has it.
func (a *attempt) begin(ctx context.Context) (*hold, error) {
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	now := time.Now()
	r := &record.Run{
		OrgID: a.spec.OrgID, ID: "run-" + hex.EncodeToString(raw), GUResID: a.spec.GUResID, DeploymentID: a.spec.DeploymentID, Node: a.spec.Node,
		Action: actionContainer, Fingerprint: a.name, Status: record.Pending, CreatedAt: now,
	}
	text, err := json.Marshal(order{Action: actionContainer, Job: a.name, Spec: a.spec}) //nolint:musttag // read by this package only
	if err != nil {
		return nil, drivers.Invalid("the inputs of the container cannot be written as JSON")
	}
	if r.Spec, err = a.o.Keeper.Encrypt(text, runner.SpecPlace(r.OrgID, r.ID)); err != nil {
		return nil, err
	}
	err = a.o.States.InTx(ctx, func(ctx context.Context) error {
		if err := a.o.States.CreateRun(ctx, r); err != nil {
			return err
		}
		taken, err := a.o.States.AcquireRun(ctx, r, a.name, now, now, now.Add(holdFor))
		if err == nil && !taken {
			return errTaken
		}
		return err
	})
	if orchestrator.CodeOf(err) == orchestrator.CodeConflict {
		return nil, errTaken
	}
	if err != nil {
		return nil, err
	}
	h := a.holdOf(r)
	h.fresh = true
	return h, nil
}

// load reads the newest state; nil when there is none.
func (h *hold) load(ctx context.Context) ([]byte, error) {
	st, err := h.store.GetState(ctx, h.run.OrgID, h.run.GUResID)
	if orchestrator.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := h.keeper.Decrypt(st.Sealed, runner.StatePlace(st.OrgID, st.GUResID))
	if err != nil {
		return nil, fmt.Errorf("open the stored state: %w", err)
	}
	return raw, nil
}

// keep stores a state, unless it is the stored one or older.
func (h *hold) keep(ctx context.Context, raw []byte) error {
	var mark struct {
		Version int64  `json:"version"`
		Serial  int64  `json:"serial"`
		Lineage string `json:"lineage"`
	}
	if err := json.Unmarshal(raw, &mark); err != nil || mark.Version != 4 || mark.Lineage == "" {
		return errors.New("what the engine left is no state of format version 4")
	}
	sealed, err := h.keeper.Encrypt(raw, runner.StatePlace(h.run.OrgID, h.run.GUResID))
	if err != nil {
		return err
	}
	stored, err := h.store.PutState(ctx, h.run, &record.State{
		OrgID: h.run.OrgID, GUResID: h.run.GUResID, Lineage: mark.Lineage, Serial: mark.Serial, Sealed: sealed, UpdatedAt: time.Now(),
	})
	if err != nil || stored {
		return err
	}
	known, err := h.store.GetState(ctx, h.run.OrgID, h.run.GUResID)
	if err == nil && known.Lineage != mark.Lineage {
		err = fmt.Errorf("the lineage %q of the state is not that of the stored one, %q", mark.Lineage, known.Lineage)
	}
	return err
}

// end gives the resource back. gone says that nothing of it is left. Somebody else may have done that before.
func (h *hold) end(ctx context.Context, status record.Status, why string, gone bool) error {
	keep := keepRuns
	if gone {
		keep = 0
	}
	h.run.Status, h.run.Error, h.run.FinishedAt, h.run.Reported = status, why, time.Now(), true
	err := h.store.InTx(ctx, func(ctx context.Context) error {
		if err := h.store.PruneRuns(ctx, h.run, keep); err != nil {
			return err
		}
		return h.store.FinishRun(ctx, h.run)
	})
	if orchestrator.CodeOf(err) == orchestrator.CodePrecondition {
		return nil
	}
	return err
}
