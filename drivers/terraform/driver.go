package terraform

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/slipway-dev/slipway/drivers"
)

// ID is the driver's reference in a definition.
const ID = "humanitec/terraform"

// Driver makes resources with Terraform.
type Driver struct{ runs Runs }

var (
	_ drivers.Driver  = (*Driver)(nil)
	_ drivers.Planner = (*Driver)(nil)

	_ drivers.DriftDetector = (*Driver)(nil)
)

// New returns the driver. runs executes Terraform.
func New(runs Runs) *Driver { return &Driver{runs: runs} }

// Descriptor describes the driver. Source of the inputs: "Drivers" in docs/reference.
func (*Driver) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID: ID, ResourceType: drivers.AnyType, Kind: drivers.Heavy,
		Description:  "Runs Terraform or OpenTofu code; its outputs are the resource's outputs.",
		InputsSchema: drivers.ParseSchema(inputsSchema),
		AccountTypes: []string{"aws", "aws-role", "gcp", "gcp-identity", "azure", "azure-identity"},
	}
}

// Provision applies the code, or finds that nothing changes. With a PlanID it
// applies that plan and no other.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("Terraform", err)
	}
	in, err := parse(r)
	if err != nil {
		return drivers.Result{}, err
	}
	out, err := d.runs.Run(ctx, in.spec(r, Provision), r.Say)
	if err != nil {
		return drivers.Result{}, err
	}
	return in.result(out)
}

// Destroy destroys everything that is in the resource's state.
func (d *Driver) Destroy(ctx context.Context, r drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("Terraform", err)
	}
	in, err := parse(r)
	if err != nil {
		return err
	}
	_, err = d.runs.Run(ctx, in.spec(r, Destroy), r.Say)
	return err
}

// Plan says what Provision would change, and keeps the plan to be applied as it is.
func (d *Driver) Plan(ctx context.Context, r drivers.Request) (drivers.Plan, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Plan{}, drivers.Interrupted("Terraform", err)
	}
	in, err := parse(r)
	if err != nil {
		return drivers.Plan{}, err
	}
	out, err := d.runs.Run(ctx, in.spec(r, Plan), r.Say)
	if err != nil {
		return drivers.Plan{}, err
	}
	return drivers.Plan{ID: out.PlanID, Changes: out.Changes, Summary: out.Summary, Same: out.Same}, nil
}

// DetectDrift compares what the newest state holds with what is there.
func (d *Driver) DetectDrift(ctx context.Context, r drivers.Request) (drivers.Drift, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Drift{}, drivers.Interrupted("Terraform", err)
	}
	in, err := parse(r)
	if err != nil {
		return drivers.Drift{}, err
	}
	out, err := d.runs.Run(ctx, in.spec(r, Drift), r.Say)
	if err != nil {
		return drivers.Drift{}, err
	}
	return drivers.Drift{Changes: out.Changes, Checked: out.Checked}, nil
}

func (in *inputs) result(out Outcome) (drivers.Result, error) {
	return Sort(out.Outputs, in.manifestsOutput)
}

// Sort makes a result of the outputs of Terraform code: sensitive ones are secrets,
// and the one that manifestsOutput names ("" is none) is a list of manifests.
func Sort(outputs map[string]Output, manifestsOutput string) (drivers.Result, error) {
	res := drivers.Result{Values: map[string]any{}, Secrets: map[string]any{}}
	for name, o := range outputs {
		if name == manifestsOutput {
			continue
		}
		if o.Sensitive {
			res.Secrets[name] = drivers.Clone(o.Value)
			continue
		}
		res.Values[name] = drivers.Clone(o.Value)
	}
	if manifestsOutput == "" {
		return res, nil
	}
	o, found := outputs[manifestsOutput]
	if !found {
		return res, invalidResult("manifests_output names the output %q, which the code does not have; outputs: %v",
			manifestsOutput, slices.Sorted(maps.Keys(outputs)))
	}
	var err error
	res.Manifests, err = manifests(manifestsOutput, o.Value)
	return res, err
}

func manifests(name string, value any) ([]drivers.Manifest, error) {
	list, ok := value.([]any)
	if !ok && value != nil {
		return nil, invalidResult("output %q must be a list of {location, data}", name)
	}
	out := make([]drivers.Manifest, 0, len(list))
	for i, item := range list {
		entry, _ := item.(map[string]any)
		location, _ := entry["location"].(string)
		plural, err := drivers.NormaliseLocation(location)
		if err != nil {
			return nil, invalidResult("output %q, entry %d: %v", name, i, err)
		}
		data, ok := entry["data"].(map[string]any)
		if !ok {
			return nil, invalidResult("output %q, entry %d: data must be an object", name, i)
		}
		out = append(out, drivers.Manifest{Location: plural, Data: drivers.CloneMap(data)})
	}
	return out, nil
}

func invalidResult(format string, args ...any) error {
	return &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true, Message: fmt.Sprintf(format, args...)}
}
