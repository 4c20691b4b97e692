package container

import (
	"context"
	"encoding/json"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Actions, as the container finds them in the variable ACTION.
const (
	Create  = "create"
	Destroy = "destroy"
)

// Runs executes a container for one resource at a time.
type Runs interface {
	// Run runs the Job of a spec and waits for its end. The same work that is under way, or has just ended, is followed instead
	// of begun again; other work on the resource is waited for. The end of ctx stops the Job. Errors are *drivers.Error and hold no
	// secret value of the spec; the cookie of a container that failed is beside its error.
	Run(ctx context.Context, s Spec, say func(line string)) (Outcome, error)
}

// Spec is everything that a run needs to know. It holds secrets.
type Spec struct {
	Action                       string // one of the constants
	OrgID, DeploymentID, GUResID string
	Node                         string // type.class#id
	Image                        string
	Command                      []string // nil is the image's own
	SharedDirectory              string   // absolute
	Namespace, ServiceAccount    string
	PodTemplate                  map[string]any
	Timeout                      time.Duration
	Variables                    map[string]string
	SecretVariables              map[string]string
	Cluster                      Cluster
	Source                       *Source
	Files                        map[string]string
	Cookie                       string   // what the container left for itself
	Secrets                      []string // values that must not be shown
	// Terraform says that the container runs Terraform code; nil where it does what its image does. Names of Jobs are made of a
	// spec: what is new in it must not be there where it is not used.
	Terraform *Terraform `json:",omitempty"`
}

// Engines of Terraform code, by the program that runs them.
const (
	EngineTerraform = "terraform"
	EngineOpenTofu  = "tofu"
)

// States say where the state of Terraform code is kept.
const (
	StateKept = "kept" // Slipway keeps it, whatever the code says
	StateOwn  = "own"  // the code configures a backend
	StateAuto = "auto" // the code's backend where it configures one, else Slipway keeps it
)

// Terraform is how Terraform code runs in a container whose image has the engine and a POSIX shell.
type Terraform struct {
	Engine string // program on PATH: one of the Engines
	State  string // one of the States
}

// Cluster is where the Job runs; without values it is the server's own.
type Cluster struct {
	Type        string // k8s, gke, eks, aks
	Values      map[string]any
	Credentials map[string]any
	Account     string // resource account whose credentials open it, instead of Credentials; id or org/id
}

// Source is a checkout of a Git repository.
type Source struct {
	URL      string `json:"url"`
	Rev      string `json:"rev,omitempty"`
	Path     string `json:"path,omitempty"`
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	SSHKey   string `json:"ssh_key,omitempty"`
}

// Outcome is what the container left in its files; nil where it wrote none. The Outputs of Terraform code are in the form of
// `terraform output -json`.
type Outcome struct {
	Outputs, SecretOutputs, Manifests []byte
	Cookie                            *string
}

// Check reports what a driver will refuse of an outcome, for those who can still act on it.
func (o Outcome) Check(s Spec) error {
	if s.Terraform != nil {
		_, err := o.terraform()
		return err
	}
	_, err := o.result("")
	return err
}

func (o Outcome) result(cookie string) (drivers.Result, error) {
	res := drivers.Result{Values: map[string]any{}, Secrets: map[string]any{}, Cookie: cookie}
	for _, f := range []struct {
		name string
		raw  []byte
		into any
	}{{"OUTPUTS_FILE", o.Outputs, &res.Values}, {"SECRET_OUTPUTS_FILE", o.SecretOutputs, &res.Secrets}, {"MANIFESTS_FILE", o.Manifests, &res.Manifests}} {
		if len(f.raw) == 0 {
			continue
		}
		if json.Unmarshal(f.raw, f.into) != nil { // the parser's words may repeat a secret
			what := "a JSON object of name and value"
			if f.name == "MANIFESTS_FILE" {
				what = "a JSON list of {location, data}"
			}
			return drivers.Result{}, &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true,
				Message: "the container wrote something else than " + what + " into " + f.name}
		}
	}
	for i := range res.Manifests {
		location, err := drivers.NormaliseLocation(res.Manifests[i].Location)
		if err != nil {
			return drivers.Result{}, &drivers.Error{Code: drivers.CodeInvalidResult, Message: "MANIFESTS_FILE: " + err.Error(), Permanent: true}
		}
		res.Manifests[i].Location = location
	}
	if o.Cookie != nil {
		res.Cookie = *o.Cookie
	}
	return res, nil
}
