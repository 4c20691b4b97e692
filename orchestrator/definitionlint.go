package orchestrator

import (
	"errors"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// LintDefinition reports everything that can be known to be wrong with a
// definition without a server: shapes, placeholders, criteria, the driver's
// name and, for templates, their syntax. Types and drivers of an organization's
// own cannot be looked up; their ids are checked for their form only.
func LintDefinition(registry *drivers.Registry, types []string, req DefinitionRequest) []error {
	var out []error
	note := func(err error) {
		if err != nil {
			out = append(out, err)
		}
	}
	note(checkRecordID("id", req.ID))
	note(lintType(req.Type, types))
	note(lintDriver(registry, req.DriverType))
	note(checkCriteria(req.Criteria))
	note(lintSecretRefs(req))
	problems := graph.CheckDefinition(engineDefinition(req))
	for _, p := range problems {
		note(errors.New(strings.TrimPrefix(p.Message, "definition "+req.ID+": ")))
	}
	if len(problems) == 0 { // they are checked there too, one by one
		note(checkDefinitionContent(req))
	}
	_, descriptor, runs := registry.Get(req.DriverType)
	if runs {
		note(checkDriverMakes(descriptor, req.DriverType, req.Type))
	}
	if !runs || descriptor.ID != (&template.Driver{}).Descriptor().ID {
		return out
	}
	inputs := DriverInputsRequest{}
	if req.DriverInputs != nil {
		inputs = *req.DriverInputs
	}
	return append(out, template.Check(inputs.Values, inputs.Secrets)...)
}

// firstProblem is the first thing wrong with the placeholders of a definition.
func firstProblem(req DefinitionRequest) error {
	if problems := graph.CheckDefinition(engineDefinition(req)); len(problems) > 0 {
		return Invalidf("%s", problems[0].Message)
	}
	return nil
}

// engineDefinition is a definition that nobody has stored, as the engine sees it.
func engineDefinition(req DefinitionRequest) resource.Definition {
	out := resource.Definition{ID: req.ID, Type: req.Type, DriverType: req.DriverType, DriverAccount: req.DriverAccount, Provision: req.Provision}
	if req.DriverInputs != nil {
		out.Values, out.SecretRefs = req.DriverInputs.Values, req.DriverInputs.SecretRefs
		if len(req.DriverInputs.Secrets) > 0 {
			out.SecretRefs = req.DriverInputs.Secrets
		}
	}
	return out
}

func lintType(name string, known []string) error {
	ref, err := resource.ParseRef(name)
	if err != nil || ref.Type != name || len(name) > maxKey {
		return Invalidf("type: %q is not valid; use a built-in resource type or <organization>/<name>", shorten(name))
	}
	if strings.Contains(name, "/") {
		return nil
	}
	for _, id := range known {
		if id == name {
			return nil
		}
	}
	if near := drivers.Closest(name, known); near != "" {
		return Invalidf("type: there is no built-in resource type %q; did you mean %q?", name, near)
	}
	return Invalidf("type: there is no built-in resource type %q; a type of your own is <organization>/<name>", name)
}

// lintDriver accepts what may be a driver of an organization's own.
func lintDriver(registry *drivers.Registry, id string) error {
	if id == "" {
		return Invalidf("driver_type: a driver is required, such as humanitec/template")
	}
	org, name, ok := strings.Cut(id, "/")
	if !ok || name == "" || org == "" {
		return Invalidf("driver_type: %q is not the id of a driver; it has the form <organization>/<driver>, such as humanitec/template", shorten(id))
	}
	if org != "humanitec" {
		return nil
	}
	if err := registry.CheckKnown(id); err != nil {
		return Invalidf("driver_type: %v", err)
	}
	return nil
}

// lintSecretRefs checks the leaves the way they are checked when they are stored; nothing is stored.
func lintSecretRefs(req DefinitionRequest) error {
	if req.DriverInputs == nil {
		return nil
	}
	_, err := req.DriverInputs.keep(&secretWriter{
		defID: req.ID, put: func(string, string) (string, string, error) { return BuiltinSecretStore, "1", nil },
	})
	return err
}
