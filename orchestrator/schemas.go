package orchestrator

import (
	"context"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/engine/schema"
)

// matchableTypes are resource types as the engine sees them. Their schemas are
// compiled when first used and shared by all graphs that are built with them.
func matchableTypes(types []ResourceType) []resource.Type {
	out := make([]resource.Type, 0, len(types))
	for _, t := range types {
		out = append(out, resource.Type{
			ID: t.ID, Use: t.Use, InputsSchema: t.InputsSchema, OutputsSchema: t.OutputsSchema,
			Inputs: schema.Later(t.InputsSchema), Outputs: schema.Later(t.OutputsSchema),
		})
	}
	return out
}

// typeOf finds the type of a node; the zero type, which accepts everything,
// when nobody describes it. The types are read once for each step.
func (r *deploymentRun) typeOf(ctx context.Context, d *Deployer, n *Node) (resource.Type, error) {
	if r.types == nil {
		all, err := d.store.ListResourceTypes(ctx, n.OrgID)
		if err != nil {
			return resource.Type{}, err
		}
		r.types = make(map[string]resource.Type, len(all))
		for _, t := range matchableTypes(all) {
			r.types[t.ID] = t
		}
	}
	return r.types[n.Key.Type], nil
}

// checkInputs compares the resolved inputs of a resource with the schema of its
// type, before its driver is called. The inputs of a workload still hold
// placeholders; what they stand for is not judged.
func (d *Deployer) checkInputs(ctx context.Context, run *deploymentRun, n *Node, planned *graph.Node, inputs map[string]any) error {
	typ, err := run.typeOf(ctx, d, n)
	if err != nil {
		return err
	}
	found := typ.Inputs.Check(inputs, schema.Options{Early: n.Key.Type == "workload"})
	if len(found) == 0 {
		return nil
	}
	lines := make([]string, 0, len(found))
	for _, p := range found {
		lines = append(lines, graph.BadInputs(n.Key.Type, p, planned.Origins))
	}
	return &drivers.Error{Code: drivers.CodeInvalidInputs, Permanent: true, Message: strings.Join(lines, "\n")}
}

// checkOutputs compares what a driver returned with the schema of the type:
// {values, secrets}. Secrets are never repeated. The driver has made something
// by now, so what a later run or a deletion needs of it is kept.
func (d *Deployer) checkOutputs(ctx context.Context, run *deploymentRun, n *Node, call *driverCall, result drivers.Result) error {
	typ, err := run.typeOf(ctx, d, n)
	if err != nil {
		return err
	}
	outputs := map[string]any{"values": orEmpty(result.Values), "secrets": orEmpty(result.Secrets)}
	if n.DriverType == "" {
		return nil // nobody made anything: a type that can go without a definition
	}
	found := typ.Outputs.Check(outputs, schema.Options{Secret: func(location []string) bool {
		return len(location) == 0 || location[0] != "values"
	}})
	if len(found) == 0 {
		return nil
	}
	if err := d.keepCookie(ctx, call.resource, n.DriverType, call.request, result.Cookie); err != nil {
		return err
	}
	lines := make([]string, 0, len(found))
	for _, p := range found {
		lines = append(lines, fmt.Sprintf("what driver %s returned does not fit the outputs_schema of type %q: %s; "+
			"correct definition %s, or the schema of the type", n.DriverType, n.Key.Type, p, n.DefID))
	}
	return &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true, Message: strings.Join(lines, "\n")}
}

// undecidedSecret stands for a secret when inputs are checked: it looks like a
// placeholder, so that only its being there is judged.
const undecidedSecret = "${secret}"

// driverInputProblems compares the inputs of a driver with its inputs_schema, a
// JSON schema of {values, secrets}. early leaves alone what placeholders stand
// for. Of secrets it tells names only.
func driverInputProblems(inputsSchema, values, secrets map[string]any, early bool) []string {
	document := map[string]any{"values": orEmpty(values)}
	properties, _ := inputsSchema["properties"].(map[string]any)
	if _, named := properties["secrets"]; named || len(secrets) > 0 {
		document["secrets"] = orEmpty(secrets)
	}
	found := schema.Later(inputsSchema).Check(document, schema.Options{
		Early: early, Secret: func(location []string) bool { return len(location) == 0 || location[0] != "values" },
	})
	var out []string
	for _, p := range found {
		out = append(out, p.String())
	}
	return out
}

// secretShape is the tree of secrets that references stand for.
func secretShape(refs map[string]any) map[string]any {
	out := make(map[string]any, len(refs))
	for key, child := range refs {
		level, ok := child.(map[string]any)
		if _, leaf := readSecretLeaf(level); leaf || !ok {
			out[key] = undecidedSecret
			continue
		}
		out[key] = secretShape(level)
	}
	return out
}

// checkDriverInputs compares the driver inputs of a version of a definition with
// the inputs_schema of the driver that it names, built in or registered, as far as they are
// known. What a driver takes where a definition gives nothing counts as given.
// It answers CodeInvalid with the paths below driver_inputs.
func (s *Service) checkDriverInputs(ctx context.Context, v *DefinitionVersion) error {
	inputsSchema, err := s.inputsSchema(ctx, v.OrgID, v.DriverType)
	if err != nil || len(inputsSchema) == 0 {
		return err
	}
	var in DriverInputs
	if v.DriverInputs != nil {
		in = *v.DriverInputs
	}
	secrets := secretShape(in.SecretRefs)
	if v.DriverAccount != "" {
		secrets["account"] = undecidedSecret
	}
	problems := driverInputProblems(inputsSchema, withDefaults(in.Values, s.drivers.Defaults(v.DriverType)), secrets, true)
	if len(problems) == 0 {
		return nil
	}
	for i := range problems {
		problems[i] = "/driver_inputs" + problems[i]
	}
	return Invalidf("%s (what driver %q takes: GET /orgs/{orgId}/resources/drivers, inputs_schema)", strings.Join(problems, "; "), v.DriverType)
}

// inputsSchema finds the schema of a driver; nil when nobody describes it.
func (s *Service) inputsSchema(ctx context.Context, org, driver string) (map[string]any, error) {
	for _, info := range s.drivers.List() {
		if info.ID == driver {
			return info.InputsSchema, nil
		}
	}
	name, own := strings.CutPrefix(driver, org+"/")
	if !own {
		return nil, nil
	}
	d, err := s.store.GetDriver(ctx, org, name)
	if IsNotFound(err) {
		return nil, nil // that it does not exist is said elsewhere
	}
	if err != nil {
		return nil, err
	}
	return d.InputsSchema, nil
}
