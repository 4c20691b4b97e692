package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/drivers"
)

// driverTrace is what destroying needs of a driver that was called: its memory,
// and the inputs of the call, as definition and dependencies may be gone by then.
type driverTrace struct {
	Cookie        string         `json:"cookie,omitempty"`
	Inputs        map[string]any `json:"inputs,omitempty"`
	DriverValues  map[string]any `json:"driver_values,omitempty"`
	DriverSecrets map[string]any `json:"driver_secrets,omitempty"`
}

func traceOf(r drivers.Request, cookie string) driverTrace {
	return driverTrace{Cookie: cookie, Inputs: r.Resource, DriverValues: r.Values, DriverSecrets: r.Secrets}
}

// attempt is the call of a driver that was to take a resource over in place and
// has not succeeded. It stands beside what the driver that the record names has
// made, and neither touches the other: whoever succeeds next is named by the
// record, and a destruction asks all of them, the one called last before those
// that were called earlier.
type attempt struct {
	Driver    string   `json:"driver"`
	DependsOn []string `json:"depends_on,omitempty"` // GUResIDs that it was made with
	driverTrace
}

// attemptBy is the index of a driver's attempt, -1 when it has made none.
func (d *Deployer) attemptBy(s sealedResource, driver string) int {
	return slices.IndexFunc(s.Attempts, func(a attempt) bool { return d.sameDriver(a.Driver, driver) })
}

// owns reports whether a call of the driver belongs to what the record itself
// tells: the driver has made the resource, or nobody has made anything yet.
func (d *Deployer) owns(r *ActiveResource, driver string) bool {
	return !holds(r) || d.sameDriver(r.DriverType, driver)
}

// cookieFor is the cookie that a driver has written, "" when it has written none:
// no driver could read another's.
func (d *Deployer) cookieFor(r *ActiveResource, s sealedResource, driver string) string {
	if d.sameDriver(r.DriverType, driver) {
		return s.Cookie
	}
	if i := d.attemptBy(s, driver); i >= 0 {
		return s.Attempts[i].Cookie
	}
	return ""
}

// keepTrace remembers that a driver is called, and with what, so that what a
// failed call may have left behind can be destroyed. What a driver has made
// keeps what its last success has recorded.
func (d *Deployer) keepTrace(ctx context.Context, run *deploymentRun, n *Node, call *driverCall) error {
	if call == nil {
		return nil
	}
	res, err := d.store.FindActiveResource(ctx, run.key.EnvRef, n.GUResID)
	if err != nil {
		return err
	}
	own := d.owns(res, n.DriverType)
	if own && holds(res) && res.DeployID != "" {
		return nil
	}
	sealed, err := d.openResource(res)
	if err != nil {
		return err
	}
	trace := traceOf(call.request, d.cookieFor(res, sealed, n.DriverType))
	needs := run.guresids(n.DependsOn)
	if own {
		sealed.driverTrace, res.DependsOn = trace, needs
		res.DefID, res.DefVersionID, res.CriteriaID = n.DefID, n.DefVersionID, n.CriteriaID
		res.DriverType, res.DriverAccount, res.EnvType = n.DriverType, n.DriverAccount, run.env.TypeID
	} else {
		sealed.Attempts = d.withAttempt(sealed, attempt{Driver: n.DriverType, DependsOn: needs, driverTrace: trace})
		res.DependsOn = union(res.DependsOn, needs)
	}
	if res.Sealed, err = d.seal(resourceAD(res), sealed); err != nil {
		return err
	}
	res.Attempted, res.UpdatedAt = true, d.now()
	if err := d.store.UpdateActiveResource(ctx, res); err != nil {
		return err
	}
	call.resource = res
	return nil
}

// withAttempt are the attempts with that of one driver as the last.
func (d *Deployer) withAttempt(s sealedResource, a attempt) []attempt {
	return append(d.withoutAttempt(s, a.Driver), a)
}

// withoutAttempt are the attempts of all other drivers.
func (d *Deployer) withoutAttempt(s sealedResource, driver string) []attempt {
	return slices.DeleteFunc(slices.Clone(s.Attempts), func(a attempt) bool { return d.sameDriver(a.Driver, driver) })
}

// union is a with what it lacks of b.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// keepCookie stores the cookie of a driver in the middle of a call, with all that
// Destroy needs. The record may have changed since the call began: somebody may
// have pinned the resource.
func (d *Deployer) keepCookie(ctx context.Context, res *ActiveResource, driver string, in drivers.Request, cookie string) error {
	return d.store.InTx(ctx, func(ctx context.Context) error {
		now, err := d.store.FindActiveResource(ctx, EnvRef{OrgID: res.OrgID, AppID: res.AppID, EnvID: res.EnvID}, res.GUResID)
		if err != nil {
			return err
		}
		sealed, err := d.openResource(now)
		if err != nil {
			return err
		}
		switch i := d.attemptBy(sealed, driver); {
		case d.owns(now, driver):
			sealed.driverTrace, now.DriverType = traceOf(in, cookie), driver
		case i >= 0:
			sealed.Attempts[i].driverTrace = traceOf(in, cookie)
		default:
			sealed.Attempts = d.withAttempt(sealed, attempt{Driver: driver, driverTrace: traceOf(in, cookie)})
		}
		if now.Sealed, err = d.seal(resourceAD(now), sealed); err != nil {
			return err
		}
		now.Attempted, now.UpdatedAt = true, d.now()
		if err := d.store.UpdateActiveResource(ctx, now); err != nil {
			return err
		}
		*res = *now
		return nil
	})
}

// forgetAttempt stores that what a driver had begun is destroyed.
func (d *Deployer) forgetAttempt(ctx context.Context, res *ActiveResource, driver string) error {
	sealed, err := d.openResource(res)
	if err != nil {
		return err
	}
	sealed.Attempts = d.withoutAttempt(sealed, driver)
	if res.Sealed, err = d.seal(resourceAD(res), sealed); err != nil {
		return err
	}
	res.UpdatedAt = d.now()
	return d.store.UpdateActiveResource(ctx, res)
}

// attemptedBy reports whether a driver, by its driver_type, has something of the
// resource to destroy one day.
func attemptedBy(keeper Keeper, r *ActiveResource, driverType string) (bool, error) {
	if r.DriverType == driverType {
		return existed(*r) || holds(r), nil // a failed first call may have left something
	}
	if !holds(r) || len(r.Sealed) == 0 {
		return false, nil
	}
	sealed, err := openSealed(keeper, r)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(sealed.Attempts, func(a attempt) bool { return a.Driver == driverType }), nil
}
