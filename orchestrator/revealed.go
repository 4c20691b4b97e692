package orchestrator

import "context"

// revealed are the secrets that one step of a deployment has read so far: each
// is read once, so that all of a step see the same, and a store that is away is
// asked once.
type revealed struct {
	texts map[secretLeaf]string
	away  map[string]error // by store
}

// reveal reads a secret from its store.
func (r *deploymentRun) reveal(ctx context.Context, d *Deployer, store, ref, version string) (string, error) {
	leaf := secretLeaf{store: store, ref: ref, version: version}
	if text, ok := r.secrets.texts[leaf]; ok {
		return text, nil
	}
	if err := r.secrets.away[store]; err != nil {
		return "", err
	}
	text, err := d.secrets.reveal(ctx, r.key.OrgID, store, ref, version)
	if err != nil {
		if CodeOf(err) == CodeUnavailable && !d.secrets.isBuiltin(store) {
			if r.secrets.away == nil {
				r.secrets.away = map[string]error{}
			}
			r.secrets.away[store] = err
		}
		return "", err
	}
	if r.secrets.texts == nil {
		r.secrets.texts = map[secretLeaf]string{}
	}
	r.secrets.texts[leaf] = text
	return text, nil
}
