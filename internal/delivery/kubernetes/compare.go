package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Compare applies every object dry and compares what would be with what is. The API server does the work: it knows defaults, and
// which fields are whose, so that a difference is one that a delivery would make. Nothing is changed.
func (d *Delivery) Compare(ctx context.Context, r orchestrator.CompareRequest) ([]orchestrator.ObjectComparison, error) {
	c, err := d.cluster(ctx, r.Target)
	if err != nil {
		return nil, err
	}
	b, err := newBatch(c, orchestrator.DeliveryRequest{Target: r.Target, Objects: r.Objects, Secrets: r.Secrets})
	if err != nil {
		return nil, err
	}
	if _, err := c.discovery.ServerVersion(); err != nil { // rather than once for every object
		return nil, b.explain(err)
	}
	scalers, err := b.autoscalers(ctx)
	if err != nil {
		return nil, b.explain(err)
	}
	found := make([]*orchestrator.ObjectComparison, len(b.objects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	for i, o := range b.objects {
		if o.kept {
			continue
		}
		group.Go(func() error {
			var err error
			if found[i], err = b.compareOne(ctx, o); err != nil {
				return b.explain(err)
			}
			if found[i] != nil {
				found[i].Autoscaled = scalers[scalerKey(o.GetNamespace(), o.GetKind(), o.GetName())] != ""
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := []orchestrator.ObjectComparison{}
	for _, one := range found {
		if one != nil {
			out = append(out, *one)
		}
	}
	return out, nil
}

// compareOne is nil when a delivery would change nothing. An error is one of the surroundings; what the cluster refuses is an answer.
func (b *batch) compareOne(ctx context.Context, o *object) (*orchestrator.ObjectComparison, error) {
	out := &orchestrator.ObjectComparison{
		From: o.from, APIVersion: o.GetAPIVersion(), Kind: o.GetKind(), Namespace: o.GetNamespace(), Name: o.GetName(), State: orchestrator.ObjectMissing,
	}
	if err := b.settle(o); err != nil {
		if meta.IsNoMatchError(err) {
			out.Message = "the cluster does not know this kind"
			return out, nil
		}
		return b.undecided(out, o, err)
	}
	out.Namespace = o.GetNamespace()
	live, would, err := b.liveAndDry(ctx, o)
	if err != nil {
		return b.undecided(out, o, err)
	}
	if live == nil {
		return out, nil
	}
	owners := ownersOf(live)
	out.State = orchestrator.ObjectChanged
	out.Changes = objectdiff.Compare(live.Object, would.Object, objectdiff.Options{Hide: objectdiff.Hiding(b.hidden), Owner: owners.of})
	for _, path := range strings.Split(live.GetAnnotations()[orchestrator.AnnotationIgnoreDrift], ",") {
		if path = strings.TrimSpace(path); path != "" {
			out.IgnoredPaths = append(out.IgnoredPaths, path)
		}
	}
	if len(out.Changes) == 0 {
		return nil, nil
	}
	return out, nil
}

// undecided tells what the cluster refuses from a cluster that does not answer.
func (b *batch) undecided(out *orchestrator.ObjectComparison, o *object, err error) (*orchestrator.ObjectComparison, error) {
	if errors.Is(err, context.Canceled) || unreachable(err) {
		return nil, err
	}
	out.State, out.Message = orchestrator.ObjectUnknown, b.redact.String((&refusal{object: o.String(), from: o.from, err: err}).reason())
	return out, nil
}

// liveAndDry is an object as it is and as a delivery would make it from there; nil when it does not exist. What a controller writes
// between the two looks would seem to be a difference, so it is looked at again until nobody did.
func (b *batch) liveAndDry(ctx context.Context, o *object) (live, would *unstructured.Unstructured, err error) {
	for range 10 {
		live, err = b.at(o.place, o.GetNamespace()).Get(ctx, o.GetName(), metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if o.GroupVersionKind() == namespaceKind {
			b.markCreated(o, live)
		}
		if would, err = b.applyDry(ctx, o, live.GetResourceVersion()); !apierrors.IsConflict(err) {
			return live, would, err
		}
	}
	return nil, nil, err
}

// applyDry is what a server-side apply would make of an object as long as it is of this version. Fields that others hold are taken
// over: they are what is asked for.
func (b *batch) applyDry(ctx context.Context, o *object, version string) (*unstructured.Unstructured, error) {
	tree := maps.Clone(o.Object)
	metadata, _ := tree["metadata"].(map[string]any)
	metadata = maps.Clone(metadata)
	metadata["resourceVersion"] = version
	tree["metadata"] = metadata
	body, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	force := true
	return b.at(o.place, o.GetNamespace()).Patch(ctx, o.GetName(), types.ApplyPatchType, body, metav1.PatchOptions{
		FieldManager: FieldManager, Force: &force, DryRun: []string{metav1.DryRunAll},
	})
}

// owners are the field managers of an object, the one that wrote last first.
type owners []owner

type owner struct {
	name   string
	fields map[string]any // FieldsV1
}

func ownersOf(u *unstructured.Unstructured) owners {
	entries := u.GetManagedFields()
	slices.SortStableFunc(entries, func(a, b metav1.ManagedFieldsEntry) int {
		if a.Time == nil || b.Time == nil {
			return 0
		}
		return b.Time.Compare(a.Time.Time)
	})
	var out owners
	for _, m := range entries {
		fields := map[string]any{}
		if m.FieldsV1 == nil || json.Unmarshal(m.FieldsV1.GetRawBytes(), &fields) != nil {
			continue
		}
		out = append(out, owner{name: m.Manager, fields: fields})
	}
	return out
}

// of names who holds a field, or something in it; "" when nobody but Slipway does.
func (o owners) of(steps []objectdiff.Step) string {
	for _, one := range o {
		if one.name != FieldManager && holdsField(one.fields, steps) {
			return one.name
		}
	}
	return ""
}

func holdsField(fields map[string]any, steps []objectdiff.Step) bool {
	if len(steps) == 0 {
		return true
	}
	for key, below := range fields {
		child, _ := below.(map[string]any)
		if meant(key, steps[0]) && (len(child) == 0 || holdsField(child, steps[1:])) {
			return true
		}
	}
	return false
}

// meant reports whether a key of FieldsV1 is the step: f:<field>, k:<keys of an element>, v:<value>, i:<index>.
func meant(key string, step objectdiff.Step) bool {
	kind, text, _ := strings.Cut(key, ":")
	if step.Field != "" {
		return kind == "f" && text == step.Field
	}
	switch kind {
	case "k":
		var keys map[string]any
		element, _ := step.Value.(map[string]any)
		if json.Unmarshal([]byte(text), &keys) != nil || element == nil {
			return false
		}
		for name, value := range keys {
			if !sameValue(element[name], value) {
				return false
			}
		}
		return true
	case "v":
		have, err := json.Marshal(step.Value)
		return err == nil && string(have) == text
	}
	return false
}

// sameValue compares values that were decoded in different ways.
func sameValue(a, b any) bool {
	one, err := json.Marshal(a)
	if err != nil {
		return false
	}
	other, err := json.Marshal(b)
	return err == nil && string(one) == string(other)
}
