// Package template is the driver that turns text templates into outputs,
// secrets and Kubernetes manifests. It computes and nothing else: templates see
// neither files, environment variables, the network nor other resources, and
// each run has limits of time, size and number of steps.
package template

import (
	"context"
	"sort"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Driver renders the templates of a definition.
//
// Driver input values.templates may hold init, manifests, outputs, secrets and
// cookie; secrets.templates.outputs is a second source of secret outputs. Each is a
// text whose rendered result is parsed as YAML, or a structure whose string
// leaves are templates. They are evaluated in the order init, manifests,
// outputs, secrets, cookie, and see .id (the GUResID), .cookie (what the cookie
// template gave last time, nil on the first run), .driver.values,
// .driver.secrets, .resource, .init and, in secrets, .outputs.values.
type Driver struct {
	// Limits bound one run; the zero value means DefaultLimits.
	Limits Limits
}

// Limits bound one run of the driver.
type Limits struct {
	// Time is the longest a run may take.
	Time time.Duration
	// Source is the longest template text, Output the longest rendered result of one
	// template and the longest string a function may make, in bytes.
	Source, Output int
	// Total is the number of bytes all functions together may make.
	Total int
	// Steps is the number of loop rounds, nested templates and function calls.
	Steps int
	// Items is the longest list a function may make.
	Items int
	// Cookie is the longest cookie in bytes.
	Cookie int
}

// DefaultLimits are far above what real definitions need and low enough that a
// runaway template harms nobody.
func DefaultLimits() Limits {
	return Limits{
		Time:   10 * time.Second,
		Source: 1 << 20,
		Output: 2 << 20,
		Total:  16 << 20,
		Steps:  200_000,
		Items:  20_000,
		Cookie: 64 << 10,
	}
}

// Descriptor describes the driver.
func (*Driver) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID:           "humanitec/template",
		ResourceType: drivers.AnyType,
		Kind:         drivers.InProcess,
		Description:  "Renders Go templates to outputs, secrets and Kubernetes manifests.",
		InputsSchema: drivers.ParseSchema(`{
			"type": "object",
			"properties": {
				"values": {
					"type": "object",
					"properties": {
						"templates": {
							"type": "object",
							"properties": {
								"init":      {"type": ["string", "object", "null"]},
								"manifests": {"type": ["string", "object", "null"]},
								"outputs":   {"type": ["string", "object", "null"]},
								"secrets":   {"type": ["string", "object", "null"]},
								"cookie":    {"type": ["string", "object", "null"]}
							}
						}
					},
					"required": ["templates"]
				},
				"secrets": {"type": "object"}
			},
			"required": ["values"]
		}`),
	}
}

// Provision renders the templates. Errors are permanent unless the context
// ended; they name the template and the line and hold no value of a secret.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	rendered, err := d.Render(ctx, r)
	return rendered.Result, err
}

// Rendering is a Result with what only people ask for who write templates.
type Rendering struct {
	drivers.Result
	// Init is what templates.init gave; nil when there is none.
	Init any
	// Named holds the manifests of the Result by the names that the definition gives them.
	Named map[string]drivers.Manifest
}

// Render is Provision that also tells what a deployment has no use for: the
// value of init, and the names of manifests.
func (d *Driver) Render(ctx context.Context, r drivers.Request) (Rendering, error) {
	if err := ctx.Err(); err != nil {
		return Rendering{}, drivers.Interrupted("the template driver", err)
	}
	limits := d.Limits
	if limits == (Limits{}) {
		limits = DefaultLimits()
	}
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()

	run, err := newRun(ctx, limits, r)
	if err != nil {
		return Rendering{}, err
	}
	defer run.engine.release()
	out, err := run.provision()
	if err != nil {
		return Rendering{}, run.public(err)
	}
	return out, nil
}

// Destroy has nothing to remove: what manifests brought to the cluster goes
// with the delivery, and the caller drops the cookie.
func (*Driver) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("the template driver", err)
	}
	return nil
}

// Names of the templates in values.templates.
const (
	nameInit      = "init"
	nameManifests = "manifests"
	nameOutputs   = "outputs"
	nameSecrets   = "secrets"
	nameCookie    = "cookie"
)

func unknownTemplates(templates map[string]any) []string {
	known := map[string]bool{nameInit: true, nameManifests: true, nameOutputs: true, nameSecrets: true, nameCookie: true}
	var out []string
	for name := range templates {
		if !known[name] {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}
