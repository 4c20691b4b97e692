package graph

import (
	"fmt"

	"github.com/slipway-dev/slipway/engine/schema"
)

// checkInputs compares the inputs of every resource with the inputs_schema of its type, as far as that can be known
// before placeholders are resolved.
func (b *builder) checkInputs() {
	if b.limited {
		return
	}
	for _, v := range b.vertices {
		b.warnOfSchemas(v.key.Type)
		inputs := b.types.inputs[v.key.Type]
		if inputs == nil {
			continue
		}
		for _, p := range inputs.Check(v.inputs, schema.Options{Early: true}) {
			b.problem(Problem{Node: v.key, Kind: ProblemSchema, Module: moduleOf(v.key.ID), Location: p.Path,
				Message: fmt.Sprintf("resource %s: %s", v.key.ID, BadInputs(v.key.Type, p, v.origins))})
		}
	}
}

// warnOfSchemas says which schemas of a type are not held because they are no JSON schemas.
func (b *builder) warnOfSchemas(typ string) {
	for side, err := range map[string]error{"inputs_schema": b.types.inputs[typ].Err(), "outputs_schema": b.types.known[typ].Outputs.Err()} {
		if err != nil {
			b.warnings[fmt.Sprintf("the %s of type %q is not held: %v", side, typ, err)] = true
		}
	}
}

// BadInputs says what is wrong with the inputs of a resource of the type, and where whoever asked for it gives them.
func BadInputs(typ string, p schema.Problem, origins []Origin) string {
	return fmt.Sprintf("its inputs do not fit the inputs_schema of type %q: %s; %s", typ, p, inputsPlace(origins))
}

// inputsPlace tells where the inputs of a resource are written.
func inputsPlace(origins []Origin) string {
	for _, o := range origins {
		switch o.Kind {
		case OriginExternal, OriginShared:
			return "correct the params where the resource is declared"
		case OriginWorkload:
			return "correct the workload"
		case OriginRequest:
			return "correct the inputs of the request"
		}
	}
	for _, o := range origins {
		if o.Kind == OriginProvision {
			return fmt.Sprintf("give the params in provision[%q] of the definition of %s", o.Detail, o.By)
		}
	}
	for _, o := range origins {
		if o.Kind == OriginReference {
			return fmt.Sprintf("%s asks for it by %s only, which gives no inputs: declare it with params, or let a definition co-provision it", o.By, o.Detail)
		}
	}
	return "it gets no inputs from anywhere: do not require any in the schema"
}
