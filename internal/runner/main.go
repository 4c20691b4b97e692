package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Options are the parts of a runner process.
type Options struct {
	// Log receives what goes wrong beside the run; default slog.Default().
	Log *slog.Logger
}

// Main is the process `slipway runner`. It reads from descriptor 3 what it is to
// do, and waits for that, takes the run and works on it to its end. The end of ctx
// (a signal) is a request to cancel. A run that somebody else has taken, or
// that is over, is no error.
//
// Where the variable SLIPWAY_RUNNER_JOB is set it reads from there instead (see
// JobVariables): a pod inherits no descriptor.
func Main(ctx context.Context, o Options) error {
	if h, told, err := handoverOfPod(os.Getenv); err != nil || told {
		if err != nil {
			return err
		}
		return serve(ctx, h, o, func() {})
	}
	in := os.NewFile(settingsFD, "settings")
	if in == nil {
		return errors.New("descriptor 3 is not open; `slipway runner` is started by a worker, not by hand")
	}
	syscall.CloseOnExec(endedFD) // Terraform must inherit neither
	h, told, err := readHandover(in)
	_ = in.Close()
	if err != nil || !told {
		return err
	}
	return serve(ctx, h, o, func() { _ = syscall.Close(endedFD) })
}

// serve works on one run. written is called when its outcome is stored.
func serve(ctx context.Context, h handover, o Options, written func()) error {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	settings := h.Settings
	settings.Timing = settings.Timing.complete()
	store, keeper, err := settings.open(ctx, o.Log)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	run, err := store.GetRun(ctx, h.Job.OrgID, h.Job.RunID)
	if err != nil {
		return err
	}
	j := &job{settings: settings, store: store, keeper: keeper, run: run, log: o.Log.With("run", run.ID), soft: ctx.Done(), written: written}
	return j.main(context.WithoutCancel(ctx))
}

// job is one runner's work on one run.
type job struct {
	settings Settings
	store    Store
	keeper   Keeper
	run      *record.Run
	log      *slog.Logger
	soft     <-chan struct{} // a signal asks this process to stop
	written  func()          // tells whoever follows to look now

	lease *lease
}

// main takes the lease, works, and writes the outcome.
func (j *job) main(ctx context.Context) error {
	host := j.settings.Host
	if host == "" {
		host, _ = os.Hostname()
	}
	j.run.Host, j.run.Boot = host, bootID()
	j.run.WorkDir = filepath.Join(j.settings.Folder, "runs", j.run.ID)
	taken, err := j.acquire(ctx)
	if err != nil || !taken {
		return err
	}
	j.lease = holdLease(ctx, j)
	defer j.lease.release()
	mark, err := markRunner(j.run.WorkDir)
	if err != nil {
		j.log.Warn("should this process freeze, its successor cannot end it", "error", err)
	}
	defer func() { _ = mark.Close() }()
	w := newWork(j)
	go func() { _ = w.leash.start() }() // while the database is asked; the first command says what is wrong
	defer w.leash.close()
	outcome, err := w.execute(j.lease.ctx)
	if stored := w.phaseStored(); err == nil {
		err = stored
	}
	w.events.close()
	if j.lease.ctx.Err() != nil {
		return fmt.Errorf("run %s: %w", j.run.ID, context.Cause(j.lease.ctx))
	}
	j.conclude(outcome, err, w)
	if err := j.finish(ctx); err != nil {
		return err
	}
	j.written()
	if !w.evidence {
		j.discard()
	}
	return nil
}

// finish writes the outcome, which gives the lease back. Whether an attempt of
// which no answer came has done that is asked afterwards.
func (j *job) finish(ctx context.Context) error {
	j.lease.finishing.Store(true)
	err := j.persist("the outcome", func(ctx context.Context) error { return j.store.FinishRun(ctx, j.run) })
	if err == nil {
		return nil
	}
	asking, stop := context.WithTimeout(ctx, storeTimeout)
	defer stop()
	now, readErr := j.store.GetRun(asking, j.run.OrgID, j.run.ID)
	if readErr == nil && now.Token == j.run.Token && now.Status == j.run.Status {
		return nil
	}
	return err
}

// discard removes the work directory: it holds secrets, and nothing that is not
// stored. What Terraform has started (a plugin, git) may outlive it for a moment
// and still write there, so it is tried again.
func (j *job) discard() {
	const tries, pause = 50, 100 * time.Millisecond
	for try := 1; ; try++ {
		err := os.RemoveAll(j.run.WorkDir)
		if err == nil {
			return
		}
		if try == tries {
			j.log.Warn("the folder of a run stays", "folder", j.run.WorkDir, "error", err)
			return
		}
		time.Sleep(pause)
	}
}

// acquire waits for the lease as long as the run is pending.
func (j *job) acquire(ctx context.Context) (bool, error) {
	const every = 100 * time.Millisecond
	owner := fmt.Sprintf("%s:%d", j.run.Host, os.Getpid())
	for {
		t, now := j.settings.Timing, time.Now()
		taken, err := j.store.AcquireRun(ctx, j.run, owner, now, now.Add(-t.Grace), now.Add(t.Lease))
		if err != nil || taken {
			return taken, err
		}
		again, err := j.store.GetRun(ctx, j.run.OrgID, j.run.ID)
		if err != nil || again.Status != record.Pending {
			return false, err
		}
		select {
		case <-j.soft:
			return false, nil
		case <-time.After(every):
		}
	}
}

// persist repeats what the database was to do while that is away, until the lease is lost.
func (j *job) persist(what string, write func(ctx context.Context) error) error {
	for {
		err := write(j.lease.ctx)
		if err == nil {
			return nil
		}
		if orchestrator.CodeOf(err) == orchestrator.CodePrecondition {
			j.lease.lose(err)
		}
		if orchestrator.CodeOf(err) != orchestrator.CodeUnavailable || j.lease.ctx.Err() != nil {
			return fmt.Errorf("%s in the database: %w", what, err)
		}
		select {
		case <-j.lease.ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}
