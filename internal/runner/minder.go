package runner

import (
	"context"
	"errors"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Minder is a Launcher whose runners are elsewhere, and may fail to come for
// reasons that only the place knows.
type Minder interface {
	Launcher
	// Mind looks after a runner that was started and has not taken its run yet. waited is the age of the run. A reason says
	// that none will come; one that was in the way has been removed, so that Launch starts another.
	Mind(ctx context.Context, j Job, waited time.Duration) (reason string, err error)
	// Why says what is known about the end of a runner, for people; "" is nothing.
	Why(ctx context.Context, j Job) string
	// End stops the runner, if it is there, and removes what is left of it.
	End(ctx context.Context, j Job) error
}

// mindEvery is the shortest pause between two looks at a runner that has not shown up.
const mindEvery = time.Second

func jobOf(run *record.Run) Job { return Job{OrgID: run.OrgID, RunID: run.ID} }

// launch starts a runner for a pending run, or ends the run when none can come.
func (s *Service) launch(ctx context.Context, run *record.Run) (<-chan struct{}, error) {
	ended, err := s.launcher.Launch(ctx, jobOf(run))
	if err == nil {
		return ended, nil
	}
	var told *drivers.Error
	if orchestrator.CodeOf(err) != orchestrator.CodeInvalid && (!errors.As(err, &told) || !told.Permanent) {
		return nil, err
	}
	return nil, s.failPending(ctx, run, err.Error())
}

// mind asks what keeps the runner of a pending run.
func (s *Service) mind(ctx context.Context, run *record.Run) error {
	m, ok := s.launcher.(Minder)
	if !ok || s.now().Sub(run.LaunchedAt) < mindEvery {
		return nil
	}
	reason, err := m.Mind(ctx, jobOf(run), s.now().Sub(run.CreatedAt))
	if err != nil || reason == "" {
		return nil //nolint:nilerr // a cluster that does not answer is asked again; the run stays pending
	}
	return s.failPending(ctx, run, reason)
}

func (s *Service) failPending(ctx context.Context, run *record.Run, reason string) error {
	failed := *run
	failed.ErrorCode, failed.Error = drivers.CodeFailed, "the runner of Terraform did not start: "+reason
	_, err := s.store.FailPending(ctx, &failed, s.now())
	return err
}

// cleared removes the runner of a run that is over, where it may still be there:
// it never took the run, or it lost its lease. It returns what is known about its end.
func (s *Service) cleared(ctx context.Context, run *record.Run) string {
	m, ok := s.launcher.(Minder)
	if !ok || run.Token != 0 && run.Status != record.Lost {
		return ""
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer stop()
	why := m.Why(ctx, jobOf(run))
	_ = m.End(ctx, jobOf(run)) // else the cluster removes it some time after its end
	return why
}
