package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/engine/score"
)

// A workload of Generic Mode whose class is the default one, and whose definition
// makes nothing of a Score file (or which has none), is interpreted by Slipway
// itself: it is converted like a Score file that is deployed, its resources become
// resources of the graph, and its profile renders it. The set keeps the file as
// it was given.

// echoDriver gives the inputs of a definition back: it makes nothing.
const echoDriver = "humanitec/echo"

// buildGraph is graph.Build for a set that may have workloads of Generic Mode.
func buildGraph(in graph.Input) (*graph.Graph, error) {
	if len(in.Set.Workloads) == 0 {
		return graph.Build(in)
	}
	index := resource.NewIndex(in.Definitions, in.Context)
	set, problems := interpretScore(in.Set, func(id string) bool {
		key := resource.Key{Type: "workload", ID: "modules." + id}.Normalized()
		if pinned, ok := in.Pins[key]; ok {
			return pinned.DriverType == echoDriver
		}
		def, _, _ := index.Match(key)
		return def == nil || def.DriverType == echoDriver
	})
	if len(problems) > 0 {
		return nil, &graph.BuildError{Problems: problems}
	}
	in.Set = set
	return graph.Build(in)
}

// interpretScore converts the workloads that Slipway interprets itself.
func interpretScore(set deployset.Set, native func(id string) bool) (deployset.Set, []graph.Problem) {
	out := deployset.Set{Modules: filled(set.Modules), Shared: filled(set.Shared), Workloads: filled(set.Workloads)}
	var problems []graph.Problem
	for _, id := range sortedNames(set.Workloads) {
		content := set.Workloads[id]
		class, ok := content["class"].(string)
		_, both := set.Modules[id] // the graph builder reports it
		if (!ok && content["class"] != nil) || (class != "" && class != resource.DefaultClass) || both || !native(id) {
			continue
		}
		module, shared, err := convertGeneric(id, content)
		if err != nil {
			problems = append(problems, graph.Problem{
				Node: resource.Key{Type: "workload", Class: resource.DefaultClass, ID: "modules." + id}, Kind: graph.ProblemInvalid, Module: id, Message: err.Error(),
			})
			continue
		}
		delete(out.Workloads, id)
		out.Modules[id] = module
		for _, name := range sortedNames(shared) {
			if _, there := out.Shared[name]; !there {
				out.Shared[name] = shared[name]
			}
		}
	}
	return out, problems
}

// convertGeneric makes a module of a Score file. extensions.kubernetes has the
// fields of a Score extension file: profile, spec, deploy.
func convertGeneric(id string, content map[string]any) (module, shared map[string]any, err error) {
	spec, ok := content["spec"].(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("workload %s: /spec: it must be a Score file", id)
	}
	in := score.Input{Spec: spec}
	if extensions, ok := content["extensions"].(map[string]any); ok {
		if in.Extensions, err = nativeExtensions(id, extensions["kubernetes"]); err != nil {
			return nil, nil, err
		}
	}
	out, err := score.Convert(in)
	if err != nil {
		return nil, nil, fmt.Errorf("workload %s: %w", id, err)
	}
	module = out.Modules[out.Name]
	if module == nil {
		return nil, nil, fmt.Errorf("workload %s: the Score file has no workload", id)
	}
	if out.Name != id {
		return nil, nil, fmt.Errorf("workload %s: metadata.name of its Score file is %q; they must be the same, as other workloads refer to it by one name", id, shorten(out.Name))
	}
	return module, out.Shared, nil
}

func nativeExtensions(id string, given any) (map[string]any, error) {
	if given == nil {
		return nil, nil
	}
	fields, ok := given.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("workload %s: /extensions/kubernetes: it must be an object", id)
	}
	out := maps.Clone(fields)
	if out["apiVersion"] == nil {
		out["apiVersion"] = "humanitec.org/v1b1"
	}
	return out, nil
}

// interpretedNatively reads from the plan of a deployment which workloads were
// converted when it was made: a module has a profile, and a Score file has none.
func (r *deploymentRun) interpretedNatively() (map[string]bool, error) {
	native := map[string]bool{}
	for i := range r.nodes {
		n := &r.nodes[i]
		id, isWorkload := strings.CutPrefix(n.Key.ID, "modules.")
		if n.Key.Type != "workload" || !isWorkload {
			continue
		}
		planned, err := r.spec(n)
		if err != nil {
			return nil, err
		}
		if _, native[id] = planned.Inputs["profile"]; !native[id] {
			delete(native, id)
		}
	}
	return native, nil
}

// loadSet reads the deployment's set when it is first needed, with the workloads
// that Slipway interprets itself as modules.
func (r *deploymentRun) loadSet(ctx context.Context, d *Deployer) error {
	if r.set != nil {
		return nil
	}
	set, err := d.store.GetSet(ctx, r.dep.OrgID, r.dep.AppID, r.dep.SetID)
	if err != nil {
		return err
	}
	if len(set.Workloads) > 0 {
		native, err := r.interpretedNatively()
		if err != nil {
			return err
		}
		converted, problems := interpretScore(set, func(id string) bool { return native[id] })
		if len(problems) > 0 {
			return errors.New(problems[0].Message) // the plan would have found it
		}
		set = converted
	}
	r.set = &set
	return nil
}

// workloadIDs are the workloads of a set, of both kinds, sorted.
func workloadIDs(set deployset.Set) []string {
	ids := append(sortedNames(set.Modules), sortedNames(set.Workloads)...)
	slices.Sort(ids)
	return slices.Compact(ids)
}
