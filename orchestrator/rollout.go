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
	if err := watcher.Watch(ctx, request); err != nil {
		return d.deliveryFailure(ctx, key, err)
	}
	return d.isBack(ctx, key)
}
