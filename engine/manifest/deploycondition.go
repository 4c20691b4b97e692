package manifest

import (
	"fmt"
	"slices"
)

// When a workload is delivered, compared with the others of its set.
const (
	WhenBefore = "before"
	WhenDeploy = "deploy"
	WhenAfter  = "after"
)

// What a workload must have reached before those that are delivered later are, and before the deployment succeeds.
const (
	SuccessDeploy    = "deploy"    // it is delivered
	SuccessAvailable = "available" // its pods are ready; a Job has a pod that is ready, or has come to its end
	SuccessComplete  = "complete"  // a Job has come to its end; for everything else the same as available
)

// maxConditionTimeout bounds the time of a condition, in seconds: one day.
const maxConditionTimeout = 24 * 60 * 60

// DeployCondition is the condition deploy of a module (semantics 2.1).
type DeployCondition struct {
	// When is before, deploy or after.
	When string `json:"when"`
	// Success is deploy, available or complete; "" means available, and complete for a Job that others wait for.
	Success string `json:"success,omitempty"`
	// Timeout is how long that may take, in seconds; 0 means as long as a rollout may take in that target.
	Timeout int `json:"timeout,omitempty"`
}

// ParseDeployCondition reads the condition of a module; nil when it has none. The error is an *Error with all problems.
func ParseDeployCondition(module string, v any) (*DeployCondition, error) {
	if v == nil {
		return nil, nil
	}
	ps := &problems{}
	at := path("deploy")
	given := ps.object(plain(v, at, 0, ps), at)
	ps.known(given, at, "success", "timeout", "when")
	out := &DeployCondition{
		When:    oneOf(given["when"], at.key("when"), ps, WhenBefore, WhenDeploy, WhenAfter),
		Success: oneOf(given["success"], at.key("success"), ps, SuccessDeploy, SuccessAvailable, SuccessComplete),
	}
	if out.When == "" {
		out.When = WhenDeploy
	}
	if seconds := given["timeout"]; seconds != nil {
		n, ok := asInteger(seconds)
		if !ok || n < 0 || n > maxConditionTimeout {
			ps.add(at.key("timeout"), "expected a whole number of seconds from 0 to %d", maxConditionTimeout)
		}
		out.Timeout = int(n)
	}
	if err := ps.err(fmt.Sprintf("workload %q", module)); err != nil {
		return nil, err
	}
	return out, nil
}

func oneOf(v any, at path, ps *problems, allowed ...string) string {
	s := ps.str(v, at)
	if s != "" && !slices.Contains(allowed, s) {
		ps.add(at, "expected one of %v, got %q", allowed, s)
	}
	return s
}

// Awaited says what the condition asks of an object: SuccessDeploy asks for nothing more. Without a condition it is "",
// which leaves to the target when the object counts as ready.
func (c *DeployCondition) Awaited(o Object) string {
	switch {
	case c == nil:
		return ""
	case c.Success != "":
		return c.Success
	case c.When == WhenBefore && o.Kind() == "Job":
		return SuccessComplete
	}
	return ""
}
