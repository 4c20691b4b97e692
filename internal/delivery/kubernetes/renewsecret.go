package kubernetes

import (
	"context"
	"maps"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/slipway-dev/slipway/orchestrator"
)

var _ orchestrator.SecretRenewer = (*Delivery)(nil)

// RenewSecret merges values, base64 as in the data of a Secret, into a Secret that is there and is the environment's. It gives the
// fields up, so that the next delivery may set them. It never makes a Secret: what a deployment has taken away stays away.
func (d *Delivery) RenewSecret(ctx context.Context, t orchestrator.Target, name string, data map[string]string) (found bool, err error) {
	c, err := d.cluster(ctx, t)
	if err != nil {
		return false, err
	}
	b, err := newBatch(c, orchestrator.DeliveryRequest{Target: t, Secrets: slices.Collect(maps.Values(data))})
	if err != nil {
		return false, err
	}
	p, err := b.recall(orchestrator.InventoryEntry{APIVersion: "v1", Kind: "Secret", Namespace: t.Namespace, Name: name})
	if err != nil || p == nil {
		return false, b.explain(err)
	}
	if there, err := b.find(ctx, p); err != nil || !there || p.deleting {
		return false, b.explain(err)
	}
	// The uid is a precondition: a Secret that was made anew meanwhile has a newer token.
	patch := map[string]any{"metadata": map[string]any{"uid": string(p.uid)}, "data": data}
	err = b.patchAndRelease(ctx, p, patch)
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return false, nil
	}
	if err != nil {
		return false, b.explain(&refusal{object: p.String(), err: err})
	}
	return true, nil
}
