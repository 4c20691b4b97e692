// Package score turns Score workload files (score.dev/v1b1) into modules of a Deployment Set, the way the API's
// convert-score does: defaults and overrides are applied, the file is checked against the published Score schema, and
// containers, service and resources become a module and shared resources.
//
// The result depends on the input alone. The package reads no files and never resolves what a resource or a shared value
// will be: such references become placeholders, which are expanded when the module is deployed.
package score

import (
	"fmt"
	"maps"
	"slices"

	"github.com/score-spec/score-go/loader"
	"github.com/score-spec/score-go/types"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// DefaultProfile is the workload profile of a module whose extensions name none.
const DefaultProfile = "humanitec/default-module"

// Input is a Score file, already parsed, and what is to be changed about it. Only Spec is required.
type Input struct {
	// Spec is the Score document. Files with `source` must have been inlined (InlineFiles).
	Spec map[string]any
	// Image is for containers that have no image, or ".".
	Image string
	// Overrides is merged into Spec: objects key by key, everything else replaced; null removes a key.
	Overrides map[string]any
	// PropertyOverrides maps a dotted path ("containers.main.image") to its value, after Overrides; null removes. A dot
	// inside a key is written \. and an element of a list is named by its index.
	PropertyOverrides map[string]any
	// TypeAliases maps a resource type as written in Score to the one to ask for, such as s3 to my-org/s3.
	TypeAliases map[string]string
	// Extensions holds {apiVersion, profile, spec, deploy}; its spec is merged over the converted one.
	Extensions map[string]any
}

// Output is what a Score file adds to a Deployment Set: one module, named as the workload is, and the shared resources
// that it refers to by id. Everything in it is a plain JSON tree.
type Output struct {
	Name    string
	Modules map[string]map[string]any
	Shared  map[string]any
	// Warnings are placeholders that nothing is known to expand, sorted. They stay in the module as they are, and a
	// deployment that still has them fails.
	Warnings []Problem
}

// Convert turns a Score file into a module. What is wrong comes back as an *Error: everything that does not meet the Score
// schema at once; and for a file that meets it, everything that is wrong with its content at once.
func Convert(in Input) (*Output, error) {
	var found problems
	spec, err := prepare(in, &found)
	if err != nil {
		return nil, err
	}
	if err := validate(spec, &found); err != nil {
		return nil, err
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	var workload types.Workload
	if err := loader.MapSpec(&workload, spec); err != nil {
		return nil, newError(Problem{Message: "the Score file cannot be read: " + err.Error()})
	}
	return convert(&workload, in)
}

// prepare applies everything that comes before validation.
func prepare(in Input, found *problems) (map[string]any, error) {
	spec, err := normalized("spec", in.Spec)
	if err != nil {
		return nil, err
	}
	overrides, err := normalized("overrides", in.Overrides)
	if err != nil {
		return nil, err
	}
	properties, err := normalized("property_overrides", in.PropertyOverrides)
	if err != nil {
		return nil, err
	}
	merge(spec, overrides)
	overrideProperties(spec, properties, found)
	setImage(spec, in.Image, found)
	upgrade(spec, found)
	return spec, nil
}

func normalized(what string, tree map[string]any) (map[string]any, error) {
	copied, err := deployset.Normalize(tree)
	if err != nil {
		return nil, newError(Problem{Path: what, Message: err.Error()})
	}
	object, _ := copied.(map[string]any)
	return object, nil
}

func convert(workload *types.Workload, in Input) (*Output, error) {
	var found, doubts problems
	name, _ := workload.Metadata["name"].(string)
	ext := readExtensions(in.Extensions, &found)
	resources := convertResources(workload.Resources, in.TypeAliases, ext.scopes, &found)
	subst := &substituter{metadata: workload.Metadata, resources: resources, found: &found, doubts: &doubts}
	subst.params()

	spec := map[string]any{
		"annotations": annotations(workload.Metadata, subst),
		"containers":  containers(workload.Containers, subst),
	}
	if service := service(workload.Service); service != nil {
		spec["service"] = service
	}
	extended, _ := subst.tree(at("extensions", "spec"), ext.spec, extension).(map[string]any)
	merge(spec, extended)

	module := map[string]any{"profile": ext.profile, "spec": spec, "externals": resources.externals}
	if ext.deploy != nil {
		module["deploy"] = ext.deploy
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	out, err := output(name, module, resources.shared)
	if err != nil {
		return nil, err
	}
	out.Warnings = doubts.sorted()
	return out, nil
}

func output(name string, module, shared map[string]any) (*Output, error) {
	normalModule, err := normalized("module "+name, module)
	if err != nil {
		return nil, err
	}
	normalShared, err := normalized("shared", shared)
	if err != nil {
		return nil, err
	}
	return &Output{Name: name, Modules: map[string]map[string]any{name: normalModule}, Shared: normalShared}, nil
}

// annotations gives the pod annotations: those of the Score file, and a mark of where the module comes from, which
// tools look for.
func annotations(metadata types.WorkloadMetadata, subst *substituter) map[string]any {
	out := map[string]any{"humanitec.io/managed-by": "score-humanitec"}
	declared, _ := metadata["annotations"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(declared)) {
		text, _ := declared[key].(string)
		out[key] = subst.text(at("metadata", "annotations", key), text, expanded)
	}
	return out
}

func service(service *types.WorkloadService) map[string]any {
	if service == nil || len(service.Ports) == 0 {
		return nil
	}
	ports := map[string]any{}
	for name, port := range service.Ports {
		out := map[string]any{"service_port": port.Port, "container_port": port.Port, "protocol": "TCP"}
		if port.TargetPort != nil {
			out["container_port"] = *port.TargetPort
		}
		if port.Protocol != nil {
			out["protocol"] = string(*port.Protocol)
		}
		ports[name] = out
	}
	return map[string]any{"ports": ports}
}

func listed[V any](items map[string]V) string {
	if len(items) == 0 {
		return "none"
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(items)))
}
