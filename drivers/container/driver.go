// Package container is the driver behind humanitec/container: a resource is what
// a container of the user's makes of it, run as a Kubernetes Job in the cluster that
// the definition names.
//
// The driver reads inputs and turns what the container wrote into a result. It
// never talks to a cluster: that is the part of Runs. See docs/guides/container-driver.md.
package container

import (
	"context"
	"errors"

	"github.com/slipway-dev/slipway/drivers"
)

// ID is the driver's reference in a definition.
const ID = "humanitec/container"

// Driver makes resources with containers.
type Driver struct{ runs Runs }

var _ drivers.Driver = (*Driver)(nil)

// New returns the driver. runs executes Jobs.
func New(runs Runs) *Driver { return &Driver{runs: runs} }

// Descriptor describes the driver. Source of the inputs: "Drivers" in docs/reference.
func (*Driver) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID: ID, ResourceType: drivers.AnyType, Kind: drivers.Heavy,
		Description:  "Runs a container as a Kubernetes Job; what it writes into files is the resource's outputs.",
		InputsSchema: drivers.ParseSchema(inputsSchema),
		AccountTypes: []string{"aws", "aws-role", "gcp", "gcp-identity", "azure", "azure-identity"},
	}
}

// Provision runs the container with ACTION=create.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	out, err := d.run(ctx, r, Create)
	if err != nil {
		return drivers.Result{}, err
	}
	return out.result(r.Cookie)
}

// Destroy runs the container with ACTION=destroy.
func (d *Driver) Destroy(ctx context.Context, r drivers.Request) error {
	_, err := d.run(ctx, r, Destroy)
	return err
}

func (d *Driver) run(ctx context.Context, r drivers.Request, action string) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return Outcome{}, drivers.Interrupted("the container", err)
	}
	spec, err := parse(r)
	if err != nil {
		return Outcome{}, err
	}
	spec.Action = action
	out, err := d.runs.Run(ctx, spec, r.Say)
	if err == nil || r.Keep == nil || out.Cookie == nil || *out.Cookie == r.Cookie {
		return out, err
	}
	// What a container that failed has noted down may be the only trace of what it made.
	if kept := r.Keep(*out.Cookie); kept != nil {
		err = errors.Join(err, kept)
	}
	return out, err
}

const inputsSchema = `{
  "type": "object",
  "properties": {
    "values": {
      "type": "object",
      "required": ["job"],
      "properties": {
        "job": {"type": "object", "required": ["image"], "properties": {
          "image": {"type": "string", "minLength": 1},
          "command": {"type": "array", "items": {"type": "string"}},
          "shared_directory": {"type": "string", "description": "where the volume is mounted that the container shares with Slipway's; default /home/nonroot/shared"},
          "namespace": {"type": "string", "description": "default: default"},
          "service_account": {"type": "string"},
          "pod_template": {"type": ["string", "object"], "description": "pod template laid over the pod; the container is named job"},
          "timeout": {"type": "string", "description": "how long the Job may take, such as 30m; default 1h"},
          "variables": {"type": "object"}}},
        "cluster": {"type": "object"},
        "source": {"type": "object", "required": ["url"], "properties": {
          "url": {"type": "string"}, "ref": {"type": "string"}, "rev": {"type": "string"},
          "path": {"type": "string"}, "username": {"type": "string"}}},
        "files": {"type": "object", "additionalProperties": {"type": "string"}},
        "credentials_config": {"type": "object", "properties": {
          "variables": {"type": "object", "additionalProperties": {"type": "string"}},
          "environment": {"type": "object", "additionalProperties": {"type": "string"}},
          "file": {"type": "string"}}}
      }
    },
    "secrets": {
      "type": "object",
      "properties": {
        "job": {"type": "object", "properties": {"variables": {"type": "object"}}},
        "files": {"type": "object"},
        "cluster": {"type": "object", "properties": {"agent_url": {"type": "string"}, "credentials": {"type": ["object", "string"]}}},
        "source": {"type": "object", "properties": {"password": {"type": "string"}, "ssh_key": {"type": "string"}}}
      }
    }
  }
}`
