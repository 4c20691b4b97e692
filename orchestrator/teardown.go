package orchestrator

import (
	"context"
	"errors"
	"fmt"
)

// TeardownResult says what is left of an environment.
type TeardownResult struct {
	Done bool
	Left int // resources that still exist
}

// Teardown takes an environment down: what was delivered goes first, then the
// resources, those that nothing depends on before those they depend on, and at
// the end the records. One resource that cannot be destroyed holds up only those
// it depends on. It returns an error when something is stuck, having
// recorded on the environment what it is stuck on; calling it again goes on
// from there. Nothing is forgotten before it is gone.
func (d *Deployer) Teardown(ctx context.Context, ref EnvRef) (TeardownResult, error) {
	env, err := d.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) {
		return TeardownResult{Done: true}, d.finishApplication(ctx, ref)
	}
	if err != nil {
		return TeardownResult{}, err
	}
	if err := d.removeDelivered(ctx, env); err != nil {
		return TeardownResult{}, d.stuck(ctx, ref, fmt.Errorf("removing what was delivered: %w", err))
	}
	left, err := d.destroyResources(ctx, ref)
	if err != nil {
		return TeardownResult{Left: left}, d.stuck(ctx, ref, err)
	}
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		if err := forgetSecrets(ctx, d.secrets, ref); err != nil {
			return err
		}
		if err := announceEnvironment(ctx, d.store, d.now(), env, environmentDeleted, ""); err != nil {
			return err
		}
		if err := dropAllDriverPlans(ctx, d.store, ref); err != nil {
			return err
		}
		return d.store.DeleteEnvironment(ctx, ref)
	})
	if err != nil && !IsNotFound(err) {
		return TeardownResult{}, err
	}
	d.outbox.flush(ctx, ref.OrgID, ref.AppID)
	d.observe("teardown", "succeeded")
	return TeardownResult{Done: true}, d.finishApplication(ctx, ref)
}

// stuck records on the environment why its deletion does not get on.
func (d *Deployer) stuck(ctx context.Context, ref EnvRef, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		env, err := d.store.LockEnvironment(ctx, ref)
		if err != nil || env.StatusMessage == cause.Error() {
			return err
		}
		env.StatusMessage, env.StatusChangedAt = cause.Error(), d.now()
		return d.store.UpdateEnvironment(ctx, env)
	})
	return errors.Join(cause, err)
}

// removeDelivered takes away what the inventory says was brought somewhere.
func (d *Deployer) removeDelivered(ctx context.Context, env *Environment) error {
	inventory, err := d.store.ListInventory(ctx, env.Ref())
	if err != nil || len(inventory) == 0 {
		return err
	}
	resources, err := d.store.ListActiveResources(ctx, env.Ref())
	if err != nil {
		return err
	}
	cluster, err := clusterResource(resources)
	if err != nil {
		return err
	}
	sealed, err := d.openResource(cluster)
	if err != nil {
		return err
	}
	kind, _ := cluster.Values["cluster_type"].(string)
	delivery, ok := d.targets[kind]
	if !ok {
		return Invalidf("cluster_type %q of resource %s cannot be reached by this server", kind, clusterID)
	}
	_, err = delivery.Remove(ctx, DeliveryRequest{
		Target: Target{
			Env: env.Ref(), Type: kind, Values: cluster.Values, Credentials: mapAt(sealed.Secrets, "credentials"), Namespace: namespaceOf(env, resources),
		},
		DeploymentID: "teardown-" + env.LastDeployID, Author: "Slipway", Comment: "environment deleted",
		At: env.StatusChangedAt, Fingerprint: d.fingerprint(env.Ref()), Previous: inventory,
		Log: func(_, text string) {
			d.log.WarnContext(ctx, "teardown: "+text, "org", env.OrgID, "app", env.AppID, "env", env.ID)
		},
	})
	if err != nil {
		return err
	}
	return d.store.DeleteInventory(ctx, inventory)
}

func clusterResource(all []ActiveResource) (*ActiveResource, error) {
	for i := range all {
		if all[i].Key.Type == "k8s-cluster" && all[i].Key.ID == clusterID {
			return &all[i], nil
		}
	}
	return nil, Invalidf("objects were delivered, but the resource %s that says where is not recorded", clusterID)
}

// namespaceOf is the namespace that deployments to an environment used last.
func namespaceOf(env *Environment, all []ActiveResource) string {
	for i := range all {
		if name, ok := all[i].Values["namespace"].(string); ok && name != "" && all[i].Key.Type == "k8s-namespace" {
			return name
		}
	}
	return env.AppID + "-" + env.ID
}

// finishApplication removes an application that is being deleted once its last
// environment is gone.
func (d *Deployer) finishApplication(ctx context.Context, ref EnvRef) error {
	app, err := d.store.GetApplication(ctx, ref.OrgID, ref.AppID)
	if IsNotFound(err) {
		return nil
	}
	if err != nil || app.Status != StatusDeleting {
		return err
	}
	envs, err := d.store.ListEnvironments(ctx, ref.OrgID, ref.AppID)
	if err != nil || len(envs) > 0 {
		return err
	}
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		if err := forgetSecrets(ctx, d.secrets, EnvRef{OrgID: ref.OrgID, AppID: ref.AppID}); err != nil {
			return err
		}
		return d.store.DeleteApplication(ctx, ref.OrgID, ref.AppID)
	})
	if IsNotFound(err) {
		return nil
	}
	return err
}
