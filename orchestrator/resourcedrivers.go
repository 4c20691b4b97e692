package orchestrator

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// virtualScheme marks the target of a driver that is built on another one.
const virtualScheme = "driver://"

// ListDrivers lists the drivers that the organization registered, then the
// built-in ones; each by id.
func (s *Service) ListDrivers(ctx context.Context, org string) ([]DriverDefinition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	own, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	return append(own, s.builtinDrivers()...), nil
}

func (s *Service) builtinDrivers() []DriverDefinition {
	var out []DriverDefinition
	for _, info := range s.drivers.List() {
		out = append(out, DriverDefinition{
			OrgID: BuiltinOrg, ID: strings.TrimPrefix(info.ID, BuiltinOrg+"/"), Type: info.Type,
			AccountTypes: info.AccountTypes, InputsSchema: info.InputsSchema,
		})
	}
	slices.SortFunc(out, func(a, b DriverDefinition) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// GetDriver finds a driver of the organization, else a built-in one. The id may
// have its organization in front: humanitec/echo.
func (s *Service) GetDriver(ctx context.Context, org, id string) (*DriverDefinition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	own, err := s.store.GetDriver(ctx, org, strings.TrimPrefix(id, org+"/"))
	if !IsNotFound(err) {
		return own, err
	}
	if builtin := s.builtinDriver(id); builtin != nil {
		return builtin, nil
	}
	return nil, err
}

func (s *Service) builtinDriver(id string) *DriverDefinition {
	id = strings.TrimPrefix(id, BuiltinOrg+"/")
	for _, d := range s.builtinDrivers() {
		if d.ID == id {
			return &d
		}
	}
	return nil
}

// CreateDriver registers a driver. Definitions name it as <org>/<id>.
func (s *Service) CreateDriver(ctx context.Context, org string, d DriverDefinition) (*DriverDefinition, error) {
	if err := s.requireOrgAdmin(ctx, org, "register drivers"); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", d.ID); err != nil {
		return nil, err
	}
	d.OrgID = org
	if err := s.checkDriverDefinition(ctx, &d); err != nil {
		return nil, err
	}
	return &d, s.store.CreateDriver(ctx, &d)
}

// ReplaceDriver replaces everything but the id of a driver.
func (s *Service) ReplaceDriver(ctx context.Context, org string, d DriverDefinition) (*DriverDefinition, error) {
	if err := s.requireOrgAdmin(ctx, org, "change drivers"); err != nil {
		return nil, err
	}
	d.OrgID = org
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		old, err := s.ownDriver(ctx, org, d.ID)
		if err != nil {
			return err
		}
		if err := s.checkDriverDefinition(ctx, &d); err != nil {
			return err
		}
		d.Version = old.Version
		return stale(s.store.UpdateDriver(ctx, &d))
	})
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// DeleteDriver removes a driver that no definition, no active resource and no
// other driver uses.
func (s *Service) DeleteDriver(ctx context.Context, org, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete drivers"); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.ownDriver(ctx, org, id); err != nil {
			return err
		}
		user, err := s.driverUser(ctx, org, org+"/"+id)
		if err != nil {
			return err
		}
		if user != "" {
			return Conflictf("driver %q is in use: %s needs it", id, user)
		}
		return s.store.DeleteDriver(ctx, org, id)
	})
}

// ownDriver finds a driver that the organization may change.
func (s *Service) ownDriver(ctx context.Context, org, id string) (*DriverDefinition, error) {
	d, err := s.store.GetDriver(ctx, org, id)
	if IsNotFound(err) && s.builtinDriver(id) != nil {
		return nil, Forbiddenf("driver %q is built in and cannot be changed", id)
	}
	return d, err
}

// driverUser names something that uses the driver, "" when nothing does.
func (s *Service) driverUser(ctx context.Context, org, driverType string) (string, error) {
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return "", err
	}
	for _, d := range registered {
		if d.Target == virtualScheme+driverType {
			return "driver " + d.ID, nil
		}
	}
	definitions, err := s.store.ListDefinitions(ctx, org, true)
	if err != nil {
		return "", err
	}
	for _, def := range definitions {
		if !def.IsDeleted && def.Active.DriverType == driverType {
			return "resource definition " + def.ID, nil
		}
	}
	for _, def := range definitions {
		resources, err := s.store.ListActiveResourcesOf(ctx, org, def.ID)
		if err != nil {
			return "", err
		}
		for _, r := range resources {
			if r.DriverType == driverType && existed(r) {
				return "active resource " + r.Key.String() + " of environment " + r.AppID + "/" + r.EnvID, nil
			}
		}
	}
	return "", nil
}

// checkDriverDefinition validates a driver and fills in what may be left out.
func (s *Service) checkDriverDefinition(ctx context.Context, d *DriverDefinition) error {
	if err := s.checkTypeName(ctx, d.OrgID, d.Type); err != nil {
		return err
	}
	if d.AccountTypes == nil {
		d.AccountTypes = []string{}
	}
	d.InputsSchema = orEmpty(d.InputsSchema)
	if target, virtual := strings.CutPrefix(d.Target, virtualScheme); virtual {
		if target == d.OrgID+"/"+d.ID {
			return Invalidf("target: driver %q cannot be built on itself", d.ID)
		}
		return s.checkDriverType(ctx, d.OrgID, "target", target)
	}
	address, err := url.Parse(d.Target)
	if err != nil || address.Host == "" || (address.Scheme != "https" && address.Scheme != "http") {
		return Invalidf("target: %q is not valid; use the https:// address of the driver, or driver://<org>/<driver> to build on another one",
			shorten(d.Target))
	}
	return nil
}

// checkDriverType validates the driver that a definition names: a built-in one,
// whether or not it runs on this server, or one that the organization registered.
func (s *Service) checkDriverType(ctx context.Context, org, field, driverType string) error {
	if driverType == "" {
		return Invalidf("%s: a driver is required, such as humanitec/template", field)
	}
	if s.drivers.Known(driverType) {
		return nil
	}
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return err
	}
	var known []string
	for _, d := range registered {
		if d.OrgID+"/"+d.ID == driverType {
			return nil
		}
		known = append(known, d.OrgID+"/"+d.ID)
	}
	for _, info := range s.drivers.List() {
		known = append(known, info.ID)
	}
	if near := drivers.Closest(driverType, known); near != "" {
		return Invalidf("%s: there is no driver %q; did you mean %q?", field, shorten(driverType), near)
	}
	return Invalidf("%s: there is no driver %q; the operation GET /orgs/%s/resources/drivers lists them", field, shorten(driverType), org)
}
