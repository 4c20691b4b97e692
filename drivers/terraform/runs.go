package terraform

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// Runs executes Terraform for one resource at a time, wherever that happens.
type Runs interface {
	// Run brings the resource to what the spec says and waits for the end. When
	// the same work is under way, or has ended and nobody has taken its outcome,
	// it is followed instead of begun again; other work on the resource is waited
	// for. The end of ctx asks the run to stop and waits until Terraform has
	// stopped in its own way. Errors are *drivers.Error and hold no secret value.
	Run(ctx context.Context, s Spec, say func(line string)) (Outcome, error)
}

// Actions of a Spec.
const (
	Provision = "provision"
	Destroy   = "destroy"
	Plan      = "plan"
	// Drift compares what is there with the newest state. It changes neither.
	Drift = "drift"
)

// readOnly is the PlanID of every Drift. No plan has this id, so a runner of a
// release that does not know the action refuses the run, instead of taking it for
// a Provision.
const readOnly = "none-this-run-only-looks"

// Spec is everything that a run needs to know. It holds secrets: who stores it encrypts it.
type Spec struct {
	// Action is one of the constants.
	Action string `json:"action"`

	OrgID        string `json:"org_id"`
	DeploymentID string `json:"deployment_id"`
	GUResID      string `json:"guresid"`
	// Node is the resource's key, type.class#id, under which log lines appear.
	Node string `json:"node"`

	// PlanID is a stored plan that Provision applies as it is; "" plans anew.
	PlanID string `json:"plan_id,omitempty"`
	// ScanID tells one Drift from another, and one Plan that belongs to no deployment; a
	// run of an earlier one is not its answer.
	ScanID string `json:"scan_id,omitempty"`

	// Script is inline code, written to overrides.tf beside the source.
	Script string `json:"script,omitempty"`
	// Files are further files of the working directory, by relative path.
	Files  map[string]string `json:"files,omitempty"`
	Source *Source           `json:"source,omitempty"`
	// Variables are input variables: strings as they are, others as JSON.
	Variables       map[string]any `json:"variables,omitempty"`
	SecretVariables map[string]any `json:"secret_variables,omitempty"`
	// Environment is added to the environment of Terraform.
	Environment map[string]string `json:"environment,omitempty"`
	// Tokens are API tokens by host name, for the CLI configuration.
	Tokens map[string]string `json:"tokens,omitempty"`
	// Engine is terraform, opentofu or "" for either.
	Engine string `json:"engine,omitempty"`
	// Version is a constraint such as ">= 1.5, < 2"; "" takes any.
	Version string `json:"version,omitempty"`
	// AppendLogs puts the end of the log into the error.
	AppendLogs bool `json:"append_logs,omitempty"`
	// AskFailed has a person asked about objects whose creation ended with an
	// error, before they are created once more.
	AskFailed bool `json:"ask_failed,omitempty"`
	// Secrets are the values that must not be shown.
	Secrets []string `json:"secrets,omitempty"`
}

// Source is a checkout of a Git repository.
type Source struct {
	URL string `json:"url"`
	// Rev is refs/heads/NAME, refs/tags/NAME, a branch, a tag or a commit; "" is the default branch.
	Rev string `json:"rev,omitempty"`
	// Path is the folder of the repository in which Terraform runs.
	Path     string `json:"path,omitempty"`
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	SSHKey   string `json:"ssh_key,omitempty"`
}

// Output is one output of the root module.
type Output struct {
	Value     any  `json:"value"`
	Sensitive bool `json:"sensitive,omitempty"`
}

// Outcome is what a run made.
type Outcome struct {
	Outputs map[string]Output `json:"outputs,omitempty"`
	// PlanID names the stored plan of a Plan; "" when it could not be kept.
	PlanID string `json:"plan_id,omitempty"`
	// Changes is what a plan foresees, or what a Drift has found.
	Changes []drivers.Change `json:"changes,omitempty"`
	Summary string           `json:"summary,omitempty"`
	// Same says that a Plan foresees no change, not even of outputs.
	Same bool `json:"same,omitempty"`
	// Checked is how many objects a Drift has compared.
	Checked int `json:"checked,omitempty"`
}
