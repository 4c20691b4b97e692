// Package builtin is the list of drivers that every server runs inside its own
// process. Drivers that need more than computing are registered by main, which
// knows whether they can run.
package builtin

import (
	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/cluster"
	"github.com/slipway-dev/slipway/drivers/dns"
	"github.com/slipway-dev/slipway/drivers/echo"
	"github.com/slipway-dev/slipway/drivers/kubernetes"
	"github.com/slipway-dev/slipway/drivers/namespace"
	"github.com/slipway-dev/slipway/drivers/template"
)

// described is a driver that brings its own description.
type described interface {
	drivers.Driver
	Descriptor() drivers.Descriptor
}

// Register adds all in-process drivers to a registry. It fails on an id that is taken already.
func Register(r *drivers.Registry) error {
	all := []described{echo.Echo{}, echo.Agent{}, &template.Driver{}, namespace.Driver{}, dns.Wildcard{}}
	for _, d := range echo.LoggingDrivers() {
		all = append(all, d)
	}
	for _, d := range cluster.All() {
		all = append(all, d)
	}
	for _, d := range kubernetes.All() {
		all = append(all, d)
	}
	for _, d := range all {
		if err := r.Register(d.Descriptor(), d); err != nil {
			return err
		}
	}
	return nil
}
