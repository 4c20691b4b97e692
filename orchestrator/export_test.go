package orchestrator

import (
	"context"
	"time"
)

// ValueSetFor opens valueSetFor to tests that use a real store.
func (s *Service) ValueSetFor(ctx context.Context, ref EnvRef, id string) (*ValueSetVersion, error) {
	return s.valueSetFor(ctx, ref, id)
}

// RevealSecret opens revealSecret to tests that use a real store.
func (s *Service) RevealSecret(ctx context.Context, org, store, ref, version string) (string, error) {
	return s.secrets.reveal(ctx, org, store, ref, version)
}

// Begin opens begin to tests that play the queue.
func (d *Deployer) Begin(ctx context.Context, key DeploymentKey) (*Deployment, error) {
	return d.begin(ctx, key)
}

// ProposerOf opens proposerOf to tests.
var ProposerOf = proposerOf

// ShowStartsAfter has the starts of in-process nodes recorded after another time.
func (d *Deployer) ShowStartsAfter(wait time.Duration) { d.startShownAfter = wait }
