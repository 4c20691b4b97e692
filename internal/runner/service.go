package runner

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// ErrDetach is the cause with which a context ends when its process goes away
// (a worker that is replaced) and the run shall go on: context.WithCancelCause.
var ErrDetach = drivers.ErrDetach

const (
	// maxLost bounds how often the same work is begun again after its runner died.
	maxLost = 4
	// followFirst and followMost are the shortest and the longest pause between
	// two looks at a followed run.
	followFirst = 15 * time.Millisecond
	followMost  = 500 * time.Millisecond
	// cancelWithin is how long after its begin a run is asked to stop by a caller whose database is away.
	cancelWithin = 4 * time.Hour
	// storeTimeout bounds what is written after the caller's context has ended.
	storeTimeout = 15 * time.Second
)

// ServiceOptions are the parts of a Service.
type ServiceOptions struct {
	Store    Store
	Keeper   Keeper
	Launcher Launcher
	// Timing must be the one that the runners get.
	Timing Timing
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Service starts and follows runs. It implements terraform.Runs and is safe for
// concurrent use.
type Service struct {
	store    Store
	keeper   Keeper
	launcher Launcher
	timing   Timing
	now      func() time.Time
}

var _ terraform.Runs = (*Service)(nil)

// NewService returns a service.
func NewService(o ServiceOptions) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{store: o.Store, keeper: o.Keeper, launcher: o.Launcher, timing: o.Timing.complete(), now: o.Now}
}

// Run does what terraform.Runs asks for.
func (s *Service) Run(ctx context.Context, spec terraform.Spec, say func(string)) (terraform.Outcome, error) {
	fingerprint, err := s.fingerprint(spec)
	if err != nil {
		return terraform.Outcome{}, err
	}
	for {
		run, err := s.find(ctx, spec, fingerprint)
		if err != nil {
			return terraform.Outcome{}, s.surroundings(ctx, err)
		}
		if run == nil {
			if run, err = s.create(ctx, spec, fingerprint); err != nil {
				return terraform.Outcome{}, s.surroundings(ctx, err)
			}
			if run == nil {
				continue // somebody else was first: follow or wait for that one
			}
			say("Terraform run " + run.ID + " (" + spec.Action + ")")
		}
		mine := run.Fingerprint == fingerprint
		if !mine && givesWay(run.Action) && !givesWay(spec.Action) {
			// Who only looks gives way; a database that is away leaves the wait.
			_ = s.requestCancel(ctx, run)
		}
		ended, err := s.follow(ctx, run, mine)
		if err != nil {
			return terraform.Outcome{}, s.surroundings(ctx, err)
		}
		if !mine {
			continue
		}
		why := s.cleared(ctx, ended)
		if ended.Status == record.Lost {
			if why != "" {
				why = " (" + why + ")"
			}
			say("the runner of Terraform run " + ended.ID + " died" + why + "; going on from what is known")
			continue
		}
		return s.outcome(ctx, ended)
	}
}

// givesWay reports whether an action only looks: what it would tell is not true
// any more once another one has changed the resource.
func givesWay(action string) bool { return action == terraform.Drift || action == terraform.Plan }

func (s *Service) fingerprint(spec terraform.Spec) (string, error) {
	raw, err := json.Marshal(spec)
	if err != nil {
		return "", drivers.Invalid("the inputs of Terraform cannot be written as JSON")
	}
	return hex.EncodeToString(s.keeper.MAC("runner spec", raw)), nil
}

// find returns the run to follow: one that is not over, or the newest when its
// outcome is the answer. nil asks for a new one.
func (s *Service) find(ctx context.Context, spec terraform.Spec, fingerprint string) (*record.Run, error) {
	runs, err := s.store.ListRuns(ctx, spec.OrgID, spec.GUResID, maxLost+1)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	newest := runs[0]
	if !newest.Status.Over() {
		return &newest, nil
	}
	if newest.Status == record.Stopped {
		newest.Fingerprint = fingerprint // whoever asks hears that a person is needed
		return &newest, nil
	}
	if newest.Fingerprint != fingerprint {
		return nil, nil
	}
	switch {
	case newest.Status != record.Lost && !newest.Reported && (newest.Status != record.Failed || newest.DeploymentID != ""),
		// A deployment is told once and for all; a destruction is tried until it gets through.
		newest.Status == record.Failed && newest.DeploymentID != "" && spec.Action != terraform.Destroy && spec.Action != terraform.Drift:
		return &newest, nil
	}
	lost := 0
	for _, r := range runs {
		if r.Status == record.Lost && r.Fingerprint == fingerprint {
			lost++
		}
	}
	if newest.Status == record.Lost && lost > maxLost {
		return nil, &drivers.Error{Code: drivers.CodeFailed, Message: fmt.Sprintf(
			"the runner of Terraform died %d times in a row, last as run %s; see runners.log", lost, newest.ID)}
	}
	return nil, nil
}

// create stores a pending run. It returns nil when the resource has one already.
func (s *Service) create(ctx context.Context, spec terraform.Spec, fingerprint string) (*record.Run, error) {
	r := &record.Run{
		OrgID: spec.OrgID, ID: newID("run-"), GUResID: spec.GUResID, DeploymentID: spec.DeploymentID, Node: spec.Node,
		Action: spec.Action, Fingerprint: fingerprint, Status: record.Pending, CreatedAt: s.now(),
	}
	var err error
	if r.Spec, err = seal(s.keeper, specAD(r), spec); err != nil {
		return nil, err
	}
	err = s.store.CreateRun(ctx, r)
	if orchestrator.CodeOf(err) == orchestrator.CodeConflict {
		return nil, nil
	}
	return r, err
}

func newID(prefix string) string {
	raw := make([]byte, 12)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return prefix + hex.EncodeToString(raw)
}

// follow waits until the run is over, starting a runner when none has taken it
// and declaring it lost when its runner is dead. When ctx ends, a run of ours is
// asked to stop, and its end is awaited.
func (s *Service) follow(ctx context.Context, run *record.Run, mine bool) (*record.Run, error) {
	began := time.Now()
	done := ctx.Done()
	var ended <-chan struct{}
	for {
		now, launched, err := s.look(ctx, run)
		if launched != nil {
			ended = launched
		}
		if mine && s.insists(ctx, err, began) {
			time.Sleep(followMost)
			continue
		}
		if err != nil || now.Status.Over() {
			return now, err
		}
		select {
		case <-time.After(followAfter(time.Since(began))):
		case <-ended:
			ended = nil
		case <-done:
			if !mine || errors.Is(context.Cause(ctx), ErrDetach) {
				return nil, ctx.Err()
			}
			err := s.requestCancel(ctx, run)
			if s.insists(ctx, err, began) {
				time.Sleep(followMost)
				continue // done stays closed: the wish is repeated
			}
			if err != nil {
				return nil, err
			}
			done = nil
		}
	}
}

// insists reports whether a cancel has to be repeated because the database is
// away: the caller takes an answer for the end of the run, which would go on.
func (s *Service) insists(ctx context.Context, err error, began time.Time) bool {
	return orchestrator.CodeOf(err) == orchestrator.CodeUnavailable && ctx.Err() != nil &&
		!errors.Is(context.Cause(ctx), ErrDetach) && time.Since(began) < cancelWithin
}

// followAfter is the pause before a run is looked at again: short at first, so
// that a quick run is not held up, and never more than a small part of what the
// run has taken already.
func followAfter(taken time.Duration) time.Duration {
	return min(max(taken/20, followFirst), followMost)
}

// look reads a run and does what it needs to go on. The caller's context may
// have ended: the cancel must reach the runner all the same.
func (s *Service) look(ctx context.Context, run *record.Run) (*record.Run, <-chan struct{}, error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer stop()
	now, err := s.store.GetRun(ctx, run.OrgID, run.ID)
	if err != nil || now.Status.Over() {
		return now, nil, err
	}
	ended, err := s.nurse(ctx, now)
	return now, ended, err
}

func (s *Service) requestCancel(ctx context.Context, run *record.Run) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer stop()
	return s.store.RequestCancel(ctx, run.OrgID, run.ID, s.now())
}

// nurse starts a runner for a run that waits for one, and ends a run whose runner is dead.
func (s *Service) nurse(ctx context.Context, run *record.Run) (<-chan struct{}, error) {
	at := s.now()
	if run.Status == record.Running {
		free := at.Add(-s.timing.Grace)
		lease, err := s.store.GetLease(ctx, run.OrgID, run.GUResID)
		if err != nil || !lease.ExpiresAt.Before(free) {
			return nil, err
		}
		// One that has just ended has given its lease back, and may still be removing its folder: it is no dead one.
		if now, err := s.store.GetRun(ctx, run.OrgID, run.ID); err != nil || now.Status.Over() {
			return nil, err
		}
		// First, where it can be reached: stopped in the middle of a write it holds the lock of a SQLite database.
		if host, err := os.Hostname(); err == nil && host == run.Host {
			endRunner(run.WorkDir)
		}
		_, err = s.store.LoseRun(ctx, run, free, at)
		return nil, err
	}
	if at.Sub(run.LaunchedAt) < s.timing.Launch {
		return nil, s.mind(ctx, run)
	}
	claimed, err := s.store.ClaimLaunch(ctx, run.OrgID, run.ID, at.Add(-s.timing.Launch), at)
	if err != nil || !claimed {
		return nil, err
	}
	return s.launch(ctx, run)
}

// outcome turns an ended run into what the driver returns.
func (s *Service) outcome(ctx context.Context, run *record.Run) (terraform.Outcome, error) {
	report, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := s.store.MarkReported(report, run.OrgID, run.ID); err != nil && !orchestrator.IsNotFound(err) {
		return terraform.Outcome{}, err
	}
	switch run.Status {
	case record.Succeeded:
		var out terraform.Outcome
		return out, unseal(s.keeper, resultAD(run), run.Result, &out)
	case record.Cancelled:
		cause := ctx.Err()
		if cause == nil {
			cause = context.Canceled
		}
		return terraform.Outcome{}, drivers.Interrupted("Terraform run "+run.ID, cause)
	}
	return terraform.Outcome{}, &drivers.Error{Code: run.ErrorCode, Message: run.Error, Permanent: run.Permanent}
}

// surroundings keeps errors of the database as they are, so that the caller
// repeats the step.
func (s *Service) surroundings(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return drivers.Interrupted("Terraform", ctx.Err())
	}
	return err
}
