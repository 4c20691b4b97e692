package orchestrator

import "context"

// Watcher is implemented by deliveries whose target can tell when the objects
// are ready.
type Watcher interface {
	// Watch returns when everything is ready, or with the reason why it is not
	// going to be.
	Watch(ctx context.Context, r DeliveryRequest) error
}

// Rollout waits until the target reports that what was delivered is ready. A
// target that cannot tell, such as a repository, is not waited for.
func (d *Deployer) Rollout(ctx context.Context, key DeploymentKey) error {
	return d.rollout(ctx, key, nil)
}

// RolloutStage waits until one stage has come as far as the deploy conditions of
// its modules say.
func (d *Deployer) RolloutStage(ctx context.Context, key DeploymentKey, at StageAt) error {
	return d.rollout(ctx, key, &at)
}

func (d *Deployer) rollout(ctx context.Context, key DeploymentKey, at *StageAt) error {
	if _, err := d.enterPhase(ctx, key, "rollout"); err != nil {
		return err
	}
	run, err := d.loadRun(ctx, key)
	if err != nil {
		return err
	}
	request, delivery, err := d.deliveryRequest(ctx, run)
	if err != nil {
		return d.deliveryFailure(ctx, key, err)
	}
	watcher, ok := delivery.(Watcher)
	if !ok {
		return nil
	}
	if at != nil {
		all := stagesOf(request.Objects)
		if err := checkStage(at.N, all); err != nil {
			return d.deliveryFailure(ctx, key, err)
		}
		request.Objects, request.Since = awaitedIn(request.Objects, at.N, all), at.Since
	}
	if err := watcher.Watch(ctx, request); err != nil {
		return d.deliveryFailure(ctx, key, err)
	}
	return d.isBack(ctx, key)
}
