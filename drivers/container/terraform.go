package container

import (
	"context"
	_ "embed"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
)

// References of the drivers that run Terraform code in containers.
const (
	TerraformID = "humanitec/terraform-container-runner"
	OpenTofuID  = "humanitec/opentofu-container-runner"
)

// ConfigInput is the driver input with the outputs of the config resource that
// gives these drivers their settings.
const ConfigInput = "config"

// TerraformDriver makes resources with Terraform code in a container.
type TerraformDriver struct {
	runs          Runs
	id            string
	engine, image string
}

var _ drivers.Driver = (*TerraformDriver)(nil)

// NewTerraform returns the driver that runs code with Terraform. image is that of
// definitions which name none; it has terraform and a POSIX shell.
func NewTerraform(runs Runs, image string) *TerraformDriver {
	return &TerraformDriver{runs: runs, id: TerraformID, engine: EngineTerraform, image: image}
}

// NewOpenTofu is NewTerraform for OpenTofu, with tofu in the image.
func NewOpenTofu(runs Runs, image string) *TerraformDriver {
	return &TerraformDriver{runs: runs, id: OpenTofuID, engine: EngineOpenTofu, image: image}
}

// Descriptor describes the driver. Source of the inputs: "Drivers" in docs/reference.
func (d *TerraformDriver) Descriptor() drivers.Descriptor {
	name := map[string]string{EngineTerraform: "Terraform", EngineOpenTofu: "OpenTofu"}[d.engine]
	return drivers.Descriptor{
		ID: d.id, ResourceType: drivers.AnyType, Kind: drivers.Heavy,
		Description:  "Runs " + name + " code in a container of a cluster of yours, as a Kubernetes Job; its outputs are the resource's outputs.",
		InputsSchema: drivers.ParseSchema(terraformSchema),
		AccountTypes: []string{"aws", "aws-role", "gcp", "gcp-identity", "azure", "azure-identity"},
		// Left out where no definition of a config resource matches that id: see orchestrator/configresource.go.
		Defaults: map[string]any{ConfigInput: "${resources['config.default#" + strings.TrimPrefix(d.id, "humanitec/") + "'].values}"},
	}
}

// Provision applies the code.
func (d *TerraformDriver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	manifests, out, err := d.run(ctx, r, Create)
	if err != nil {
		return drivers.Result{}, err
	}
	outputs, err := out.terraform()
	if err != nil {
		return drivers.Result{}, err
	}
	return terraform.Sort(outputs, manifests)
}

func (o Outcome) terraform() (map[string]terraform.Output, error) {
	outputs := map[string]terraform.Output{}
	if len(o.Outputs) > 0 && json.Unmarshal(o.Outputs, &outputs) != nil { // the parser's words may repeat a secret
		return nil, &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true,
			Message: "what the engine says about its outputs is no JSON; does the image have a wrapper in place of it?"}
	}
	return outputs, nil
}

// Destroy destroys everything that is in the resource's state.
func (d *TerraformDriver) Destroy(ctx context.Context, r drivers.Request) error {
	_, _, err := d.run(ctx, r, Destroy)
	return err
}

func (d *TerraformDriver) run(ctx context.Context, r drivers.Request, action string) (manifests string, out Outcome, err error) {
	if err := ctx.Err(); err != nil {
		return "", Outcome{}, drivers.Interrupted("the container", err)
	}
	spec, manifests, err := d.parse(r)
	if err != nil {
		return "", Outcome{}, err
	}
	spec.Action = action
	out, err = d.runs.Run(ctx, spec, r.Say)
	return manifests, out, err
}

// parse reads the inputs of a request, as package function parse does.
func (d *TerraformDriver) parse(r drivers.Request) (Spec, string, error) {
	p := &parser{driver: d.id}
	config := p.object(r.Values, ConfigInput)
	runner := maps.Clone(p.object(config, "runner"))
	if runner == nil {
		runner = map[string]any{}
	}
	maps.Copy(runner, p.object(r.Values, "runner"))
	s := Spec{
		OrgID: r.OrgID, DeploymentID: r.DeploymentID, GUResID: r.GUResID, Node: r.Type + "." + r.Class + "#" + r.ID,
		Image: p.text(runner, "image"), SharedDirectory: defaultShared, Namespace: p.text(runner, "namespace"),
		ServiceAccount: p.text(runner, "service_account"), PodTemplate: p.template(runner, "runner"), Timeout: p.timeout(p.text(runner, "timeout"), "runner"),
		Variables: map[string]string{}, SecretVariables: map[string]string{}, Files: map[string]string{}, Secrets: Leaves(r.Secrets),
		Source: p.source(r), Terraform: &Terraform{Engine: d.engine, State: p.state(r.Values)},
	}
	if s.Image == "" {
		s.Image = d.image
	}
	if s.Namespace == "" {
		s.Namespace = "default"
	}
	if p.variables(s.Variables, terraformVariables(p.object(r.Values, "variables")), "variables"); s.Terraform.State == StateKept {
		s.Files[backendFile] = backendCode
	}
	p.variables(s.SecretVariables, terraformVariables(p.object(r.Secrets, "variables")), "secrets variables")
	p.files(s.Files, p.object(r.Values, "files"))
	p.files(s.Files, p.object(r.Secrets, "files"))
	if s.Source == nil && len(s.Files) == 0 {
		p.fail("there is no code to run; give files or source")
	}
	p.credentials(&s, p.object(r.Values, "credentials_config"), r.Secrets["account"], variablePrefix)
	for name := range s.SecretVariables {
		if _, both := s.Variables[name]; both {
			p.fail("variable %q is given both in values and in secrets; keep one", strings.TrimPrefix(name, variablePrefix))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		if strings.HasPrefix(filepath.Base(name), StateFile) {
			p.fail("files: %q is kept by Slipway or Terraform; use another name", name)
		}
	}
	s.Cluster = p.configured(r)
	return s, p.text(r.Values, "manifests_output"), p.err
}

// configured reads the cluster from the inputs, or from the config resource where those name none.
func (p *parser) configured(r drivers.Request) Cluster {
	given, secrets := p.object(r.Values, "cluster"), p.object(r.Secrets, "cluster")
	config, configSecrets := p.object(r.Values, ConfigInput), p.object(r.Secrets, ConfigInput)
	if given == nil {
		given = p.object(config, "cluster")
	}
	if secrets == nil {
		secrets = maps.Clone(p.object(configSecrets, "cluster"))
		if own, found := configSecrets["credentials"]; found {
			if secrets == nil {
				secrets = map[string]any{}
			}
			secrets["credentials"] = own
		}
	}
	return p.cluster(given, secrets)
}

func (p *parser) state(values map[string]any) string {
	switch v := values["use_default_backend"]; v {
	case nil:
		return StateAuto
	case true, "true":
		return StateKept
	case false, "false":
		return StateOwn
	}
	p.fail("use_default_backend must be true or false")
	return ""
}

// variablePrefix turns a variable of the environment into one of Terraform.
const variablePrefix = "TF_VAR_"

func terraformVariables(all map[string]any) map[string]any {
	out := make(map[string]any, len(all))
	for name, v := range all {
		out[variablePrefix+name] = v
	}
	return out
}

// StateFile is where the engine keeps the state of code that configures no backend, in the folder of the code, and what names of
// files beside it begin with.
const StateFile = "terraform.tfstate"

// An override takes the place of whatever backend the code configures.
const (
	backendFile = "slipway_backend_override.tf"
	backendCode = "terraform {\n  backend \"local\" {}\n}\n"
)

// Script is what runs in the container, by a POSIX shell.
//
//go:embed terraform.sh
var Script string

const terraformSchema = `{
  "type": "object",
  "properties": {
    "values": {
      "type": "object",
      "properties": {
        "runner": {"type": "object", "properties": {
          "image": {"type": "string", "description": "has the engine and a POSIX shell"},
          "pod_template": {"type": ["string", "object"], "description": "pod template laid over the pod; the container is named job"},
          "namespace": {"type": "string", "description": "default: default"},
          "service_account": {"type": "string"},
          "timeout": {"type": "string", "description": "how long the Job may take, such as 30m; default 1h"}}},
        "cluster": {"type": "object"},
        "config": {"type": ["object", "string"], "description": "outputs of the config resource with the id of the driver; filled in where one matches"},
        "skip_permission_checks": {"type": ["boolean", "string"]},
        "use_default_backend": {"type": ["boolean", "string"], "description": "true: Slipway keeps the state; false: the code configures a backend; default: whichever the code does"},
        "source": {"type": "object", "required": ["url"], "properties": {
          "url": {"type": "string"}, "ref": {"type": "string"}, "rev": {"type": "string"},
          "path": {"type": "string"}, "username": {"type": "string"}}},
        "variables": {"type": "object"},
        "files": {"type": "object", "additionalProperties": {"type": "string"}},
        "manifests_output": {"type": "string"},
        "credentials_config": {"type": "object", "properties": {
          "variables": {"type": "object", "additionalProperties": {"type": "string"}},
          "environment": {"type": "object", "additionalProperties": {"type": "string"}},
          "file": {"type": "string"}}}
      }
    },
    "secrets": {
      "type": "object",
      "properties": {
        "variables": {"type": "object"},
        "files": {"type": "object"},
        "cluster": {"type": "object", "properties": {"agent_url": {"type": "string"}, "credentials": {"type": ["object", "string"]}}},
        "config": {"type": "object"},
        "source": {"type": "object", "properties": {"password": {"type": "string"}, "ssh_key": {"type": "string"}}}
      }
    }
  }
}`
