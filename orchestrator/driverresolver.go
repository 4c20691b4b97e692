package orchestrator

import (
	"context"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
	"github.com/slipway-dev/slipway/engine/schema"
)

// maxVirtual bounds how many virtual drivers stand on one another.
const maxVirtual = 5

// RemoteDrivers calls drivers at an address.
type RemoteDrivers interface {
	Driver(target string) drivers.Driver
}

// registeredDrivers are the drivers of one organization by driver_type.
type registeredDrivers map[string]DriverDefinition

func loadRegisteredDrivers(ctx context.Context, store Store, org string) (registeredDrivers, error) {
	list, err := store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	out := make(registeredDrivers, len(list))
	for _, d := range list {
		out[driverType(d)] = d
	}
	return out, nil
}

func driverType(d DriverDefinition) string { return d.OrgID + "/" + d.ID }

// follow goes from a driver_type through virtual drivers to the one that does
// the work: the registered ones on the way, and the driver_type of the last.
func (r registeredDrivers) follow(id string) (way []DriverDefinition, last string, err error) {
	seen := map[string]bool{}
	for virtual := 0; ; virtual++ {
		d, registered := r[id]
		if !registered {
			return way, id, nil
		}
		way = append(way, d)
		target, isVirtual := strings.CutPrefix(d.Target, virtualScheme)
		if !isVirtual {
			return way, id, nil
		}
		if seen[id] {
			return nil, "", drivers.Invalid("driver %q is built on itself: %s", id, trail(way))
		}
		if virtual == maxVirtual {
			return nil, "", drivers.Invalid("driver %q stands on more than %d virtual drivers: %s", driverType(way[0]), maxVirtual, trail(way))
		}
		seen[id] = true
		id = target
	}
}

func trail(way []DriverDefinition) string {
	names := make([]string, len(way))
	for i, d := range way {
		names[i] = driverType(d)
	}
	return strings.Join(names, " -> ")
}

// resolvedDriver is what stands behind a driver_type.
type resolvedDriver struct {
	id         string // driver_type of the driver that does the work
	driver     drivers.Driver
	descriptor drivers.Descriptor // of the driver that does the work
	way        []DriverDefinition // registered drivers on the way to it, it included
}

// resolveDriver is the one way from a driver_type to a driver: one that is
// built in, or one that the organization registered.
func (d *Deployer) resolveDriver(ctx context.Context, org, id string) (*resolvedDriver, error) {
	if driver, desc, ok := d.drivers.Get(id); ok {
		return &resolvedDriver{id: id, driver: driver, descriptor: desc}, nil
	}
	book, err := loadRegisteredDrivers(ctx, d.store, org)
	if err != nil {
		return nil, err
	}
	return d.resolveAmong(book, org, id)
}

func (d *Deployer) resolveAmong(book registeredDrivers, org, id string) (*resolvedDriver, error) {
	way, last, err := book.follow(id)
	if err != nil {
		return nil, err
	}
	out := &resolvedDriver{id: last, way: way}
	end, registered := book[last]
	if !registered {
		if out.driver, out.descriptor, err = d.drivers.Resolve(last); err != nil && strings.HasPrefix(last, org+"/") {
			err = &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true, Message: fmt.Sprintf(
				"driver %q is not registered; register it again under this id, or let the definition use another driver", last)}
		}
		return out, err
	}
	if d.remote == nil {
		return nil, &drivers.Error{Code: drivers.CodeNotAvailable, Permanent: true, Message: fmt.Sprintf(
			"driver %q runs elsewhere, and this server calls no such drivers", last)}
	}
	out.driver = d.remote.Driver(end.Target)
	out.descriptor = drivers.Descriptor{
		ID: last, ResourceType: end.Type, Kind: drivers.Heavy, AccountTypes: end.AccountTypes, InputsSchema: end.InputsSchema,
	}
	return out, nil
}

// defaults gives the values that drivers take where a definition gives none, of
// virtual drivers those of the one that does the work. builtIn knows the drivers
// of this server.
func (r registeredDrivers) defaults(builtIn func(id string) map[string]any) func(id string) map[string]any {
	return func(id string) map[string]any {
		_, last, err := r.follow(id)
		if err != nil {
			return nil // the node says so when it runs
		}
		return builtIn(last)
	}
}

// builtInDefaults are those of the drivers of this server.
func (d *Deployer) builtInDefaults(id string) map[string]any {
	_, desc, _ := d.drivers.Get(id)
	return desc.Defaults
}

// expand turns the inputs of the driver that a definition names into those of
// the one that does the work, checking them against the schemas on the way.
func (r *resolvedDriver) expand(ctx context.Context, in drivers.Request) (drivers.Request, error) {
	out := in
	for _, d := range r.way {
		if err := schema.Later(d.InputsSchema).Err(); err != nil {
			in.Say(fmt.Sprintf("the inputs_schema of driver %q is not held: %v", driverType(d), err))
		}
		if problems := driverInputProblems(d.InputsSchema, out.Values, out.Secrets, false); len(problems) > 0 {
			return out, drivers.Invalid("the inputs of driver %q do not match its schema: %s", driverType(d), strings.Join(problems, "; "))
		}
		if !strings.HasPrefix(d.Target, virtualScheme) {
			continue
		}
		var err error
		if out, err = template.RenderInputs(ctx, d.Template, out); err != nil {
			return out, fmt.Errorf("driver %q: %w", driverType(d), err)
		}
	}
	// What the last driver asks for by itself does not have to be in every template.
	for key := range r.descriptor.Defaults {
		if _, given := out.Values[key]; !given && len(r.way) > 0 {
			out.Values = orEmpty(out.Values)
			out.Values[key] = drivers.Clone(in.Values[key])
		}
	}
	return out, nil
}
