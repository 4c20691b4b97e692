package orchestrator

import (
	"errors"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// deploymentErrorsDetail is where an Error carries its causes by object.
const deploymentErrorsDetail = "deployment_errors"

// WithDeploymentErrors adds to an error of a Delivery what a deployment shows
// for it, one entry for each object concerned. Their texts hold no secrets.
// Without entries the error is shown as one of the whole deployment.
func WithDeploymentErrors(err *Error, causes []DeploymentError) *Error {
	if len(causes) > 0 {
		err.Details = map[string]any{deploymentErrorsDetail: causes}
	}
	return err
}

// DeploymentErrorsOf lists what WithDeploymentErrors added; nil when nothing was.
func DeploymentErrorsOf(err error) []DeploymentError {
	var known *Error
	if !errors.As(err, &known) {
		return nil
	}
	causes, _ := known.Details[deploymentErrorsDetail].([]DeploymentError)
	return causes
}

// ScopeOfOrigin turns the origin of an object (manifest.Object.From: "modules.api",
// the key of a resource, something of Slipway's own) into scope and object id of
// a DeploymentError.
func ScopeOfOrigin(from string) (scope, id string) {
	if module, found := strings.CutPrefix(from, "modules."); found && !strings.ContainsAny(module, ".#") {
		return "workload", module
	}
	var key resource.Key
	if err := key.UnmarshalText([]byte(from)); err == nil {
		return "resource", key.ID
	}
	return "deployment", ""
}
