package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// nodeFailure records that a node failed, unless the fault is one of Slipway's
// surroundings, which repeating the step may cure. call is nil when it failed
// before its driver was called.
func (d *Deployer) nodeFailure(ctx context.Context, run *deploymentRun, n *Node, cause error, call *driverCall) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if c := CodeOf(cause); c == CodeUnavailable || c == CodeConflict {
		return cause
	}
	var secrets []string
	if call != nil {
		secrets = call.hidden()
	}
	at := d.now()
	n.Status, n.FinishedAt = NodeFailed, &at
	n.Error = nodeError(n, cause, d.redactor(secrets...))
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		if err := d.store.UpdateNode(ctx, n); err != nil {
			return err
		}
		if err := d.keepTrace(ctx, run, n, call); err != nil {
			return err
		}
		return d.nodeEvent(ctx, n, n.Error.Summary)
	})
	if err != nil {
		return err
	}
	d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "error", n.Error.Message)
	if call != nil && !d.owns(call.resource, n.DriverType) {
		d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "info", fmt.Sprintf(
			"it stays what driver %s has made; what %s has begun is kept beside it, for the next attempt or until the resource is destroyed",
			call.resource.DriverType, n.DriverType))
	}
	d.observe("node", n.DriverType, string(n.Status))
	return nil
}

func (d *Deployer) skipNode(ctx context.Context, n *Node, why string) error {
	at := d.now()
	n.Status, n.FinishedAt = NodeSkipped, &at
	return d.store.InTx(ctx, func(ctx context.Context) error {
		if err := d.store.UpdateNode(ctx, n); err != nil {
			return err
		}
		return d.nodeEvent(ctx, n, why)
	})
}

// nodeError is the recorded cause of a failed node.
func nodeError(n *Node, cause error, redact func(string) string) *DeploymentError {
	out := &DeploymentError{Scope: "resource", Code: "RES-100", ErrorType: "resource", ObjectID: n.Key.ID}
	var driver *drivers.Error
	var place *placeholder.Error
	switch {
	case errors.As(cause, &driver):
		out.Code = driver.Code
	case errors.As(cause, &place):
		out.Code, out.ErrorType = "RES-110", "placeholder"
	}
	text := redact(cause.Error())
	out.Summary = fmt.Sprintf("resource %s (%s): %s", n.Key.ID, n.Key.Type, firstLine(text))
	out.Message = fmt.Sprintf("resource %s, driver %s, definition %s: %s", n.Key, orNone(n.DriverType), orNone(n.DefID), text)
	return out
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
