package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// PipelineRunType is the name of the workflow type of a pipeline's run.
const PipelineRunType = "PipelineRun"

// PipelineWakeSignal tells a run that something it waits for may have ended.
const PipelineWakeSignal = "wake"

// Names of the activity types of a pipeline's run.
const (
	BeginPipelineActivity   = "BeginPipelineRun"
	AdvancePipelineActivity = "AdvancePipelineRun"
	StepPipelineActivity    = "StepPipelineJob"
	FinishPipelineActivity  = "FinishPipelineRun"
)

// PipelineRun names a run of a pipeline; it is the input of its workflow.
type PipelineRun struct {
	Org string `json:"org"`
	ID  string `json:"id"`
}

// PipelineJob names a job of a run.
type PipelineJob struct {
	PipelineRun
	Job string `json:"job"`
}

// PipelineBegun says whether a run may begin.
type PipelineBegun struct {
	Over bool  `json:"over,omitempty"` // it has ended already: nothing is left to do
	Wait bool  `json:"wait,omitempty"` // an earlier run of its concurrency group has not ended
	Left int64 `json:"left,omitempty"` // seconds until its deadline; 0 = PipelineDeadline
}

// PipelineAdvance says which jobs of a run can go on.
type PipelineAdvance struct {
	Jobs []string `json:"jobs,omitempty"` // ready or begun, by their place in the definition
	Done bool     `json:"done"`           // no job is left
}

// PipelineStepped is how far a job came.
type PipelineStepped struct {
	Done bool `json:"done,omitempty"` // the job has ended
	// Wait is how many seconds the job may be left alone at most, because its step waits for something; 0 = go on at once.
	Wait int64 `json:"wait,omitempty"`
}

// PipelineFinish says how a run ends.
type PipelineFinish struct {
	PipelineRun
	// Outcome is cancelled, timed_out or failed, when that is what ended the run; "" = its jobs decide.
	Outcome string `json:"outcome,omitempty"`
	Failure string `json:"failure,omitempty"`
}

// PipelineRunActivities are the steps of a pipeline's run.
type PipelineRunActivities interface {
	BeginPipelineRun(ctx context.Context, in PipelineRun) (PipelineBegun, error)
	AdvancePipelineRun(ctx context.Context, in PipelineRun) (PipelineAdvance, error)
	StepPipelineJob(ctx context.Context, in PipelineJob) (PipelineStepped, error)
	FinishPipelineRun(ctx context.Context, in PipelineFinish) (string, error)
}

// PipelineWorkflowID is the id of the workflow of a run.
func PipelineWorkflowID(in PipelineRun) string { return "pipeline:" + in.Org + "/" + in.ID }

// PipelineDeadline is how long a run may take that says nothing else.
const PipelineDeadline = time.Hour

// How often a run looks whether what it waits for has ended, when nobody tells it: after a second first, then after twice as
// long each time, at most a minute.
const (
	pipelineFirstPause = time.Second
	pipelineMaxPause   = time.Minute
)

// errPipelineRenew ends the coroutines of a run whose history has grown long; the records say where the next run goes on.
var errPipelineRenew = errors.New("the run goes on in a new history")

// pipelineRun is the state of the workflow: nothing that the records do not say as well.
type pipelineRun struct {
	in      PipelineRun
	woken   int // signals so far
	running map[string]bool
	ended   int
	failure error
	renewed bool
}

// RunPipeline carries one run of a pipeline through its jobs. What is to be done, and what came of it, is in the records; the
// workflow orders one step after the other, waits, and sees to it that the run ends: however it goes, exactly one activity
// gives the run its final status.
func RunPipeline(ctx workflow.Context, in PipelineRun) error {
	p := &pipelineRun{in: in, running: map[string]bool{}}
	workflow.GoNamed(ctx, "wake", func(ctx workflow.Context) {
		for wake := workflow.GetSignalChannel(ctx, PipelineWakeSignal); ; p.woken++ {
			wake.Receive(ctx, nil)
		}
	})
	steps, stop := workflow.WithCancel(ctx)
	defer stop()
	begun, err := p.begin(steps)
	if begun.Over {
		return nil
	}
	timedOut := false
	if err == nil {
		workflow.GoNamed(steps, "deadline", func(ctx workflow.Context) {
			if workflow.NewTimer(ctx, pipelineLeft(begun)).Get(ctx, nil) == nil {
				timedOut = true
				stop()
			}
		})
		err = p.jobs(steps, stop)
	}
	if errors.Is(err, errPipelineRenew) && ctx.Err() == nil && !timedOut {
		return workflow.NewContinueAsNewError(ctx, PipelineRunType, in)
	}
	return finishPipeline(ctx, pipelineFinishOf(in, err, timedOut))
}

// finishPipeline gives the run its end; that must happen although the workflow was cancelled.
func finishPipeline(ctx workflow.Context, finish PipelineFinish) error {
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	setStatus(ctx, "finishing")
	var status string
	options := persistent(clean, 2*time.Minute, 7*24*time.Hour, "finish "+finish.ID)
	if err := workflow.ExecuteActivity(options, FinishPipelineActivity, finish).Get(clean, &status); err != nil {
		return err
	}
	setStatus(ctx, status)
	return nil
}

func pipelineLeft(b PipelineBegun) time.Duration {
	if b.Left <= 0 {
		return PipelineDeadline
	}
	return time.Duration(b.Left) * time.Second
}

// pipelineFinishOf derives what ended a run from how its steps ended.
func pipelineFinishOf(in PipelineRun, err error, timedOut bool) PipelineFinish {
	f := PipelineFinish{PipelineRun: in}
	switch {
	case timedOut:
		f.Outcome = OutcomeTimedOut
	case err == nil || errors.Is(err, errPipelineRenew):
	case temporal.IsCanceledError(err):
		f.Outcome = OutcomeCancelled
	default:
		f.Outcome, f.Failure = OutcomeFailed, shorten(cause(err))
	}
	return f
}

// begin waits until no earlier run of the concurrency group is left.
func (p *pipelineRun) begin(ctx workflow.Context) (PipelineBegun, error) {
	for n := 0; ; n++ {
		seen := p.woken
		var begun PipelineBegun
		if err := workflow.ExecuteActivity(step(ctx, 2*time.Minute, "begin"), BeginPipelineActivity, p.in).Get(ctx, &begun); err != nil {
			return begun, err
		}
		if begun.Over || !begun.Wait {
			return begun, nil
		}
		if p.renewing(ctx) {
			return begun, errPipelineRenew
		}
		setStatus(ctx, "waiting for earlier runs of the concurrency group")
		if err := p.pause(ctx, n, seen, pipelineMaxPause); err != nil {
			return begun, err
		}
	}
}

// jobs runs what can run, side by side, until no job is left.
func (p *pipelineRun) jobs(ctx workflow.Context, stop func()) error {
	for {
		var advance PipelineAdvance
		err := workflow.ExecuteActivity(step(ctx, 5*time.Minute, "advance"), AdvancePipelineActivity, p.in).Get(ctx, &advance)
		if err != nil {
			return p.settle(ctx, err, stop)
		}
		if advance.Done && len(p.running) == 0 {
			return p.failure
		}
		for _, id := range advance.Jobs {
			p.start(ctx, id)
		}
		if len(p.running) == 0 {
			return temporal.NewNonRetryableApplicationError("no job can go on although some are left", ErrPermanent, nil)
		}
		setStatus(ctx, fmt.Sprintf("running %d jobs", len(p.running)))
		seen := p.ended
		if err := workflow.Await(ctx, func() bool { return p.ended > seen }); err != nil {
			return p.settle(ctx, err, stop)
		}
		if p.failure != nil || p.renewed {
			return p.settle(ctx, p.failure, stop)
		}
	}
}

// start runs a job beside the others, unless it runs already.
func (p *pipelineRun) start(ctx workflow.Context, id string) {
	if p.running[id] || p.renewed {
		return
	}
	p.running[id] = true
	workflow.GoNamed(ctx, "job-"+id, func(ctx workflow.Context) {
		err := p.job(ctx, id)
		delete(p.running, id)
		p.ended++
		if err != nil && !errors.Is(err, errPipelineRenew) && p.failure == nil {
			p.failure = err
		}
	})
}

// settle waits until no job is under way any more. A failure ends the others; a renewal lets them come to a place where the
// next run can go on.
func (p *pipelineRun) settle(ctx workflow.Context, err error, stop func()) error {
	if err != nil {
		stop()
	}
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	if waitErr := workflow.Await(clean, func() bool { return len(p.running) == 0 }); waitErr != nil {
		return waitErr
	}
	if err == nil {
		err = p.failure
	}
	if err == nil && p.renewed {
		return errPipelineRenew
	}
	return err
}

// job runs the steps of one job.
func (p *pipelineRun) job(ctx workflow.Context, id string) error {
	for n := 0; ; {
		if p.renewing(ctx) {
			return errPipelineRenew
		}
		seen := p.woken
		var result PipelineStepped
		options := step(ctx, 10*time.Minute, "job "+id)
		if err := workflow.ExecuteActivity(options, StepPipelineActivity, PipelineJob{p.in, id}).Get(ctx, &result); err != nil {
			return err
		}
		if result.Done {
			return nil
		}
		if result.Wait <= 0 {
			n = 0
			continue
		}
		if err := p.pause(ctx, n, seen, time.Duration(result.Wait)*time.Second); err != nil {
			return err
		}
		n++
	}
}

// pause waits for the n-th time in a row, unless there was a signal since seen.
func (p *pipelineRun) pause(ctx workflow.Context, n, seen int, most time.Duration) error {
	pause := pipelineMaxPause
	if n < 6 {
		pause = pipelineFirstPause << n
	}
	_, err := workflow.AwaitWithTimeout(ctx, min(pause, most), func() bool { return p.woken > seen || p.renewed })
	return err
}

// renewing reports whether the history has grown so long that the run should go on in a new one.
func (p *pipelineRun) renewing(ctx workflow.Context) bool {
	p.renewed = p.renewed || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
	return p.renewed
}
