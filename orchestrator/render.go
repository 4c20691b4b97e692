package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// RenderResult says what was rendered.
type RenderResult struct{ Objects int }

// Render turns the workloads and the manifests of resources into Kubernetes
// objects and stores them, encrypted as a whole. Every problem of every
// workload is reported at once.
func (d *Deployer) Render(ctx context.Context, key DeploymentKey) (RenderResult, error) {
	if _, err := d.enterPhase(ctx, key, "render"); err != nil {
		return RenderResult{}, err
	}
	run, err := d.loadRun(ctx, key)
	if err != nil {
		return RenderResult{}, err
	}
	objects, problems, err := d.renderAll(ctx, run)
	if err != nil {
		return RenderResult{}, err
	}
	if len(problems) > 0 {
		return RenderResult{}, d.fail(ctx, key, problems)
	}
	sealed, err := d.seal(manifestAD(key), storedObjects(objects))
	if err != nil {
		return RenderResult{}, err
	}
	err = d.store.PutManifests(ctx, &ManifestSet{
		OrgID: key.OrgID, DeploymentID: key.ID, Sealed: sealed, Objects: len(objects), CreatedAt: d.now(),
	})
	return RenderResult{Objects: len(objects)}, err
}

func manifestAD(key DeploymentKey) string { return "manifests|" + key.OrgID + "|" + key.ID }

// storedObject is an object at rest; everything in it is revealed, which is
// why the whole is encrypted. Secrets lists the JSON pointers to seal again.
type storedObject struct {
	Tree    map[string]any `json:"tree"`
	From    string         `json:"from"`
	Secrets []string       `json:"secrets,omitempty"`

	Deploy *manifest.DeployCondition `json:"deploy,omitempty"`
}

func storedObjects(objects []manifest.Object) []storedObject {
	out := make([]storedObject, 0, len(objects))
	for _, o := range objects {
		var pointers []string
		collectSecrets(o.Tree, "", &pointers)
		tree, _ := placeholder.Reveal(o.Tree).(map[string]any)
		out = append(out, storedObject{Tree: tree, From: o.From, Secrets: pointers, Deploy: o.Deploy})
	}
	return out
}

func collectSecrets(v any, at string, into *[]string) {
	switch t := v.(type) {
	case placeholder.Secret:
		*into = append(*into, at)
	case map[string]any:
		for _, k := range sortedNames(t) {
			collectSecrets(t[k], placeholder.Child(at, k), into)
		}
	case []any:
		for i, child := range t {
			collectSecrets(child, placeholder.Child(at, fmt.Sprint(i)), into)
		}
	}
}

// loadObjects reads what Render stored, with its secrets sealed again.
func (d *Deployer) loadObjects(ctx context.Context, key DeploymentKey) ([]manifest.Object, error) {
	return openObjects(ctx, d.store, d.keeper, key)
}

func sealAt(v any, at string, secret map[string]bool) any {
	if secret[at] {
		return placeholder.Secret{Value: v}
	}
	switch t := v.(type) {
	case map[string]any:
		for k := range t {
			t[k] = sealAt(t[k], placeholder.Child(at, k), secret)
		}
	case []any:
		for i := range t {
			t[i] = sealAt(t[i], placeholder.Child(at, fmt.Sprint(i)), secret)
		}
	}
	return v
}

// renderAll renders namespace, resources and workloads in a stable order.
func (d *Deployer) renderAll(ctx context.Context, run *deploymentRun) ([]manifest.Object, []DeploymentError, error) {
	namespace := run.namespace()
	pull, err := d.pullSecrets(ctx, run, namespace)
	if err != nil {
		return nil, nil, err
	}
	var objects []manifest.Object
	var problems []DeploymentError
	for i := range run.nodes {
		n := &run.nodes[i]
		made, err := d.resourceObjects(run, n, namespace)
		if err != nil {
			problems = append(problems, manifestErrors("resource", n.Key.ID, err)...)
			continue
		}
		if err := d.labelGeneric(ctx, run, n, made); err != nil {
			return nil, nil, err
		}
		objects = append(objects, made...)
	}
	for i := range run.nodes {
		n := &run.nodes[i]
		if n.Key.Type != "workload" {
			continue
		}
		made, err := d.workloadObjects(ctx, run, n, pull)
		if err != nil {
			if c := CodeOf(err); c == CodeUnavailable || ctx.Err() != nil {
				return nil, nil, err
			}
			problems = append(problems, manifestErrors("workload", strings.TrimPrefix(n.Key.ID, "modules."), err)...)
			continue
		}
		objects = append(objects, made...)
	}
	generic, err := d.genericProblems(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	problems = append(problems, generic...)
	objects = append(objects, pull.objects()...)
	objects = withNamespace(objects, run, namespace)
	problems = append(problems, duplicateObjects(objects)...)
	manifest.LeaveReplicas(objects)
	manifest.RollOnReferences(objects, func(w manifest.Object) []byte {
		return d.keeper.MAC("references|"+run.key.EnvRef.String(), []byte(w.From))
	})
	manifest.Sort(objects)
	return objects, problems, nil
}

// namespace is what the k8s-namespace resource gave, or app-env without one.
func (r *deploymentRun) namespace() string {
	for i := range r.nodes {
		if r.nodes[i].Key.Type != "k8s-namespace" {
			continue
		}
		if name, ok := r.nodes[i].Values["namespace"].(string); ok && name != "" {
			return name
		}
	}
	return r.env.AppID + "-" + r.env.ID
}

// resourceObjects are the objects that a resource brings to the namespace or cluster.
func (d *Deployer) resourceObjects(run *deploymentRun, n *Node, namespace string) ([]manifest.Object, error) {
	sealed, err := run.sealed(d, n)
	if err != nil {
		return nil, err
	}
	var out []manifest.Object
	for _, m := range sealed.Manifests {
		objects, err := objectsOf(m, n.Key.String(), namespace)
		if err != nil {
			return nil, err
		}
		out = append(out, objects...)
	}
	return out, nil
}

// workloadObjects resolves one module and renders it with its profile.
func (d *Deployer) workloadObjects(ctx context.Context, run *deploymentRun, n *Node, pull *pullSecrets) ([]manifest.Object, error) {
	planned, err := run.spec(n)
	if err != nil {
		return nil, err
	}
	module, err := run.module(ctx, d, planned.Module)
	if err != nil || module == nil {
		return nil, err
	}
	ops, err := manifest.ParseUpdate(n.Values["update"])
	if err != nil {
		return nil, err
	}
	patched, err := manifest.Patch(module, ops)
	if err != nil {
		return nil, err
	}
	spec, _ := patched["spec"].(map[string]any)
	scope := &scope{ctx: ctx, d: d, run: run, node: n, planned: planned}
	resolved, err := placeholder.Resolve(orEmpty(spec), scope.resolve)
	if err != nil {
		return nil, err
	}
	ready, _ := resolved.(map[string]any)
	injected, err := d.injections(run, n)
	if err != nil {
		return nil, err
	}
	condition, err := manifest.ParseDeployCondition(planned.Module, patched["deploy"])
	if err != nil {
		return nil, err
	}
	profile, _ := module["profile"].(string)
	w := manifest.Workload{
		ID: planned.Module, Profile: profile, Spec: ready, Namespace: pull.namespace,
		OrgID: n.OrgID, AppID: n.AppID, EnvID: n.EnvID, Injected: injected,
		ChecksumKey: d.keeper.MAC("checksum", []byte(n.GUResID)),
	}
	if w.PullSecrets, err = pull.of(ctx, w); err != nil {
		return nil, err
	}
	objects, err := d.renderWorkload(ctx, w)
	for i := range objects {
		objects[i].Deploy = condition
	}
	return objects, err
}

// module is the workload of the deployment's set.
func (r *deploymentRun) module(ctx context.Context, d *Deployer, id string) (map[string]any, error) {
	if err := r.loadSet(ctx, d); err != nil {
		return nil, err
	}
	return r.set.Modules[id], nil
}

// injections are the containers and volumes that the workload's resources, and
// the workload resource itself, add to its pods.
func (d *Deployer) injections(run *deploymentRun, n *Node) ([]manifest.Injection, error) {
	var out []manifest.Injection
	for _, i := range append([]int{n.Ordinal}, n.DependsOn...) {
		from := &run.nodes[i]
		sealed, err := run.sealed(d, from)
		if err != nil {
			return nil, err
		}
		for j, m := range sealed.Manifests {
			if m.Location != "containers" && m.Location != "volumes" {
				continue
			}
			out = append(out, manifest.Injection{
				Location: m.Location, Name: fmt.Sprintf("%03d", j), Data: m.Data, From: from.Key.String(),
				References: referenceNames(from.Key.ID, n.Key.ID),
			})
		}
	}
	return out, nil
}

// referenceNames are the names under which a workload's spec may refer to a resource.
func referenceNames(resID, workloadID string) []string {
	names := []string{resID}
	if short, ok := strings.CutPrefix(resID, workloadID+"."); ok {
		names = append(names, short)
	}
	return names
}

// withNamespace adds the environment's Namespace object unless a resource
// brought it.
func withNamespace(objects []manifest.Object, run *deploymentRun, namespace string) []manifest.Object {
	for _, o := range objects {
		if o.Kind() == "Namespace" && o.Name() == namespace {
			return objects
		}
	}
	return append(objects, manifest.Object{From: "k8s-namespace", Tree: map[string]any{
		"apiVersion": "v1", "kind": "Namespace",
		"metadata": map[string]any{"name": namespace, "labels": map[string]any{
			"app.kubernetes.io/managed-by": "slipway",
			"slipway.dev/app":              run.env.AppID,
			"slipway.dev/env":              run.env.ID,
		}},
	}})
}

// duplicateObjects reports objects that two sources want to define.
func duplicateObjects(objects []manifest.Object) []DeploymentError {
	seen := map[string]string{}
	var out []DeploymentError
	for _, o := range objects {
		if first, ok := seen[o.Ref()]; ok {
			message := fmt.Sprintf("%s %s/%s is made by both %s and %s; rename one of them", o.Kind(), o.Namespace(), o.Name(), first, o.From)
			out = append(out, DeploymentError{Scope: "workload", Code: "DEP-MANIFEST", ErrorType: "manifest", ObjectID: o.Name(), Summary: message, Message: message})
			continue
		}
		seen[o.Ref()] = o.From
	}
	return out
}

// manifestErrors lists every problem of one workload or resource.
func manifestErrors(scope, id string, err error) []DeploymentError {
	var many *manifest.Error
	if errors.As(err, &many) {
		var out []DeploymentError
		for _, p := range many.Problems {
			text := fmt.Sprintf("%s %s: %s: %s", scope, id, p.Path, p.Message)
			out = append(out, DeploymentError{Scope: scope, Code: "DEP-MANIFEST", ErrorType: "manifest", ObjectID: id, Summary: firstLine(text), Message: text})
		}
		return out
	}
	kind := "manifest"
	var place *placeholder.Error
	if errors.As(err, &place) {
		kind = "placeholder"
	}
	text := fmt.Sprintf("%s %s: %v", scope, id, err)
	return []DeploymentError{{Scope: scope, Code: "DEP-MANIFEST", ErrorType: kind, ObjectID: id, Summary: firstLine(text), Message: text}}
}
