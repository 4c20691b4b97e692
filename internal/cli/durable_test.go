package cli_test

import (
	"context"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// fakeDurable stands for what Temporal carries out beside deployments: runs of pipelines, requests for environments and
// promotions. It takes the real use cases through their steps.
type fakeDurable struct {
	service *orchestrator.Service
	ctx     context.Context
	stop    func()

	mu      sync.Mutex
	runs    map[string]context.CancelFunc
	begun   map[string]bool // promotions and requests
	working sync.WaitGroup
}

func newFakeDurable() *fakeDurable {
	ctx, cancel := context.WithCancel(orchestrator.WithActor(context.Background(), orchestrator.SystemActor))
	d := &fakeDurable{ctx: ctx, runs: map[string]context.CancelFunc{}, begun: map[string]bool{}}
	d.stop = func() { cancel(); d.working.Wait() }
	return d
}

// once runs work under a name, unless it was begun before.
func (d *fakeDurable) once(name string, work func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.begun[name] && d.ctx.Err() == nil {
		d.begun[name] = true
		d.working.Go(work)
	}
}

// rest waits a moment; false when everything ends.
func rest(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(20 * time.Millisecond):
		return true
	}
}

func (d *fakeDurable) StartPipelineRun(_ context.Context, run orchestrator.PipelineRunKey) error {
	d.once(run.ID, func() {
		ctx, cancel := context.WithCancel(d.ctx)
		defer cancel()
		d.mu.Lock()
		d.runs[run.ID] = cancel
		d.mu.Unlock()
		end := orchestrator.PipelineRunEnd{}
		if err := d.jobs(ctx, run); err != nil {
			end = orchestrator.PipelineRunEnd{Outcome: orchestrator.OutcomeFailed, Failure: err.Error()}
		}
		if ctx.Err() != nil {
			end = orchestrator.PipelineRunEnd{Outcome: orchestrator.OutcomeCancelled}
		}
		_, _ = d.service.FinishPipelineRun(d.ctx, run.OrgID, run.ID, end)
	})
	return nil
}

func (d *fakeDurable) jobs(ctx context.Context, run orchestrator.PipelineRunKey) error {
	for {
		begun, err := d.service.BeginPipelineRun(ctx, run.OrgID, run.ID)
		if err != nil || begun.Over {
			return err
		}
		if !begun.Wait {
			break
		}
		if !rest(ctx) {
			return ctx.Err()
		}
	}
	for {
		next, err := d.service.AdvancePipelineRun(ctx, run.OrgID, run.ID)
		if err != nil || next.Done {
			return err
		}
		for _, job := range next.Jobs {
			if _, err := d.service.StepPipelineJob(ctx, run.OrgID, run.ID, job); err != nil && orchestrator.CodeOf(err) != orchestrator.CodeUnavailable {
				return err
			}
		}
		if !rest(ctx) {
			return ctx.Err()
		}
	}
}

func (d *fakeDurable) WakePipelineRun(context.Context, string, string) error { return nil }

func (d *fakeDurable) CancelPipelineRun(_ context.Context, _, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if cancel := d.runs[id]; cancel != nil {
		cancel()
	}
	return nil
}

func (d *fakeDurable) PipelineRunState(context.Context, string, string) (orchestrator.WorkflowState, error) {
	return orchestrator.WorkflowUnknown, nil
}

func (d *fakeDurable) DeliverWebhook(context.Context, orchestrator.WebhookOrder) error { return nil }

func (d *fakeDurable) ApplyPushes(context.Context, orchestrator.EnvRef, time.Duration) error {
	return nil
}

func (d *fakeDurable) WakeDeployment(context.Context, orchestrator.DeploymentKey) error { return nil }

func (d *fakeDurable) WatchLifetime(context.Context, orchestrator.EnvRef) error { return nil }

func (d *fakeDurable) FollowSpinUp(_ context.Context, key orchestrator.SpinUpKey) error {
	d.once(key.ID, func() {
		outcome, err := d.service.FollowSpinUp(d.ctx, key)
		if err == nil {
			_, _ = d.service.FinishSpinUp(d.ctx, key, outcome)
		}
	})
	return nil
}

func (d *fakeDurable) CarryOutPromotion(_ context.Context, key orchestrator.PromotionKey) error {
	d.once(key.ID, func() {
		for {
			next, err := d.service.AdvancePromotion(d.ctx, key)
			if err != nil || next.Done || !rest(d.ctx) {
				return
			}
		}
	})
	return nil
}

// Plans are left as they were asked for.
func (d *fakeDurable) MakePlan(context.Context, orchestrator.PlanKey) error { return nil }

func (d *fakeDurable) CancelPlan(context.Context, orchestrator.PlanKey) error { return nil }
