package orchestrator

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/objectdiff"
)

// standIns take the place of what is not known. Objects are rendered with both:
// what differs then depends on it, in whatever way.
var standIns = [2]string{"known-later-a", "known-later-b"}

// render makes the objects as far as they can be known.
func (a *ahead) render(ctx context.Context, out *PlannedAhead) error {
	if why := a.nowhere(); why != "" {
		out.Notes = append(out.Notes, why)
		return nil
	}
	var made [2][]manifest.Object
	for i, text := range standIns {
		a.run.unknown = func(string, string) (any, error) { return text, nil }
		objects, problems, err := a.d.renderAll(ctx, a.run)
		a.run.unknown = refuseUnknown
		if err != nil {
			return err
		}
		made[i] = objects
		for _, p := range problems {
			if i > 0 {
				break
			}
			if a.certain() {
				out.Problems = append(out.Problems, p.Message)
				continue
			}
			out.Notes = append(out.Notes, "it cannot be rendered before all outputs are known: "+p.Message)
		}
	}
	a.compareStandIns(made, out)
	for i := range a.nodes {
		n := &a.run.nodes[i]
		if n.Status != NodeSucceeded {
			out.Notes = append(out.Notes, "what "+n.Key.String()+" adds to the objects is known when it was made")
		}
		if sealed, err := a.run.sealed(a.d, n); err == nil {
			out.Hidden = append(out.Hidden, stringLeaves(sealed.Secrets)...)
		}
	}
	if target, err := a.d.targetOf(a.run); err == nil && target.Type != "" {
		out.Target = &target
	}
	return nil
}

// nowhere says why no object can be told: without a namespace none has a place.
func (a *ahead) nowhere() string {
	for i := range a.run.nodes {
		if n := &a.run.nodes[i]; n.Key.Type == "k8s-namespace" && n.Status != NodeSucceeded {
			return "the objects are known when " + n.Key.String() + " was made, which names their namespace"
		}
	}
	return ""
}

// certain reports whether every output is known.
func (a *ahead) certain() bool {
	for i := range a.run.nodes {
		if a.run.nodes[i].Status != NodeSucceeded {
			return false
		}
	}
	return true
}

// compareStandIns finds the fields that are not known: those that differ.
func (a *ahead) compareStandIns(made [2][]manifest.Object, out *PlannedAhead) {
	other := make(map[string]manifest.Object, len(made[1]))
	for _, o := range made[1] {
		other[o.Ref()] = o
	}
	out.Unknown = map[string][]string{}
	for _, o := range made[0] {
		twin, there := other[o.Ref()]
		if !there {
			out.Notes = append(out.Notes, "the name of a "+o.Kind()+" of "+o.From+" is known later")
			continue
		}
		for _, c := range objectdiff.Compare(o.Tree, twin.Tree, objectdiff.Options{Hide: hideSealed(o, twin)}) {
			out.Unknown[o.Ref()] = append(out.Unknown[o.Ref()], c.Path)
		}
		out.Objects = append(out.Objects, o)
	}
}

// planObjects compares the objects of a plan with those that were delivered last.
func planObjects(before []manifest.Object, ahead *PlannedAhead) *ManifestPlan {
	out := &ManifestPlan{Objects: []PlannedObject{}, Notes: ahead.Notes}
	found := diffObjects(before, ahead.Objects)
	refs := map[string]manifest.Object{}
	for _, o := range ahead.Objects {
		refs[o.Ref()] = o
	}
	for _, c := range found {
		planned := PlannedObject{ObjectComparison: c}
		for ref, o := range refs {
			if c.State != ObjectRemoved && o.Kind() == c.Kind && o.APIVersion() == c.APIVersion && o.Namespace() == c.Namespace && o.Name() == c.Name {
				planned.Unknown = ahead.Unknown[ref]
			}
		}
		hideUnknown(&planned)
		out.Objects = append(out.Objects, planned)
	}
	out.Same = len(ahead.Objects)
	for _, c := range found {
		if c.State != ObjectRemoved {
			out.Same--
		}
	}
	return out
}

// hideUnknown takes the stand-ins out of what is shown.
func hideUnknown(o *PlannedObject) {
	for i := range o.Changes {
		c := &o.Changes[i]
		for _, path := range o.Unknown {
			if objectdiff.Under(c.Path, path) || objectdiff.Under(path, c.Path) {
				c.After = ""
			}
		}
	}
	o.Name = strings.ReplaceAll(o.Name, standIns[0], "…")
}
