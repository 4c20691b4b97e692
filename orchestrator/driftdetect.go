package orchestrator

import (
	"context"
	"errors"

	"github.com/slipway-dev/slipway/drivers"
)

// ResourceDrift asks drivers what has become of what they have made. The
// Deployer does, as workers have drivers and servers have not.
type ResourceDrift interface {
	// Detectable lists the resources of an environment whose drivers can tell.
	Detectable(ctx context.Context, ref EnvRef) ([]ActiveResource, error)
	// DetectDrift asks the driver of one of them; a call repeated for the same scan
	// may follow the first. Errors hold no secret value.
	DetectDrift(ctx context.Context, res *ActiveResource, scanID string) (drivers.Drift, error)
}

var _ ResourceDrift = (*Deployer)(nil)

// Detectable lists the resources of an environment that were made, stay, and have
// a driver that can tell what has drifted.
func (d *Deployer) Detectable(ctx context.Context, ref EnvRef) ([]ActiveResource, error) {
	all, err := d.store.ListActiveResources(ctx, ref)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, d.store, ref.OrgID)
	if err != nil {
		return nil, err
	}
	var out []ActiveResource
	for _, r := range all {
		if !holds(&r) || r.DeployID == "" || r.ScheduledDeletion {
			continue
		}
		if _, able := d.detector(book, &r); able {
			out = append(out, r)
		}
	}
	return out, nil
}

// detector is the driver that made a resource, when it can tell what has drifted.
func (d *Deployer) detector(book registeredDrivers, r *ActiveResource) (*resolvedDriver, bool) {
	target := &resolvedDriver{id: r.DriverType}
	var known bool
	if target.driver, target.descriptor, known = d.drivers.Get(r.DriverType); !known {
		var err error
		if target, err = d.resolveAmong(book, r.OrgID, r.DriverType); err != nil || !d.sameDriver(target.id, r.DriverType) {
			return nil, false // a deployment says what is wrong with it
		}
	}
	_, able := target.driver.(drivers.DriftDetector)
	return target, able
}

// DetectDrift asks the driver that made a resource, with the inputs of the call
// that made it: what a definition says by now is no drift.
func (d *Deployer) DetectDrift(ctx context.Context, res *ActiveResource, scanID string) (drivers.Drift, error) {
	book, err := loadRegisteredDrivers(ctx, d.store, res.OrgID)
	if err != nil {
		return drivers.Drift{}, err
	}
	target, able := d.detector(book, res)
	if !able {
		return drivers.Drift{}, &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true, Message: "its driver cannot tell any more"}
	}
	sealed, err := d.openResource(res)
	if err != nil {
		return drivers.Drift{}, err
	}
	secrets, err := d.refreshAccount(ctx, res, target, sealed.DriverSecrets)
	if err != nil {
		return drivers.Drift{}, err
	}
	detector, _ := target.driver.(drivers.DriftDetector)
	found, err := detector.DetectDrift(ctx, drivers.Request{
		GUResID: res.GUResID, Type: res.Key.Type, Class: res.Key.Class, ID: res.Key.ID, ScanID: scanID,
		Resource: sealed.Inputs, Values: sealed.DriverValues, Secrets: secrets, Cookie: sealed.Cookie,
		OrgID: res.OrgID, AppID: res.AppID, EnvID: res.EnvID, EnvType: res.EnvType, DeploymentID: res.DeployID,
	})
	if err == nil {
		return found, nil
	}
	var known *drivers.Error
	if !errors.As(err, &known) {
		return drivers.Drift{}, err // of the surroundings
	}
	redact := d.redactor(append(append(stringLeaves(sealed.DriverSecrets), stringLeaves(secrets)...), sealed.Cookie)...)
	return drivers.Drift{}, &drivers.Error{Code: known.Code, Permanent: known.Permanent, Message: redact(known.Message)}
}
