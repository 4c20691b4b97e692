package drivers

import "context"

// Driver creates, updates and removes one kind of resource.
//
// Both calls are idempotent and declarative: Provision brings the resource
// named by Request.GUResID to the state that the inputs describe, however often
// it is called; Destroy of something that does not exist succeeds. A driver
// never changes the trees of the request, returns soon after ctx ends, and puts
// no secret value into an error or a log line. Errors are *Error where the
// driver can tell whether trying again helps.
//
// Source: "Drivers" in the architecture, and the published driver contract.
type Driver interface {
	Provision(ctx context.Context, r Request) (Result, error)
	Destroy(ctx context.Context, r Request) error
}

// Change is one thing that a Planner foresees or a DriftDetector found.
type Change struct {
	// Action is create, update, replace, delete or read.
	Action string `json:"action"`
	// Address names the object in the driver's own words, such as a Terraform address.
	Address string `json:"address"`
	// Detail is one line for people, without secret values.
	Detail string `json:"detail,omitempty"`
	// Kind is the kind of the object in the driver's own words, such as a Terraform
	// resource type.
	Kind string `json:"kind,omitempty"`
	// Attributes are what a DriftDetector found to differ in an object that is there, or
	// what a Planner foresees to differ in one that it updates or replaces: at most
	// MaxDriftAttributes of them, sorted by path. Values are never given.
	Attributes []Attribute `json:"attributes,omitempty"`
}

// MaxDriftAttributes is how many attributes of one object a DriftDetector names at most.
const MaxDriftAttributes = 100

// Attribute names a part of an object that has changed.
type Attribute struct {
	// Path is a JSON pointer (RFC 6901) into the object; nothing below a sensitive
	// value is named.
	Path string `json:"path"`
	// Sensitive says that its values are secret.
	Sensitive bool `json:"sensitive,omitempty"`
}

// Plan is what Provision would do with the same request.
type Plan struct {
	// ID names what the driver has kept of this plan. A Request whose PlanID is that
	// applies it as it is. "" means that the driver keeps nothing: Provision plans anew.
	ID      string   `json:"id,omitempty"`
	Changes []Change `json:"changes"`
	// Summary is one line for people, without secret values.
	Summary string `json:"summary,omitempty"`
	// Same says that Provision would change nothing at all: its outputs stay, too.
	Same bool `json:"same,omitempty"`
}

// Planner is implemented by drivers that can say beforehand what Provision would
// change. A plan that is kept (Plan.ID) is never changed by what happens later:
// it is applied as it was shown, or not at all (see Request.PlanID).
type Planner interface {
	Plan(ctx context.Context, r Request) (Plan, error)
}

// Drift is the difference between what the driver made and what is there.
// An empty list of changes means that nothing has drifted.
type Drift struct {
	// Changes are what happened behind the driver's back: the action is update or delete.
	Changes []Change `json:"changes"`
	// Checked is how many objects were looked at.
	Checked int `json:"checked"`
}

// DriftDetector is implemented by drivers that can compare the real thing with
// what they last provisioned, without changing anything. The request is that of
// the last Provision, with a ScanID; its DeploymentID and PlanID count for nothing.
type DriftDetector interface {
	DetectDrift(ctx context.Context, r Request) (Drift, error)
}

// Foreteller is implemented by drivers that reach outside and can say, without
// doing so, what Provision would run: one line each, for people, without secret
// values. Its errors are those that Provision would refuse the inputs with.
type Foreteller interface {
	Foretell(r Request) ([]string, error)
}
