package template

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

const inputsName = "template"

// RenderInputs turns the inputs of a virtual driver into those of the driver
// below it. The source is a text that renders to YAML, or a structure whose
// string leaves are templates; it gives {values, secrets}. It sees .id,
// .resource, .driver.values and .driver.secrets. Nothing (nil or "") hands the
// inputs on as they are. A value that holds one of the secrets is an error.
//
// The request that is returned shares nothing with the one given.
func RenderInputs(ctx context.Context, source any, r drivers.Request) (drivers.Request, error) {
	out := r.Clone()
	if isNothing(source) {
		return out, nil
	}
	limits := DefaultLimits()
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	run := &run{request: r, engine: newEngine(ctx, limits)}
	defer run.engine.release()
	run.scope = map[string]any{
		"id": r.GUResID, "resource": orEmpty(toTemplate(r.Resource)),
		"driver": map[string]any{"values": orEmpty(toTemplate(r.Values)), "secrets": orEmpty(toTemplate(r.Secrets))},
	}
	tree, err := run.object(inputsName, source, run.scope)
	if err == nil {
		out.Values, out.Secrets, err = split(tree)
	}
	if err == nil {
		err = run.refuseSecretInputs(out.Values)
	}
	if err != nil {
		return drivers.Request{}, run.public(err)
	}
	return out, nil
}

func isNothing(source any) bool {
	text, isText := source.(string)
	return source == nil || (isText && strings.TrimSpace(text) == "")
}

// split takes {values, secrets} apart.
func split(tree map[string]any) (values, secrets map[string]any, err error) {
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		if key != "values" && key != "secrets" {
			return nil, nil, badResult("%s must give values and secrets, it gave %s", inputsName, key)
		}
		part, ok := tree[key].(map[string]any)
		if !ok && tree[key] != nil {
			return nil, nil, badResult("%s gave %s at %s; expected a mapping", inputsName, kindOf(tree[key]), key)
		}
		if key == "values" {
			values = part
			continue
		}
		secrets = part
	}
	return values, secrets, nil
}

func (r *run) refuseSecretInputs(values map[string]any) error {
	const shortest = 8
	if secrets := longLeaves(r.request.Secrets, shortest); len(secrets) == 0 || !containsAny(values, secrets) {
		return nil
	}
	return badResult("%s puts a value of .driver.secrets into values; put it into secrets", inputsName)
}

// CheckInputs says what keeps a source from being a template at all.
func CheckInputs(source any) error {
	e := newEngine(context.Background(), DefaultLimits())
	defer e.release()
	var first error
	e.eachText(inputsName, source, func(name, text string) {
		if err := e.check(name, text); first == nil {
			first = err
		}
	})
	return first
}
