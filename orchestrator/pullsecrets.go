package orchestrator

import (
	"context"
	"fmt"
	"slices"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// Registries reach a namespace as pull secrets: those that a workload has an
// image of, and no others. Their credentials are in the data of a Secret of type
// dockerconfigjson and nowhere else.

// SecretTaker is implemented by deliveries that cannot take Secrets to every
// target. Others can.
type SecretTaker interface {
	// TakesSecrets tells whether Secrets can be delivered to a target.
	TakesSecrets(t Target) bool
}

// pullSecrets gives the pull secrets of workloads while a deployment is rendered.
type pullSecrets struct {
	d         *Deployer
	run       *deploymentRun
	namespace string
	all       []Registry
	reason    string // why none can be made; "" when they can
	target    Target // without a type when there is none
	made      map[string]manifest.Object
	told      map[string]bool
}

func (d *Deployer) pullSecrets(ctx context.Context, run *deploymentRun, namespace string) (*pullSecrets, error) {
	all, err := d.store.ListRegistries(ctx, run.key.OrgID)
	if err != nil {
		return nil, err
	}
	p := &pullSecrets{d: d, run: run, namespace: namespace, all: all, made: map[string]manifest.Object{}, told: map[string]bool{}}
	if len(all) == 0 {
		return p, nil
	}
	target, err := d.targetOf(run)
	if err != nil {
		return p, nil //nolint:nilerr // the delivery reports it
	}
	p.target = target
	if taker, ok := d.targets[target.Type].(SecretTaker); ok && !taker.TakesSecrets(target) {
		p.reason = "the target takes no Secrets"
	}
	return p, nil
}

// of names the pull secrets that a workload needs, and makes those of them that
// are Slipway's.
func (p *pullSecrets) of(ctx context.Context, w manifest.Workload) ([]string, error) {
	var names []string
	for _, image := range manifest.Images(w) {
		r := p.registryOf(image)
		if r == nil {
			continue
		}
		name, err := p.nameFor(ctx, r, image)
		if err != nil {
			return nil, err
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// registryOf is the registry whose name is the longest beginning of an image's.
func (p *pullSecrets) registryOf(image string) *Registry {
	var found *Registry
	for i := range p.all {
		r := &p.all[i]
		if manifest.ImageIn(image, r.Registry) && (found == nil || len(r.Registry) > len(found.Registry)) {
			found = r
		}
	}
	return found
}

// nameFor is the Secret that opens a registry in the namespace, "" for none.
func (p *pullSecrets) nameFor(ctx context.Context, r *Registry, image string) (string, error) {
	if name := p.existing(r); name != "" {
		return name, nil
	}
	switch {
	case r.Type == "public":
		return "", nil
	case len(r.Sealed) == 0:
		p.tell(ctx, r, image, fmt.Sprintf("it names no Secret in namespace %q of this cluster", p.namespace))
		return "", nil
	case p.reason != "":
		p.tell(ctx, r, image, p.reason)
		return "", nil
	}
	if _, ok := p.made[r.ID]; ok {
		return manifest.PullSecretName(r.ID), nil
	}
	creds, err := registryCredentials(p.d.keeper, r)
	if err != nil {
		return "", err
	}
	renewed := r.Type == "amazon_ecr" && creds.Username != ecrUser
	if renewed {
		if why := p.cannotRenew(); why != "" {
			p.tell(ctx, r, image, why)
			return "", nil
		}
		if creds, err = p.exchange(ctx, r, creds); err != nil {
			return "", err
		}
	}
	if creds.Expires != nil && creds.Expires.Before(p.d.now()) {
		p.d.logLine(ctx, p.run.dep.OrgID, p.run.dep.ID, "", "warn", fmt.Sprintf(
			"the credentials of registry %q have expired; images of %s may not be pulled until they are replaced", r.ID, r.Registry))
	}
	p.made[r.ID] = manifest.PullSecret{
		ID: r.ID, Registry: r.Registry, Username: creds.Username, Password: creds.Password, Namespace: p.namespace, Renewed: renewed,
	}.Object()
	return manifest.PullSecretName(r.ID), nil
}

// existing is the Secret that a registry names in the namespace.
func (p *pullSecrets) existing(r *Registry) string {
	cluster := ""
	if target, err := p.d.targetOf(p.run); err == nil {
		cluster, _ = target.Values["name"].(string)
	}
	for _, key := range []string{cluster, "*"} {
		if s, ok := r.Secrets[key]; ok && key != "" && s.Namespace == p.namespace {
			return s.Secret
		}
	}
	return ""
}

// tell says once why a registry gives no pull secret.
func (p *pullSecrets) tell(ctx context.Context, r *Registry, image, why string) {
	if p.told[r.ID] {
		return
	}
	p.told[r.ID] = true
	p.d.logLine(ctx, p.run.dep.OrgID, p.run.dep.ID, "", "warn", fmt.Sprintf(
		"registry %q gives no pull secret for %s: %s", r.ID, image, why))
}

// objects are the Secrets that were made, by registry.
func (p *pullSecrets) objects() []manifest.Object {
	out := make([]manifest.Object, 0, len(p.made))
	for _, id := range sortedNames(p.made) {
		out = append(out, p.made[id])
	}
	return out
}
