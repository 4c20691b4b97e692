package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/engine/schema"
)

// typeTable answers questions about resource types.
type typeTable struct {
	org   string
	known map[string]resource.Type
	fixed map[string]bool // implicit types, which the platform itself looks up by name
	// inputs are the schemas that inputs are checked against.
	inputs map[string]*schema.Lazy
}

func newTypeTable(in Input, implicit []resource.Key) typeTable {
	t := typeTable{org: in.Context.OrgID, known: make(map[string]resource.Type, len(in.Types)), fixed: map[string]bool{typeWorkload: true}}
	for _, typ := range in.Types {
		t.known[typ.ID] = typ
	}
	t.inputs = make(map[string]*schema.Lazy, len(in.Types))
	for _, typ := range in.Types {
		t.inputs[typ.ID] = typ.Inputs
		if typ.Inputs == nil {
			t.inputs[typ.ID] = schema.Later(typ.InputsSchema)
		}
	}
	for _, key := range implicit {
		t.fixed[key.Type] = true
	}
	return t
}

// actual gives the type that a name stands for: a custom type of the organization overrides the built-in type of the
// same name. Implicit types cannot be overridden.
func (t typeTable) actual(name string) string {
	if strings.Contains(name, "/") || t.fixed[name] {
		return name
	}
	custom := t.org + "/" + name
	if _, ok := t.known[custom]; ok {
		return custom
	}
	return name
}

// isUnknown tells whether nobody knows the type. Custom types are left to their definitions, and implicit ones are
// always known.
func (t typeTable) isUnknown(name string) bool {
	_, ok := t.known[name]
	return !ok && len(t.known) > 0 && !t.fixed[name] && !strings.Contains(name, "/")
}

// unknown explains that nobody knows the type; "" when somebody does.
func (t typeTable) unknown(name string) string {
	if !t.isUnknown(name) {
		return ""
	}
	near := closest(name, slices.Sorted(maps.Keys(t.known)), 3)
	return fmt.Sprintf("unknown resource type %q; closest: %s", name, strings.Join(near, ", "))
}

// refused explains why a workload may not ask for the type; "" when it may.
func (t typeTable) refused(name string) string {
	typ, ok := t.known[name]
	if !ok || typ.Use == resource.UseDirect || typ.Use == "" {
		return ""
	}
	if typ.Use == resource.UseImplicit {
		return fmt.Sprintf("type %q is implicit: every environment has it already, a workload cannot ask for it", name)
	}
	return fmt.Sprintf("type %q is indirect: only resource definitions may ask for it, not a workload", name)
}
