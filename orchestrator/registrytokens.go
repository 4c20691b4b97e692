package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// ecrUser is whom tokens of Amazon ECR are for: credentials with this user are
// such a token, others are keys that are exchanged for one.
const ecrUser = "AWS"

// RegistryTokens exchanges keys for a user and a password that end.
type RegistryTokens interface {
	// Exchange gives credentials for a registry, such as
	// 123456789012.dkr.ecr.eu-central-1.amazonaws.com, with Expires set and hours
	// away. Errors hold no secret: CodeInvalid is a registry that gives no tokens,
	// CodeForbidden keys that are refused, CodeUnavailable is worth a repetition.
	Exchange(ctx context.Context, registry string, keys RegistryCredentials) (RegistryCredentials, error)
}

// SecretRenewer is implemented by deliveries that can change a Secret between
// deployments.
type SecretRenewer interface {
	// RenewSecret replaces values of a Secret that was delivered to the target's
	// namespace; found is false when it is not there or is not the environment's.
	RenewSecret(ctx context.Context, t Target, name string, data map[string]string) (found bool, err error)
}

// PullSecretToken says when the token in a pull secret of an environment ends.
type PullSecretToken struct {
	OrgID      string
	AppID      string
	EnvID      string
	RegistryID string
	ExpiresAt  time.Time
	UpdatedAt  time.Time
}

// Ref names the environment.
func (t *PullSecretToken) Ref() EnvRef { return EnvRef{OrgID: t.OrgID, AppID: t.AppID, EnvID: t.EnvID} }

// PullSecretStore keeps when tokens in pull secrets end.
type PullSecretStore interface {
	// PutPullSecretToken stores one or replaces it; CodeNotFound without its environment.
	PutPullSecretToken(ctx context.Context, v *PullSecretToken) error
	// DuePullSecretTokens lists those that end before a time, the first to end
	// first; only for the system itself.
	DuePullSecretTokens(ctx context.Context, before time.Time, limit int) ([]PullSecretToken, error)
	// DeletePullSecretToken forgets one; one that is not there is no error.
	DeletePullSecretToken(ctx context.Context, ref EnvRef, registryID string) error
}

func registryCredentials(keeper Keeper, r *Registry) (RegistryCredentials, error) {
	var out RegistryCredentials
	if err := openCredentials(keeper, CredentialsPlace("registries", r.OrgID, r.ID), r.Sealed, &out); err != nil {
		return out, Wrapf(CodeInternal, err, "the credentials of registry %q could not be decrypted", r.ID)
	}
	return out, nil
}

// cannotRenew says why tokens would end in the target and nobody could renew them.
func (p *pullSecrets) cannotRenew() string {
	if p.d.tokens == nil {
		return "this worker exchanges no keys for tokens"
	}
	if _, ok := p.d.targets[p.target.Type].(SecretRenewer); !ok {
		return "tokens of amazon_ecr end after twelve hours, and in this target nobody can renew them; the nodes have to sign in themselves"
	}
	return ""
}

// exchange gets a token and records when it ends, before it is delivered.
func (p *pullSecrets) exchange(ctx context.Context, r *Registry, keys RegistryCredentials) (RegistryCredentials, error) {
	got, err := p.d.tokens.Exchange(ctx, r.Registry, keys)
	if err != nil {
		return got, Errorf(CodeOf(err), "registry %q: %v", r.ID, err)
	}
	ref := p.run.key.EnvRef
	return got, p.d.store.PutPullSecretToken(ctx, &PullSecretToken{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, RegistryID: r.ID, ExpiresAt: *got.Expires, UpdatedAt: p.d.now(),
	})
}

const (
	// renewAhead is how long before its end a token in a cluster is replaced. It is
	// less than the time that a token has when it is given out, half of twelve hours.
	renewAhead = 5 * time.Hour
	// forgetAfter is how long a Secret that is not there may still be on its way:
	// longer than a deployment takes.
	forgetAfter  = 6 * time.Hour
	renewTimeout = time.Minute
	renewBatch   = 200
)

// KeepPullSecrets renews tokens in clusters every interval until ctx ends. Any
// number of processes may do so.
func (d *Deployer) KeepPullSecrets(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := d.RenewPullSecrets(ctx); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "tokens in pull secrets could not be renewed; the next round tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RenewPullSecrets replaces the tokens that end soon. It goes on after one that
// cannot be replaced now and returns what went wrong.
func (d *Deployer) RenewPullSecrets(ctx context.Context) error {
	if d.tokens == nil {
		return nil
	}
	due, err := d.store.DuePullSecretTokens(ctx, d.now().Add(renewAhead), renewBatch)
	if err != nil {
		return err
	}
	var failed []error
	for i := range due {
		t := &due[i]
		bounded, cancel := context.WithTimeout(ctx, renewTimeout)
		result, err := d.renewPullSecret(bounded, t)
		cancel()
		if err != nil {
			result = "failed"
			failed = append(failed, fmt.Errorf("registry %q in environment %s, whose token ends at %s: %w",
				t.RegistryID, t.Ref(), t.ExpiresAt.Format(time.RFC3339), err))
		}
		d.observe("pull-secret", result)
	}
	return errors.Join(failed...)
}

// renewPullSecret replaces one token; what nobody uses any more is forgotten.
func (d *Deployer) renewPullSecret(ctx context.Context, t *PullSecretToken) (result string, err error) {
	forget := func() (string, error) {
		return "forgotten", d.store.DeletePullSecretToken(ctx, t.Ref(), t.RegistryID)
	}
	registry, err := d.store.GetRegistry(ctx, t.OrgID, t.RegistryID)
	if IsNotFound(err) {
		return forget()
	}
	if err != nil {
		return "", err
	}
	keys, err := registryCredentials(d.keeper, registry)
	if err != nil {
		return "", err
	}
	if registry.Type != "amazon_ecr" || keys.Username == ecrUser {
		return forget() // the next deployment brings what it is now
	}
	env, err := d.store.GetEnvironment(ctx, t.Ref())
	if err != nil {
		return "", err
	}
	if env.Status == StatusDeleting {
		return forget()
	}
	resources, err := d.store.ListActiveResources(ctx, t.Ref())
	if err != nil {
		return "", err
	}
	target, _, err := targetFor(d.keeper, env, resources)
	if err != nil {
		return "", err
	}
	renewer, ok := d.targets[target.Type].(SecretRenewer)
	if !ok {
		return forget()
	}
	return d.bringToken(ctx, t, registry, keys, target, renewer, forget)
}

func (d *Deployer) bringToken(ctx context.Context, t *PullSecretToken, r *Registry, keys RegistryCredentials, target Target, renewer SecretRenewer,
	forget func() (string, error),
) (string, error) {
	got, err := d.tokens.Exchange(ctx, r.Registry, keys)
	if err != nil {
		return "", err
	}
	object := manifest.PullSecret{ID: r.ID, Registry: r.Registry, Username: got.Username, Password: got.Password, Namespace: target.Namespace}.Object()
	data := map[string]string{}
	for key, value := range mapAt(object.Tree, "data") {
		data[key], _ = placeholder.Reveal(value).(string)
	}
	found, err := renewer.RenewSecret(ctx, target, object.Name(), data)
	switch {
	case err != nil:
		return "", err
	case found:
		d.log.InfoContext(ctx, "renewed the token in a pull secret", "environment", t.Ref().String(), "registry", r.ID, "until", *got.Expires)
		t.ExpiresAt, t.UpdatedAt = *got.Expires, d.now()
		return "renewed", d.store.PutPullSecretToken(ctx, t)
	case d.now().Sub(t.UpdatedAt) > forgetAfter:
		return forget()
	}
	return "missing", nil
}
